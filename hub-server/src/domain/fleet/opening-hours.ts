/** When an office is open, and how much of that lies between two moments. Days and hours are those of Vietnam. */
import { VIETNAM_OFFSET_MS, vietnamDay } from '@hailong/shared/time.ts';

export interface OpeningHours {
  /** Minutes of the day. */
  readonly opensMin: number;
  readonly closesMin: number;
  /** Bit 0 Monday … bit 6 Sunday. */
  readonly days: number;
  /** `YYYY-MM-DD`, closed whatever the weekday. */
  readonly closedDays?: readonly string[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Whoever was not seen for longer was not seen for long enough. */
const LOOKED_AT_MS = 30 * DAY_MS;

/** Opening time within [from, to), ms; of at most the last thirty days. */
export function openMsBetween(hours: OpeningHours, from: number, to: number): number {
  const [start, end] = [Math.max(from, to - LOOKED_AT_MS) + VIETNAM_OFFSET_MS, to + VIETNAM_OFFSET_MS];
  let open = 0;
  for (let day = Math.floor(start / DAY_MS); day * DAY_MS < end; day++) {
    // 1970-01-01 was a Thursday.
    const weekday = (((day + 3) % 7) + 7) % 7;
    if ((hours.days & (1 << weekday)) === 0) continue;
    if (hours.closedDays?.includes(vietnamDay(day * DAY_MS - VIETNAM_OFFSET_MS))) continue;
    const opens = day * DAY_MS + hours.opensMin * MINUTE_MS;
    const closes = day * DAY_MS + hours.closesMin * MINUTE_MS;
    open += Math.max(0, Math.min(end, closes) - Math.max(start, opens));
  }
  return open;
}
