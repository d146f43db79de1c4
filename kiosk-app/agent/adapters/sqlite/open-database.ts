/**
 * Purpose: the only way a connection to the agent's database is made, so that each one is durable.
 *   better-sqlite3 silently runs synchronous=NORMAL in WAL mode: FULL is set after journal_mode and read back.
 * Refuses: a connection that is not WAL and FULL, SQLite before 3.51.3 (WAL-reset corruption), a newer schema.
 * Document: kiosk-app/DESIGN.md, invariant K2.
 */
import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeSaid, diskFault } from '@hailong/shared/disk-fault.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import Sqlite, { type Database } from 'better-sqlite3';
import { migrate } from './migrations.ts';

const SQLITE_OLDEST = [3, 51, 3] as const;
/** Longer than any reader holds the file; the agent is its only writer. */
const BUSY_MS = 5_000;
/** The driver's own build would take 16 MB in the course of a day; what a counter looks up fits in this. */
const CACHE_KB = 1_024;

export function openDatabase(file: string): Database {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const db = new Sqlite(file);
  try {
    chmodSync(file, 0o600);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma(`busy_timeout = ${BUSY_MS}`);
    db.pragma('trusted_schema = OFF');
    db.pragma(`cache_size = -${CACHE_KB}`);
    // What is deleted or replaced is overwritten: the name of an officer who left lies in no free space.
    db.pragma('secure_delete = ON');
    assertDurable(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * The WAL repeats what was there before; emptied, only what stands now is on the disk. While somebody reads (a witness
 * being written) that is not possible, and the next time does it.
 */
export function wipeDeleted(db: Database): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!isStorageError(error)) throw error;
  }
}

/** How many bytes inside the file new rows can take before it grows. */
export function reusableBytes(db: Database): number {
  const read = (name: string) => db.pragma(name, { simple: true }) as number;
  return read('freelist_count') * read('page_size');
}

/** Opens it also on a full disk: the WAL and its index need some room, which the ballast gives back. */
export function openWithRoom(file: string, release: () => boolean): Database {
  for (;;) {
    try {
      return openDatabase(file);
    } catch (error) {
      const full = isStorageError(error) && /^SQLITE_(FULL|IOERR|CANTOPEN)/.test(error.code);
      if (!full || !release()) throw error;
    }
  }
}

/** Throws `program.unsafe_storage` unless every commit on this connection reaches the disk. */
export function assertDurable(db: Database): void {
  const read = (name: string) => db.pragma(name, { simple: true });
  if (read('journal_mode') !== 'wal') throw new CodedError('program.unsafe_storage', 'journal_mode');
  if (read('synchronous') !== 2) throw new CodedError('program.unsafe_storage', 'synchronous');
  if (read('busy_timeout') !== BUSY_MS) throw new CodedError('program.unsafe_storage', 'busy_timeout');
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  if (!isAtLeast(version, SQLITE_OLDEST)) throw new CodedError('program.unsafe_storage', `SQLite ${version}`);
}

export function isAtLeast(version: string, oldest: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [i, least] of oldest.entries()) {
    const part = parts[i] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** Errors of the storage itself (full, I/O, read-only), as opposed to errors of ours. */
export function isStorageError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Sqlite.SqliteError &&
    /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|CORRUPT|NOTADB|NOMEM|PROTOCOL)/.test(error.code)
  );
}

/** What the disk said, as a code of ours, whether it said so to SQLite or to us; null: it was something else. */
export function codedStorage(error: unknown): CodedError | null {
  const said = codeSaid(error);
  const fault = diskFault(error);
  if (fault !== null) return new CodedError(fault === 'full' ? 'program.disk_full' : 'kiosk.read_only', said);
  if (/^EIO/.test(said) || isStorageError(error)) return new CodedError('kiosk.cannot_store', said);
  return null;
}
