/* Random acts on one counter, for histories: intents, touches, presses, time, panels, crashes and boots in any order. */
import type { CounterInput, OfficerInput, Service } from '@hailong/shared/counter/counter-state.ts';
import type { DutyId, HandoverId, Hwid, Sha256Hex, TransactionId } from '@hailong/shared/ids.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import fc from 'fast-check';
import {
  end,
  finish,
  HWID,
  id,
  type MemoryCounter,
  open,
  pause,
  profile,
  resume,
  start,
} from './counter-kit.ts';

export type Act = (counter: MemoryCounter) => void;
const nat = (max: number) => fc.integer({ min: 1, max });
export const level = fc.constantFrom(1, 2, 3, 4, 5) as fc.Arbitrary<1 | 2 | 3 | 4 | 5>;
const outcomes = fc.constantFrom('completed', 'refused', 'no_show', 'test') as fc.Arbitrary<
  'completed' | 'test'
>;

const OFFICER_ACTS = ['login', 'login', 'next', 'next', 'finish', 'pause', 'logout', 'decline'] as const;
/** At the device itself, after a PIN. */
function officerAct(
  counter: MemoryCounter,
  act: (typeof OFFICER_ACTS)[number],
  n: number,
  outcome: Outcome,
): CounterInput {
  const own = 5_000 + counter.events.length;
  if (act === 'decline') return { type: 'officer.decline' };
  const acts: Record<Exclude<typeof act, 'decline'>, OfficerInput> = {
    login: { act: 'login', duty: id<DutyId>('5', own), profile: profile(n) },
    next: {
      ...{ act: 'next', transaction: id<TransactionId>('7', own), dossierCodes: [] },
      ...{ queueNumber: `A${n}`, stage: n === 1 ? 'reception' : 'return' },
    },
    finish: { act: 'finish', outcome },
    pause: { act: 'pause', reason: n === 1 ? 'away' : 'lunch' },
    logout: { act: 'logout' },
  };
  return { type: 'officer', act: acts[act] };
}

const slipHash = (n: number) => String(n).padStart(64, '0') as Sha256Hex;

/** A ticket of now, of before, or of nowhere. */
function someTicket(counter: MemoryCounter, back: number): number {
  const asked = counter.of('question.asked');
  return asked[asked.length - back]?.askTicket ?? back;
}

function isAsked({ state }: MemoryCounter): boolean {
  const { rating } = state;
  return rating?.asking === true && rating.asks.at(-1)?.question !== 'chips';
}

export function acts(answer: fc.Arbitrary<1 | 2 | 3 | 4 | 5>): fc.Arbitrary<Act> {
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
      weight: 2,
      arbitrary: fc.tuple(fc.boolean(), nat(8)).map(
        ([away, strange]): Act =>
          (c) => {
            const { duty } = c.state;
            const n = duty && strange > 1 ? Number(duty.duty.slice(-12)) : strange;
            c.intent(away ? pause(n) : resume(n));
          },
      ),
    },
    {
      weight: 5,
      arbitrary: nat(30).map(
        (n): Act =>
          (c) =>
            void c.intent(open(n), 40_000),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(nat(30), nat(3)).map(
        ([n, officer]): Act =>
          (c) => {
            c.intent(open(n, { officerCode: `CB0${officer}` }), 30_000);
            if (n % 5 === 0) c.intent(finish(n));
          },
      ),
    },
    {
      weight: 5,
      arbitrary: fc.tuple(fc.constantFrom(...OFFICER_ACTS), nat(3), outcomes).map(
        ([act, n, outcome]): Act =>
          (c) =>
            void c.feed(officerAct(c, act, n, outcome)),
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
      weight: 14,
      arbitrary: nat(1_000_000).map(
        (n): Act =>
          (c) => {
            if (!c.state.duty) c.intent(start(1, n));
            if (c.state.serving) c.intent(finish(Number(c.state.serving.transaction.slice(-12))));
            if (c.state.rating) return;
            c.intent(open(n));
            c.intent(finish(n));
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
    {
      weight: 6,
      arbitrary: fc
        .tuple(fc.uniqueArray(fc.integer({ min: 0, max: 7 }), { maxLength: 8 }), nat(20), answer)
        .map(
          ([places, strange, level]): Act =>
            (c) => {
              // Somebody who goes through the questions to the page.
              for (let left = 4; strange > 6 && left > 0 && isAsked(c); left -= 1) c.tap(level);
              // Now and then a set that no page has.
              const press = c.chips(strange === 1 ? [...places, 9] : places);
              const twice = press.events.find((event) => event.type === 'chips.chosen');
              if (strange > 15 && twice) c.chips(places, twice.press);
            },
        ),
    },
    { weight: 3, arbitrary: fc.constant<Act>((c) => void c.feed({ type: 'correct', rating: null })) },
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
      weight: 3,
      arbitrary: fc.tuple(fc.boolean(), answer).map(
        ([taps, level]): Act =>
          (c) => {
            c.feed({ type: 'walkup' });
            if (taps && c.state.rating?.transaction === null) c.tap(level);
          },
      ),
    },
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
      weight: 2,
      arbitrary: fc.constantFrom(true, false, null).map(
        (drained): Act =>
          (c) => {
            const { rating } = c.state;
            // Null: the panel does not answer yet.
            if (drained !== null) c.private(drained);
            else if (rating) c.feed({ type: 'private', rating: rating.rating });
          },
      ),
    },
    {
      weight: 1,
      arbitrary: nat(9).map(
        (n): Act =>
          (c) => {
            const slips = [n, n + 1].map((one) => ({ code: `C${one}`, hash: slipHash(one) }));
            c.feed({ type: 'slips', slips });
          },
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom(null, null, null, 'device.suspended', 'device.superseded', 'device.revoked'),
          fc.constantFrom(null, null, id<HandoverId>('e', 1), id<HandoverId>('e', 2)),
        )
        .map(
          ([closed, handover]): Act =>
            (c) => {
              c.service = { closed: closed as Service['closed'], handover };
              c.feed({ type: 'service' });
            },
        ),
    },
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
