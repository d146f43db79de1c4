/*
 * Random histories of one counter: intents, touches, presses, time, panels, crashes and boots in any order. After each:
 * nothing lost, doubled or moved, the fold of the chain equals the state, and nothing betrays the level.
 */
import type { CounterInput, Effect } from '@hailong/shared/counter/counter-state.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { acts, level } from '../../support/counter-acts.ts';
import { MemoryCounter, start } from '../../support/counter-kit.ts';

/** A prompt ends at its fixed time, whatever was tapped or taken to the phone, and nothing is opened before. */
function keepsFixedTimes(counter: MemoryCounter): void {
  const { events, monos } = counter;
  let until: number | null = null;
  for (const [at, event] of events.entries()) {
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
  fc.assert(
    fc.property(fc.array(acts(level), { minLength: 10, maxLength: 80, size: 'max' }), (history) => {
      const counter = new MemoryCounter();
      counter.intent(start(1));
      for (const act of history) act(counter);
      const facts = counter.facts();
      expect(facts.violations).toEqual([]);
      keepsFixedTimes(counter);
      expect(facts.duty).toBe(counter.state.duty?.duty ?? null);
      expect(facts.serving).toBe(counter.state.serving?.transaction ?? null);
      expect(facts.openRating).toBe(counter.state.rating?.rating ?? null);
      // A rating is opened for every finished transaction, under an id and a slip of its own.
      expect([...facts.finished.values()].filter((one) => !one.opened)).toEqual([]);
      expect(facts.ratings.size).toBe(counter.of('rating.opened').length);
      const voted = counter.of('rating.voted');
      votes += voted.length;
      // Every thanks has its event, every event its thanks.
      const thanked = counts(counter.effects, 'thanked').map((each) => 'vote' in each && each.vote);
      expect(thanked).toEqual(voted.map((each) => each.vote));
      for (const one of voted) {
        const { opened } = facts.ratings.get(one.rating)!;
        const served = counter.of('transaction.opened').find((each) => each.transaction === one.transaction)!;
        expect([opened.officer, opened.duty]).toEqual([served.officer, served.duty]);
      }
      // A press is answered however often it comes, and stored once.
      const keys = counter.events.flatMap((event) => {
        const at = event.type === 'rating.voted' && event.source.via === 'panel' ? event.source : event;
        return 'boot' in at && 'seq' in at ? [`${at.boot}:${at.seq}`] : [];
      });
      expect(new Set(keys).size).toBe(keys.length);
      // An intent ends in at most one fact.
      const intents = counter.events.flatMap((event) =>
        'intent' in event && event.intent ? [event.intent] : [],
      );
      expect(new Set(intents).size).toBe(intents.length);
    }),
    { numRuns: 1_000 },
  );
  // The histories must be about something.
  expect(votes).toBeGreaterThan(1_000);
});

/** Everything an onlooker can see, with the level taken out. */
function onlooker(counter: MemoryCounter): string {
  return JSON.stringify(
    [counter.effects, counter.state.now, counter.state.rating?.done, counter.types()],
    (key, value) => (key === 'level' || key === 'button' ? '-' : value),
  );
}

it('shows an onlooker the same whatever the level', () => {
  const script = fc.array(acts(fc.constant(5)), { minLength: 10, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(script, level, (history, other) => {
      const run = (answer: 1 | 2 | 3 | 4 | 5) => {
        const counter = new MemoryCounter();
        const feed = counter.feed.bind(counter);
        counter.feed = (input: CounterInput) =>
          feed(
            input.type === 'tap'
              ? { ...input, level: answer }
              : input.type === 'press'
                ? { ...input, button: 6 - answer }
                : input,
          );
        for (const act of history) act(counter);
        return onlooker(counter);
      };
      const mask = (text: string) => text.replace(/0000000f-0000-7000-8000-\d{12}/g, 'intent');
      expect(mask(run(other))).toBe(mask(run(5)));
    }),
    { numRuns: 300 },
  );
});
