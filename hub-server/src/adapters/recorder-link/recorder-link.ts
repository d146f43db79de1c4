/**
 * The hub's end of the recorder link: a WebSocket on loopback with a port of its own, because it carries camera
 * passwords. Facts are committed, then acknowledged; cameras and holds are set again after every change and every hello.
 * Refuses: a connection without the token of this start, messages of an unknown form. See README.md in this folder.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { isAbsolute } from 'node:path';
import type { CameraId, SegmentId } from '@hailong/shared/ids.ts';
import type { CameraVia, FrameResult, FrameSource } from '@hailong/shared/protocol/cameras.ts';
import {
  type CameraState,
  type FootageRepair,
  type HubToRecorder,
  type ProbeResult,
  RECORDER_PATH,
  type RecorderToHub,
  recorderToHub,
  type UndeletableFiles,
} from '@hailong/shared/protocol/footage.ts';
import type { Timers } from '@hailong/shared/time.ts';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Discovery, RecorderControl, RepairAsked } from '../../application/core-port.ts';
import type { LiveBus } from '../../application/live-bus.ts';
import type { CamerasPort } from '../../application/ports/cameras.ts';
import type { DirectoryPort } from '../../application/ports/directory.ts';
import type { FootagePort } from '../../application/ports/footage.ts';
import type { Sealer } from '../../application/ports/secrets.ts';
import type { SegmentsPort } from '../../application/ports/segments.ts';
import { HoldTeller, type TellHoldsParts } from './tell-holds.ts';

/** A probe is ONVIF, then ffprobe against a camera that may hang. */
const PROBE_MS = 30_000;
/** A hundred files are read, and the hub holds what was mended. */
const REPAIR_MS = 120_000;
const MESSAGE_BYTES_MAX = 4_194_304;

export interface RecorderLinkParts extends TellHoldsParts {
  readonly footage: FootagePort;
  readonly segments: Pick<SegmentsPort, 'rowsOfFiles'>;
  readonly directory: Pick<DirectoryPort, 'camerasWithSecrets'>;
  readonly cameras: Pick<
    CamerasPort,
    'noteClock' | 'logins' | 'noteLogin' | 'noteBasicRefused' | 'noteRecording'
  >;
  readonly sealer: Sealer;
  readonly bus: LiveBus;
  readonly timers: Timers;
  /** CIDRs in which cameras may lie; empty: the recorder's own default (private networks). */
  readonly allowCidrs: readonly string[];
  log(error: unknown): void;
}

export class RecorderLink implements RecorderControl {
  readonly token = randomBytes(32).toString('base64url');
  readonly #parts: RecorderLinkParts;
  readonly #server: WebSocketServer;
  readonly #answers = new Map<number, (message: RecorderToHub | null) => void>();
  readonly #states = new Map<string, CameraState>();
  #undeletable: UndeletableFiles | null = null;
  #socket: WebSocket | null = null;
  #recorder: string | null = null;
  #root: string | null = null;
  #next = 1;
  #tail: Promise<unknown> = Promise.resolve();
  readonly #holds: HoldTeller;

