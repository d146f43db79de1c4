/* A row of the camera map as it is typed: the seconds of what was not touched stay, and what the hub refuses is known before. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeOf, draftOf, faultOf } from '../../../hub-server/web/admin/cameras/map-draft.ts';
import { localMinute } from '../../../hub-server/web/common/local-minute.ts';

const counterId = '0192f0c1-0000-7000-8000-00000000c001';
const NOW = Date.UTC(2026, 10, 23, 3);
const row = (from: number, to: number | null) => ({ counterId, from, to }) as never;
const past = fc.integer({ min: Date.UTC(2024, 0), max: NOW - 60_000 });

describe('the map of a camera, as it is typed', () => {
  test('a row opened and saved untouched is the same row, to the millisecond', () => {
    fc.assert(
      fc.property(past, fc.option(fc.integer({ min: 1, max: 86_400_000 })), (from, ms) => {
        const to = ms === null ? null : from + ms;
        expect(changeOf(draftOf(row(from, to)))).toEqual({ counterId, was: from, from, to });
      }),
    );
  });

  test('one time typed anew moves, and the other does not', () => {
    const from = NOW - 7_200_500;
    const draft = { ...draftOf(row(from, NOW - 1)), to: localMinute(NOW - 3_600_000) };
    expect(changeOf(draft)).toEqual({ counterId, was: from, from, to: NOW - 3_600_000 });
  });

  test('two rows of one counter never meet; beside each other they may', () => {
    const rows = [row(NOW - 600_000, null), row(NOW - 6_000_000, NOW - 600_000)];
    const draft = (from: number, to: number | null) => ({
      ...{ counterId, row: null, from: localMinute(from), to: to === null ? '' : localMinute(to) },
    });
    expect(faultOf(draft(NOW - 3_600_000, null), rows, NOW)).toBe('overlap');
    expect(faultOf(draft(NOW - 9_000_000, NOW - 6_000_000), rows, NOW)).toBe(null);
    expect(faultOf({ ...draft(NOW, null), counterId: 'another' }, rows, NOW)).toBe(null);
    expect(faultOf(draftOf(rows[1]!), rows, NOW)).toBe(null);
  });

  test('nothing in the future, and an end after its beginning', () => {
    const from = localMinute(NOW - 60_000);
    expect(faultOf({ counterId, row: null, from: localMinute(NOW + 60_000), to: '' }, [], NOW)).toBe(
      'future',
    );
    expect(faultOf({ counterId, row: null, from, to: localMinute(NOW + 60_000) }, [], NOW)).toBe('future');
    expect(faultOf({ counterId, row: null, from, to: from }, [], NOW)).toBe('order');
  });
});
