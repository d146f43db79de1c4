/**
 * Time comes in through these interfaces and nowhere else. Wall time is a claim; monotonic time is boot time
 * (it runs through suspend) and is comparable only within one boot. Milliseconds as integers everywhere.
 */
import { z } from 'zod';

/** End of year 9999 in Vietnam: beyond it a month is not `YYYY-MM`, and farther out no calendar holds it. */
export const UTC_MS_MAX = Date.UTC(10_000, 0, 1) - 7 * 3_600_000 - 1;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export const utcMs = z.int().min(0).max(UTC_MS_MAX).brand<'UtcMs'>();
export type UtcMs = z.infer<typeof utcMs>;
/** Milliseconds since this machine's boot. */
export const monotonicMs = z.int().min(0).brand<'MonotonicMs'>();
export type MonotonicMs = z.infer<typeof monotonicMs>;

export interface Clock {
  now(): UtcMs;
  monotonic(): MonotonicMs;
}

export interface Timers {
  /** Calls `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** Days and months of reports are those of Asia/Ho_Chi_Minh, which has no daylight saving: UTC+7. */
export const VIETNAM_OFFSET_MS = 7 * 3_600_000;

/** `YYYY-MM-DD`, a day in Vietnam; days compare as texts. */
export const vietnamDate = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);

/** `YYYY-MM` of the month in Vietnam that holds `at`. */
export function vietnamMonth(at: number): string {
  const date = new Date(at + VIETNAM_OFFSET_MS);
  const month = date.getUTCMonth() + 1;
  return `${date.getUTCFullYear()}-${month < 10 ? '0' : ''}${month}`;
}

/** `YYYY-MM-DD` of the day in Vietnam that holds `at`. */
export function vietnamDay(at: number): string {
  return new Date(at + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);
}

/** The half-open interval [from, to) of a `YYYY-MM-DD` day in Vietnam, in UTC milliseconds; null: there is no such day. */
export function vietnamDayBounds(day: string): { from: number; to: number } | null {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const from = Date.UTC(year, month - 1, date) - VIETNAM_OFFSET_MS;
  return vietnamDay(from) === day ? { from, to: from + 86_400_000 } : null;
}

/** The half-open interval [from, to) of a `YYYY-MM` month in Vietnam, in UTC milliseconds. */
export function vietnamMonthBounds(month: string): { from: number; to: number } {
  const [year, m] = month.split('-').map(Number) as [number, number];
  return {
    from: Date.UTC(year, m - 1, 1) - VIETNAM_OFFSET_MS,
    to: Date.UTC(year, m, 1) - VIETNAM_OFFSET_MS,
  };
}
