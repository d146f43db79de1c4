/**
 * How long an interval of footage may be. A case that names an interval instead of a transaction gets one by itself; anything
 * beyond takes two people, and even they get it in parts a person can look through. Refuses: what is not over yet, since that is
 * watching a counter; one person's hour after hour. See hub-server/DESIGN.md, "Cases and who watched".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { Interval } from './window.ts';

const HOUR_MS = 3_600_000;
/** What one person may name without a second one: a visit and the waiting before it. */
export const OWN_MAX_MS = HOUR_MS;
/** 3,600 segments of 4 s: what a player's list and a person's afternoon bear. */
export const WIDER_MAX_MS = 4 * HOUR_MS;

/** How long what one person named by themself counts: a counter's day is not put together within a week. */
export const OWN_WITHIN_MS = 7 * 24 * HOUR_MS;

/** Null: it may be. */
export function judgeInterval({ from, to }: Interval, longestMs: number, now: number): ErrorCode | null {
  return to <= from || to - from > longestMs || to > now ? 'footage.interval' : null;
}

/**
 * `own`: what the same person named of the same counter, or of what the same camera saw, within OWN_WITHIN_MS. Null: with what is asked it
 * is no longer than one may be.
 */
export function judgeSum(own: readonly Interval[], asked: readonly Interval[]): ErrorCode | null {
  let [sum, reached] = [0, 0];
  for (const { from, to } of [...own, ...asked].sort((one, other) => one.from - other.from)) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum > OWN_MAX_MS ? 'footage.interval_sum' : null;
}
