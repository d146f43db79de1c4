/*
 * Purpose: one kiosk as the hub sees it on a working day: its own key and chain, a real WebSocket, signed batches with one
 * in flight, status, time anchors, and after a cut line everything again from what the hub says it has.
 * Refuses: a verdict or a `have` that names another hash than its own chain has at that number.
 */
import { createPrivateKey, type KeyObject, randomBytes, randomInt, randomUUID, sign } from 'node:crypto';
import { encodeBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { encodeEvent, genesisHash, toHex } from '@hailong/shared/edge/event.ts';
import type { EpochId } from '@hailong/shared/ids.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { EDGE_PATH } from '@hailong/shared/protocol/edge.ts';
import { v7 } from 'uuid';
import { WebSocket } from 'ws';
import type { Kiosk } from '../bench/storm/fleet.ts';
import { sha256 } from '../support/test-device.ts';

export interface LiveOptions {
  readonly url: string;
  /** Of a batch: its line is cut right after it was written, verdict or not. */
  readonly cutShare: number;
  readonly now: () => number;
  acknowledged(afterMs: number): void;
  failed(error: Error): void;
}

export interface Head {
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  /** Of all events in order, so that whoever compares needs nothing else. */
  readonly hashes: readonly string[];
}

const STATUS_EVERY_MS = 30_000;

interface Made {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

export class LiveKiosk {
  readonly #kiosk: Kiosk;
  readonly #options: LiveOptions;
  readonly #key: KeyObject;
  readonly #epoch = randomBytes(16).toString('hex') as EpochId;
  readonly #genesis: Uint8Array;
  readonly #made: Made[] = [];
  /** When each of `#made` was first written to a socket. */
  readonly #writtenAt: number[] = [];
  #acked = 0;
  #inFlight = 0;
  #batch = 0;
  #socket: WebSocket | null = null;
  #isReady = false;
  #isAnchored = false;
  #stopped = false;
  #welcomed: () => void = () => undefined;
  #steps: (readonly EventBody[])[] = [];
  #status: NodeJS.Timeout | null = null;

  constructor(kiosk: Kiosk, options: LiveOptions) {
    this.#kiosk = kiosk;
    this.#options = options;
    this.#key = createPrivateKey(kiosk.privateKey);
    this.#genesis = genesisHash(sha256, kiosk.device, this.#epoch);
    const { device, counter } = kiosk;
    this.#append({
      ...{ type: 'agent.started', device, epoch: this.#epoch, parent: null, counter },
      ...{ bootId: randomUUID(), build: 'hailong-kiosk/0.1.0' },
    });
  }

  /** Resolves with the first welcome. */
  start(): Promise<void> {
    return new Promise((done) => {
      this.#welcomed = done;
      this.#connect();
    });
  }

  get sent(): number {
    return this.#writtenAt.length;
  }
  get isDone(): boolean {
    return this.#acked === this.#made.length;
  }
  get head(): Head {
    const { device } = this.#kiosk;
    return {
      ...{ device, epoch: this.#epoch, seq: this.#made.length },
      hashes: this.#made.map(({ hash }) => toHex(hash)),
    };
  }

  /** The next thing that happens at the counter. */
  step(): void {
    if (this.#steps.length === 0) this.#steps = this.#service();
    for (const body of this.#steps.shift() ?? []) this.#append(body);
    this.#send();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#status) clearInterval(this.#status);
    this.#socket?.terminate();
  }

  #append(body: unknown): void {
    const at = Date.now();
    const mono = Math.round(performance.now()) + 60_000;
    const bytes = encodeEvent({ seq: this.#made.length + 1, at, mono, body: body as EventBody });
    const before = this.#made.at(-1)?.hash ?? this.#genesis;
    this.#made.push({ bytes, hash: sha256(before, bytes) });
  }

  #service(): EventBody[][] {
    const { officer, unit, counter, number } = this.#kiosk;
    const officerCode = `CB${String(number).padStart(5, '0')}`;
    const who = { duty: v7(), officer, officerCode, unit, counter };
    const [transaction, rating] = [v7(), v7()];
    const what = { ...who, procedure: '1.001193', stage: 'reception', dossierCodes: [] };
    const question = { question: 'overall', attempt: 1, askTicket: randomInt(1, 0xffffffff) };
    const hwid = '53494d0000000001';
    const press = { via: 'panel', hwid, boot: 1, seq: 1, uptimeMs: 1_000, button: 4, pressedMono: null };
    return [
      [{ type: 'transaction.opened', transaction, intent: null, ...what, queueNumber: null }],
      [
        { type: 'transaction.finished', transaction, intent: null, outcome: 'completed', by: 'officer' },
        {
          ...{ type: 'rating.opened', rating, transaction, ...what },
          ...{ instrument: { id: 'hai-long-5', version: 1 }, openedBy: 'officer', closeAfterMs: 30_000 },
        },
        { type: 'question.asked', rating, ...question, hwid },
      ],
      [
        {
          type: 'rating.voted',
          vote: v7(),
          rating,
          transaction,
          ...question,
          level: 1 + randomInt(5),
          source: press,
        },
      ],
      [{ type: 'rating.closed', rating, transaction, reason: 'timed', drained: true }],
    ] as unknown as EventBody[][];
  }

  #connect(): void {
    if (this.#stopped) return;
    const address = new URL(EDGE_PATH, this.#options.url);
    address.protocol = 'ws:';
    const socket = new WebSocket(address, { perMessageDeflate: false, skipUTF8Validation: true });
    this.#socket = socket;
    this.#isReady = false;
    this.#inFlight = 0;
    socket.on('error', (error) => this.#options.failed(error));
    socket.on('close', () => {
      if (this.#socket === socket) this.#connect();
    });
    socket.on('message', (data) => this.#heard(String(data)));
  }

  #heard(text: string): void {
    // What the hub tells screens is read by nobody here, and most of the bytes.
    if (text.startsWith('{"type":"challenge"')) this.#hello(JSON.parse(text).nonce);
    else if (text.startsWith('{"type":"welcome"')) this.#welcome(JSON.parse(text).have[0]);
    else if (text.startsWith('{"type":"verdicts"')) {
      const { head, exceptions, later } = JSON.parse(text);
      if (later || exceptions.length > 0) this.#options.failed(new Error(text.slice(0, 300)));
      this.#inFlight = 0;
      this.#held(head);
      this.#send();
    } else if (text.startsWith('{"type":"time.anchor"')) {
      const { nonce, hubAt, sig } = JSON.parse(text);
      this.#append({ type: 'time.anchor', hubAt, rttMs: 4, nonce, sig });
      this.#send();
    } else if (text.startsWith('{"type":"error"')) this.#options.failed(new Error(text));
  }

  #hello(nonce: string): void {
    const { device } = this.#kiosk;
    const sig = sign(null, Buffer.from(`hailong-hello-v1\n${device}\n${nonce}\n`), this.#key);
    const last = this.#made.at(-1) as Made;
    this.#socket?.send(
      JSON.stringify({
        ...{ type: 'hello', protocol: 1, device, sig: sig.toString('base64url'), checkpoint: null },
        epochs: [
          { epoch: this.#epoch, seq: this.#made.length, hash: toHex(last.hash), acknowledged: this.#acked },
        ],
      }),
    );
  }

  #welcome(have: { readonly seq: number; readonly hash: string }): void {
    this.#isReady = true;
    this.#held(have);
    this.#sayStatus();
    this.#status ??= setInterval(() => this.#sayStatus(), STATUS_EVERY_MS);
    if (!this.#isAnchored) {
      this.#isAnchored = true;
      this.#socket?.send(
        JSON.stringify({ type: 'anchor.request', nonce: randomBytes(16).toString('base64url') }),
      );
    }
    this.#welcomed();
    this.#send();
  }

  /** Everything up to there is on the hub's disk. */
  #held({ seq, hash }: { readonly seq: number; readonly hash: string }): void {
    if (seq > 0 && hash !== toHex((this.#made[seq - 1] as Made).hash))
      this.#options.failed(new Error(`another hash at ${seq}`));
    const now = this.#options.now();
    for (let n = this.#acked; n < seq; n++) this.#options.acknowledged(now - (this.#writtenAt[n] ?? now));
    this.#acked = Math.max(this.#acked, seq);
  }

  #sayStatus(): void {
    if (!this.#isReady) return;
    const status = {
      ...{ build: 'hailong-kiosk/0.1.0', panel: 'ready', oldestUnsyncedMs: 0, screens: 1 },
      ...{ unsynced: this.#made.length - this.#acked, configRevision: 1, diskFreeBytes: 12e9 },
      health: {
        ...{
          runtime: 'node',
          epoch: this.#epoch,
          upMs: 1_000,
          panel: null,
          clockBoundMs: 12,
          isStoring: true,
        },
        witness: { size: null, heardAgoMs: null, refusals: 0 },
      },
    };
    this.#socket?.send(JSON.stringify({ type: 'status', status }));
  }

  #send(): void {
    if (!this.#isReady || this.#inFlight > 0 || this.#acked === this.#made.length) return;
    const from = this.#acked;
    const events = this.#made.slice(from, from + 100);
    const last = events.at(-1) as Made;
    const head = { seq: from + events.length, hash: toHex(last.hash) };
    const header = {
      ...{ batch: ++this.#batch, device: this.#kiosk.device, epoch: this.#epoch, firstSeq: from + 1 },
      ...{ prevHash: toHex(this.#made[from - 1]?.hash ?? this.#genesis), head, checkpoint: null },
    };
    const sig = sign(null, signedHead(header), this.#key).toString('base64url');
    this.#inFlight = events.length;
    const now = this.#options.now();
    for (let n = this.#writtenAt.length; n < head.seq; n++) this.#writtenAt.push(now);
    const socket = this.#socket;
    const isCut = randomInt(1_000_000) < this.#options.cutShare * 1_000_000;
    socket?.send(
      encodeBatch(
        { ...header, sig },
        events.map(({ bytes }) => bytes),
      ),
      () => {
        if (isCut) socket.terminate();
      },
    );
  }
}
