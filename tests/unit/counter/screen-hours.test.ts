/* When a screen may be dark: never while anybody is there, never inside the hours, and never for two minutes after a stir. */
import { isDark, isOpen, LIT_MS } from '@hailong/shared/counter/screen-hours.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScreenLight } from '../../../kiosk-app/agent/application/darken-screen.ts';
import { screens } from '../../support/kiosk-screens.ts';

/** Monday to Friday, 07:30 to 17:00. */
const hours = { opensMin: 450, closesMin: 1_020, days: 0b0011111 };
const at = (text: string): number => Date.parse(`${text}+07:00`);
const day = at('2026-11-26T10:00:00');
const night = at('2026-11-26T22:00:00');

test('hours are those of Vietnam, by the day of the week', () => {
  expect(isOpen(hours, at('2026-11-26T07:29:59'))).toBe(false);
  expect(isOpen(hours, at('2026-11-26T07:30:00'))).toBe(true);
  expect(isOpen(hours, at('2026-11-26T16:59:59'))).toBe(true);
  expect(isOpen(hours, at('2026-11-26T17:00:00'))).toBe(false);
  expect(isOpen(hours, at('2026-11-28T10:00:00'))).toBe(false);
  expect(isOpen({ ...hours, days: 0b1111111 }, at('2026-11-29T10:00:00'))).toBe(true);
});

test('a closed day is closed by its date in Vietnam, whatever the weekday', () => {
  const tet = { ...hours, days: 0b1111111, closedDays: ['2026-11-26'] };
  expect(isOpen(tet, at('2026-11-26T10:00:00'))).toBe(false);
  expect(isOpen(tet, at('2026-11-25T16:59:59'))).toBe(true);
  expect(isOpen(tet, at('2026-11-27T07:30:00'))).toBe(true);
  // Still the 26th in Vietnam, the 25th in UTC.
  const early = { ...tet, opensMin: 0 };
  expect(isOpen(early, at('2026-11-26T00:00:00'))).toBe(false);
  expect(isOpen(early, at('2026-11-27T00:00:00'))).toBe(true);
});

test('only a counter at rest is ever dark', () => {
  const given = { hours, at: night, mono: LIT_MS, stirredMono: 0 };
  for (const screen of [screens.rest, screens.closed, screens.starting])
    expect(isDark(screen, given)).toBe(true);
  for (const screen of [screens.serving, screens.thanks, screens.cannotStore])
    expect(isDark(screen, given)).toBe(false);
  const keys = { reasons: [], problem: null, locksInMs: 1_000 };
  expect(isDark({ ...screens.rest, officerKeys: keys } as typeof screens.rest, given)).toBe(false);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10 * LIT_MS }),
      fc.integer({ min: 0, max: 10 * LIT_MS }),
      (mono, since) => {
        const dark = isDark(screens.rest, { hours, at: night, mono: mono + since, stirredMono: mono });
        expect(dark).toBe(since >= LIT_MS);
        expect(isDark(screens.rest, { hours: null, at: night, mono: mono + since, stirredMono: mono })).toBe(
          false,
        );
        expect(isDark(screens.rest, { hours, at: day, mono: mono + since, stirredMono: mono })).toBe(false);
      },
    ),
  );
});

test('the agent darkens at night, lights at a touch and after a service, and looks again by itself', () => {
  let mono = 0;
  let now = day;
  let changes = 0;
  const waiting: (() => void)[] = [];
  const light = new ScreenLight({
    clock: { stamp: () => ({ at: now, mono }) as never },
    timers: {
      after(_delayMs, run) {
        waiting.push(run);
        return () => undefined;
      },
    },
    now: () => now,
    hours: () => hours,
    changed: () => (changes += 1),
  });
  mono = 10 * LIT_MS;
  expect(light.over(screens.rest).dark).toBeUndefined();
  now = night;
  waiting.shift()?.();
  expect(changes).toBe(1);
  expect(light.over(screens.rest).dark).toBe(true);
  light.wake();
  expect(light.over(screens.rest).dark).toBeUndefined();
  mono += LIT_MS;
  expect(light.over(screens.closed).dark).toBe(true);
  expect(light.over(screens.serving).dark).toBeUndefined();
  expect(light.over(screens.rest).dark).toBeUndefined();
  mono += LIT_MS;
  expect(light.over(screens.rest).dark).toBe(true);
});
