/** The machine's clocks. Everything inside gets time through these interfaces. */
import type { Clock, MonotonicMs, Timers, UtcMs } from '@hailong/shared/time.ts';

export const systemClock: Clock = {
  now: () => Date.now() as UtcMs,
  monotonic: () => Math.floor(Number(process.hrtime.bigint() / 1_000_000n)) as MonotonicMs,
};

export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
