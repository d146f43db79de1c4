/**
 * One connection behind one port. The writer drains what is waiting and commits it in one transaction,
 * each operation in its own savepoint (group commit): an answer leaves only after COMMIT, and an operation that
 * fails undoes nothing but itself. Refuses: nothing; every failure crosses as a code.
 */

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import { diskRefusal } from './disk-refusal.ts';
import { type Db, isStorageError, type Op } from './op.ts';
import { openReader, openWriter } from './open-database.ts';
import { projectSlice } from './stores/inbox/projection-rows.ts';
import { judgeDue } from './stores/inbox/quarantine-rows.ts';
import { stores } from './stores.ts';

export interface Call {
  readonly id: number;
  readonly store: string;
  readonly op: string;
  readonly input: unknown;
}
export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly code: ErrorCode; readonly detail: string };
/** What projecting changed, told after its COMMIT. */
export interface Told {
  readonly hints: readonly LiveHint[];
  readonly counters: readonly string[];
  /** Projecting did not work; it is tried again. */
  readonly failed?: string;
}
/** Whose calls, over which port; the port is closed when there is nothing more to serve. */
export interface Served {
  readonly dataDir: string;
  readonly role: 'writer' | 'reader';
  readonly port: MessagePort;
}

/** Calls committed together: bounds the pause of the first one. */
const GROUP_MAX = 64;
/** How long stored events may wait to be projected while batches keep coming. */
const PROJECT_LAG_MS = 1_000;
/** Calls after which the WAL is copied back as soon as nothing waits, so that hardly an answer ever waits for it. */
const COPY_BACK_CALLS = 256;
/** After a failure (a full disk) projecting is tried again with the next write, or after this. */
const PROJECT_AGAIN_MS = 5_000;

function failure(id: number, error: unknown): Answer {
  if (error instanceof CodedError)
    return { id, ok: false, code: error.code, detail: error.detail ?? error.message };
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { id, ok: false, code: diskRefusal(error, 'hub.sqlite')?.code ?? 'internal.unexpected', detail };
}

function operation(call: Call): Op<unknown, unknown> {
  const store = (stores as unknown as Record<string, Record<string, Op<unknown, unknown>>>)[call.store];
  const op = store?.[call.op];
  if (!op) throw new Error(`no operation ${call.store}.${call.op}`);
  return op;
}

function group(db: Db, role: Served['role'], calls: readonly Call[]): Answer[] {
  const answers: Answer[] = [];
  try {
    db.exec(role === 'writer' ? 'BEGIN IMMEDIATE' : 'BEGIN');
    for (const call of calls) {
      if (role === 'writer') db.exec('SAVEPOINT one');
      try {
        answers.push({ id: call.id, ok: true, value: operation(call).run(db, call.input) });
      } catch (error) {
        answers.push(failure(call.id, error));
        if (role === 'writer' && db.inTransaction) db.exec('ROLLBACK TO one');
      }
      if (role === 'writer' && db.inTransaction) db.exec('RELEASE one');
      // A full disk may have rolled the whole transaction back: nothing before it was committed either.
      if (!db.inTransaction) throw new CodedError('program.disk_full', 'transaction rolled back by SQLite');
    }
    db.exec('COMMIT');
    return answers;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    return calls.map((call) => failure(call.id, error));
  }
}

/** Calls of one turn of the main thread's loop come as one message, answers of one group go as one. */
type Message = readonly Call[] | 'close';
const received = (port: MessagePort): Message | undefined =>
  receiveMessageOnPort(port)?.message as Message | undefined;

/** In a transaction of its own; null when it failed, and then nothing of it happened. The failure is told: figures that
 * stand still must not do so unseen. */
function alone<T>(db: Db, port: MessagePort, act: () => T): T | null {
  try {
    db.exec('BEGIN IMMEDIATE');
    const done = act();
    db.exec('COMMIT');
    return done;
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
    port.postMessage({ hints: [], counters: [], failed } satisfies Told);
    return null;
  }
}

/** One slice; then, when nothing more waits, one of what an upgrade lets out of quarantine. Answers whether more waits. */
function project(db: Db, port: MessagePort, retry: () => void): boolean {
  const done = alone(db, port, () => projectSlice(db));
  const judged = done?.more === false ? alone(db, port, () => judgeDue(db)) : undefined;
  const told: Told = {
    hints: done?.hints ?? [],
    counters: [...(done?.counters ?? []), ...(judged?.counters ?? [])],
  };
  if (told.hints.length > 0 || told.counters.length > 0) port.postMessage(told);
  if (done === null || judged === null) retry();
  return done?.more === true || judged?.more === true;
}

function serve(db: Db, { role, port }: Served): void {
  /** Since when something may wait to be projected; null: nothing does. */
  let since: number | null = role === 'writer' ? 0 : null;
  const waiting: Call[] = [];
  let uncopied = 0;
  let closing = false;
  let scheduled = false;
  const soon = (): void => {
    if (scheduled || closing || (since === null && waiting.length === 0)) return;
    scheduled = true;
    setImmediate(idle);
  };
  const retry = (): void => {
    setTimeout(() => {
      since ??= performance.now();
      soon();
    }, PROJECT_AGAIN_MS).unref();
  };
  const copyBack = (): void => {
    if (uncopied < COPY_BACK_CALLS) return;
    uncopied = 0;
    try {
      db.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      // As with SQLite's own: what cannot be copied now stays in the WAL, which is as good.
      if (!isStorageError(error)) throw error;
    }
  };
  /** Takes in what has come, up to a group; answers whether there is any. */
  const gather = (first?: Message): boolean => {
    for (let next = first ?? received(port); next !== undefined; next = received(port)) {
      if (next === 'close') closing = true;
      else waiting.push(...next);
      if (closing || waiting.length >= GROUP_MAX) break;
    }
    return waiting.length > 0 || closing;
  };
  const turn = (): void => {
    do {
      const calls = waiting.splice(0, GROUP_MAX);
      if (calls.length === 0) break;
      port.postMessage(group(db, role, calls));
      if (role === 'writer') {
        since ??= performance.now();
        uncopied += calls.length;
      }
    } while (closing);
    if (closing) {
      db.close();
      port.close();
    } else soon();
  };
  /** Batches first, until the lag is reached. */
  const idle = (): void => {
    scheduled = false;
    if (closing) return;
    const isLate = since !== null && performance.now() - since >= PROJECT_LAG_MS;
    if (!isLate && gather()) turn();
    else if (since !== null) {
      since = project(db, port, retry) ? performance.now() : null;
      if (since === null) copyBack();
      soon();
    }
  };
  port.on('message', (message: Message) => {
    if (!closing && gather(message)) turn();
  });
  soon();
}

/** Opens the data and serves what comes; answers call 0 when it is open, or why it is not. */
export function serveCalls(served: Served): void {
  const { dataDir, role, port } = served;
  try {
    const db = role === 'writer' ? openWriter(dataDir) : openReader(dataDir);
    serve(db, served);
    port.postMessage([{ id: 0, ok: true, value: null }] satisfies Answer[]);
  } catch (error) {
    port.postMessage([failure(0, error)]);
    port.close();
  }
}