  private constructor(server: WebSocketServer, parts: RecorderLinkParts) {
    this.#server = server;
    this.#parts = parts;
    this.#holds = new HoldTeller(parts, (message) => this.#send(message));
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async listen(parts: RecorderLinkParts): Promise<RecorderLink> {
    const server = new WebSocketServer({
      ...{ host: '127.0.0.1', port: 0, path: RECORDER_PATH },
      ...{ maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('listening', resolve);
      server.once('error', reject);
    });
    return new RecorderLink(server, parts);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}${RECORDER_PATH}`;
  }

  isConnected(): boolean {
    return this.#socket !== null;
  }
  root(): string | null {
    return this.#root;
  }
  states(): readonly CameraState[] {
    return [...this.#states.values()];
  }

  undeletable(): UndeletableFiles | null {
    return this.#undeletable;
  }

  async probe(request: {
    address: string;
    user: string;
    password: string;
    via: CameraVia;
    id?: CameraId;
  }): Promise<ProbeResult | null> {
    const answer = await this.#ask((id) => ({ type: 'probe', request: id, ...request }));
    return answer?.type === 'probed' ? answer.result : null;
  }

  async discover(): Promise<Discovery | null> {
    const answer = await this.#ask((id) => ({ type: 'discover', request: id }));
    return answer?.type === 'discovered' ? { found: answer.found, code: answer.code } : null;
  }

  async frame(from: FrameSource): Promise<FrameResult | null> {
    const answer = await this.#ask((id) => ({ type: 'frame', request: id, from }));
    return answer?.type === 'framed' ? answer.result : null;
  }

  async rows(after: SegmentId | null): Promise<{ ids: readonly SegmentId[]; more: boolean } | null> {
    const answer = await this.#ask((id) => ({ type: 'rows', request: id, after }));
    return answer?.type === 'rowed' ? { ids: answer.ids, more: answer.more } : null;
  }

  async repair({ apart, unknown, ...asked }: RepairAsked): Promise<FootageRepair | null> {
    const rows = { apart: [...apart], unknown: [...unknown] };
    const answer = await this.#ask((id) => ({ type: 'repair', request: id, ...asked, ...rows }), REPAIR_MS);
    return answer?.type === 'repaired' ? answer.result : null;
  }

  /** Undefined: nobody can read it. That camera is not recorded; the others are. */
  #opened(sealed: string, name: string): string | undefined {
    try {
      return this.#parts.sealer.open(sealed);
    } catch (error) {
      this.#parts.log(new Error(`the password of ${name} cannot be read`, { cause: error }));
      return undefined;
    }
  }

  async camerasChanged(): Promise<void> {
    const [cameras, seen] = await Promise.all([
      this.#parts.directory.camerasWithSecrets(),
      this.#parts.cameras.logins(),
    ]);
    for (const id of this.#states.keys())
      if (!cameras.some((each) => each.id === id)) this.#states.delete(id);
    this.#send({
      type: 'cameras.set',
      cameras: cameras.map(
        ({ id, name, address, user, retentionDays, latencyMs, active, sealedPassword, via }) => {
          const password = this.#opened(sealedPassword, name);
          return {
            ...{ id, name, address, user, retentionDays, latencyMs, via: via ?? null },
            ...{ active: active && password !== undefined, password: password ?? '' },
            seen: [...(seen[id] ?? [])],
          };
        },
      ),
      allowCidrs: [...this.#parts.allowCidrs],
    });
    this.#parts.bus.hint({ type: 'camera.changed' });
  }

  holdsChanged(): Promise<void> {
    return this.#holds.tell();
  }

  holdsKept(): Promise<void> {
    return this.#holds.keepAndTell();
  }

  /** True once a recorder has said hello; false when none did in time. */
  connected(withinMs: number): Promise<boolean> {
    if (this.#socket) return Promise.resolve(true);
    return new Promise((resolve) => {
      const cancel = this.#parts.timers.after(withinMs, () => resolve(false));
      this.#server.once('hailong-hello', () => {
        cancel();
        resolve(true);
      });
    });
  }

  async close(): Promise<void> {
    this.#socket?.terminate();
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.#tail;
  }

  #send(message: HubToRecorder): boolean {
    if (this.#socket?.readyState !== this.#socket?.OPEN || !this.#socket) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #ask(message: (id: number) => HubToRecorder, withinMs = PROBE_MS): Promise<RecorderToHub | null> {
    const id = this.#next++;
    return new Promise((resolve) => {
      if (!this.#send(message(id))) {
        resolve(null);
        return;
      }
      const cancel = this.#parts.timers.after(withinMs, () => this.#answers.get(id)?.(null));
      this.#answers.set(id, (answer) => {
        cancel();
        this.#answers.delete(id);
        resolve(answer);
      });
    });
  }

  #accept(socket: WebSocket): void {
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      for (const answer of [...this.#answers.values()]) answer(null);
      for (const [id, state] of this.#states)
        this.#states.set(id, { ...state, state: 'down', code: 'footage.recorder_away' });
      this.#parts.bus.hint({ type: 'camera.changed' });
    });
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : parse(String(data));
      if (!message) {
        socket.terminate();
        return;
      }
      // In order: facts are acknowledged in the order in which they came.
      this.#tail = this.#tail
        .then(() => this.#heard(socket, message))
        .catch((error: unknown) => {
          this.#parts.log(error);
          socket.terminate();
        });
    });
  }

  async #heard(socket: WebSocket, message: RecorderToHub): Promise<void> {
    if (message.type === 'hello') {
      const token = Buffer.from(message.token);
      const mine = Buffer.from(this.token);
      if (token.length !== mine.length || !timingSafeEqual(token, mine) || !isAbsolute(message.footageRoot)) {
        socket.terminate();
        return;
      }
      if (this.#socket !== socket) this.#socket?.terminate();
      this.#socket = socket;
      this.#recorder = message.recorder;
      this.#root = message.footageRoot;
      const acknowledged = await this.#parts.footage.cursor(message.recorder);
      this.#send({ type: 'welcome', acknowledged, recorder: message.recorder });
      // Before anything can go by them; a hub whose disk is full says so by itself, and they are told again with the next hello.
      if (message.limits !== undefined)
        await this.#parts.footage
          .noteLimits({ limits: message.limits, at: this.#parts.clock.now() })
          .catch(this.#parts.log);
      // Nothing about holds keeps a camera from recording.
      await this.camerasChanged();
      await this.holdsKept().catch(this.#parts.log);
      this.#server.emit('hailong-hello');
      return;
    }
    if (this.#socket !== socket || this.#recorder === null) {
      socket.terminate();
      return;
    }
    switch (message.type) {
      case 'facts': {
        const cursor = await this.#parts.footage.record({ recorder: this.#recorder, facts: message.facts });
        const stepped = message.facts.some(({ fact }) => fact.kind === 'clock.stepped');
        // The recorder takes no holds that were read before the step for those of after it.
        if (stepped) await this.#holds.stepped();
        this.#send({ type: 'acknowledged', cursor });
        if (stepped) this.holdsKept().catch(this.#parts.log);
        return;
      }
      case 'camera.state': {
        const { camera: cameraId, state, code, at } = message.state;
        const before = this.#states.get(cameraId);
        this.#states.set(cameraId, message.state);
        if (code === 'camera.basic_refused' && before?.code !== code)
          await this.#parts.cameras.noteBasicRefused({ cameraId, at });
        if (state === 'recording' && before?.state !== state)
          await this.#parts.cameras.noteRecording({ cameraId });
        this.#parts.bus.hint({ type: 'camera.changed' });
        return;
      }
      case 'camera.login': {
        const { camera: cameraId, address, seen } = message;
        const at = this.#parts.clock.now();
        if (await this.#parts.cameras.noteLogin({ cameraId, address, seen, at })) await this.camerasChanged();
        return;
      }
      case 'disk.state':
        this.#undeletable = message.undeletable;
        this.#parts.bus.hint({ type: 'camera.changed' });
        return;
      case 'camera.clock': {
        const { camera: cameraId, at, offsetMs } = message;
        if (await this.#parts.cameras.noteClock({ cameraId, at, offsetMs }))
          this.#parts.bus.hint({ type: 'camera.changed' });
        return;
      }
      case 'held.ask': {
        const rows = await this.#parts.segments.rowsOfFiles({ files: message.files });
        this.#send({ type: 'held', request: message.request, rows: [...rows] });
        return;
      }
      case 'probed':
      case 'framed':
      case 'rowed':
      case 'repaired':
      case 'discovered':
        this.#answers.get(message.request)?.(message);
    }
  }
}

function parse(text: string): RecorderToHub | null {
  try {
    const parsed = recorderToHub.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
