/* Purpose: the fold of a transaction depends on the set of facts, never on their arrival; rollups follow by difference. */
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contribution, RollupChanges } from '../../../hub-server/src/domain/ratings/rollup.ts';
import {
  applyFact,
  effectiveOf,
  emptyTransaction,
  type FactRef,
  isTransactionFact,
  ratedOf,
  type TransactionState,
} from '../../../hub-server/src/domain/ratings/transaction-fold.ts';
import { newPlace, service } from '../../support/test-device.ts';

interface Placed {
  readonly body: EventBody;
  readonly ref: FactRef;
}

const place = newPlace();
const ID = '01999999-0000-7000-8000-000000000001';

/** Several devices claim the same transaction: a clone's world, the worst the fold may meet. */
function facts(levels: readonly (1 | 2 | 3 | 4 | 5)[]): Placed[] {
  let id = 0;
  return levels.flatMap((level, i) =>
    service({ ...place, officer: newPlace().officer }, { level, transaction: ID }).map((body, seq) => ({
      body,
      ref: {
        id: ++id,
        at: 1_700_000_000_000 + (level % 3) * 10 + seq,
        claimed: 1_700_000_000_000 + (level % 3) * 10 + seq,
        epoch: `${i % 2}`,
        seq: seq + i * 100,
        bound: 5,
        provisional: false,
      },
    })),
  );
}

function fold(placed: readonly Placed[]): TransactionState {
  const byId = new Map(placed.map(({ ref }) => [ref.id, ref]));
  return placed.reduce(
    (state, { body, ref }) =>
      isTransactionFact(body) ? applyFact(state, body, ref, (id) => byId.get(id)!) : state,
    emptyTransaction(ID),
  );
}

const sorted = (state: TransactionState) => ({
  ...state,
  votes: [...state.votes].sort((a, b) => (a.id < b.id ? -1 : 1)),
});

/** Every form here is a tap. */
const rated = (state: TransactionState) => ratedOf(state, () => null);

describe('transaction fold', () => {
  test('any order of the same facts gives the same state and the same effective rating', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(1, 2, 3, 4, 5), { minLength: 1, maxLength: 3 }).chain((levels) => {
          const all = facts(levels as (1 | 2 | 3 | 4 | 5)[]);
          return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
        }),
        ([straight, shuffled]) => {
          const [a, b] = [fold(straight), fold(shuffled)];
          expect(sorted(b)).toEqual(sorted(a));
          expect(effectiveOf(b)).toEqual(effectiveOf(a));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a fact met twice changes nothing', () => {
    const all = facts([4]);
    expect(fold([...all, ...all])).toEqual(fold(all));
  });

  test('a vote without its opening is kept and counted once the opening is known', () => {
    const all = facts([2]);
    const vote = all.filter(({ body }) => body.type === 'rating.voted');
    const alone = fold(vote);
    expect(effectiveOf(alone)?.overall).toBe(2);
    expect(contribution(alone, rated(alone))).toBeNull();
    expect(fold([...vote, ...all.filter((each) => !vote.includes(each))])).toEqual(fold(all));
  });
});

describe('a code that a kiosk gave twice', () => {
  const voted = (at: number): Placed => ({
    body: {
      ...{ type: 'private.voted', vote: '01999999-0000-7000-8000-00000000000a', phone: 'b'.repeat(64) },
      ...{ answers: [{ question: 'overall', level: 1 }], inTime: true },
      route: { via: 'slip', slip: 'a'.repeat(64) },
    } as unknown as EventBody,
    ref: { id: 900, at, claimed: at, epoch: 'hub', seq: 1, bound: 0, provisional: false },
  });
  const given = (provisional: boolean): Placed[] =>
    facts([5]).map((each) => ({ ...each, ref: { ...each.ref, provisional } }));
  const openedAt = given(false).find(({ body }) => body.type === 'rating.opened')!.ref.at;
  const overallAfter = (vote: Placed, provisional = false) => {
    const placed = [...given(provisional), vote];
    const byId = new Map(placed.map(({ ref }) => [ref.id, ref]));
    const state = placed.reduce(
      (held, { body, ref }) =>
        isTransactionFact(body) || body.type === 'private.voted'
          ? applyFact(held, body, ref, (id) => byId.get(id)!)
          : held,
      emptyTransaction(ID),
    );
    return effectiveOf(state)?.overall;
  };

  test('does not count a vote that clocks prove earlier than the question', () => {
    expect(overallAfter(voted(openedAt - 6))).toBe(5);
    expect(overallAfter(voted(openedAt - 5))).toBe(1);
    expect(overallAfter(voted(openedAt + 60_000))).toBe(1);
  });

  test('asks no clock about a vote by a ticket, which names its rating', () => {
    const vote = voted(openedAt - 60_000);
    const { rating } = given(false).find(({ body }) => body.type === 'rating.opened')!
      .body as BodyOf<'rating.opened'>;
    const route = { via: 'ticket', device: 'c'.repeat(64), rating, transaction: ID };
    expect(overallAfter({ ...vote, body: { ...vote.body, route } as EventBody })).toBe(1);
  });

  test('counts it where no anchor proves it', () => {
    expect(overallAfter(voted(openedAt - 60_000), true)).toBe(1);
  });
});

describe('rollup', () => {
  test('the sum of differences equals the contribution of the end', () => {
    const all = facts([1]);
    const changes = new RollupChanges();
    let state = emptyTransaction(ID);
    const byId = new Map(all.map(({ ref }) => [ref.id, ref]));
    for (const { body, ref } of all) {
      if (!isTransactionFact(body)) continue;
      changes.add(contribution(state, rated(state)), -1);
      state = applyFact(state, body, ref, (id) => byId.get(id)!);
      changes.add(contribution(state, rated(state)), 1);
    }
    expect(changes.changed()).toEqual([
      { key: contribution(state, rated(state))!.key, counts: [1, 1, 1, 1, 0, 0, 0, 0, 0] },
    ]);
  });

  test('missing is missing: a prompt nobody answered is prompted, not rated', () => {
    const all = facts([5]).filter(({ body }) => body.type !== 'rating.voted');
    const state = fold(all);
    expect(effectiveOf(state)).toBeNull();
    expect(contribution(state, { effective: null, form: null })?.counts).toEqual([1, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
});
