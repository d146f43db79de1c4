/**
 * When kiosks' screens are lit: the office's hours, exceptions of units and counters, and the days it is closed. Role admin.
 * Document: hub-server/DESIGN.md, "What screens are told".
 */
import { z } from 'zod';
import { CLOSED_DAYS_MAX } from '../counter/screen-hours.ts';
import { counterId, unitId } from '../ids.ts';
import { vietnamDate } from '../time.ts';

/** Minutes of the day in Vietnam; at least one weekday, bit 0 Monday … bit 6 Sunday. */
export const weekHours = z
  .object({
    opensMin: z.int().min(0).max(1_439),
    closesMin: z.int().min(1).max(1_440),
    days: z.int().min(1).max(127),
  })
  .refine(({ opensMin, closesMin }) => opensMin < closesMin, {
    path: ['closesMin'],
    message: 'not after opensMin',
  });
export type WeekHours = z.infer<typeof weekHours>;

/** Of a unit's counters or of one counter: exactly one of the two is named. `hours` null: always lit there. */
export const hoursException = z
  .object({ unitId: unitId.nullable(), counterId: counterId.nullable(), hours: weekHours.nullable() })
  .refine((each) => (each.unitId === null) !== (each.counterId === null), {
    path: ['unitId'],
    message: 'one of unitId, counterId',
  });
export type HoursException = z.infer<typeof hoursException>;

export const closedDay = z.object({ date: vietnamDate, name: z.string().trim().max(80) });
export type ClosedDay = z.infer<typeof closedDay>;

/** GET and PUT /api/v1/admin/screen-hours, whole. */
export const screenHoursSettings = z.object({
  /** Null: lit at every hour, where no exception says otherwise. */
  office: weekHours.nullable(),
  /** A counter's before its unit's before the office's. */
  exceptions: z.array(hoursException).max(500),
  /** Also for alarms about kiosks that are not heard. */
  closedDays: z.array(closedDay).max(CLOSED_DAYS_MAX),
});
export type ScreenHoursSettings = z.infer<typeof screenHoursSettings>;
