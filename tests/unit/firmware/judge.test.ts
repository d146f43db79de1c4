/* The judge of presses: what the pins saw against what was stored. It must find every kind of fault it is asked for. */
import { describe, expect, test } from 'vitest';
import { judge, type PinEvent } from '../../support/firmware/judge.ts';

const power: PinEvent = { kind: 'start', atMs: 0, start: 1 };
const cut = (atMs: number): PinEvent => ({ kind: 'cut', atMs });
const armed = (atMs: number, on = true, byHost = on): PinEvent => ({ kind: 'armed', atMs, on, byHost });
const press = (firstMs: number, button = 2, holdMs = 60): PinEvent => ({
  kind: 'press',
  button,
  firstMs,
  settledMs: firstMs + 4,
  openMs: firstMs + holdMs,
});
/** Uptime starts 40 ms after the power. */
const row = (firstMs: number, button = 2, start: number | null = 1) => ({
  start,
  button,
  uptimeMs: firstMs + 22 - 40,
});
const figures = (events: PinEvent[], rows: ReturnType<typeof row>[]) => {
  const { presses, matched, lost, wrong, doubled, unfinished } = judge(events, rows);
  return [presses, matched.length, lost.length, wrong.length, doubled.length, unfinished.length];
};

describe('a press while armed', () => {
  const seen = [power, armed(100), press(500)];
  test('is matched by its row', () => expect(figures(seen, [row(500)])).toEqual([1, 1, 0, 0, 0, 0]));
  test('is lost without one', () => expect(figures(seen, [])).toEqual([1, 0, 1, 0, 0, 0]));
  test('is doubled by a second', () =>
    expect(figures(seen, [row(500), row(501)])).toEqual([1, 1, 0, 0, 1, 0]));
  test.each([
    ['another button', row(500, 3)],
    ['another time', row(900)],
    ['another start', row(500, 2, 2)],
    ['a boot that never was', row(500, 2, null)],
  ])('is lost and the row wrong: %s', (_name, other) =>
    expect(figures(seen, [other])).toEqual([1, 0, 1, 1, 0, 0]),
  );
});

test('a press that uses a single shot up counts: the lamp goes out because of it', () => {
  const seen = [power, armed(100), press(500), armed(524, false)];
  expect(figures(seen, [])).toEqual([1, 0, 1, 0, 0, 0]);
});

test('of two presses in one moment only one can use a single shot up, and one must', () => {
  const seen = [power, armed(100), press(500, 1), press(501, 2), armed(524, false)];
  expect(figures(seen, [row(500, 1)])).toEqual([1, 1, 0, 0, 0, 0]);
  expect(figures(seen, [row(501, 2)])).toEqual([1, 1, 0, 0, 0, 0]);
  expect(figures(seen, [])).toEqual([2, 0, 2, 0, 0, 0]);
});

test('a press in the moment of a DISARM may count or not', () => {
  const seen = [power, armed(100), press(500), armed(522, false, true)];
  expect(figures(seen, [])).toEqual([0, 0, 0, 0, 0, 0]);
  expect(figures(seen, [row(500)])).toEqual([1, 1, 0, 0, 0, 0]);
});

test('a press while nothing is armed must not be stored, nor one that was too short', () => {
  expect(figures([power, press(500)], [row(500)])).toEqual([0, 0, 0, 1, 0, 0]);
  expect(figures([power, armed(100), press(500, 2, 12)], [])).toEqual([0, 0, 0, 0, 0, 0]);
});

test('power that goes before the record is complete excuses, later it does not', () => {
  expect(figures([power, armed(100), press(500), cut(560)], [])).toEqual([1, 0, 0, 0, 0, 1]);
  expect(figures([power, armed(100), press(500), cut(640)], [])).toEqual([1, 0, 1, 0, 0, 0]);
});

test('records are written one after the other', () => {
  const two = [power, armed(100), press(500, 1), press(510, 2), cut(640)];
  expect(figures(two, [row(500, 1)])).toEqual([2, 1, 0, 0, 0, 1]);
  expect(figures(two, [row(510, 2)])).toEqual([2, 1, 1, 0, 0, 0]);
});
