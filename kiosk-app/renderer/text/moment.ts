/** Date and time on the kiosk: always Vietnam's, always dd/mm/yyyy and hh:mm, in both languages. */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

export interface Moment {
  readonly time: string;
  readonly date: string;
  /** 0 = Sunday. */
  readonly weekday: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

export function momentOf(utcMs: number): Moment {
  const local = new Date(utcMs + VIETNAM_OFFSET_MS);
  return {
    time: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
    date: `${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`,
    weekday: local.getUTCDay(),
  };
}

/** Milliseconds until the minute on show is over. */
export function untilNextMinuteMs(utcMs: number): number {
  return 60_000 - (utcMs % 60_000);
}
