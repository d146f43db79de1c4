/*
 * Random histories of one counter: intents, touches, presses, time, panels, crashes and boots in any order. After each:
 * nothing lost, doubled or moved, the fold of the chain equals the state, and nothing betrays the level.
 */
import type { CounterInput, Effect } from '@hailong/shared/counter/counter-state.ts';
import type { Hwid } from '@hailong/shared/ids.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { end, finish, HWID, MemoryCounter, open, start } from '../../support/counter-kit.ts';

type Act = (counter: MemoryCounter) => void;
const nat = (max: number) => fc.integer({ min: 1, max });
const level = fc.constantFrom(1, 2, 3, 4, 5) as fc.Arbitrary<1 | 2 | 3 | 4 | 5>;
const outcomes = fc.constantFrom('completed', 'refused', 'no_show', 'test') as fc.Arbitrary<
  'completed' | 'test'
>;

/** A ticket of now, of before, or of nowhere. */
function someTicket(counter: MemoryCounter, back: number): number {
  const asked = counter.of('question.asked');
  return asked[asked.length - back]?.askTicket ?? back;
}

function acts(answer: fc.Arbitrary<1 | 2 | 3 | 4 | 5>): fc.Arbitrary<Act> {
  return fc.oneof(
    {
      weight: 3,
      arbitrary: nat(3).map(
        (n): Act =>
          (c) =>
            c.intent(start(n, n + c.events.length)) as never,
      ),
    },
    { weight: 1, arbitrary: fc.constant<Act>((c) => void c.intent(end())) },
    {
      weight: 5,
      arbitrary: nat(30).map(
        (n): Act =>
          (c) =>
            void c.intent(open(n), 40_000),
      ),
    },
    {
      weight: 5,
      arbitrary: fc.tuple(nat(30), outcomes).map(
        ([n, outcome]): Act =>
          (c) => {
            const serving = c.state.serving ? Number(c.state.serving.transaction.slice(-12)) : n;
            c.intent(finish(n % 4 === 0 ? n : serving, outcome));
          },
      ),
    },
    {
      weight: 8,
      arbitrary: answer.map(
        (each): Act =>
          (c) =>
            void c.tap(each),
      ),
    },
    {
      weight: 8,
      arbitrary: fc
        .tuple(answer, fc.constantFrom(1, 1, 1, 2, 3, 4), fc.boolean(), fc.integer({ min: 0, max: 9 }))
        .map(
          ([button, back, twice, chord]): Act =>
            (c) => {
              const press = {
                askTicket: someTicket(c, back),
                chord: chord === 0,
                seq: 500 + c.effects.length,
              };
              c.press(6 - button, { ...press, uptimeMs: press.seq });
              if (twice) c.press(6 - button, { ...press, uptimeMs: press.seq });
            },
        ),
    },
    { weight: 2, arbitrary: fc.constant<Act>((c) => void c.feed({ type: 'correct', rating: null })) },
    {
      weight: 2,
      arbitrary: fc.constant<Act>((c) => {
        const { rating } = c.state;
        const asked = rating?.asks.at(-1);
        if (rating && asked) c.feed({ type: 'skip', rating: rating.rating, askTicket: asked.askTicket });
      }),
    },
    { weight: 2, arbitrary: fc.constant<Act>((c) => void c.feed({ type: 'citizen.open' })) },
    {
      weight: 6,
      arbitrary: fc.integer({ min: 0, max: 20_000 }).map(
        (ms): Act =>
          (c) => {
            c.mono += ms;
            c.feed({ type: 'wake' });
          },
      ),
    },
    {
      weight: 5,
      arbitrary: fc.boolean().map(
        (drained): Act =>
          (c) =>
            c.close(drained),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Hwid | null>(HWID, null, '53494d0000000002' as Hwid).map(
        (hwid): Act =>
          (c) =>
            void c.feed({ type: 'panel', hwid }),
      ),
    },
    { weight: 2, arbitrary: fc.constant<Act>((c) => void c.restart()) },
    {
      weight: 1,
      arbitrary: nat(99).map(
        (n): Act =>
          (c) =>
            void c.restart(`boot-${n}`),
      ),
    },
  );
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
      expect(facts.duty).toBe(counter.state.duty?.duty ?? null);
      expect(facts.serving).toBe(counter.state.serving?.transaction ?? null);
      expect(facts.openRating).toBe(counter.state.rating?.rating ?? null);
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
