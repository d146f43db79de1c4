/**
 * Purpose: the line to the hub: one WebSocket, opened again whenever it closes; facts go out from the hub's last
 * acknowledged cursor, a bounded number ahead of its acknowledgement.
 * Refuses: messages of another form (the line is closed and opened again), sending facts that are not in the index.
 */
import {
  type CameraState,
  type HeldRow,
  type HubToRecorder,
  hubToRecorder,
  type RecorderToHub,
  type SpaceLimits,
  type UndeletableFiles,
} from '@hailong/shared/protocol/footage.ts';
import type { Timers, UtcMs } from '@hailong/shared/time.ts';
import WebSocket from 'ws';
import type { FootageIndex, Hub, Log } from '../application/ports.ts';

export interface HubLineOptions {
  readonly url: string;
  readonly token: string;
  readonly footageRoot: string;
  /** By which it lets footage go; null: it lets nothing go. */
  readonly limits: SpaceLimits | null;
  readonly index: FootageIndex;
  readonly timers: Timers;
  readonly log: Log;
}

export interface HubOrders {
  message(message: Exclude<HubToRecorder, { type: 'welcome' | 'held' }>): void;
  /** The hub knows this recorder: tell it what has no cursor. */
  welcomed(acknowledged: number): void;
  away(): void;
}

/** Facts in one message, about 0.6 KB each. */
const BATCH = 200;
/** Sent but not acknowledged, at most. */
const AHEAD = 1_000;
const PAUSE_MS = { first: 250, last: 5_000 } as const;
/** 100,000 holds fit. */
const MESSAGE_BYTES_MAX = 33_554_432;
const HANDSHAKE_MS = 5_000;
/** Two hundred look-ups by a hub that is busy. */
const HELD_MS = 30_000;

export class HubLine implements Hub {
  readonly #options: HubLineOptions;
  #orders: HubOrders | null = null;
  #socket: WebSocket | null = null;
  #welcomed = false;
  #sent = 0;
  #acknowledged = 0;
  #pauseMs: number = PAUSE_MS.first;
  #cancel = (): void => undefined;
  #closed = false;
  readonly #drained = new Set<() => void>();
  readonly #held = new Map<number, (rows: readonly HeldRow[] | null) => void>();
  #requests = 0;

  constructor(options: HubLineOptions) {
    this.#options = options;
  }

  open(orders: HubOrders): void {
    this.#orders = orders;
    this.#connect();
  }

  factsRecorded(): void {
    this.#pump();
  }

  tellState(state: CameraState): void {
    if (this.#welcomed) this.send({ type: 'camera.state', state });
  }

  tellUndeletable(undeletable: UndeletableFiles): void {
    if (this.#welcomed) this.send({ type: 'disk.state', undeletable });
  }

  send(message: RecorderToHub): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  acknowledged(): number {
    return this.#acknowledged;
  }

  heldRows(
    files: readonly { readonly file: string; readonly modifiedAt: number }[],
  ): Promise<readonly HeldRow[] | null> {
    if (!this.#welcomed) return Promise.resolve(null);
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((done) => {
      const cancel = this.#options.timers.after(HELD_MS, () => this.#held.get(request)?.(null));
      this.#held.set(request, (rows) => {
        cancel();
        this.#held.delete(request);
        done(rows);
      });
      this.send({
        ...{ type: 'held.ask', request },
        files: files.map(({ file, modifiedAt }) => ({ file, modifiedAt: Math.max(0, modifiedAt) as UtcMs })),
      });
    });
  }

  /** Waits until the hub has acknowledged everything, at most `withinMs`. */
  async drained(withinMs: number): Promise<void> {
    if (!this.#welcomed || this.#options.index.factsAfter(this.#acknowledged, 1).length === 0) return;
    await new Promise<void>((done) => {
      const cancel = this.#options.timers.after(withinMs, () => end());
      const end = (): void => {
        cancel();
        this.#drained.delete(end);
        done();
      };
      this.#drained.add(end);
    });
  }

  /** The same, and closes. */
  async close(withinMs: number): Promise<void> {
    await this.drained(withinMs);
    this.#closed = true;
    this.#cancel();
    this.#socket?.terminate();
  }

  #connect(): void {
    const { url, token, footageRoot, limits, index } = this.#options;
    const socket = new WebSocket(url, { maxPayload: MESSAGE_BYTES_MAX, handshakeTimeout: HANDSHAKE_MS });
    this.#socket = socket;
    socket.on('open', () =>
      this.send({
        ...{ type: 'hello', token, recorder: index.recorderId(), footageRoot },
        ...(limits === null ? {} : { limits }),
      }),
    );
    socket.on('message', (data) => this.#heard(socket, String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      if (this.#welcomed) this.#orders?.away();
      this.#welcomed = false;
      for (const end of this.#drained) end();
      for (const end of [...this.#held.values()]) end(null);
      if (this.#closed) return;
      this.#cancel = this.#options.timers.after(this.#pauseMs, () => this.#connect());
      this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MS.last);
    });
  }

  #heard(socket: WebSocket, text: string): void {
    const message = parse(text);
    if (message === null) {
      this.#options.log('request.invalid');
      socket.terminate();
    } else if (message.type === 'welcome' && message.acknowledged > this.#options.index.lastCursor()) {
      this.#options.index.becomeAnother();
      socket.terminate();
    } else if (message.type === 'welcome') {
      this.#pauseMs = PAUSE_MS.first;
      this.#welcomed = true;
      this.#sent = message.acknowledged;
      this.#acknowledged = message.acknowledged;
      this.#orders?.welcomed(message.acknowledged);
      this.#pump();
    } else if (this.#welcomed) {
      if (message.type === 'acknowledged') {
        this.#acknowledged = message.cursor;
        this.#pump();
      }
      if (message.type === 'held') this.#held.get(message.request)?.(message.rows);
      else this.#orders?.message(message);
    }
  }

  #pump(): void {
    while (this.#welcomed && this.#sent - this.#acknowledged < AHEAD) {
      const facts = this.#options.index.factsAfter(this.#sent, BATCH);
      const last = facts.at(-1);
      if (last === undefined) break;
      this.send({ type: 'facts', facts: [...facts] });
      this.#sent = last.cursor;
    }
    if (this.#options.index.factsAfter(this.#acknowledged, 1).length === 0)
      for (const end of this.#drained) end();
  }
}

function parse(text: string): HubToRecorder | null {
  try {
    const parsed = hubToRecorder.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
