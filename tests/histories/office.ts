/*
 * Purpose: the people of a history. Officers log in, call, finish, hand over, go home, ask twice and ask nonsense; citizens
 * tap, press, skip, correct themselves or walk away. They look at the screen before them and act a while later; an
 * officer reaches the hub and never the kiosk. Refuses nothing: people do what they like.
 */
import type {
  AskTicket,
  CounterId,
  DutyId,
  IntentId,
  OfficerId,
  RatingId,
  TransactionId,
  UnitId,
} from '../../shared/src/ids.ts';
import type { OfficerProfile } from '../../shared/src/model/directory.ts';
import { type Instrument, instrument } from '../../shared/src/model/instrument.ts';
import type { HubToDevice, Intent } from '../../shared/src/protocol/edge.ts';
import type { Screen } from '../../shared/src/protocol/ui.ts';
import type { CitizenLedger } from './citizen-ledger.ts';
import type { Hub } from './hub.ts';
import type { OwnSlip } from './hub-own.ts';
import { type Kiosk, slipHash } from './kiosk.ts';
import type { Phones } from './phones.ts';
import type { Prng } from './prng.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface CounterPlace {
  readonly id: CounterId;
  readonly number: string;
  readonly officers: readonly OfficerProfile[];
}

const PATIENCE_MS = 6_000;

const text = (vi: string, en: string) => ({ vi, en });

/** Most histories ask one question; the others also criteria and chips, so that the flow through them is run too. */
export function formOf(prng: Prng): Instrument {
  const criteria = prng.chance(0.05)
    ? [
        {
          ...{ key: 'attitude', about: 'officer', name: text('Thái độ', 'Attitude') },
          stages: ['reception', 'supplement', 'return', 'refusal', 'advice'],
        },
      ]
    : [];
  return instrument.parse({
    ...{ id: 'ngan', version: 1, name: text('Ngắn', 'Short'), question: text('Hài lòng?', 'Satisfied?') },
    levels: [5, 4, 3, 2, 1].map((key) => ({ key, word: text(`Mức ${key}`, `Level ${key}`) })),
    ...(criteria.length > 0 ? { chips: [chipsOf('cao', [5, 4]), chipsOf('ton', [3, 2, 1])] } : {}),
    ...{ criteria, closeAfterMs: 5_000, thanksMs: 1_000, correctionMs: 3_000 },
  });
}

const chipsOf = (sign: string, levels: readonly number[]) => ({
  levels,
  chips: Array.from({ length: 8 }, (_, n) => ({ key: `${sign}00${n}`, word: text(`Ý ${n}`, `Remark ${n}`) })),
});

export function placeOf(prng: Prng, number: number): CounterPlace {
  const officers = [1, 2].map(
    (n): OfficerProfile => ({
      ...{ id: prng.uuid() as OfficerId, code: `CB${number}${n}`, name: `Cán bộ ${number}.${n}` },
      ...{ position: 'Chuyên viên', unitId: prng.uuid() as UnitId, unitName: 'Một cửa' },
      ...{ photo: null, revision: 1 },
    }),
  );
  return { id: prng.uuid() as CounterId, number: String(number), officers };
}

export function configOf(
  place: CounterPlace,
  form: Instrument,
): Extract<HubToDevice, { type: 'counter.config' }> {
  return {
    ...{ type: 'counter.config', revision: 1, instrument: form, procedures: [] },
    office: { name: text('Trung tâm', 'Office'), place: '', phone: '', retentionDays: 30 } as never,
    counter: { id: place.id, number: place.number, name: `Quầy ${place.number}` } as never,
    walkup: form.chips ? { minIntervalMs: 3_000 } : null,
  };
}

export class Office {
  readonly #time: VirtualTime;
  readonly #prng: Prng;
  readonly #hub: Hub;
  readonly #ledger: CitizenLedger;
  readonly #phones: Phones;
  readonly #places: ReadonlyMap<string, CounterPlace>;
  readonly #pending = new Map<string, () => void>();
  readonly #asked: Intent[] = [];
  readonly transactions: TransactionId[] = [];
  open = true;

