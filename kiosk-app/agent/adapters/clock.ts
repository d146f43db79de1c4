/**
 * Time of this machine: wall time as it claims, boot time in ms (it runs through suspend), and the boot's identity.
 * `os.uptime()` is boot time but coarse (10 ms), the high-resolution clock stands still in suspend: the fine one is
 * used and moved forward whenever the coarse one has run ahead of it.
 */
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Clock, Stamp, Timers } from '../application/ports.ts';

/** Coarser than `os.uptime()` can be wrong, finer than any suspend that matters. */
const SLIP_MS = 250;
const CHECK_EVERY_MS = 1_000;
/** setTimeout overflows past 2^31 − 1 ms. */
const TIMER_MAX_MS = 2_147_483_647;

export function systemClock(): Clock & { monotonic(): number } {
  const fine = () => performance.now();
  let offset = uptime() * 1_000 - fine();
  let checked = fine();
  const monotonic = () => {
    const now = fine();
    if (now - checked >= CHECK_EVERY_MS) {
      checked = now;
      const ahead = uptime() * 1_000 - (now + offset);
      if (ahead > SLIP_MS) offset += ahead;
    }
    return now + offset;
  };
  const stamp = (): Stamp => ({ at: Date.now(), mono: Math.floor(monotonic()) });
  return { bootId: readBootId(), stamp, monotonic };
}

/** The kernel's boot id; elsewhere the boot's wall time to the minute, which at worst looks like another boot. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `boot-${Math.round((Date.now() - uptime() * 1_000) / 60_000)}`;
  }
}

export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(TIMER_MAX_MS, Math.max(0, Math.ceil(delayMs))));
    return () => clearTimeout(timer);
  },
};
