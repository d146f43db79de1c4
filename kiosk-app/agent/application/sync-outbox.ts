/**
 * Purpose: runs the sync machine on the line to the hub: signs, reads batches, notes acknowledgements; hands the
 *   hub's intents and configuration to the counter.
 * Refuses: to act on anything before the hub's welcome; a hub whose protocol range does not hold ours.
 * Document: kiosk-app/DESIGN.md, procedure 5; protocol/edge.ts.
 */
import { type BatchHeader, encodeBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import {
  initialSync,
  type SeenHead,
  type SyncEffect,
  type SyncInput,
  type SyncState,
  stepSync,
  unsynced,
} from '@hailong/shared/edge/sync-machine.ts';
import { CodedError, ERRORS, isErrorCode } from '@hailong/shared/errors.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import {
  checkpoint as checkpointForm,
  type DeviceStatus,
  type DeviceToHub,
  EDGE_PROTOCOL,
  type HubToDevice,
} from '@hailong/shared/protocol/edge.ts';
import type {
  Clock,
  Committed,
  DeviceIdentity,
  HubLink,
  Ids,
  Outbox,
  Reporter,
  Settings,
  Timers,
} from './ports.ts';

/** Events read at once to name the votes an acknowledgement covers. */
const NAMED_AT_ONCE = 500;
const STATUS_EVERY_MS = 30_000;

