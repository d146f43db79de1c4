/* When nobody was asked, and when nobody may say so yet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CarryingTurn,
  judgeClosed,
  type ReconcileRule,
  type ReportingKiosk,
} from '../../../hub-server/src/domain/reconcile/judge-closed.ts';
import { readVietnamTime } from '../../../hub-server/src/domain/reconcile/vietnam-time.ts';

const DAY = 86_400_000;
const RULE: ReconcileRule = { nearMs: DAY, reportedMs: 3_600_000, againDays: 14, keepDays: 90 };
const CLOSED = Date.UTC(2026, 10, 20, 3);
const turn = (more: Partial<CarryingTurn> = {}): CarryingTurn => ({
  ...{ counterId: 'c1', at: CLOSED - 60_000, provisional: false, shown: false, voted: false, marked: false },
  ...more,
});
const heard: ReportingKiosk = { lastSeenAt: CLOSED + DAY, unsynced: 0, oldestUnsyncedMs: 0 };

describe('a closed dossier', () => {
  it.each([
    ['shown', [turn({ shown: true })], [heard], 'asked', 'c1'],
    ['rated on a phone after a no-show', [turn({ marked: true, voted: true })], [heard], 'asked', 'c1'],
    ['shown, the kiosk away', [turn({ shown: true })], [{ ...heard, lastSeenAt: null }], 'asked', 'c1'],
    ['no transaction', [], [heard], 'unasked', null],
    ['a transaction without a prompt', [turn()], [heard], 'unasked', 'c1'],
    ['shown two days before', [turn({ shown: true, at: CLOSED - 2 * DAY })], [heard], 'unasked', null],
    [
      'shown by a clock nobody can place',
      [turn({ shown: true, at: 0, provisional: true })],
      [heard],
      'asked',
      'c1',
    ],
    ['marked', [turn({ marked: true })], [heard], 'silent', 'c1'],
    ['marked, the kiosk away', [turn({ marked: true })], [{ ...heard, lastSeenAt: CLOSED }], 'unknown', 'c1'],
    ['marked, then shown', [turn({ marked: true }), turn({ shown: true })], [heard], 'asked', 'c1'],
    ['one of two kiosks away', [], [heard, { ...heard, lastSeenAt: null }], 'unknown', null],
    [
      'heard, with something older unsent',
      [],
      [{ ...heard, unsynced: 3, oldestUnsyncedMs: DAY }],
      'unknown',
      null,
    ],
    [
      'heard, with something younger unsent',
      [],
      [{ ...heard, unsynced: 3, oldestUnsyncedMs: 60_000 }],
      'unasked',
      null,
    ],
    ['a counter without a kiosk', [], [], 'unasked', null],
  ] as const)('%s', (_, turns, kiosks, state, turnCounter) => {
    expect(judgeClosed(CLOSED, turns, kiosks, RULE)).toEqual({ state, turnCounter });
  });

  it('is never held against anybody while more may come, and what comes only helps', () => {
    const anyTurn = fc.record({
      ...{
        counterId: fc.constantFrom('c1', 'c2'),
        at: fc.integer({ min: -3, max: 3 }).map((d) => CLOSED + d * DAY),
      },
      ...{ provisional: fc.boolean(), shown: fc.boolean(), voted: fc.boolean(), marked: fc.boolean() },
    });
    fc.assert(
      fc.property(fc.array(anyTurn), fc.array(anyTurn), fc.boolean(), (held, late, away) => {
        const kiosks = away ? [heard, { ...heard, lastSeenAt: CLOSED }] : [heard];
        const before = judgeClosed(CLOSED, held, kiosks, RULE).state;
        if (away) expect(['asked', 'unknown']).toContain(before);
        const after = judgeClosed(CLOSED, [...held, ...late], [heard], RULE).state;
        if (before === 'asked') expect(after).toBe('asked');
        if (after === 'unasked')
          expect([...held, ...late].some((one) => one.shown && one.provisional)).toBe(false);
      }),
    );
  });
});

it.each([
  ['26/11/2026 09:34', Date.UTC(2026, 10, 26, 2, 34)],
  ['6-1-2026 7:05:09', Date.UTC(2026, 0, 6, 0, 5, 9)],
  ['2026-11-26T00:00', Date.UTC(2026, 10, 25, 17)],
  ['2026-11-26 23:59:59', Date.UTC(2026, 10, 26, 16, 59, 59)],
  ['31/02/2026 09:00', null],
  ['26/13/2026 09:00', null],
  ['26/11/2026 24:00', null],
  ['26/11/2026', null],
  ['=NOW()', null],
])('reads %s as Vietnam’s time', (text, at) => {
  expect(readVietnamTime(text)).toBe(at);
});
