/* A counter kept by the hub's chain, as a pure decision: against any order of intents it states only facts that fit. */
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideOwn,
  EMPTY_OWN,
  followOwn,
  type OwnCounter,
  release,
} from '../../../hub-server/src/domain/transactions/own-counter.ts';

const given = (rating: string, known: 'unknown' | 'open' | 'finished' = 'unknown') =>
  ({
    ...{ counter: 'c', instrument: { id: 'form', version: 1 }, rating, slip: `slip of ${rating}`, known },
  }) as never;
const login = (officer: string, duty: string): Intent =>
  ({
    ...{ kind: 'duty.start', intentId: `i-${duty}`, counterId: 'c', duty },
    profile: { id: officer, code: `CB-${officer}`, unitId: 'u' },
  }) as never;
const open = (transaction: string, officerCode: string | null = null): Intent =>
  ({
    ...{ kind: 'transaction.open', intentId: `i-${transaction}`, counterId: 'c', transaction, officerCode },
    ...{ dossierCodes: ['A-1'], procedure: null, stage: 'return', queueNumber: 'A01' },
  }) as never;
const finish = (transaction: string, outcome = 'completed'): Intent =>
  ({
    kind: 'transaction.finish',
    intentId: `f-${transaction}`,
    counterId: 'c',
    transaction,
    outcome,
  }) as never;

const step = (
  state: OwnCounter,
  intent: Intent,
  rating = 'r',
): [OwnCounter, readonly EventBody[] | string] => {
  const decided = decideOwn(state, intent, given(rating));
  if (!decided.ok) return [state, decided.code];
  return [decided.facts.reduce(followOwn, state), decided.facts];
};

