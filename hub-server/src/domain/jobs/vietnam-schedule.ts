/**
 * When what happens every week or every night was due last, in Vietnam (UTC+7, no daylight saving): arithmetic, no calendar.
 * See hub-server/DESIGN.md, "Jobs".
 */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05, a Monday, 00:00 in Vietnam. */
const MONDAY_MS = 4 * DAY_MS - VIETNAM_OFFSET_MS;

const last = (at: number, anchor: number, everyMs: number): number =>
  anchor + Math.floor((at - anchor) / everyMs) * everyMs;

/** `day` 0: Monday. The newest such moment at or before `at`. */
export function weekly(at: number, { day, hour }: { day: number; hour: number }): number {
  return last(at, MONDAY_MS + day * DAY_MS + hour * 3_600_000, WEEK_MS);
}

export function nightly(at: number, { hour, minute }: { hour: number; minute: number }): number {
  return last(at, MONDAY_MS + hour * 3_600_000 + minute * 60_000, DAY_MS);
}
