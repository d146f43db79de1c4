/*
 * A counter in memory for tests: runs the machine as the agent does (commit, then effects), with ids that count up and
 * a clock that is set. `Known` is answered from the events alone, independently of the agent's tables.
 */
import { emptyFacts, foldEvent } from '@hailong/shared/counter/counter-fold.ts';
import { stepCounter } from '@hailong/shared/counter/counter-machine.ts';
import {
  type CounterInput,
  type CounterState,
  type CounterStep,
  type Effect,
  emptyCounter,
  type Given,
  type IntentMark,
  type Known,
  type Rules,
  SERVING,
  type Service,
} from '@hailong/shared/counter/counter-state.ts';
import type {
  AskTicket,
  CounterId,
  DutyId,
  Hwid,
  IntentId,
  OfficerId,
  RatingId,
  TransactionId,
  UnitId,
  VoteId,
} from '@hailong/shared/ids.ts';
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { BodyOf, EventBody, EventType } from '@hailong/shared/model/event.ts';
import { chipsAt, type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import type { Intent } from '@hailong/shared/protocol/edge.ts';

/** A UUID that counts: `id('1', 5)` is the fifth of kind 1. */
export const id = <T extends string>(kind: string, n: number): T =>
  `0000000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}` as T;

export const COUNTER = id<CounterId>('c', 1);
export const HWID = '53494d0000000001' as Hwid;

export const FORM: Instrument = instrument.parse({
  id: 'mau-chuan',
  version: 1,
  name: { vi: 'Mẫu chuẩn', en: 'Standard form' },
  question: { vi: 'Ông/bà có hài lòng không?', en: 'Are you satisfied?' },
  levels: [
    { key: 5, word: { vi: 'Rất hài lòng', en: 'Very satisfied' } },
    { key: 4, word: { vi: 'Hài lòng', en: 'Satisfied' } },
    { key: 3, word: { vi: 'Bình thường', en: 'Neutral' } },
    { key: 2, word: { vi: 'Không hài lòng', en: 'Dissatisfied' } },
    { key: 1, word: { vi: 'Rất không hài lòng', en: 'Very dissatisfied' } },
  ],
  criteria: [
    {
      key: 'attitude',
      about: 'officer',
      stages: ['reception', 'supplement', 'return', 'refusal', 'advice'],
      name: { vi: 'Thái độ phục vụ', en: 'Attitude of service' },
    },
    {
      key: 'quality',
      about: 'unit',
      stages: ['return', 'refusal'],
      name: { vi: 'Chất lượng giải quyết', en: 'Quality of handling' },
    },
  ],
  closeAfterMs: 30_000,
  thanksMs: 4_000,
  correctionMs: 8_000,
});

/** The same with a page of chips: one set for the good levels, one for the others. */
export const FORM_WITH_CHIPS: Instrument = instrument.parse({
  ...FORM,
  chips: [
    { levels: [5, 4], sign: 'cao' },
    { levels: [3, 2, 1], sign: 'ton' },
  ].map(({ levels, sign }) => ({
    levels,
    chips: Array.from({ length: 8 }, (_, n) => ({
      key: `${sign}00${n}`,
      word: { vi: `Ý kiến ${sign} ${n}`, en: `Remark ${sign} ${n}` },
    })),
  })),
});

export function profile(n: number): OfficerProfile {
  return {
    id: id<OfficerId>('0', n),
    code: `CB0${n}`,
    name: `Cán bộ ${n}`,
    position: 'Chuyên viên',
    unitId: id<UnitId>('d', n),
    unitName: 'Phòng Một cửa',
    photo: null,
    revision: 1,
  };
}

let intents = 0;
const intentId = (): IntentId => id<IntentId>('f', ++intents);
export const start = (n: number, duty = n): Intent => ({
  kind: 'duty.start',
  intentId: intentId(),
  counterId: COUNTER,
  duty: id<DutyId>('5', duty),
  profile: profile(n),
});
export const end = (duty: number | null = null): Intent => ({
  kind: 'duty.end',
  intentId: intentId(),
  counterId: COUNTER,
  duty: duty === null ? null : id<DutyId>('5', duty),
});
export const pause = (duty: number): Intent => ({
  kind: 'duty.pause',
  intentId: intentId(),
  counterId: COUNTER,
  duty: id<DutyId>('5', duty),
  reason: 'lunch',
});
export const resume = (duty: number): Intent => ({
  kind: 'duty.resume',
  intentId: intentId(),
  counterId: COUNTER,
  duty: id<DutyId>('5', duty),
});
export const open = (
  n: number,
  more: Partial<Extract<Intent, { kind: 'transaction.open' }>> = {},
): Intent => ({
  kind: 'transaction.open',
  intentId: intentId(),
  counterId: COUNTER,
  transaction: id<TransactionId>('7', n),
  officerCode: null,
  dossierCodes: [],
  procedure: null,
  stage: 'return',
  queueNumber: null,
  ...more,
});
export const finish = (n: number, outcome: Outcome = 'completed'): Intent => ({
  kind: 'transaction.finish',
  intentId: intentId(),
  counterId: COUNTER,
  transaction: id<TransactionId>('7', n),
  outcome,
});

type Voted = BodyOf<'rating.voted'> | BodyOf<'walkup.voted'>;
const countedOf = (voted: Voted) => ({
  ...{ vote: voted.vote, question: voted.question, level: voted.level },
  transaction: voted.type === 'rating.voted' ? voted.transaction : null,
});
const isVote = (event: EventBody): event is Voted =>
  event.type === 'rating.voted' || event.type === 'walkup.voted';
/** Votes of prompts and of walk-ups, in order. */
export const votesOf = (counter: MemoryCounter): Voted[] => counter.events.filter(isVote);
/** The panel's press that an event keeps; null: none. */
export function pressOf(event: EventBody): { hwid: string; boot: number; seq: number } | null {
  if (event.type === 'press.stray') return event;
  return isVote(event) && event.source.via === 'panel' ? event.source : null;
}

export class MemoryCounter {
  state: CounterState;
  mono = 1_000;
  rules: Rules | null = { instrument: FORM };
  service: Service = SERVING;
  settingUp = false;
  knowsPin: (officerCode: string) => boolean = () => false;
  readonly events: EventBody[] = [];
  /** Boot time of each event. */
  readonly monos: number[] = [];
  readonly effects: Effect[] = [];
  readonly marks = new Map<IntentId, IntentMark>();
  #fresh = 0;
  #ratings = 0;
  #presses = 0;

  constructor(bootId = 'boot-1') {
    this.state = emptyCounter(bootId);
  }

  feed(input: CounterInput): CounterStep {
    const step = stepCounter(this.state, input, this.given());
    // What is stored survives only as JSON: a state that does not would differ after a crash.
    const { now, ...stored } = step.state;
    this.state = { ...(JSON.parse(JSON.stringify(stored)) as Omit<CounterState, 'now'>), now };
    this.events.push(...step.events);
    this.monos.push(...step.events.map(() => this.mono));
    this.effects.push(...step.effects);
    for (const mark of step.marks) this.marks.set(mark.intent, mark);
    return step;
  }

  intent(intent: Intent, expiresInMs = 60_000): CounterStep {
    return this.feed({ type: 'intent', intent, expiresInMs });
  }

  tap(level: 1 | 2 | 3 | 4 | 5, press = id<string>('a', ++this.#presses)): CounterStep {
    const { rating } = this.state;
    const asked = rating?.asks.at(-1);
    return this.feed({
      type: 'tap',
      press,
      rating: rating?.rating ?? id<RatingId>('b', 999),
      askTicket: asked?.askTicket ?? 1,
      level,
    });
  }

  /** Touches the page of chips so that these places of it are chosen; `press` names the touch. */
  chips(places: readonly number[], press = id<string>('a', ++this.#presses)): CounterStep {
    const { rating, form } = this.state;
    const asked = rating?.asks.at(-1);
    const page = form && rating?.overall ? chipsAt(form, rating.overall.level) : null;
    return this.feed({
      type: 'chips',
      press,
      rating: rating?.rating ?? id<RatingId>('b', 999),
      askTicket: asked?.askTicket ?? 1,
      chips: places.map((place) => page?.[place]?.key ?? `xxx00${place}`),
    });
  }

  press(button: number, more: Partial<Extract<CounterInput, { type: 'press' }>> = {}): CounterStep {
    const askTicket = this.state.rating?.asks.at(-1)?.askTicket ?? 0;
    const seq = ++this.#presses;
    return this.feed({
      type: 'press',
      hwid: HWID,
      boot: 7,
      seq,
      askTicket,
      button,
      uptimeMs: seq * 100,
      pressedMono: this.mono,
      chord: false,
      ...more,
    });
  }

  /** Lets time pass to the fixed close and answers the draining. */
  close(drained = true): void {
    const { rating } = this.state;
    if (!rating) return;
    this.mono = Math.max(this.mono, rating.closesAtMono);
    this.feed({ type: 'wake' });
    this.feed({ type: 'drained', rating: rating.rating, drained });
  }

  /** "Đánh giá riêng trên điện thoại", and the panel says that it is empty. */
  private(drained = true): void {
    const { rating } = this.state;
    if (!rating) return;
    this.feed({ type: 'private', rating: rating.rating });
    if (this.state.now.draining) this.feed({ type: 'drained', rating: rating.rating, drained });
  }

  restart(bootId = this.state.bootId): CounterStep {
    return this.feed({ type: 'restart', bootId });
  }

  of<T extends EventType>(type: T): BodyOf<T>[] {
    return this.events.filter((event): event is BodyOf<T> => event.type === type);
  }

  types(from = 0): EventType[] {
    return this.events.slice(from).map((event) => event.type);
  }

  facts() {
    return this.events.reduce(foldEvent, emptyFacts());
  }

  given(): Given {
    const n = ++this.#fresh;
    return {
      mono: this.mono,
      counter: COUNTER,
      rules: this.rules,
      ...{ service: this.service, settingUp: this.settingUp },
      knowsPin: (code) => this.knowsPin(code),
      fresh: {
        rating: () => id<RatingId>('b', ++this.#ratings),
        vote: id<VoteId>('9', n),
        askTicket: (1_000 + n) as AskTicket,
      },
      known: this.#known(),
    };
  }

  #known(): Known {
    return {
      intent: (one) => this.marks.get(one) ?? null,
      transaction: (one) => {
        const finished = this.of('transaction.finished').find((event) => event.transaction === one);
        const annotated = this.of('transaction.annotated').some((event) => event.transaction === one);
        if (finished) return { state: 'finished', byOfficer: finished.by === 'officer', annotated };
        if (this.of('transaction.opened').some((event) => event.transaction === one))
          return { state: 'open' };
        const fell = [...this.marks.values()].some(
          (mark) =>
            mark.transaction === one &&
            mark.state === 'refused' &&
            mark.content.startsWith('transaction.open '),
        );
        return fell ? { state: 'fell' } : null;
      },
      press: ({ hwid, boot, seq }) => {
        for (const event of this.events) {
          const at = pressOf(event);
          if (at?.hwid === hwid && at.boot === boot && at.seq === seq)
            return { counted: isVote(event) ? countedOf(event) : null };
        }
        return null;
      },
      touch: (press) => {
        const chosen = this.of('chips.chosen').find((one) => one.press === press);
        if (chosen) return { vote: chosen.overallVote };
        const voted = votesOf(this).find(({ source }) => source.via === 'touch' && source.press === press);
        return voted ? { vote: voted.vote } : null;
      },
      ratingOfTicket: (ticket) =>
        this.of('question.asked').find((event) => event.askTicket === ticket)?.rating ?? null,
      slipIsUsed: (hash) => this.of('rating.opened').some((event) => event.slip === hash),
    };
  }
}
