/** The file of the recorder's index: its mode, its durability, its schema. */
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import Database from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { INDEX_MIGRATIONS } from './index-migrations.ts';

const SCHEMA_VERSION = INDEX_MIGRATIONS.length;

/** Opens (and makes) `folder/index.sqlite`, as new as this program. Throws CodedError when it is newer or does not keep its mode. */
export function openIndexFile(folder: string): Database.Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'index.sqlite');
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const db = new Database(file);
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  if (db.pragma('synchronous', { simple: true }) !== 2) throw new CodedError('program.unsafe_storage', file);
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > SCHEMA_VERSION) throw new CodedError('program.newer_data', file);
  if (version < SCHEMA_VERSION)
    db.transaction(() => {
      for (const migration of INDEX_MIGRATIONS.slice(version)) db.exec(migration);
      if (version === 0) db.prepare('INSERT INTO meta VALUES (?, ?)').run('recorder', uuidv7());
      db.pragma(`user_version = ${SCHEMA_VERSION}`);
    })();
  return db;
}
