/**
 * Purpose: runs the sync machine on the line to the hub: signs, reads batches, notes acknowledgements and what is safe;
 *   hands checkpoints, standing, intents and configuration to those who keep them.
 * Refuses: to act on anything before the hub's welcome; a hub whose protocol range does not hold ours.
 * Document: kiosk-app/DESIGN.md, procedure 5; protocol/edge.ts.
 */
import { type BatchHeader, encodeBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { type SeenHead, seenHead, type WireHead } from '@hailong/shared/edge/seen-head.ts';
import { initialSync, stepSync } from '@hailong/shared/edge/sync-machine.ts';
import {
  type SyncEffect,
  type SyncInput,
  type SyncState,
  unsynced,
} from '@hailong/shared/edge/sync-state.ts';
import { CodedError, ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { EpochId } from '@hailong/shared/ids.ts';
import {
  type DeviceStatus,
  type DeviceToHub,
  EDGE_PROTOCOL,
  type HubToDevice,
} from '@hailong/shared/protocol/edge.ts';
import type { CheckpointKeeper } from './keep-checkpoint.ts';
import type { HighWaterKeeper } from './keep-high-water.ts';
import type { StandingKeeper } from './keep-standing.ts';
import type {
  Clock,
  Committed,
  DeviceIdentity,
  Enrolment,
  HeldEpoch,
  HubLink,
  Ids,
  Outbox,
  Reporter,
  Settings,
  Timers,
} from './ports.ts';
import { raiseAlarm, SYNC_ALARMS } from './raise-alarm.ts';
import { helloOf, stated } from './say-hello.ts';

/** Events read at once to name the votes an acknowledgement covers. */
const NAMED_AT_ONCE = 500;
const STATUS_EVERY_MS = 30_000;

export type FromHub = Extract<
  HubToDevice,
  {
    type:
      | 'intent'
      | 'counter.config'
      | 'roster'
      | 'profile.show'
      | 'time.anchor'
      | 'slip.codes'
      | 'screen.reload';
  }
>;

export interface SyncListener {
  /** The line is up and greeted, or down. */
  online(online: boolean, blobToken: string | null): void;
  message(message: FromHub): void;
  status(): Omit<DeviceStatus, 'unsynced' | 'oldestUnsyncedMs'>;
}

export interface SyncParts {
  readonly link: HubLink;
  readonly outbox: Outbox;
  readonly settings: Settings;
  /** Where verifiers of PINs may be sealed to; absent: none is checked here. */
  readonly box?: { readonly key: string; readonly sig: string };
  readonly identity: DeviceIdentity;
  readonly certificate: Enrolment['certificate'];
  readonly highWater: Pick<HighWaterKeeper, 'before'>;
  readonly checkpoints: Pick<CheckpointKeeper, 'held' | 'welcomed' | 'grown'>;
  readonly standing: Pick<StandingKeeper, 'told' | 'revoked' | 'service'>;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ids: Ids;
  readonly report: Reporter;
}

export class SyncRunner {
  readonly #parts: SyncParts;
  readonly #listener: SyncListener;
  readonly #inbox: SyncInput[] = [];
  #state: SyncState;
  /** The heads the last hello named. */
  #held: readonly HeldEpoch[] = [];
  /** The hello has no room for all; the others are shown behind the welcome, a message at a time. */
  #hasMore = false;
  #toShow = false;
  /** Epochs the hello had no room for, as they are being shown; null: none wait for an answer. */
  #showing: { readonly epochs: readonly HeldEpoch[]; readonly more: boolean } | null = null;
  #working = false;
  #nonce = '';
  #cancelVerdict: () => void = () => {};
  #cancelRetry: () => void = () => {};
  #cancelStatus: () => void = () => {};
  /** When the hub was told the last status. */
  #saidMono: number | null = null;
  #statusWaits = false;

  constructor(parts: SyncParts, listener: SyncListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#state = initialSync(parts.outbox.epochs());
  }

  start(): void {
    this.#dispatch({ type: 'start' });
  }

  stop(): void {
    this.#cancelRetry();
    this.#cancelStatus();
    this.#dispatch({ type: 'stop' });
  }

  appended(committed: Committed): void {
    const last = committed.appended.at(-1);
    if (last) this.#dispatch({ type: 'appended', epoch: last.epoch, head: last.seq });
  }

  /** Opens the line anew, so that the hub sends again what it still waits for. */
  reconnect(): void {
    this.#parts.link.close();
  }

  send(message: DeviceToHub): void {
    if (this.#state.phase === 'ready') this.#parts.link.send(JSON.stringify(message));
  }

  /** Ratings first: while some are on their way it says no more than it must, since each line may be cut soon. */
  sendStatus(): void {
    this.#cancelStatus();
    this.#statusWaits = false;
    if (this.#state.phase !== 'ready') return;
    const { timers, clock } = this.#parts;
    const dueMs = this.#saidMono === null ? 0 : this.#saidMono + STATUS_EVERY_MS - clock.stamp().mono;
    if (this.#state.inFlight && dueMs > 0) {
      this.#statusWaits = true;
      this.#cancelStatus = timers.after(dueMs, () => this.sendStatus());
      return;
    }
    this.#saidMono = clock.stamp().mono;
    const status = {
      ...this.#listener.status(),
      unsynced: unsynced(this.#state),
      oldestUnsyncedMs: this.#oldestUnsyncedMs(),
    };
    this.send({ type: 'status', status });
    this.#cancelStatus = timers.after(STATUS_EVERY_MS, () => this.sendStatus());
  }

  #dispatch(input: SyncInput): void {
    if (this.#working) {
      this.#inbox.push(input);
      return;
    }
    this.#working = true;
    try {
      for (let next: SyncInput | undefined = input; next; next = this.#inbox.shift()) {
        const { phase: before, inFlight } = this.#state;
        const step = stepSync(this.#state, next);
        this.#state = step.state;
        // Only what ends the wait for a batch ends its clock: a verdict may come twice, or too late.
        if (inFlight && step.state.inFlight?.batch !== inFlight.batch) this.#cancelVerdict();
        if (before === 'ready' && step.state.phase !== 'ready') this.#listener.online(false, null);
        this.#orHangUp(() => {
          for (const effect of step.effects) this.#perform(effect);
        });
      }
    } finally {
      this.#working = false;
    }
    if (this.#toShow && this.#state.phase === 'ready') this.#orHangUp(() => this.#showMore());
  }

  /** Further epochs, as many as a message names; nothing at all is an answer too: then the hub knows that it was all. */
  #showMore(): void {
    this.#toShow = false;
    const shown = this.#parts.outbox.others(new Set(this.#state.epochs.map((one) => one.epoch)));
    this.#showing = shown;
    this.send({ type: 'epochs', epochs: shown.epochs.map(stated), more: shown.more });
  }

  #perform(effect: SyncEffect): void {
    const { link, timers, outbox } = this.#parts;
    switch (effect.kind) {
      case 'connect':
        link.open({
          message: (message) => this.#orHangUp(() => this.#receive(message)),
          ended: () => this.#dispatch({ type: 'lost', random: this.#parts.ids.random() }),
        });
        break;
      case 'hello':
        this.#hello();
        break;
      case 'send':
        this.#sendBatch(effect);
        break;
      case 'acknowledged':
        outbox.acknowledge(effect.epoch, effect.to);
        this.#nameAcknowledged(effect.epoch, effect.from, effect.to);
        break;
      case 'retryIn':
        this.#cancelRetry = timers.after(effect.delayMs, () => this.#dispatch({ type: 'retry' }));
        break;
      case 'verdictBy': {
        const { batch } = effect;
        this.#cancelVerdict = timers.after(effect.delayMs, () => this.#dispatch({ type: 'overdue', batch }));
        break;
      }
      case 'hangUp':
        link.close();
        break;
      case 'alarm':
        this.#alarm(effect);
        break;
    }
  }

  /** When the disk does not answer, the line is given up and tried again later. */
  #orHangUp(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'kiosk.cannot_store') throw error;
      this.#parts.report.say(
        'Ổ đĩa không trả lời; sẽ gửi lại sau.',
        'The disk does not answer; sending later.',
      );
      this.#parts.link.close();
    }
  }

  #receive(message: HubToDevice): void {
    switch (message.type) {
      case 'challenge':
        if (message.protocolMin > EDGE_PROTOCOL || message.protocolMax < EDGE_PROTOCOL) {
          this.#sayProblem('edge.version', '');
          this.#parts.link.close();
          return;
        }
        this.#nonce = message.nonce;
        this.#held = this.#parts.outbox.epochs();
        this.#hasMore = this.#parts.outbox.hasMore();
        this.#toShow = false;
        this.#showing = null;
        this.#dispatch({ type: 'challenged', held: this.#held });
        break;
      case 'welcome': {
        const { phase } = this.#state;
        if (phase !== 'greeting') return;
        const isFresh = this.#keepWords(message);
        this.#toShow = this.#hasMore && this.#parts.settings.read('lineage') === message.lineage;
        const have = message.have.map((head) => this.#seen(head as WireHead));
        if (isFresh)
          for (const { epoch, seq, hash, ours } of have)
            if (ours === hash) this.#parts.outbox.acknowledge(epoch, seq);
        const { eventsMax, bytesMax } = message;
        this.#dispatch({ type: 'welcomed', have, eventsMax, bytesMax });
        if (this.#state.phase !== 'ready') return;
        this.#listener.online(true, message.blobToken);
        this.sendStatus();
        break;
      }
      case 'verdicts': {
        const { batch, later } = message;
        const forked = message.exceptions.filter(({ verdict }) => verdict === 'forked');
        const forkedFrom = forked.length === 0 ? null : Math.min(...forked.map(({ seq }) => seq));
        for (const { seq, verdict, code } of message.exceptions)
          this.#parts.report.say(
            `Máy chủ giữ riêng sự kiện ${message.epoch.slice(0, 8)}/${seq}: ${verdict} ${code}.`,
            `The hub set event ${message.epoch.slice(0, 8)}/${seq} aside: ${verdict} ${code}.`,
          );
        const head = this.#seen(message.head as WireHead);
        this.#dispatch({ type: 'verdicts', batch, head, forkedFrom, later });
        if (this.#statusWaits && !this.#state.inFlight) this.sendStatus();
        break;
      }
      case 'error':
        if (message.code === 'device.revoked') this.#parts.standing.revoked(this.#unsyncedEvents());
        else this.#sayProblem(message.code, message.detail);
        if (message.code === 'device.line_taken') this.#dispatch({ type: 'taken' });
        break;
      default:
        if (this.#state.phase === 'ready') this.#told(message);
    }
  }

  #told(message: Exclude<HubToDevice, { type: 'challenge' | 'welcome' | 'verdicts' | 'error' }>): void {
    const { checkpoints, outbox, standing } = this.#parts;
    switch (message.type) {
      case 'have': {
        const shown = this.#showing;
        this.#showing = null;
        outbox.markSafe(message.safe);
        if (!shown) break;
        const have = message.have.map((head) => this.#seen(head as WireHead));
        this.#toShow = shown.more;
        this.#dispatch({ type: 'shown', held: shown.epochs, have });
        break;
      }
      case 'log.checkpoint':
        checkpoints.grown(message);
        break;
      case 'safe':
        outbox.markSafe(message.safe);
        break;
      case 'standing':
        standing.told(message.standing, message.handover);
        break;
      default:
        this.#listener.message(message);
    }
  }

  #unsyncedEvents(): number {
    return this.#parts.outbox
      .epochs()
      .reduce((sum, one) => sum + Math.max(0, one.head - one.acknowledged), 0);
  }

  #hello(): void {
    const { link, checkpoints } = this.#parts;
    const held = { epochs: this.#held, hasMore: this.#hasMore, checkpoint: checkpoints.held };
    link.send(JSON.stringify(helloOf(this.#parts, held, this.#nonce)));
  }

  #sendBatch(effect: Extract<SyncEffect, { kind: 'send' }>): void {
    const { batch, epoch, first, eventsMax, bytesMax } = effect;
    const { outbox, identity, link, highWater } = this.#parts;
    const read = outbox.read(epoch, first, eventsMax, bytesMax);
    if (!read) {
      raiseAlarm(this.#parts, 'kiosk.event_damaged', `${epoch}/${first}`);
      this.#dispatch({ type: 'unreadable', batch });
      this.#sayIfTail(epoch, first);
      return;
    }
    const seen = this.#parts.checkpoints.held;
    const unsigned: Omit<BatchHeader, 'sig'> = {
      batch,
      device: identity.device,
      epoch,
      firstSeq: first,
      prevHash: read.prevHash,
      head: read.head,
      ...(effect.afterFloor ? { afterFloor: true } : {}),
      checkpoint: seen ? { origin: seen.origin, size: seen.size, root: seen.root } : null,
    };
    const header = { ...unsigned, sig: identity.sign(signedHead(unsigned)) };
    const frame = encodeBatch(header, read.events);
    this.#dispatch({ type: 'sent', batch, last: read.head.seq });
    highWater.before(epoch, read.head.seq, () => {
      if (this.#state.inFlight?.batch === batch) link.send(frame);
    });
  }

  /** The hello said that this could be sent, and nothing behind it can be either: the hub is told so, it may be waiting. */
  #sayIfTail(epoch: EpochId, first: number): void {
    const lastOf = (epochs: readonly HeldEpoch[]) => epochs.find((one) => one.epoch === epoch)?.last ?? 0;
    if (first <= lastOf(this.#held) && lastOf(this.#parts.outbox.epochs()) < first) this.reconnect();
  }

  /** One line a vote: the hub has it, and since when. After a hub was restored a vote may be named again. */
  #nameAcknowledged(epoch: EpochId, from: number, to: number): void {
    const { at: acknowledgedAt } = this.#parts.clock.stamp();
    for (let at = from; at < to; at += NAMED_AT_ONCE) {
      for (const event of this.#parts.outbox.between(epoch, at, Math.min(to, at + NAMED_AT_ONCE))) {
        if (event.body.type !== 'rating.voted') continue;
        const { vote, transaction, question, level } = event.body;
        const line = { event: 'acked', id: vote, transaction, question, level, at: acknowledgedAt };
        this.#parts.report.line(line);
      }
    }
  }

  #seen(head: WireHead): SeenHead {
    return seenHead(head, (epoch, seq) => this.#parts.outbox.hashAt(epoch, seq));
  }

  #oldestUnsyncedMs(): number {
    const behind = this.#state.epochs.find((one) => one.head > one.acknowledged);
    if (!behind) return 0;
    const [oldest] = this.#parts.outbox.between(behind.epoch, behind.acknowledged, behind.acknowledged + 1);
    return oldest ? Math.max(0, this.#parts.clock.stamp().at - oldest.at) : 0;
  }

  /** The hub's label, its log, what it calls safe, and what it lets this device do. True: a label not seen before. */
  #keepWords(message: Extract<HubToDevice, { type: 'welcome' }>): boolean {
    const { settings, report, outbox, checkpoints, standing } = this.#parts;
    const lineage = settings.read('lineage');
    const isFresh = lineage !== null && lineage !== message.lineage;
    if (isFresh) report.say('Máy chủ đã được phục hồi hoặc thay.', 'The hub was restored or replaced.');
    // In this order: notes under a label were never made under another.
    if (lineage !== message.lineage && (!isFresh || outbox.forgetWords()))
      settings.write('lineage', message.lineage);
    if (message.safe) outbox.markSafe(message.safe);
    checkpoints.welcomed(message);
    standing.told(message.standing ?? 'serving', message.handover ?? null);
    return isFresh;
  }

  #alarm({ code, epoch, seq }: Extract<SyncEffect, { kind: 'alarm' }>): void {
    if (code === 'forked') this.#parts.outbox.markForked(epoch);
    raiseAlarm(this.#parts, SYNC_ALARMS[code], `${epoch}/${seq}`);
  }

  #sayProblem(code: string, detail: string): void {
    const text = isErrorCode(code) ? ERRORS[code] : null;
    this.#parts.report.say(
      `Máy chủ từ chối: ${text ? `${text.vi} ${text.remedy.vi}` : code} ${detail}`.trim(),
      `The hub refused: ${text ? `${text.en} ${text.remedy.en}` : code} ${detail}`.trim(),
    );
  }
}
