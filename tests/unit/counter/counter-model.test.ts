/*
 * Random histories of one counter: intents, officers at the device, touches, chips, presses, time, panels, the way to the
 * phone, crashes and boots in any order. After each: nothing lost, doubled or moved, the fold of the chain equals the state, the hub's own fold finds one
 * effective rating a transaction, no screen asks about anything but the open rating, and nothing betrays the level.
 */

import { emptyFacts, foldEvent } from '@hailong/shared/counter/counter-fold.ts';
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { CounterInput, Effect } from '@hailong/shared/counter/counter-state.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  applyFact,
  effectiveOf,
  emptyTransaction,
  isTransactionFact,
  type TransactionState,
} from '../../../hub-server/src/domain/ratings/transaction-fold.ts';
import { acts, level } from '../../support/counter-acts.ts';
import { FORM, FORM_WITH_CHIPS, MemoryCounter, pressOf, start, votesOf } from '../../support/counter-kit.ts';

const screenNow = (counter: MemoryCounter) =>
  screenOf(counter.state, {
    ...{ mono: counter.mono, online: true, canStore: true, closed: false, hasBlob: () => true },
    ...{
      config: { office: {}, counter: {} } as never,
      ticketOf: () => ({ qr: ['1'], address: 'h.vn/v', until: null }),
    },
  });

/** Which rating the screen is about; null: none. */
function asksAbout(counter: MemoryCounter): string | null {
  const screen = screenNow(counter);
  if (screen.name === 'question') return screen.question.rating;
  return screen.name === 'chips' || screen.name === 'private' ? screen.rating : null;
}

/** What the hub makes of the chain: for each transaction the fold of its facts, by the product's own code. */
function atTheHub(counter: MemoryCounter): Map<string, TransactionState> {
  const held = new Map<string, TransactionState>();
  counter.events.forEach((body, at) => {
    if (!isTransactionFact(body)) return;
    const { transaction } = body;
    const place = (seq: number) => ({ claimed: counter.monos[seq]!, epoch: 'e', seq });
    const ref = { ...place(at), id: at, at: counter.monos[at]!, bound: 0, provisional: false };
    held.set(
      transaction,
      applyFact(held.get(transaction) ?? emptyTransaction(transaction), body, ref, place),
    );
  });
  return held;
}

/** One rating a transaction, whose overall level is that of the last answer before the close. */
function countsOnce(counter: MemoryCounter): void {
  const opened = counter.of('rating.opened').map((each) => each.transaction);
  expect(new Set(opened).size).toBe(opened.length);
  for (const [transaction, state] of atTheHub(counter)) {
    const last = counter
      .of('rating.voted')
      .findLast((each) => each.transaction === transaction && each.question === 'overall');
    expect(effectiveOf(state)?.overall).toBe(last?.level);
    expect(effectiveOf(state)?.votes['overall']).toBe(last?.vote);
  }
  const { rating } = counter.state;
  const sets = counter
    .of('chips.chosen')
    .filter((each) => each.rating === rating?.rating && each.overallVote === rating.overall?.vote);
  expect(sets.reduce((a, b) => (b.n > a.n ? b : a), { n: 0, chips: [] as string[] }).chips).toEqual(
    rating?.chips?.chosen ?? [],
  );
}

/** An opening that names an officer is never opened for another one, and what a PIN did at the device carries no intent. */
function namesNobodyElse(counter: MemoryCounter): void {
  for (const opened of counter.of('transaction.opened')) {
    const named = opened.intent && counter.marks.get(opened.intent)!.content.split(' ')[2];
    if (named && named !== '-') expect(opened.officerCode).toBe(named);
  }
  for (const started of counter.of('duty.started'))
    expect(started.via === 'pin').toBe(started.intent === null);
  const { aside } = counter.state;
  if (aside) {
    expect(counter.marks.get(aside.intent.intentId)!.state).toBe('waiting');
    expect(counter.mono).toBeLessThan(aside.deadlineMono + 60_000);
  }
}

/** A prompt ends at its fixed time, whatever was tapped or taken to the phone, and nothing is opened before. */
function keepsFixedTimes(counter: MemoryCounter): void {
  const { events, monos } = counter;
  let until: number | null = null;
  for (const [at, event] of events.entries()) {
    if (event.type === 'walkup.closed' && event.reason === 'timed') {
      const began = events.findIndex((one) => one.type === 'walkup.opened' && one.rating === event.rating);
      expect(monos[at]! - monos[began]!).toBeGreaterThanOrEqual(FORM_WITH_CHIPS.closeAfterMs);
    }
    if (event.type === 'rating.opened' && event.prompt !== false) until = monos[at]! + event.closeAfterMs;
    else if (event.type === 'rating.closed' && event.reason === 'interrupted') until = null;
    else if (event.type === 'rating.closed' || event.type === 'transaction.opened')
      expect(monos[at]!).toBeGreaterThanOrEqual(until ?? 0);
  }
}

const counts = (effects: readonly Effect[], kind: Effect['kind']) =>
  effects.filter((each) => each.kind === kind);

