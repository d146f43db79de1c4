/**
 * Purpose: runs the counter machine on the store and carries out what follows: durable, then memory, then tell.
 * Refuses: to thank, show or acknowledge anything that is not committed; when storing fails it shows `cannot-store`,
 *   keeps asking the disk, and goes on by itself when it answers.
 * Document: kiosk-app/DESIGN.md, K2 and the failure table.
 */
import { nextWake, stepCounter, wantedArm } from '@hailong/shared/counter/counter-machine.ts';
import { type DeskView, type PhoneTicket, screenOf } from '@hailong/shared/counter/counter-screen.ts';
import {
  type CounterInput,
  type CounterStep,
  type Effect,
  type Given,
  type PhoneRating,
  SERVING,
  type Service,
} from '@hailong/shared/counter/counter-state.ts';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { AskTicket, CounterId, RatingId, Sha256Hex, VoteId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { DeviceToHub, HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { AgentToWindow, Screen, ShownPanel } from '@hailong/shared/protocol/ui.ts';
import type { PanelKeeper } from './arm-panel.ts';
import type {
  Clock,
  Committed,
  CounterStore,
  EpochStart,
  Held,
  Ids,
  Panel,
  Reporter,
  Stamp,
  Timers,
  Windows,
} from './ports.ts';

export type CounterConfig = Extract<HubToDevice, { type: 'counter.config' }>;

/** How often the disk is asked whether it stores again. */
const PROBE_EVERY_MS = 2_000;
/** The panel stays armed a little past the fixed time: draining, not a time-out, ends the question. */
const ARM_MARGIN_MS = 10_000;
/** Votes whose ACK was reported; a press may be acknowledged twice when the first ACK was lost on the line. */
const ACKED_MAX = 64;

type Reply = (message: AgentToWindow) => void;
interface Work {
  readonly decide: (held: Held, stamp: Stamp) => CounterStep;
  /** The touch that waits for an answer. */
  readonly press: string | null;
  readonly reply: Reply | null;
}

export interface RunnerParts {
  readonly store: CounterStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly report: Reporter;
  readonly panel: Panel;
  readonly keeper: PanelKeeper;
  readonly windows: Windows;
  readonly counter: CounterId;
  readonly hasBlob: (sha256: Sha256Hex) => boolean;
  /** What leads a phone to a rating, asked at every look at the screen. Null: phones have no address here. */
  readonly ticketOf: (rating: PhoneRating) => PhoneTicket | null;
  /** The day in Vietnam, for notices; absent: none is shown. */
  readonly today?: () => string;
  /** What the screen may say of the panel; absent or null: nothing. */
  readonly panelShown?: () => ShownPanel | null;
  /** How the screen looks outside office hours; absent: as inside. */
  readonly light?: { over(screen: Screen): Screen };
  /** The officer's keys at the device; absent: there are none. */
  readonly desk?: {
    view(): DeskView;
    knowsPin(officerCode: string): boolean;
    /** What became of an officer's act. */
    done(code: ErrorCode | null): void;
  };
}

export interface RunnerListener {
  appended(committed: Committed): void;
  tellHub(message: DeviceToHub): void;
  /** Storing works again: what the hub still waits for should come again. */
  recovered(): void;
  /** The photo on show, so that it is fetched and others are deleted. */
  photo(sha256: Sha256Hex | null): void;
}

export class CounterRunner {
  readonly #parts: RunnerParts;
  readonly #inbox: Work[] = [];
  readonly #acked = new Set<string>();
  #listener: RunnerListener | null = null;
  #config: CounterConfig | null;
  #service: Service;
  #online = false;
  #canStore = true;
  #settingUp = false;
  #working = false;
  #cancelWake: () => void = () => {};
  #shown: Screen | null = null;
  #revision = 0;

  constructor(parts: RunnerParts, config: CounterConfig | null, service: Service = SERVING) {
    this.#parts = parts;
    this.#config = config;
    this.#service = service;
  }

  /**
   * Opens the epoch and takes up what the last run left; `noticed` are facts about this machine found at the start.
   * Throws when that cannot be stored.
   */
  begin(start: EpochStart, listener: RunnerListener, noticed: readonly EventBody[] = []): void {
    this.#listener = listener;
    const stamp = this.#parts.clock.stamp();
    const committed = this.#parts.store.begin(start, stamp, (held) => {
      const restart = { type: 'restart', bootId: start.bootId } as const;
      const step = stepCounter(held.state, restart, this.#given(held, stamp));
      return { ...step, events: [...noticed, ...step.events] };
    });
    this.#follow(committed, stamp, null);
  }

  /** False from a commit that failed until one goes through again. */
  get canStore(): boolean {
    return this.#canStore;
  }

  feed(input: CounterInput, reply: Reply | null = null): void {
    const press = input.type === 'tap' || input.type === 'chips' ? input.press : null;
    const decide = (held: Held, stamp: Stamp) => stepCounter(held.state, input, this.#given(held, stamp));
    this.#take({ decide, press, reply });
  }

  /** What the hub lets this device do, from now on and in this process only; who calls keeps it over restarts. */
  setService(service: Service): void {
    this.#service = service;
    this.feed({ type: 'service' });
  }

  /** Nothing is opened, and the page of the set-up is shown, until it is over; a restart ends it, too. */
  setUp(settingUp: boolean): void {
    this.#settingUp = settingUp;
    this.feed({ type: 'service' });
  }

  /** A fact that does not touch the counter (time.anchor). */
  append(body: EventBody): void {
    const decide = (held: Held) => ({ state: held.state, events: [body], marks: [], effects: [] });
    this.#take({ decide, press: null, reply: null });
  }

  configure(config: CounterConfig): void {
    this.#config = config;
    this.refresh();
  }

  setOnline(online: boolean): void {
    this.#online = online;
    this.refresh();
  }

  /** Shows the screen again if anything in it changed. */
  refresh(): void {
    const screen = this.#screen();
    if (!looksSame(this.#shown, screen)) this.#show(screen);
  }

  /** Shows it also when nothing changed: an officer's key is answered by the screen, and the window waits for it. */
  show(): void {
    this.#show(this.#screen());
  }

  #show(screen: Screen): void {
    this.#shown = screen;
    this.#revision += 1;
    this.#parts.windows.broadcast({ type: 'screen', revision: this.#revision, screen });
  }

  /** For a window that has just come. */
  present(send: Reply): void {
    send({ type: 'screen', revision: this.#revision, screen: this.#screen() });
  }

  stop(): void {
    this.#cancelWake();
  }

  #screen(): Screen {
    const { store, clock, hasBlob, ticketOf, desk, panelShown, light, today } = this.#parts;
    const screen = screenOf(store.state, {
      mono: clock.stamp().mono,
      online: this.#online,
      canStore: this.#canStore,
      closed: this.#closed(),
      settingUp: this.#settingUp,
      hasBlob,
      config: this.#config,
      ticketOf,
      ...(desk ? { desk: desk.view() } : {}),
      panel: panelShown?.() ?? null,
      ...(today ? { today: today() } : {}),
    });
    return light ? light.over(screen) : screen;
  }

  #closed(): boolean {
    const { closed, handover } = this.#service;
    return closed !== null || (handover !== null && this.#parts.store.state.accepted !== handover);
  }

  #given(held: Held, stamp: Stamp): Given {
    const { ids, counter, desk } = this.#parts;
    let askTicket = ids.askTicket();
    while (held.ticketIsUsed(askTicket)) askTicket = ids.askTicket();
    return {
      mono: stamp.mono,
      counter,
      rules: this.#config,
      service: this.#service,
      settingUp: this.#settingUp,
      knowsPin: (code) => desk?.knowsPin(code) ?? false,
      fresh: {
        rating: () => ids.uuid() as RatingId,
        vote: ids.uuid() as VoteId,
        askTicket: askTicket as AskTicket,
      },
      known: held.known,
    };
  }

  /** One at a time, also when an effect brings the next input with it. */
  #take(work: Work): void {
    if (this.#working) {
      this.#inbox.push(work);
      return;
    }
    this.#working = true;
    try {
      for (let next: Work | undefined = work; next; next = this.#inbox.shift()) this.#commit(next);
    } finally {
      this.#working = false;
    }
  }

  #commit(work: Work): void {
    const stamp = this.#parts.clock.stamp();
    let committed: Committed;
    try {
      committed = this.#parts.store.commit(stamp, (held) => work.decide(held, stamp));
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'kiosk.cannot_store') throw error;
      if (work.press !== null) work.reply?.({ type: 'refused', press: work.press, code: error.code });
      this.#fail(error);
      return;
    }
    this.#follow(committed, stamp, work.reply);
  }

  #follow(committed: Committed, stamp: Stamp, reply: Reply | null): void {
    for (const effect of committed.step.effects) this.#perform(effect, stamp, reply);
    if (committed.appended.length > 0) this.#listener?.appended(committed);
    this.#settle();
  }

  /** What follows from the state alone: the panel's ticket, the next time to wake, the photo, the screen. */
  #settle(): void {
    const { store, clock, timers, keeper } = this.#parts;
    const { state } = store;
    const { mono } = clock.stamp();
    const arm = wantedArm(state);
    const left = (state.rating?.closesAtMono ?? mono) - mono;
    keeper.want(arm ? { ...arm, timeoutMs: Math.max(0, left) + ARM_MARGIN_MS } : null);
    this.#cancelWake();
    const wake = this.#canStore ? nextWake(state, mono) : null;
    this.#cancelWake =
      wake === null ? () => {} : timers.after(wake - mono, () => this.feed({ type: 'wake' }));
    this.#listener?.photo(state.duty?.shown?.photo ?? null);
    this.refresh();
  }

  #perform(effect: Effect, { at }: Stamp, reply: Reply | null): void {
    const { report, windows } = this.#parts;
    switch (effect.kind) {
      case 'opened':
      case 'closed':
        report.line({ event: effect.kind, id: effect.rating, transaction: effect.transaction, at });
        break;
      case 'thanked': {
        const { vote, transaction, question, level, button } = effect;
        report.line({ event: 'thanked', id: vote, transaction, question, level, at });
        if (button !== null) windows.broadcast({ type: 'pressed', button });
        break;
      }
      case 'acknowledge':
        this.#acknowledge(effect, at);
        break;
      case 'recorded':
        reply?.({ type: 'recorded', press: effect.press });
        break;
      case 'refusedTouch':
        report.line({ event: 'refused', id: effect.press, code: effect.code, at });
        reply?.({ type: 'refused', press: effect.press, code: effect.code });
        break;
      case 'stray': {
        const { hwid, boot, seq } = effect.press;
        const id = `${hwid}:${boot}:${seq}`;
        report.line({ event: 'refused', id, code: 'kiosk.not_counted', reason: effect.reason, at });
        break;
      }
      case 'refusedIntent':
        report.line({ event: 'refused', id: effect.intent, code: effect.code, at });
        break;
      case 'seen': {
        const { intent, state, code } = effect;
        this.#listener?.tellHub({ type: 'intent.seen', intentId: intent, state, code });
        break;
      }
      case 'officer':
        this.#parts.desk?.done(effect.code);
        break;
      case 'drain':
        this.#drain(effect.rating);
        break;
    }
  }

  #acknowledge(effect: Extract<Effect, { kind: 'acknowledge' }>, at: number): void {
    const sent = this.#parts.panel.acknowledge({ boot: effect.boot, seq: effect.seq });
    const { counted } = effect;
    if (!sent || counted === null || this.#acked.has(counted.vote)) return;
    if (this.#acked.size >= ACKED_MAX) this.#acked.clear();
    this.#acked.add(counted.vote);
    const { vote, transaction, question, level } = counted;
    this.#parts.report.line({ event: 'panelAcked', id: vote, transaction, question, level, at });
  }

  #drain(rating: RatingId): void {
    void this.#parts.keeper.close().then((drained) => this.feed({ type: 'drained', rating, drained }));
  }

  #fail(error: CodedError): void {
    const { report, timers } = this.#parts;
    if (!this.#canStore) return;
    this.#canStore = false;
    this.#cancelWake();
    report.say(
      `Chưa ghi nhận được (${error.detail}): kiểm tra ổ đĩa.`,
      `Cannot store (${error.detail}): check the disk.`,
    );
    const probe = (): void => {
      if (this.#parts.store.probe(this.#parts.clock.stamp())) {
        this.#recover();
        return;
      }
      this.refresh();
      timers.after(PROBE_EVERY_MS, probe);
    };
    timers.after(PROBE_EVERY_MS, probe);
    this.refresh();
  }

  #recover(): void {
    this.#canStore = true;
    this.#parts.report.say('Đã ghi nhận lại được.', 'Storing works again.');
    this.feed({ type: 'wake' });
    const { rating, now } = this.#parts.store.state;
    // What could not be stored after the draining: that is over, so it is done again.
    if (rating && now.draining) this.#drain(rating.rating);
    this.#listener?.recovered();
  }
}

/** What a window counts down by itself. */
const COUNTS_DOWN: ReadonlySet<string> = new Set(['closesInMs', 'locksInMs', 'waitMs']);

/** The same in everything but the time that is left. */
function looksSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => COUNTS_DOWN.has(name) || looksSame(one[name], other[name]));
}
