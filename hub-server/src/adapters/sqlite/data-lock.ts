/**
 * One program per data folder. The lock is an exclusive SQLite transaction on a file of its own, held as long as
 * the program lives: the kernel drops it at any death, a kill -9 included, so there is no stale lock to remove.
 * Refuses: a second holder, at once (`program.data_locked`); a folder that cannot be written to (`program.read_only`).
 */
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import Database from 'better-sqlite3';
import { diskRefusal } from './disk-refusal.ts';
import { ensurePrivateDir, ensurePrivateFile } from './open-database.ts';

export interface DataLock {
  release(): void;
}

export function lockData(dataDir: string): DataLock {
  const file = join(dataDir, 'hub.lock');
  try {
    ensurePrivateDir(dataDir);
    ensurePrivateFile(file);
  } catch (error) {
    throw diskRefusal(error, dataDir) ?? error;
  }
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY'))
      throw new CodedError('program.data_locked', dataDir);
    throw error;
  }
  return { release: () => db.close() };
}