describe('a counter of the hub', () => {
  it('opens nothing while its officer is away, and pauses nobody at work', () => {
    const [on] = step(EMPTY_OWN, login('an', 'd1'));
    const pause = { kind: 'duty.pause', intentId: 'p', counterId: 'c', duty: 'd1', reason: 'lunch' } as never;
    const resume = { kind: 'duty.resume', intentId: 'r', counterId: 'c', duty: 'd1' } as never;
    expect(step(EMPTY_OWN, pause)[1]).toBe('intent.no_duty');
    expect(step(on, resume)[1]).toEqual([]);
    const [away, said] = step(on, pause);
    expect(said).toEqual([{ type: 'duty.paused', duty: 'd1', intent: 'p', reason: 'lunch' }]);
    expect(step(away, pause)[1]).toEqual([]);
    expect(step(away, open('t1'))[1]).toBe('intent.paused');
    // Back by the PIN, or by logging in again: nothing else is left of it.
    const [back, resumed] = step(away, resume);
    expect([back, resumed]).toEqual([
      on,
      [{ type: 'duty.resumed', duty: 'd1', intent: 'r', via: 'station' }],
    ]);
    expect(step(away, login('an', 'd2'))[0]).toEqual(on);
    const [serving] = step(on, open('t1'));
    expect(serving.serving).not.toHaveProperty('paused');
    expect(step(serving, pause)[1]).toBe('intent.busy');
    expect(step(away, login('binh', 'd3'))[0].duty).toMatchObject({ officer: 'binh' });
  });

  it('serves one citizen at a time and opens the private route only, with the frozen snapshot', () => {
    const [on] = step(EMPTY_OWN, login('an', 'd1'));
    const [serving] = step(on, open('t1'));
    expect(step(serving, open('t2'))[1]).toBe('intent.busy');
    expect(step(serving, login('binh', 'd2'))[1]).toBe('intent.busy');
    const [after, facts] = step(serving, finish('t1'), 'r1');
    expect(facts).toMatchObject([
      { type: 'transaction.finished', transaction: 't1', by: 'officer', outcome: 'completed' },
      {
        ...{ type: 'rating.opened', rating: 'r1', transaction: 't1', prompt: false, slip: 'slip of r1' },
        ...{
          officer: 'an',
          officerCode: 'CB-an',
          unit: 'u',
          duty: 'd1',
          counter: 'c',
          dossierCodes: ['A-1'],
        },
      },
    ]);
    expect(after.serving).toBeNull();
    expect(step(after, finish('t1'))[1]).toBe('intent.unknown_transaction');
  });

  it('opens nothing without a duty or for another officer, and hands a duty over', () => {
    expect(step(EMPTY_OWN, open('t1'))[1]).toBe('intent.no_duty');
    const [on] = step(EMPTY_OWN, login('an', 'd1'));
    expect(step(on, open('t1', 'CB-binh'))[1]).toBe('intent.other_officer');
    expect(step(on, login('an', 'd2'))[1]).toEqual([]);
    expect(step(on, login('binh', 'd2'))[1]).toMatchObject([
      { type: 'duty.ended', duty: 'd1', reason: 'handover' },
      { type: 'duty.started', duty: 'd2', officer: 'binh' },
    ]);
  });

  it('ends what is open when its kiosk takes the counter back', () => {
    const [on] = step(EMPTY_OWN, login('an', 'd1'));
    const [serving] = step(on, open('t1'));
    const facts = release(serving, given('r'), 'handover', null);
    expect(facts.map(({ type }) => type)).toEqual(['transaction.finished', 'rating.opened', 'duty.ended']);
    expect(facts.reduce(followOwn, serving)).toEqual(EMPTY_OWN);
  });

  it('states only facts that fit the ones before, whatever is asked in whatever order', () => {
    const ask = fc.oneof(
      fc
        .tuple(fc.constantFrom('an', 'binh'), fc.integer({ min: 1, max: 4 }))
        .map(([who, n]) => login(who, `d${n}`)),
      fc
        .tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom(null, 'CB-an'))
        .map(([n, who]) => open(`t${n}`, who)),
      fc.integer({ min: 1, max: 6 }).map((n) => finish(`t${n}`)),
      fc.constant({ kind: 'duty.end', intentId: 'e', counterId: 'c', duty: null } as never as Intent),
    );
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 60, size: 'max' }), (asks) => {
        let state: OwnCounter = EMPTY_OWN;
        const [opened, finished, rated] = [new Set<string>(), new Set<string>(), new Set<string>()];
        let duty: string | null = null;
        asks.forEach((intent, i) => {
          const known =
            'transaction' in intent
              ? finished.has(intent.transaction)
                ? 'finished'
                : opened.has(intent.transaction)
                  ? 'open'
                  : 'unknown'
              : 'unknown';
          const decided = decideOwn(state, intent, given(`r${i}`, known));
          if (!decided.ok) return;
          for (const fact of decided.facts) {
            if (fact.type === 'duty.started') {
              expect(duty).toBeNull();
              duty = fact.duty;
            } else if (fact.type === 'duty.ended') {
              expect(fact.duty).toBe(duty);
              expect(opened.size).toBe(finished.size);
              duty = null;
            } else if (fact.type === 'transaction.opened') {
              expect(fact.duty).toBe(duty);
              expect(opened.has(fact.transaction)).toBe(false);
              expect(opened.size).toBe(finished.size);
              opened.add(fact.transaction);
            } else if (fact.type === 'transaction.finished') {
              expect(opened.has(fact.transaction) && !finished.has(fact.transaction)).toBe(true);
              finished.add(fact.transaction);
            } else if (fact.type === 'rating.opened') {
              expect(finished.has(fact.transaction) && !rated.has(fact.transaction)).toBe(true);
              expect(fact.duty).toBe(duty);
              rated.add(fact.transaction);
            } else throw new Error(fact.type);
            state = followOwn(state, fact);
          }
          expect(state.duty?.duty ?? null).toBe(duty);
        });
        expect(rated.size).toBe(finished.size);
      }),
      { numRuns: 500 },
    );
  });
});