export type FromHub = Extract<
  HubToDevice,
  { type: 'intent' | 'counter.config' | 'profile.show' | 'time.anchor' }
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
  readonly identity: DeviceIdentity;
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
  #working = false;
  #nonce = '';
  #cancelVerdict: () => void = () => {};
  #cancelRetry: () => void = () => {};
  #cancelStatus: () => void = () => {};

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
    this.#cancelVerdict();
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

  sendStatus(): void {
    this.#cancelStatus();
    if (this.#state.phase !== 'ready') return;
    const status = {
      ...this.#listener.status(),
      unsynced: unsynced(this.#state),
      oldestUnsyncedMs: this.#oldestUnsyncedMs(),
    };
    this.send({ type: 'status', status });
    this.#cancelStatus = this.#parts.timers.after(STATUS_EVERY_MS, () => this.sendStatus());
  }

  #dispatch(input: SyncInput): void {
    this.#inbox.push(input);
    if (this.#working) return;
    this.#working = true;
    try {
      for (let next = this.#inbox.shift(); next; next = this.#inbox.shift()) {
        const before = this.#state.phase;
        const step = stepSync(this.#state, next);
        this.#state = step.state;
        if (before === 'ready' && step.state.phase !== 'ready') this.#listener.online(false, null);
        this.#orHangUp(() => {
          for (const effect of step.effects) this.#perform(effect);
        });
      }
    } finally {
      this.#working = false;
    }
  }

  #perform(effect: SyncEffect): void {
    const { link, timers, outbox } = this.#parts;
    switch (effect.kind) {
      case 'connect':
        link.open({
          message: (message) => this.#orHangUp(() => this.#receive(message)),
          ended: () => {
            this.#cancelVerdict();
            this.#dispatch({ type: 'lost', random: this.#parts.ids.random() });
          },
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
        this.#cancelVerdict();
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
        this.#dispatch({ type: 'challenged' });
        break;
      case 'welcome': {
        this.#keepWords(message);
        const have = message.have.map((head) => this.#seen(head as HeadOnWire));
        const { eventsMax, bytesMax } = message;
        this.#dispatch({ type: 'welcomed', have, eventsMax, bytesMax });
        if (this.#state.phase !== 'ready') return;
        this.#listener.online(true, message.blobToken);
        this.sendStatus();
        break;
      }
      case 'verdicts': {
        this.#cancelVerdict();
        const { batch, later } = message;
        for (const { seq, verdict, code } of message.exceptions)
          this.#parts.report.say(
            `Máy chủ giữ riêng sự kiện ${message.epoch.slice(0, 8)}/${seq}: ${verdict} ${code}.`,
            `The hub set event ${message.epoch.slice(0, 8)}/${seq} aside: ${verdict} ${code}.`,
          );
        this.#dispatch({ type: 'verdicts', batch, head: this.#seen(message.head as HeadOnWire), later });
        break;
      }
      case 'error':
        this.#sayProblem(message.code, message.detail);
        break;
      case 'log.checkpoint':
      case 'safe':
      case 'standing':
      case 'slip.codes':
        break;
      default:
        if (this.#state.phase === 'ready') this.#listener.message(message);
    }
  }

  #hello(): void {
    const { identity, outbox, link } = this.#parts;
    const { device } = identity;
    const hello: DeviceToHub = {
      type: 'hello',
      protocol: EDGE_PROTOCOL,
      device,
      sig: identity.sign(new TextEncoder().encode(`hailong-hello-v1\n${device}\n${this.#nonce}\n`)),
      epochs: [...outbox.epochs()]
        .reverse()
        .map(({ epoch, head, hash, acknowledged }) => ({ epoch, seq: head, hash, acknowledged })),
      checkpoint: this.#checkpoint(),
    };
    link.send(JSON.stringify(hello));
  }

  #sendBatch({ batch, epoch, first, eventsMax, bytesMax }: Extract<SyncEffect, { kind: 'send' }>): void {
    const { outbox, identity, link } = this.#parts;
    const read = outbox.read(epoch, first, eventsMax, bytesMax);
    if (!read) {
      this.#parts.report.say(
        `Sự kiện ${epoch.slice(0, 8)}/${first} trong máy này không còn khớp mã băm; giữ nguyên, không gửi.`,
        `Event ${epoch.slice(0, 8)}/${first} on this machine no longer fits its hash; kept as it is, not sent.`,
      );
      this.#dispatch({ type: 'unreadable', batch });
      return;
    }
    const seen = this.#checkpoint();
    const unsigned: Omit<BatchHeader, 'sig'> = {
      batch,
      device: identity.device,
      epoch,
      firstSeq: first,
      prevHash: read.prevHash,
      head: read.head,
      checkpoint: seen ? { origin: seen.origin, size: seen.size, root: seen.root } : null,
    };
    const header = { ...unsigned, sig: identity.sign(signedHead(unsigned)) };
    link.send(encodeBatch(header, read.events));
    this.#dispatch({ type: 'sent', batch, last: read.head.seq });
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

  #seen(head: HeadOnWire): SeenHead {
    return { ...head, ours: head.seq === 0 ? null : this.#parts.outbox.hashAt(head.epoch, head.seq) };
  }

  #oldestUnsyncedMs(): number {
    const behind = this.#state.epochs.find((one) => one.head > one.acknowledged);
    if (!behind) return 0;
    const [oldest] = this.#parts.outbox.between(behind.epoch, behind.acknowledged, behind.acknowledged + 1);
    return oldest ? Math.max(0, this.#parts.clock.stamp().at - oldest.at) : 0;
  }

  #checkpoint() {
    const parsed = checkpointForm.safeParse(this.#parts.settings.read('checkpoint'));
    return parsed.success ? parsed.data : null;
  }

  /** The hub's label and checkpoint. A smaller checkpoint is not taken: this kiosk is its witness. */
  #keepWords(message: Extract<HubToDevice, { type: 'welcome' }>): void {
    const { settings, report } = this.#parts;
    const lineage = settings.read('lineage');
    if (lineage !== message.lineage) {
      if (lineage !== null)
        report.say('Máy chủ đã được phục hồi hoặc thay.', 'The hub was restored or replaced.');
      settings.write('lineage', message.lineage);
    }
    const held = this.#checkpoint();
    const offered = message.checkpoint;
    if (!offered || (held && held.origin === offered.origin && held.size === offered.size)) return;
    if (held && offered.size < held.size) {
      report.say(
        `Nhật ký của máy chủ ngắn hơn lần trước (${offered.size} < ${held.size}).`,
        `The hub’s log is shorter than before (${offered.size} < ${held.size}).`,
      );
      return;
    }
    settings.write('checkpoint', offered);
  }

  #alarm({ code, epoch, seq }: Extract<SyncEffect, { kind: 'alarm' }>): void {
    const at = `${epoch.slice(0, 8)}/${seq}`;
    const sentences = {
      forked: [`Máy chủ giữ nội dung khác tại ${at}.`, `The hub holds other bytes at ${at}.`],
      'hub-ahead': [
        `Máy chủ giữ nhiều hơn máy này tại ${at}: dữ liệu ở đây đã mất một phần.`,
        `The hub holds more than this machine at ${at}: something was lost here.`,
      ],
      stuck: [`Máy chủ không nhận tiếp từ ${at}.`, `The hub takes nothing from ${at} on.`],
    } as const;
    const [vi, en] = sentences[code];
    this.#parts.report.say(vi, en);
  }

  #sayProblem(code: string, detail: string): void {
    const text = isErrorCode(code) ? ERRORS[code] : null;
    this.#parts.report.say(
      `Máy chủ từ chối: ${text ? `${text.vi} ${text.remedy.vi}` : code} ${detail}`.trim(),
      `The hub refused: ${text ? `${text.en} ${text.remedy.en}` : code} ${detail}`.trim(),
    );
  }
}

type HeadOnWire = { epoch: EpochId; seq: number; hash: Sha256Hex };
