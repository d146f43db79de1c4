/**
 * One kiosk's connection: challenge, signed hello, then batches, status, anchors; intents and screens the other way.
 * Verdicts leave after COMMIT and in the order of the batches. Refuses: any message before the hello, unsigned heads,
 * another device's batches, frames past the limits, floods (the socket is paused while batches wait for the disk).
 * See shared/PROTOCOL.md; hub-server/DESIGN.md, "Edge link".
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { readBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { signedAnchor } from '@hailong/shared/edge/hello.ts';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import {
  BATCH_BYTES_MAX,
  BATCH_EVENTS_MAX,
  type DeviceToHub,
  deviceToHub,
  EDGE_PROTOCOL,
  EDGE_PROTOCOL_OLDEST,
  EPOCHS_MAX,
  type HubToDevice,
} from '@hailong/shared/protocol/edge.ts';
import type { WebSocket } from 'ws';
import type { BatchOutcome, HelloAnswer } from '../../application/ports/inbox.ts';
import { verifySignature } from '../keys.ts';
import type { EdgeLine, EdgeParts } from './edge-parts.ts';
import type { GatedLine } from './read-gate.ts';

/** Messages of one connection that may wait for the disk before the socket is paused. */
const WAITING_MAX = 4;
/** Text messages are small; a hello with 1,000 epochs is about 200 KB. */
const TEXT_BYTES_MAX = 512_000;
/** A hello that has not come by now will not. */
const HELLO_MS = 10_000;

type ChainHead = Extract<HubToDevice, { type: 'verdicts' }>['head'];

/** `publicKey`: raw, base64url. */
type Live = HelloAnswer & {
  readonly device: string;
  readonly publicKey: string;
  readonly box: string | null;
};

export class EdgeSession implements EdgeLine, GatedLine {
  readonly #socket: WebSocket;
  readonly #raw: Pick<Socket, 'cork' | 'uncork'>;
  readonly #parts: EdgeParts;
  readonly #nonce = randomBytes(24).toString('base64url');
  readonly blobToken = randomBytes(24).toString('base64url');
  readonly #heads = new Map<string, { seq: number; hash: string }>();
  #live: Live | null = null;
  #greeting = false;
  #waiting = 0;
  #isHeld = false;
  #later = false;
  /** JSON of what it was told last about its standing. */
  #standing = '';
  #told: LogHead | null = null;
  #sentIntents = new Set<string>();

