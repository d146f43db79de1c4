/**
 * Opens the hub's database and proves that it keeps its promise: WAL with synchronous=FULL, read back.
 * better-sqlite3 in WAL mode silently runs synchronous=NORMAL, which loses acknowledged commits in a power cut.
 * Refuses: an SQLite with the WAL-reset bug, a schema newer than this program or with a gap, a mode that does not read back.
 * See hub-server/DESIGN.md, "Storage".
 */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import Database from 'better-sqlite3';
import { firstMissing } from './migrations/applied.ts';
import { migrations } from './migrations/index.ts';
import type { Db } from './op.ts';

/** Older ones can corrupt a database when the WAL is reset under a concurrent checkpoint. */
const SQLITE_OLDEST = '3.51.3';
const BUSY_TIMEOUT_MS = 5_000;
/** The system's page cache holds the rest. */
const CACHE_KB = 24_576;
/**
 * 96 MB at most between checkpoints, so that none falls into an hour when an agency comes back; the writer makes one
 * whenever it has nothing else to do (serve-calls.ts). Pages that grow at their right edge are written many times
 * before they are full.
 */
const WAL_PAGES = 24_576;
/** N-API 10: on an older Node better-sqlite3 13 dies by a silent segfault. */
const NAPI_OLDEST = 10;

export const databaseFile = (dataDir: string): string => join(dataDir, 'hub.sqlite');

export function ensurePrivateDir(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
}

/** Creates the file with 0600 before SQLite sees it; WAL and shared memory inherit the mode. */
export function ensurePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

function older(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < 3; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) < (b[i] ?? 0);
  return false;
}

function assertEngine(db: Db): void {
  if (Number(process.versions.napi) < NAPI_OLDEST)
    throw new CodedError('program.unsafe_storage', `Node-API ${process.versions.napi} < ${NAPI_OLDEST}`);
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  if (older(version, SQLITE_OLDEST))
    throw new CodedError('program.unsafe_storage', `SQLite ${version} < ${SQLITE_OLDEST}`);
}

function pragma(db: Db, name: string, value: string | number, expected: unknown): void {
  db.pragma(`${name} = ${value}`);
  const held = db.pragma(name, { simple: true });
  if (held !== expected) throw new CodedError('program.unsafe_storage', `${name} is ${String(held)}`);
}

export function openWriter(dataDir: string): Db {
  ensurePrivateDir(dataDir);
  const file = databaseFile(dataDir);
  ensurePrivateFile(file);
  const db = new Database(file);
  try {
    assertEngine(db);
    pragma(db, 'busy_timeout', BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS);
    pragma(db, 'journal_mode', 'WAL', 'wal');
    pragma(db, 'synchronous', 'FULL', 2);
    db.pragma(`cache_size = -${CACHE_KB}`);
    db.pragma(`wal_autocheckpoint = ${WAL_PAGES}`);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function openReader(dataDir: string): Db {
  const db = new Database(databaseFile(dataDir), { readonly: true, fileMustExist: true });
  assertEngine(db);
  pragma(db, 'busy_timeout', BUSY_TIMEOUT_MS, BUSY_TIMEOUT_MS);
  pragma(db, 'synchronous', 'FULL', 2);
  return db;
}

/** The newest schema this program knows. */
export const SCHEMA_VERSION = migrations.at(-1)?.version ?? 0;

/** Forward only, each in its own transaction; a newer schema, and one that misses an older migration, are refused untouched. */
export function migrate(db: Db): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > SCHEMA_VERSION)
    throw new CodedError('program.newer_data', `schema ${version}, this program knows ${SCHEMA_VERSION}`);
  const missing = firstMissing(
    db,
    migrations.filter((each) => each.version <= version),
  );
  if (missing !== null)
    throw new CodedError(
      'program.schema_gap',
      `schema ${version} without migration ${missing.version} (${missing.mark})`,
    );
  for (const each of migrations) {
    if (each.version <= version) continue;
    db.exec('BEGIN IMMEDIATE');
    try {
      db.exec(each.sql);
      db.pragma(`user_version = ${each.version}`);
      db.exec('COMMIT');
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}
