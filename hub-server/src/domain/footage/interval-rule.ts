/**
 * How long an interval of footage may be. A case that names an interval instead of a transaction gets one by itself; anything
 * beyond takes two people, and even they get it in parts a person can look through.
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { Interval } from './window.ts';

const HOUR_MS = 3_600_000;
/** What one person may name without a second one: a visit and the waiting before it. */
export const OWN_MAX_MS = HOUR_MS;
/** 3,600 segments of 4 s: what a player's list and a person's afternoon bear. */
export const WIDER_MAX_MS = 4 * HOUR_MS;

/** Null: it may be. */
export function judgeInterval({ from, to }: Interval, longestMs: number, now: number): ErrorCode | null {
  return to <= from || to - from > longestMs || from >= now ? 'footage.interval' : null;
}
