/** The hours of one counter's screen: its own exception, else its unit's, else the office's. Pure. */
import type { ScreenHours } from '@hailong/shared/counter/screen-hours.ts';
import type { ScreenHoursSettings } from '@hailong/shared/protocol/screen-hours.ts';
import { vietnamDayBounds } from '@hailong/shared/time.ts';

export interface ScreenPlace {
  readonly counterId: string;
  readonly unitId: string;
}

/** Null: always lit. */
export function screenHoursAt(
  { office, exceptions, closedDays }: ScreenHoursSettings,
  { counterId, unitId }: ScreenPlace,
): ScreenHours | null {
  const own =
    exceptions.find((each) => each.counterId === counterId) ??
    exceptions.find((each) => each.unitId === unitId);
  const hours = own ? own.hours : office;
  return hours && { ...hours, closedDays: closedDays.map(({ date }) => date) };
}

/** What contradicts itself: a place or a day named twice, a day that no calendar has; null: nothing. */
export function brokenHours({ exceptions, closedDays }: ScreenHoursSettings): string | null {
  const places = exceptions.map((each) => each.counterId ?? each.unitId);
  if (new Set(places).size !== places.length) return 'exceptions';
  const dates = closedDays.map(({ date }) => date);
  const isReal = dates.every((date) => vietnamDayBounds(date) !== null);
  return isReal && new Set(dates).size === dates.length ? null : 'closedDays';
}