it('never loses, doubles or moves a rating', () => {
  let votes = 0;
  let sets = 0;
  let walkups = 0;
  let [pins, asides] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(acts(level), { minLength: 10, maxLength: 80, size: 'max' }),
      fc.boolean(),
      (history, chips) => {
        const counter = new MemoryCounter();
        const walkup = { minIntervalMs: 5_000 };
        counter.rules = { instrument: chips ? FORM_WITH_CHIPS : FORM, walkup };
        counter.knowsPin = (code) => code !== 'CB03';
        counter.intent(start(1));
        const facts = emptyFacts();
        let folded = 0;
        for (const act of history) {
          act(counter);
          for (const event of counter.events.slice(folded)) foldEvent(facts, event);
          folded = counter.events.length;
          // What was interrupted, closed or taken to the phone is never asked again.
          const asked = asksAbout(counter);
          if (asked !== null) expect(asked).toBe(facts.openRating ?? facts.openWalkup);
        }
        countsOnce(counter);
        namesNobodyElse(counter);
        asides += counter.events.filter(
          (event) => event.type === 'intent.refused' && event.code === 'intent.other_officer',
        ).length;
        pins += counter.of('duty.started').filter(({ via }) => via === 'pin').length;
        sets += counter.of('chips.chosen').length;
        expect(facts.violations).toEqual([]);
        keepsFixedTimes(counter);
        expect(facts.duty).toBe(counter.state.duty?.duty ?? null);
        expect(facts.paused).toBe(counter.state.duty?.paused ?? false);
        expect(facts.serving).toBe(counter.state.serving?.transaction ?? null);
        expect(facts.openRating ?? facts.openWalkup).toBe(counter.state.rating?.rating ?? null);
        // Whoever is not served rates nobody: no officer, duty or transaction stands in it.
        for (const event of counter.events)
          if (event.type.startsWith('walkup.'))
            expect(JSON.stringify(event)).not.toMatch(/officer|duty|transaction/);
        walkups += counter.of('walkup.voted').length;
        // A rating is opened for every finished transaction, under an id and a slip of its own.
        expect([...facts.finished.values()].filter((one) => !one.opened)).toEqual([]);
        const { rating, offer } = counter.state;
        expect(facts.ratings.get(rating?.rating ?? '')?.wentPrivate != null).toBe(rating?.handed ?? false);
        if (offer)
          expect(counter.of('rating.opened').at(-1)).toMatchObject({ rating: offer.rating, prompt: false });
        expect(facts.ratings.size).toBe(counter.of('rating.opened').length);
        const voted = counter.of('rating.voted');
        votes += voted.length;
        // Every thanks has its event, every event its thanks.
        const thanked = counts(counter.effects, 'thanked').map((each) => 'vote' in each && each.vote);
        expect(thanked).toEqual(votesOf(counter).map((each) => each.vote));
        for (const one of voted) {
          const { opened } = facts.ratings.get(one.rating)!;
          const served = counter
            .of('transaction.opened')
            .find((each) => each.transaction === one.transaction)!;
          expect([opened.officer, opened.duty]).toEqual([served.officer, served.duty]);
        }
        // A press is answered however often it comes, and stored once.
        const keys = counter.events.flatMap((event) => {
          const at = pressOf(event);
          return at ? [`${at.boot}:${at.seq}`] : [];
        });
        expect(new Set(keys).size).toBe(keys.length);
        // An intent ends in at most one fact.
        const intents = counter.events.flatMap((event) =>
          'intent' in event && event.intent ? [event.intent] : [],
        );
        expect(new Set(intents).size).toBe(intents.length);
      },
    ),
    { numRuns: 2_000 },
  );
  // The histories must be about something.
  expect(votes).toBeGreaterThan(1_000);
  expect(sets).toBeGreaterThan(100);
  expect(walkups).toBeGreaterThan(50);
  expect(pins).toBeGreaterThan(100);
  expect(asides).toBeGreaterThan(50);
});

/** Everything an onlooker can see from where the words of a chip cannot be read, with the level taken out. */
function onlooker(counter: MemoryCounter, screens: readonly unknown[]): string {
  return JSON.stringify(
    [
      ...[
        counter.effects,
        counter.state.now,
        counter.state.rating?.done,
        counter.types(),
        counter.monos,
        screens,
      ],
      // What goes over the line is as long at every level.
      counter.events.map((event) => JSON.stringify(event).length),
    ],
    (key, value) => (key === 'level' || key === 'button' ? '-' : value),
  ).replace(/(cao|ton)(00| )/g, 'chip$2');
}

it('shows an onlooker the same whatever the level', () => {
  const script = fc.array(acts(fc.constant(5)), { minLength: 10, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(script, level, (history, other) => {
      const run = (answer: 1 | 2 | 3 | 4 | 5) => {
        const counter = new MemoryCounter();
        counter.rules = { instrument: FORM_WITH_CHIPS, walkup: { minIntervalMs: 5_000 } };
        const screens: unknown[] = [];
        const feed = counter.feed.bind(counter);
        counter.feed = (input: CounterInput) => {
          const step = feed(
            input.type === 'tap'
              ? { ...input, level: answer }
              : input.type === 'press'
                ? { ...input, button: 6 - answer }
                : input,
          );
          screens.push(screenNow(counter));
          return step;
        };
        for (const act of history) act(counter);
        return onlooker(counter, screens);
      };
      const mask = (text: string) => text.replace(/0000000f-0000-7000-8000-\d{12}/g, 'intent');
      expect(mask(run(other))).toBe(mask(run(5)));
    }),
    { numRuns: 300 },
  );
});
