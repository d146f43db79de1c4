/**
 * Purpose: one process per data folder. The lock is an exclusive SQLite transaction held on a file of its own: the
 *   operating system frees it when the process ends in whatever way, and readers of the database are not disturbed.
 * Refuses: the second process (`program.data_locked`).
 */
import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import Sqlite from 'better-sqlite3';

export function lockData(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // SQLite would only say that it cannot open; the system says why.
  accessSync(folder, constants.W_OK);
  const file = join(folder, 'agent.lock');
  const db = new Sqlite(file, { timeout: 0 });
  try {
    chmodSync(file, 0o600);
    db.pragma('journal_mode = DELETE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw new CodedError('program.data_locked', folder);
    throw error;
  }
  return { release: () => db.close() };
}
