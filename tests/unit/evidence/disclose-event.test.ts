/* What of a chain leaves with one transaction's package: never another citizen's turn, a phone, or a chip of the province. */
import { randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Disclosure,
  discloseEvent,
  stretchesOf,
} from '../../../hub-server/src/domain/evidence/disclose-event.ts';
import { newPlace, service, walkup, withChips } from '../../support/test-device.ts';

const place = newPlace();
const mine = withChips(service(place), [['aaaaaa']]);
const others = withChips(service(place), [['aaaaaa']]);
const idOf = (bodies: readonly EventBody[]): string => (bodies[0] as { transaction: string }).transaction;
const about = {
  transactionId: idOf(mine),
  ratingId: (mine.find((body) => body.type === 'rating.opened') as { rating: string }).rating,
  dutyId: place.duty,
  hasProvinceChips: false,
};

describe('an event', () => {
  it('of the transaction is given, of another never', () => {
    for (const body of mine) expect(discloseEvent(body, about, false), body.type).toBe('given');
    for (const body of [...others, ...walkup(place.counter)])
      expect(discloseEvent(body, about, false), body.type).toBe('foreign');
    expect(discloseEvent(null, about, false)).toBe('foreign');
  });
  it('with chips is withheld where the form has any for the province', () => {
    const how = mine.map((body) => discloseEvent(body, { ...about, hasProvinceChips: true }, false));
    expect(how.filter((each) => each === 'withheld')).toHaveLength(1);
  });
  it('by phone is withheld: it names the phone', () => {
    const route = { via: 'ticket', device: 'a', rating: about.ratingId, transaction: about.transactionId };
    const vote = { type: 'private.voted', vote: randomUUID(), answers: [], route, phone: 'f', inTime: true };
    expect(discloseEvent(vote as unknown as EventBody, about, false)).toBe('withheld');
  });
  it('by a typed code is of the turn to which the hub counts it: it names a paper alone', () => {
    const route = { via: 'slip', slip: 'a'.repeat(64) };
    const vote = { type: 'private.voted', vote: randomUUID(), answers: [], route, phone: 'f', inTime: true };
    expect(discloseEvent(vote as unknown as EventBody, about, true)).toBe('withheld');
    expect(discloseEvent(vote as unknown as EventBody, about, false)).toBe('foreign');
  });
  it('of another officer’s duty is foreign', () => {
    const duty = { type: 'duty.ended', duty: randomUUID(), intent: null, reason: 'logout' } as EventBody;
    expect(discloseEvent(duty, about, false)).toBe('foreign');
    expect(discloseEvent({ ...duty, duty: place.duty } as EventBody, about, false)).toBe('neutral');
  });

  const of = (...signs: string[]) =>
    signs.map((sign, row) => ({
      row,
      how: (sign[0] === 'g' ? 'given' : sign[0] === 'f' ? 'foreign' : 'neutral') as Disclosure,
      hasHead: sign.includes('h'),
      isAnchor: sign.includes('a'),
    }));
  const rows = (...signs: string[]) => stretchesOf(of(...signs)).map((run) => run.map(({ row }) => row));
  it('begin with the anchor that places the turn, or hold it apart where its device signed it', () => {
    expect(rows('n', 'a', 'n', 'g', 'gh')).toEqual([[1, 2, 3, 4]]);
    expect(rows('a', 'nh', 'n', 'f', 'gh')).toEqual([[0, 1], [4]]);
    expect(rows('ah', 'f', 'g', 'nh')).toEqual([[0], [2, 3]]);
    expect(rows('a', 'n', 'f', 'gh')).toEqual([[3]]);
    expect(rows('gh', 'n', 'a', 'nh', 'nh')).toEqual([[0, 1, 2, 3]]);
  });
});

describe('stretches', () => {
  const row = fc.record({
    how: fc.constantFrom<Disclosure>('given', 'neutral', 'withheld', 'foreign'),
    hasHead: fc.boolean(),
  });
  it('hold every given event once, nothing withheld or foreign, and begin with a given one', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), (drawn) => {
        const events = drawn.map((each, index) => ({ ...each, row: index }));
        const runs = stretchesOf(events);
        const given = events.filter(({ how }) => how === 'given').map((each) => each.row);
        expect(
          runs
            .flat()
            .filter(({ how }) => how === 'given')
            .map((each) => each.row),
        ).toEqual(given);
        for (const run of runs) {
          expect(run[0]?.how).toBe('given');
          expect(run.every(({ how }) => how === 'given' || how === 'neutral')).toBe(true);
          expect(run.map((each) => each.row)).toEqual(run.map((_none, index) => (run[0]?.row ?? 0) + index));
          // What is taken beyond the last given one is taken for a signature.
          const last = run.at(-1);
          expect(last?.how === 'given' || last?.hasHead).toBe(true);
        }
      }),
    );
  });
});