  constructor(socket: WebSocket, raw: Pick<Socket, 'cork' | 'uncork'>, parts: EdgeParts) {
    this.#socket = socket;
    this.#raw = raw;
    this.#parts = parts;
    socket.on('message', (data, isBinary) => this.#heard(data as Buffer, isBinary));
    socket.on('error', () => socket.terminate());
    const cancel = parts.timers.after(HELLO_MS, () => {
      if (!this.#live) socket.terminate();
    });
    socket.on('close', () => {
      cancel();
      parts.gate.remove(this);
      if (this.#live) parts.sessionEnded(this);
    });
    this.send({
      type: 'challenge',
      nonce: this.#nonce,
      protocolMin: EDGE_PROTOCOL_OLDEST,
      protocolMax: EDGE_PROTOCOL,
    });
  }

  get device(): string | null {
    return this.#live?.device ?? null;
  }
  get epochs(): readonly string[] {
    return [...this.#heads.keys()].slice(0, EPOCHS_MAX);
  }
  get told(): LogHead | null {
    return this.#told;
  }
  get counterId(): string | null {
    return this.#live?.counterId ?? null;
  }
  get box(): string | null {
    return this.#live?.box ?? null;
  }

  send(message: HubToDevice): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  together(act: () => void): void {
    this.#raw.cork();
    try {
      act();
    } finally {
      this.#raw.uncork();
    }
  }

  tell(message: Extract<HubToDevice, { type: 'log.checkpoint' }>): void {
    this.#told = message.checkpoint;
    this.send(message);
  }

  /** Each intent goes once per connection; the device answers a repeated id with what it knows. */
  sendIntent(message: Extract<HubToDevice, { type: 'intent' }>): void {
    if (this.#sentIntents.has(message.intent.intentId)) return;
    this.#sentIntents.add(message.intent.intentId);
    this.send(message);
  }

  refuse(code: ErrorCode, detail = ''): void {
    this.send({ type: 'error', code, detail: detail.slice(0, 300) });
    this.#socket.close(4000, code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Says how the device stands, when that is other than it was told. */
  async tellStanding(device: string): Promise<void> {
    const now = await this.#parts.inbox.standing(device);
    if (!now || JSON.stringify(now) === this.#standing) return;
    this.#standing = JSON.stringify(now);
    this.send({ type: 'standing', ...now });
  }

  #heard(data: Buffer, isBinary: boolean): void {
    // Refused: what still comes before the other side has closed is not ours any more.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (isBinary) {
      this.#batch(data);
      return;
    }
    if (data.byteLength > TEXT_BYTES_MAX) {
      this.refuse('request.too_large');
      return;
    }
    let message: DeviceToHub;
    try {
      const parsed = deviceToHub.safeParse(JSON.parse(data.toString('utf8')));
      if (!parsed.success) {
        this.refuse('request.invalid', parsed.error.issues[0]?.path.join('.') ?? '');
        return;
      }
      message = parsed.data;
    } catch {
      this.refuse('request.invalid', 'not JSON');
      return;
    }
    if (message.type === 'hello') {
      if (this.#live || this.#greeting) {
        this.refuse('request.invalid', 'second hello');
        return;
      }
      this.#greeting = true;
      this.#guard(this.#hello(message));
    } else if (!this.#live) this.refuse('device.unknown', 'no hello yet');
    else this.#guard(this.#held(this.#said(this.#live, message)));
  }

  /** What waits for the disk is bounded: past it the socket is not read until something was written. */
  #held(work: Promise<void>, bytes = 0): Promise<void> {
    const done = this.#parts.gate.take(bytes);
    this.#waiting++;
    this.#flow();
    return work.finally(() => {
      this.#waiting--;
      this.#flow();
      done();
    });
  }

  /** All lines together hold too much, or no longer do. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#flow();
  }

  #flow(): void {
    const stop = this.#isHeld || this.#waiting >= WAITING_MAX;
    if (stop && !this.#socket.isPaused) this.#socket.pause();
    else if (!stop && this.#socket.isPaused) this.#socket.resume();
  }

  #guard(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#parts.log(error);
      this.#socket.terminate();
    });
  }

  async #hello(hello: Extract<DeviceToHub, { type: 'hello' }>): Promise<void> {
    const parts = this.#parts;
    if (hello.protocol < EDGE_PROTOCOL_OLDEST || hello.protocol > EDGE_PROTOCOL) {
      this.refuse('edge.version', `${EDGE_PROTOCOL_OLDEST}..${EDGE_PROTOCOL}`);
      return;
    }
    const greeting = await parts.greet(hello, this.#nonce);
    if (!greeting.ok) {
      this.refuse(greeting.code);
      return;
    }
    // Gone meanwhile: its close has been heard already and would not end it again.
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    const { live, publicKey, box, told, welcome } = greeting;
    for (const head of live.have) this.#heads.set(head.epoch, head);
    this.#standing = JSON.stringify({ standing: live.standing, handover: live.handover });
    this.#live = { ...live, device: hello.device, publicKey, box };
    this.#told = told;
    parts.gate.add(this);
    this.send({
      ...{ type: 'welcome', ...welcome, blobToken: this.blobToken },
      ...{ eventsMax: BATCH_EVENTS_MAX, bytesMax: BATCH_BYTES_MAX },
    });
    await parts.sessionStarted(this);
  }

  async #said(live: Live, message: Exclude<DeviceToHub, { type: 'hello' }>): Promise<void> {
    const { clock, devices, intents, keys } = this.#parts;
    if (message.type === 'anchor.request') {
      const hubAt = clock.now();
      const sig = keys.sign(signedAnchor(live.device, message.nonce, hubAt));
      this.send({ type: 'time.anchor', nonce: message.nonce, hubAt, sig });
    } else if (message.type === 'status') {
      const { status } = message;
      await devices.said({
        ...{ device: live.device, at: clock.now(), build: status.build },
        status: JSON.stringify(status),
      });
      this.#parts.deviceChanged(live.counterId);
    } else if (message.type === 'epochs') {
      const answer = await this.#parts.hearEpochs(live.device, message);
      for (const head of answer.have) if (!this.#heads.has(head.epoch)) this.#heads.set(head.epoch, head);
      this.send(answer);
    } else {
      const { intentId, state, code } = message;
      const counters = await intents.seen({
        ...{ intentId, state, code, counterId: live.counterId },
        at: clock.now(),
      });
      for (const counter of counters) this.#parts.bus.counter(counter);
    }
  }

  #batch(frame: Buffer): void {
    const live = this.#live;
    if (!live) {
      this.refuse('device.unknown', 'no hello yet');
      return;
    }
    if (this.#later) return;
    const batch = readBatch(frame);
    if (!batch.ok) {
      this.refuse('request.invalid', batch.detail);
      return;
    }
    const { sig, ...head } = batch.header;
    if (head.device !== live.device) {
      this.refuse('device.bad_signature', 'another device');
      return;
    }
    if (!verifySignature(live.publicKey, signedHead(head), sig)) {
      this.refuse('device.bad_signature');
      return;
    }
    const recorded = this.#parts.inbox
      .recordBatch({
        own: this.#parts.own.fresh(),
        ...{ device: live.device, fence: live.fence, receivedAt: this.#parts.clock.now() },
        ...{ frame, header: batch.header },
      })
      .then(
        (result) => this.#verdict(live.device, result),
        (error: unknown) => this.#putOff(error, head.batch, head.epoch),
      );
    this.#guard(this.#held(recorded, frame.byteLength));
  }

  #verdict(device: string, result: BatchOutcome): void {
    if (result.kind === 'fenced' || result.kind === 'refused') {
      this.refuse(result.kind === 'fenced' ? 'device.line_taken' : result.code);
      return;
    }
    if (result.kind === 'damaged') {
      this.refuse('event.chain_broken', result.detail);
      return;
    }
    this.#heads.set(result.head.epoch, result.head);
    this.send({
      type: 'verdicts',
      batch: result.batch,
      epoch: result.head.epoch,
      head: result.head,
      exceptions: result.exceptions.slice(0, 1_000),
      later: false,
    } as Extract<HubToDevice, { type: 'verdicts' }>);
    const forked = result.exceptions.findLast(({ verdict }) => verdict === 'forked');
    this.#parts.recorded(device, result, Math.max(result.head.seq, forked?.seq ?? 0));
    if (result.standing) this.#guard(this.tellStanding(device));
  }

  /** Nothing was stored (a full disk, say): the device keeps it and comes back later. */
  #putOff(error: unknown, batch: number, epoch: string): void {
    this.#parts.log(error);
    this.#later = true;
    const head = this.#heads.get(epoch) as ChainHead | undefined;
    if (!head) {
      this.refuse(error instanceof CodedError ? error.code : 'internal.unexpected');
      return;
    }
    this.send({ type: 'verdicts', batch, epoch: head.epoch, head, exceptions: [], later: true });
  }
}
