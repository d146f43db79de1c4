/**
 * One thread with one connection. The writer's thread drains what is waiting and commits it in one transaction,
 * each operation in its own savepoint (group commit): an answer leaves only after COMMIT, and an operation that
 * fails undoes nothing but itself. Refuses: nothing; every failure crosses as a code.
 */

import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { CodedError, type ErrorCode } from '@hailong/shared/errors.ts';
import type { Db, Op } from './op.ts';
import { openReader, openWriter } from './open-database.ts';
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
export interface WorkerData {
  readonly dataDir: string;
  readonly role: 'writer' | 'reader';
  readonly port: MessagePort;
}

/** Calls committed together: bounds the pause of the first one. */
const GROUP_MAX = 64;

const { dataDir, role, port } = workerData as WorkerData;

function failure(id: number, error: unknown): Answer {
  if (error instanceof CodedError)
    return { id, ok: false, code: error.code, detail: error.detail ?? error.message };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    id,
    ok: false,
    code: code === 'SQLITE_FULL' ? 'program.disk_full' : 'internal.unexpected',
    detail,
  };
}

function operation(call: Call): Op<unknown, unknown> {
  const store = (stores as unknown as Record<string, Record<string, Op<unknown, unknown>>>)[call.store];
  const op = store?.[call.op];
  if (!op) throw new Error(`no operation ${call.store}.${call.op}`);
  return op;
}

function group(db: Db, calls: readonly Call[]): Answer[] {
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

function serve(db: Db): void {
  port.on('message', (first: Call | 'close') => {
    const calls: Call[] = [];
    let closing = false;
    let next: Call | 'close' | undefined = first;
    while (next !== undefined) {
      if (next === 'close') closing = true;
      else calls.push(next);
      next =
        closing || calls.length >= GROUP_MAX
          ? undefined
          : (receiveMessageOnPort(port)?.message as Call | 'close' | undefined);
    }
    if (calls.length > 0) for (const answer of group(db, calls)) port.postMessage(answer);
    if (closing) {
      db.close();
      port.close();
    }
  });
}

try {
  const db = role === 'writer' ? openWriter(dataDir) : openReader(dataDir);
  serve(db);
  port.postMessage({ id: 0, ok: true, value: null } satisfies Answer);
} catch (error) {
  port.postMessage(failure(0, error));
  port.close();
}
