/*
 * A small hub for tests of the agent: it speaks protocol/edge.ts over HTTP and WebSocket on loopback, checks every
 * signature and hash itself, keeps events in memory, and can be stopped and started with what it holds.
 */
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { readBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { chainHash, type Event, fromHex, genesisHash, readEvent, toHex } from '@hailong/shared/edge/event.ts';
import type { DeviceId, EpochId } from '@hailong/shared/ids.ts';
import type { BodyOf, EventType } from '@hailong/shared/model/event.ts';
import {
  BLOBS_PATH,
  type DeviceToHub,
  deviceToHub,
  EDGE_PATH,
  ENROL_PATH,
  enrolRequest,
  type HubToDevice,
  type Intent,
} from '@hailong/shared/protocol/edge.ts';
import { type WebSocket, WebSocketServer } from 'ws';
import { COUNTER, FORM } from './counter-kit.ts';
import { freePort } from './ports.ts';

/** Longer than any prompt that passes meanwhile on a moved clock. */
const EXPIRES_MS = 600_000;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const sha256 = (...parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest() as Uint8Array;

interface HeldEpoch {
  device: DeviceId;
  events: Uint8Array[];
  hashes: Uint8Array[];
}

export class EdgeHub {
  readonly key = generateKeyPairSync('ed25519');
  readonly epochs = new Map<EpochId, HeldEpoch>();
  readonly messages: DeviceToHub[] = [];
  readonly faults: string[] = [];
  readonly blobs = new Map<string, Uint8Array>();
  /** Sent after every welcome, as a hub resends what waits. */
  readonly waiting: Intent[] = [];
  form = { ...FORM, closeAfterMs: 5_000 };
  /** What the configuration says beside the form. */
  more: Partial<Extract<HubToDevice, { type: 'counter.config' }>> = {};
  code = 'MA-GHI-DANH-1';
  /** Cuts the line instead of answering this many batches, after storing them. */
  swallow = 0;
  connections = 0;
  /** What the next welcome says beyond the chain. */
  words: Partial<Pick<Extract<HubToDevice, { type: 'welcome' }>, 'standing' | 'handover' | 'safe'>> = {};
  /** Refuses every hello with `device.revoked`. */
  revoked = false;
  /** From its first start on, over all its stops. */
  port = 0;
  #server: Server | null = null;
  #sockets = new WebSocketServer({ noServer: true });
  #publicKeys = new Map<DeviceId, Uint8Array>();

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#sockets = new WebSocketServer({ noServer: true });
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = this.#http(
          request.url ?? '',
          Buffer.concat(chunks).toString(),
          request.headers.authorization,
        );
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(answer.body);
      });
    });
    server.on('upgrade', (request, socket, head) => {
      if (request.url !== EDGE_PATH) socket.destroy();
      else this.#sockets.handleUpgrade(request, socket, head, (line) => this.#talk(line));
    });
    this.#server = server;
    if (this.port === 0) this.port = await freePort();
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    for (const line of this.#sockets.clients) line.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  intent(intent: Intent, expiresInMs = EXPIRES_MS): void {
    this.waiting.push(intent);
    for (const line of this.#sockets.clients) this.#send(line, { type: 'intent', intent, expiresInMs });
  }

  /** To every line that is open. */
  tell(message: HubToDevice): void {
    for (const line of this.#sockets.clients) this.#send(line, message);
  }

  /** Ends every line; devices come back by themselves. */
  cut(): void {
    for (const line of this.#sockets.clients) line.terminate();
  }

  /** Every event held, oldest epoch first. */
  events(): Event[] {
    return [...this.epochs.values()].flatMap(({ events }) =>
      events.flatMap((bytes) => {
        const read = readEvent(bytes);
        return read.ok ? [read.event] : [];
      }),
    );
  }

  of<T extends EventType>(type: T): BodyOf<T>[] {
    return this.events()
      .map((event) => event.body)
      .filter((body): body is BodyOf<T> => body.type === type);
  }

  #http(
    url: string,
    body: string,
    authorization: string | undefined,
  ): { status: number; body: string | Buffer } {
    if (url.startsWith(BLOBS_PATH)) {
      const blob = this.blobs.get(url.slice(BLOBS_PATH.length));
      if (authorization !== 'Bearer blob-token') return { status: 401, body: '{}' };
      return blob ? { status: 200, body: Buffer.from(blob) } : { status: 404, body: '{}' };
    }
    const request = enrolRequest.safeParse(JSON.parse(body || '{}'));
    if (url !== ENROL_PATH || !request.success) return { status: 404, body: '{"code":"request.not_found"}' };
    if (request.data.code !== this.code) return { status: 403, body: '{"code":"enrol.code_unknown"}' };
    this.code = '-';
    const raw = Buffer.from(request.data.publicKey, 'base64url');
    const device = createHash('sha256').update(raw).digest('hex') as DeviceId;
    this.#publicKeys.set(device, raw);
    const bytes = Buffer.from(JSON.stringify({ device, counter: COUNTER, enrolSerial: 1 }));
    const answer = {
      device,
      counterId: COUNTER,
      hubKey: this.key.publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('base64url'),
      recoveryKey: randomBytes(32).toString('base64url'),
      enrolSerial: 1,
      certificate: { bytes: bytes.toString('base64url'), sig: this.#sign(bytes) },
    };
    return { status: 200, body: JSON.stringify(answer) };
  }

  #talk(line: WebSocket): void {
    this.connections += 1;
    const nonce = randomBytes(16).toString('base64url');
    let device: DeviceId | null = null;
    line.on('error', () => undefined);
    this.#send(line, { type: 'challenge', nonce, protocolMin: 1, protocolMax: 1 });
    line.on('message', (data, isBinary) => {
      if (isBinary) {
        this.#batch(line, data as Buffer);
        return;
      }
      const message = deviceToHub.parse(JSON.parse(String(data)));
      this.messages.push(message);
      if (message.type === 'hello') {
        const signed = `hailong-hello-v1\n${message.device}\n${nonce}\n`;
        if (!this.#verify(message.device, Buffer.from(signed), message.sig))
          this.faults.push('hello signature');
        device = message.device;
        this.#welcome(line, message);
      } else if (message.type === 'anchor.request' && device) {
        const hubAt = Date.now() as never;
        const sig = this.#sign(Buffer.from(`hailong-anchor-v1\n${device}\n${message.nonce}\n${hubAt}`));
        this.#send(line, { type: 'time.anchor', nonce: message.nonce, hubAt, sig });
      }
    });
  }

  #welcome(line: WebSocket, hello: Extract<DeviceToHub, { type: 'hello' }>): void {
    const have = hello.epochs.map(({ epoch }) => {
      const held = this.epochs.get(epoch);
      const hash = held?.hashes.at(-1) ?? genesisHash(sha256, hello.device, epoch);
      return { epoch, seq: held?.events.length ?? 0, hash: toHex(hash) };
    });
    const checkpoint = null;
    if (this.revoked) {
      this.#send(line, { type: 'error', code: 'device.revoked', detail: '' });
      line.close(4000, 'device.revoked');
      return;
    }
    this.#send(line, {
      type: 'welcome',
      ...this.words,
      lineage: 'test',
      have,
      checkpoint,
      blobToken: 'blob-token',
      eventsMax: 500,
      bytesMax: 1_048_576,
    });
    const unit = { unitId: '0000000d-0000-7000-8000-000000000001', active: true };
    this.#send(line, {
      type: 'counter.config',
      revision: 1,
      office: {
        name: 'Trung tâm Phục vụ hành chính công',
        place: 'Phường Thử',
        phone: '',
        retentionDays: 30,
      },
      counter: { id: COUNTER, number: '5', name: 'Quầy 5', ...unit } as never,
      instrument: this.form,
      procedures: [],
      ...this.more,
    });
    for (const intent of this.waiting) this.#send(line, { type: 'intent', intent, expiresInMs: EXPIRES_MS });
  }

  #batch(line: WebSocket, frame: Buffer): void {
    const read = readBatch(frame);
    if (!read.ok) {
      this.faults.push(`batch ${read.detail}`);
      return;
    }
    const { header, events } = read;
    if (!this.#verify(header.device, Buffer.from(signedHead(header)), header.sig))
      this.faults.push('head signature');
    const held = this.epochs.get(header.epoch) ?? { device: header.device, events: [], hashes: [] };
    this.epochs.set(header.epoch, held);
    let hash = fromHex(header.prevHash);
    events.forEach((bytes, index) => {
      hash = chainHash(sha256, hash, bytes);
      const seq = header.firstSeq + index;
      if (seq <= held.events.length) {
        if (toHex(hash) !== toHex(held.hashes[seq - 1] as Uint8Array)) this.faults.push(`forked ${seq}`);
      } else if (seq === held.events.length + 1) {
        held.events.push(Uint8Array.from(bytes));
        held.hashes.push(hash);
      }
    });
    if (toHex(hash) !== header.head.hash) this.faults.push('chain');
    if (this.swallow > 0) {
      this.swallow -= 1;
      line.terminate();
      return;
    }
    const head = {
      epoch: header.epoch,
      seq: held.events.length,
      hash: toHex(held.hashes.at(-1) as Uint8Array),
    };
    this.#send(line, {
      type: 'verdicts',
      batch: header.batch,
      epoch: header.epoch,
      head,
      exceptions: [],
      later: false,
    });
  }

  #send(line: WebSocket, message: HubToDevice): void {
    line.send(JSON.stringify(message));
  }

  #sign(bytes: Uint8Array): string {
    return sign(null, bytes, this.key.privateKey).toString('base64url');
  }

  #verify(device: DeviceId, bytes: Uint8Array, sig: string): boolean {
    const raw = this.#publicKeys.get(device);
    if (!raw) return false;
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
    return verify(null, bytes, key, Buffer.from(sig, 'base64url'));
  }
}