  constructor(parts: {
    time: VirtualTime;
    prng: Prng;
    hub: Hub;
    ledger: CitizenLedger;
    places: ReadonlyMap<string, CounterPlace>;
    phones: Phones;
  }) {
    this.#time = parts.time;
    this.#prng = parts.prng;
    this.#hub = parts.hub;
    this.#ledger = parts.ledger;
    this.#places = parts.places;
    this.#phones = parts.phones;
  }

  /** Called with every new screen of a kiosk; what people do next depends on it. */
  sees(kiosk: Kiosk, screen: Screen, patienceMs = 0): void {
    this.#pending.get(kiosk.name)?.();
    if (!this.open && screen.name !== 'question' && screen.name !== 'chips') return;
    const prng = this.#prng;
    const then = (low: number, high: number, act: () => void) => {
      this.#pending.set(
        kiosk.name,
        this.#time.after(prng.int(low, high) + patienceMs, () => {
          if (!this.open) return;
          act();
          // Nothing changes on the screen: they try again, once the request must have come through or failed.
          const now = kiosk.process?.screen;
          if (now === screen) this.sees(kiosk, now, PATIENCE_MS);
        }),
      );
    };
    const place = this.#places.get(kiosk.enrolment.counterId)!;
    switch (screen.name) {
      case 'closed':
        then(500, 4_000, () => this.#logIn(place));
        break;
      case 'rest':
        then(200, 5_000, () => {
          // Somebody passes by who is not being served.
          if (screen.walkup && prng.chance(0.3)) kiosk.act(({ runner }) => runner.feed({ type: 'walkup' }));
          else this.#callNext(place);
        });
        break;
      case 'serving':
        then(500, 5_000, () => this.#serve(kiosk, place, screen.queueNumber));
        break;
      case 'question':
        then(150, 2_500, () => this.#answer(kiosk, screen));
        break;
      case 'chips':
        then(150, 1_500, () => this.#remark(kiosk, screen));
        break;
      case 'thanks':
        if (screen.canCorrect && prng.chance(0.1))
          then(100, 900, () => kiosk.act(({ runner }) => runner.feed({ type: 'correct', rating: null })));
        break;
      case 'starting':
      case 'cannot-store':
        break;
    }
  }

  ask(intent: Intent, expiresInMs: number): OwnSlip | null {
    const { process } = this.#hub;
    if (!process) return null;
    this.#asked.push(intent);
    let slip: OwnSlip | null = null;
    process.life.run(() => {
      slip = process.ask(intent, expiresInMs);
    });
    return slip;
  }

  /** While the hub keeps the counter: the station goes on without a kiosk, and citizens get a paper. */
  withoutKiosk(place: CounterPlace, times: number): void {
    const prng = this.#prng;
    const profile = prng.pick(place.officers);
    this.ask({ kind: 'duty.start', ...this.#intent(place), duty: prng.uuid() as DutyId, profile }, 60_000);
    const serve = (left: number): void => {
      if (left === 0 || !this.open) return;
      const transaction = prng.uuid() as TransactionId;
      this.transactions.push(transaction);
      this.ask(
        {
          ...{ kind: 'transaction.open', ...this.#intent(place), transaction, officerCode: null },
          ...{ dossierCodes: [], procedure: null, stage: 'return', queueNumber: null },
        },
        60_000,
      );
      this.#time.after(prng.int(1_000, 8_000), () => {
        const finish = { kind: 'transaction.finish', outcome: 'completed', transaction } as const;
        const slip = this.ask({ ...finish, ...this.#intent(place) }, 60_000);
        if (slip) {
          const { name } = profile;
          const seen = { transaction, officer: name, at: this.#time.now, kiosk: 'hub' };
          this.#ledger.prompts.set(slip.rating, seen);
          if (prng.chance(0.8)) this.#phones.bySlip(slip);
        }
        this.#time.after(prng.int(500, 4_000), () => serve(left - 1));
      });
    };
    serve(times);
  }

  /** Somebody's system sends a request again. */
  repeat(): boolean {
    const { process } = this.#hub;
    if (!process || this.#asked.length === 0) return false;
    const intent = this.#prng.pick(this.#asked);
    process.life.run(() => process.ask(intent, 8_000));
    return true;
  }

  #intent(place: CounterPlace): { intentId: IntentId; counterId: CounterId } {
    return { intentId: this.#prng.uuid() as IntentId, counterId: place.id };
  }

  /** The duty last asked for at a counter, and those whose officer went away. */
  readonly #duties = new Map<CounterId, DutyId>();
  readonly #away = new Set<CounterId>();

  #logIn(place: CounterPlace): void {
    const prng = this.#prng;
    const held = this.#duties.get(place.id);
    if (held && this.#away.delete(place.id) && prng.chance(0.7)) {
      this.ask({ kind: 'duty.resume', ...this.#intent(place), duty: held }, prng.int(4_000, 9_000));
      return;
    }
    const duty = prng.uuid() as DutyId;
    this.#duties.set(place.id, duty);
    const profile = prng.pick(place.officers);
    this.ask({ kind: 'duty.start', ...this.#intent(place), duty, profile }, prng.int(4_000, 9_000));
  }

  #callNext(place: CounterPlace): void {
    const prng = this.#prng;
    const what = prng.weighted({ open: 90, shift: 5, home: 1, pause: 1, nonsense: 3 });
    if (what === 'shift') {
      this.#logIn(place);
      return;
    }
    if (what === 'home') {
      this.ask({ kind: 'duty.end', ...this.#intent(place), duty: null }, prng.int(2_000, 9_000));
      return;
    }
    if (what === 'pause') {
      const duty = this.#duties.get(place.id) ?? (prng.uuid() as DutyId);
      this.#away.add(place.id);
      const pause = { kind: 'duty.pause', ...this.#intent(place), duty, reason: 'lunch' } as const;
      this.ask(pause, prng.int(2_000, 9_000));
      return;
    }
    if (what === 'nonsense') {
      const transaction = prng.uuid() as TransactionId;
      this.ask(
        { kind: 'transaction.finish', ...this.#intent(place), transaction, outcome: 'completed' },
        5_000,
      );
      return;
    }
    const transaction = prng.uuid() as TransactionId;
    this.transactions.push(transaction);
    const officerCode = prng.chance(0.1) ? prng.pick(place.officers).code : null;
    this.ask(
      {
        ...{ kind: 'transaction.open', ...this.#intent(place), transaction, officerCode },
        dossierCodes: prng.chance(0.3) ? [`H21.${prng.int(100, 999)}`] : [],
        ...{ procedure: null, stage: 'return', queueNumber: this.#queueNumber(transaction) },
      },
      prng.int(4_000, 9_000),
    );
    // An officer who is in a hurry says "done" in the same breath.
    if (prng.chance(0.1)) this.#finish(place, transaction);
  }

  readonly #byQueueNumber = new Map<string, TransactionId>();
  readonly #queueNumbers = new Map<string, string>();
  #queueNumber(transaction: TransactionId): string {
    const number = `A${this.#byQueueNumber.size + 1}`;
    this.#byQueueNumber.set(number, transaction);
    this.#queueNumbers.set(transaction, number);
    return number;
  }
  /** What stands on the paper of whoever came for it. */
  paperOf(transaction: string): { queueNumber?: string } {
    const queueNumber = this.#queueNumbers.get(transaction);
    return queueNumber === undefined ? {} : { queueNumber };
  }

  #finish(place: CounterPlace, transaction: TransactionId): void {
    const prng = this.#prng;
    const outcome = prng.weighted({ completed: 90, supplement: 4, no_show: 3, test: 2, accident: 1 });
    this.ask(
      { kind: 'transaction.finish', ...this.#intent(place), transaction, outcome },
      prng.int(5_000, 20_000),
    );
  }

  #serve(kiosk: Kiosk, place: CounterPlace, queueNumber: string | null): void {
    const prng = this.#prng;
    const transaction = queueNumber === null ? undefined : this.#byQueueNumber.get(queueNumber);
    if (!transaction) return;
    const what = prng.weighted({ finish: 70, citizen: 22, home: 3, busy: 5 });
    if (what === 'home') {
      this.ask({ kind: 'duty.end', ...this.#intent(place), duty: null }, prng.int(2_000, 9_000));
      return;
    }
    if (what === 'busy') {
      this.#callNext(place);
      return;
    }
    if (what === 'citizen') kiosk.act(({ runner }) => runner.feed({ type: 'citizen.open' }));
    if (what === 'finish' || prng.chance(0.5)) this.#finish(place, transaction);
  }

  /** True: the citizen has left the counter's own prompt for the phone. */
  #takesPhone(kiosk: Kiosk, rating: RatingId): boolean {
    const prng = this.#prng;
    const transaction = this.#ledger.prompts.get(rating)?.transaction;
    const code = kiosk.process?.opened.state.rating?.slip;
    if (!transaction) return false;
    if (code && prng.chance(0.5)) this.#phones.bySlip({ rating, transaction, slip: slipHash(code) });
    else this.#phones.byTicket(kiosk.device, rating, transaction);
    const instead = prng.chance(0.5);
    if (instead) kiosk.act(({ runner }) => runner.feed({ type: 'private', rating }));
    return instead;
  }

  /** Touches a chip, says that it is all, goes back to the first question, or walks away. */
  #remark(kiosk: Kiosk, { rating, askTicket, chips, chosen }: Extract<Screen, { name: 'chips' }>): void {
    const prng = this.#prng;
    const what = prng.weighted({ touch: 60, done: 30, back: 5, leave: 5 });
    if (what === 'leave') return;
    kiosk.act((process) => {
      if (what === 'back') {
        // One step to the criterion, one more to the first question.
        process.runner.feed({ type: 'correct', rating });
        process.runner.feed({ type: 'correct', rating });
        return;
      }
      if (what === 'done') {
        process.runner.feed({ type: 'skip', rating, askTicket });
        return;
      }
      const { key } = prng.pick(chips);
      const set = chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key];
      const name = prng.uuid();
      const saw = { kiosk: kiosk.name, device: kiosk.device, rating, at: this.#time.now, name };
      const tap = this.#ledger.tapped({ ...saw, question: 'chips', level: set.length });
      process.chips(name, { rating, askTicket, chips: set }, () => this.#ledger.thanked(tap));
    });
  }

  #answer(kiosk: Kiosk, screen: Extract<Screen, { name: 'question' }>): void {
    const prng = this.#prng;
    const { rating, askTicket, question } = screen.question;
    const what = prng.weighted({ answer: 94, skip: 3, leave: 3 });
    if (what === 'leave') return;
    if (what === 'skip') {
      kiosk.act(({ runner }) => runner.feed({ type: 'skip', rating, askTicket }));
      return;
    }
    const level = prng.int(1, 5) as 1 | 2 | 3 | 4 | 5;
    const device = kiosk.device;
    if (question === 'overall' && prng.chance(0.06) && this.#takesPhone(kiosk, rating)) return;
    const saw = { kiosk: kiosk.name, device, rating, question, level, at: this.#time.now };
    kiosk.act((process) => {
      const { panel } = kiosk;
      if (panel && process.armed === askTicket && prng.chance(0.4)) {
        const seq = ++panel.seq;
        const tap = this.#ledger.tapped({ ...saw, name: `${panel.hwid} ${panel.boot} ${seq}` });
        const press = {
          ...{ hwid: panel.hwid, boot: panel.boot, seq, askTicket, button: 6 - level, chord: false },
          ...{ uptimeMs: this.#time.now % 1_000_000, pressedMono: kiosk.clock.stamp().mono },
        };
        process.press(press, () => this.#ledger.thanked(tap));
        return;
      }
      const name = prng.uuid();
      const tap = this.#ledger.tapped({ ...saw, name });
      const input = { rating, askTicket: askTicket as AskTicket, level };
      process.tap(name, input, () => this.#ledger.thanked(tap));
      // A nervous finger: the same touch twice.
      if (prng.chance(0.05)) process.tap(name, input, () => this.#ledger.thanked(tap));
    });
  }
}
