/**
 * The hub's storage on SQLite as the main thread sees it: typed ports over one writer thread and one reader thread.
 * A write answers after its COMMIT, so whatever is read afterwards contains it.
 * Refuses: data in use by another program, a newer schema, an unsafe mode. See README.md in this folder.
 */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { CodedError } from '@hailong/shared/errors.ts';
import { type DataLock, lockData } from './data-lock.ts';
import type { Op, PortOf } from './op.ts';
import type { Answer, Call, Served, Told } from './serve-calls.ts';
import { stores } from './stores.ts';

export type Storage = { readonly [N in keyof typeof stores]: PortOf<(typeof stores)[N]> };

export interface OpenStorage {
  readonly storage: Storage;
  /** The program cannot go on: a storage thread died. */
  readonly failed: Promise<Error>;
  /** What projecting changed, after its COMMIT: hints for pages, and the counters whose view changed. */
  onProjected(listen: (told: Told) => void): void;
  close(): Promise<void>;
}

/** Who serves the calls of one connection, in this thread or another. */
export interface Serving {
  /** It died. */
  readonly failed: Promise<Error>;
  /** Its port is closed, its connection too. */
  readonly ended: Promise<void>;
}

function serveInThread(served: Served): Serving {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: served,
    transferList: [served.port],
    name: `hub-${served.role}`,
  });
  return {
    failed: new Promise((resolve) => worker.once('error', (error) => resolve(error as Error))),
    ended: new Promise((resolve) => worker.once('exit', () => resolve())),
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

class Channel {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #out: Call[] = [];
  #moving: ArrayBuffer[] = [];
  #next = 1;
  #gone = false;
  readonly ready: Promise<unknown>;
  readonly failed: Promise<Error>;
  told: (told: Told) => void = () => undefined;
  #ended: Promise<void>;

  constructor(dataDir: string, role: Served['role'], start: (served: Served) => Serving) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.ready = new Promise((resolve, reject) => this.#waiting.set(0, { resolve, reject }));
    const serving = start({ dataDir, role, port: port2 });
    port1.on('message', (message: readonly Answer[] | Told) => this.#heard(message));
    this.failed = serving.failed;
    this.#ended = serving.ended;
    void this.#ended.then(() => {
      this.#gone = true;
      // Its last words may not have been heard yet: why it could not start, say.
      for (let last = receiveMessageOnPort(port1); last; last = receiveMessageOnPort(port1))
        this.#heard(last.message as readonly Answer[] | Told);
      for (const each of this.#waiting.values())
        each.reject(new CodedError('internal.unexpected', 'storage closed'));
      this.#waiting.clear();
      port1.close();
    });
  }

  #heard(message: readonly Answer[] | Told): void {
    if ('hints' in message) this.told(message);
    else for (const answer of message) this.#settle(answer);
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(new CodedError(answer.code, answer.detail));
  }

  call(store: string, op: string, input: unknown, bulk?: string): Promise<unknown> {
    // Whoever asks while the program ends (the last signature of the log, say) gets an answer.
    if (this.#gone) return Promise.reject(new CodedError('internal.unexpected', 'storage closed'));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#out.push({ id, store, op, input: bulk === undefined ? input : this.#moved(input, bulk) });
      if (this.#out.length === 1) setImmediate(() => this.#flush());
    });
  }

  /** The caller keeps its own: a view of a socket's buffer would take all of that buffer along. */
  #moved(input: unknown, bulk: string): unknown {
    const given = input as Readonly<Record<string, Uint8Array>>;
    const bytes = new Uint8Array(given[bulk] as Uint8Array);
    this.#moving.push(bytes.buffer);
    return { ...given, [bulk]: bytes };
  }

  /** What many sockets asked for in one turn of the loop crosses as one message. */
  #flush(): void {
    const calls = this.#out;
    if (calls.length === 0) return;
    const moving = this.#moving;
    this.#out = [];
    this.#moving = [];
    this.#port.postMessage(calls, moving);
  }

  async close(): Promise<void> {
    this.#flush();
    this.#port.postMessage('close');
    await this.#ended;
  }
}

/** `start`: a thread of its own for each connection, unless whoever opens it has a reason for another place. */
export async function openStorage(
  dataDir: string,
  start: (served: Served) => Serving = serveInThread,
): Promise<OpenStorage> {
  const lock: DataLock = lockData(dataDir);
  const opened: Channel[] = [];
  try {
    const writer = new Channel(dataDir, 'writer', start);
    opened.push(writer);
    await writer.ready;
    const reader = new Channel(dataDir, 'reader', start);
    opened.push(reader);
    await reader.ready;
    const ports: Record<string, Record<string, (input: unknown) => Promise<unknown>>> = {};
    for (const [name, store] of Object.entries(
      stores as unknown as Record<string, Record<string, Op<unknown, unknown>>>,
    )) {
      ports[name] = Object.fromEntries(
        Object.entries(store).map(([op, { mode, bulk }]) => [
          op,
          (input: unknown) => (mode === 'write' ? writer : reader).call(name, op, input, bulk),
        ]),
      );
    }
    return {
      storage: ports as unknown as Storage,
      failed: Promise.race([writer.failed, reader.failed]),
      onProjected(listen) {
        writer.told = listen;
      },
      async close() {
        await reader.close();
        await writer.close();
        lock.release();
      },
    };
  } catch (error) {
    await Promise.all(opened.map((each) => each.close()));
    lock.release();
    throw error;
  }
}
