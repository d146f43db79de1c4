/**
 * Purpose: the chain's hashes for a witness, over a connection of its own that only reads and may run beside the agent.
 * Refuses: to create a database, to write, to read one of a newer schema; a read lasts no longer than one slice, so that
 *   the agent's checkpointing is not held up.
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import Sqlite, { type Database } from 'better-sqlite3';
import type { WitnessSource } from '../../application/write-witness.ts';
import { SCHEMA_VERSION } from './migrations.ts';

const BUSY_MS = 5_000;
const SLICE = 2_000;

export function openForReading(file: string): Database {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  const found = db.pragma('user_version', { simple: true }) as number;
  if (found <= SCHEMA_VERSION) return db;
  db.close();
  throw new CodedError('program.newer_data', `schema ${found}, this program knows ${SCHEMA_VERSION}`);
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
