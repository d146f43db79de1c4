/**
 * When a counter's screen is dark: outside the office's hours, with nobody there, and never while anybody is served, asked,
 * thanked or types a PIN. Pure. Document: kiosk-app/LOCK.md, "Dark outside office hours".
 */
import { z } from 'zod';
import type { Screen } from '../protocol/ui.ts';
import { VIETNAM_OFFSET_MS, vietnamDate, vietnamDay } from '../time.ts';

export const CLOSED_DAYS_MAX = 100;

/** Minutes of the day in Vietnam; `days`: bit 0 Monday … bit 6 Sunday; `closedDays`: holidays, closed whatever the weekday. */
export const screenHours = z.object({
  opensMin: z.int().min(0).max(1_440),
  closesMin: z.int().min(0).max(1_440),
  days: z.int().min(0).max(127),
  closedDays: z.array(vietnamDate).max(CLOSED_DAYS_MAX).optional(),
});
export type ScreenHours = z.infer<typeof screenHours>;

/** Whoever woke the screen finds it lit for so long, and whoever was served before it goes dark. */
export const LIT_MS = 120_000;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const RESTFUL: ReadonlySet<Screen['name']> = new Set(['rest', 'closed', 'starting']);

export function isOpen({ opensMin, closesMin, days, closedDays }: ScreenHours, at: number): boolean {
  if (closedDays?.includes(vietnamDay(at))) return false;
  const local = at + VIETNAM_OFFSET_MS;
  const day = Math.floor(local / DAY_MS);
  const minute = (local - day * DAY_MS) / MINUTE_MS;
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 3) % 7) + 7) % 7;
  return (days & (1 << weekday)) !== 0 && minute >= opensMin && minute < closesMin;
}

/** Nobody is there: the counter rests, and no officer's keys or way to a phone are on show. */
export function isRestful(screen: Screen): boolean {
  if (!RESTFUL.has(screen.name)) return false;
  return screen.name !== 'rest' || (!screen.officerKeys && !screen.offer);
}

export interface DarkGiven {
  /** Null: the office lets its screens be lit. */
  readonly hours: ScreenHours | null;
  readonly at: number;
  readonly mono: number;
  /** When somebody touched or pressed last, or was served, by boot time. */
  readonly stirredMono: number;
}

export function isDark(screen: Screen, { hours, at, mono, stirredMono }: DarkGiven): boolean {
  return hours !== null && !isOpen(hours, at) && isRestful(screen) && mono - stirredMono >= LIT_MS;
}
