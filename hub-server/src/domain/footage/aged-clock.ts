/**
 * Purpose: by what time holds lapse and footage gets old. What is let go cannot be taken back, so this time goes on only as far as the
 * machine's boot time has, give or take, and over a start by what an office is closed for at most; a clock set farther ahead waits for
 * NTP's word, asked afterwards, or for two people. Pure.
 * Refuses: nothing that is set back: what stays longer is no loss. See hub-server/DESIGN.md, "Holds".
 */

/** `at`: wall clock, UTC ms; `bootMs`: time since that boot of the machine. */
export interface ClockLook {
  readonly at: number;
  readonly boot: string;
  readonly bootMs: number;
}
export interface AgedClock extends ClockLook {
  /** The machine's clock stands farther ahead, seen so first at this time of its boot; null: it does not. */
  readonly aheadSinceMs: number | null;
}

/** A person who sets a clock right, ms. */
const AHEAD_MAX_MS = 3_600_000;
/** A machine that was off, ms: Tết and a week. */
const OFF_MAX_MS = 16 * 86_400_000;

/** `ntp`: when it was asked and said that it has set the clock; null: it has not. */
export function ageTo(
  last: AgedClock | null,
  now: ClockLook,
  ntp: { readonly askedMs: number } | null,
): AgedClock {
  const right = { ...now, aheadSinceMs: null };
  if (last === null) return right;
  const isSameBoot = last.boot === now.boot;
  const at = last.at + (isSameBoot ? Math.max(0, now.bootMs - last.bootMs) : now.bootMs);
  if (now.at - at <= (isSameBoot ? AHEAD_MAX_MS : OFF_MAX_MS)) return right;
  const aheadSinceMs = isSameBoot && last.aheadSinceMs !== null ? last.aheadSinceMs : now.bootMs;
  return ntp !== null && ntp.askedMs >= aheadSinceMs ? right : { ...now, at, aheadSinceMs };
}
