/** The machine's clocks. Everything inside gets time through these interfaces. */
import { uptime } from 'node:os';
import type { Clock, MonotonicMs, Timers, UtcMs } from '@hailong/shared/time.ts';

/** Coarser than `os.uptime()` can be wrong, finer than any suspend that matters, ms. */
const SLIP_MS = 250;
const CHECK_EVERY_MS = 1_000;

/**
 * Time since this boot. The fine clock stands still while the machine is suspended, a virtual one paused; `coarse` runs on. Where that
 * has run ahead, the fine one is moved forward, never back.
 */
export function bootTime(fine: () => number, coarse: () => number): () => MonotonicMs {
  let offset = 0;
  let checked = Number.NEGATIVE_INFINITY;
  return () => {
    const now = fine();
    if (now - checked >= CHECK_EVERY_MS) {
      checked = now;
      const ahead = coarse() - (now + offset);
      if (ahead > SLIP_MS) offset += ahead;
    }
    return Math.floor(now + offset) as MonotonicMs;
  };
}

export const systemClock: Clock = {
  now: () => Date.now() as UtcMs,
  monotonic: bootTime(
    () => Number(process.hrtime.bigint() / 1_000_000n),
    () => uptime() * 1_000,
  ),
};

export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
