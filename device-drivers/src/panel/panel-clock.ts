/** The machine's monotonic clock and timers as the driver's port. */
import type { PanelClock } from './ports.ts';

export const systemPanelClock: PanelClock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  setTimer: (delayMs, fire) => {
    const timer = setTimeout(fire, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
