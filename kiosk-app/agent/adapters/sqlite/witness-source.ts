/**
 * Purpose: the chain's hashes for a witness, over a connection of its own that only reads and may run beside the agent.
 *   A database on a read-only medium (an image of a broken kiosk's disk) is read from a copy: WAL
 *   needs a folder it can write.
 * Refuses: to create a database, to write, to read one of a newer schema; a read lasts no longer than one slice, so that
 *   the agent's checkpointing is not held up.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import Sqlite, { type Database } from 'better-sqlite3';
import type { WitnessSource } from '../../application/write-witness.ts';
import { SCHEMA_VERSION } from './migrations.ts';
import { isStorageError, openDatabase } from './open-database.ts';

const BUSY_MS = 5_000;
const SLICE = 2_000;

export function openForReading(file: string): { readonly db: Database; close(): void } {
  try {
    const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    if ((db.pragma('user_version', { simple: true }) as number) === SCHEMA_VERSION)
      return { db, close: () => db.close() };
    db.close();
  } catch (error) {
    if (!isStorageError(error) || !/^SQLITE_(CANTOPEN|READONLY)/.test(error.code)) throw error;
  }
  return openCopy(file);
}

/** Also an older schema is read from a copy, which is brought forward; a newer one is refused. */
function openCopy(file: string): { readonly db: Database; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'hailong-witness-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    for (const end of ['', '-wal'])
      if (existsSync(file + end)) copyFileSync(file + end, join(folder, `agent.db${end}`));
    const db = openDatabase(join(folder, 'agent.db'));
    return {
      db,
      close() {
        db.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

export function witnessSource(db: Database): WitnessSource {
  const epochs = db.prepare(
    `SELECT e.epoch, (SELECT max(seq) FROM event WHERE epoch_no = e.no) AS head FROM epoch e
     WHERE head IS NOT NULL ORDER BY e.no`,
  );
  const hashes = db
    .prepare(
      `SELECT v.hash FROM epoch e JOIN event v ON v.epoch_no = e.no
       WHERE e.epoch = ? AND v.seq BETWEEN ? AND ? ORDER BY v.seq`,
    )
    .pluck();
  return {
    epochs: () => epochs.all() as { epoch: EpochId; head: number }[],
    *hashes(epoch, head): Generator<Sha256Hex> {
      for (let first = 1; first <= head; first += SLICE)
        for (const hash of hashes.all(epoch, first, Math.min(head, first + SLICE - 1)) as Uint8Array[])
          yield toHex(hash);
    },
  };
}
