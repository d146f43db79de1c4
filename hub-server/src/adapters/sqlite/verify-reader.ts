/**
 * Purpose: a hub's database as the checks read it: one read-only connection, one snapshot, rows streamed one by one, so
 *   that a hub goes on beside it and millions of rows take no memory.
 * Refuses: to change anything. A damaged page throws SQLITE_CORRUPT, which the caller makes a finding.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import Database from 'better-sqlite3';
import type { HeldDevice, HeldEpoch, HeldEvent, HeldGap, HeldSigned } from '../../domain/verify/held.ts';
import { type Db, one } from './op.ts';

/** A hub may be in the middle of a checkpoint. */
const BUSY_TIMEOUT_MS = 5_000;
/** Lines of SQLite's own check that are kept. */
const INTEGRITY_MAX = 10;

export interface Snapshot {
  readonly db: Db;
  /** When it was opened by this machine's clock, UTC ms: what came later is no business of it. */
  readonly openedAt: number;
  all<Row>(sql: string, ...values: unknown[]): Iterable<Row>;
  get<Row>(sql: string, ...values: unknown[]): Row | undefined;
  close(): void;
}

/** Opens the file as it is now; what is written later is not seen. */
export function openSnapshot(file: string): Snapshot {
  const openedAt = Date.now();
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
    db.pragma('cache_size = -32768');
    db.exec('BEGIN');
    // The snapshot begins with the first read.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    db.close();
    throw error;
  }
  // A check that stopped half way leaves its rows open, and a connection with open rows does not close.
  const open = new Set<IterableIterator<unknown>>();
  function* rows<Row>(sql: string, values: readonly unknown[]): Iterable<Row> {
    const each = db.prepare(sql).iterate(...values);
    open.add(each);
    try {
      yield* each as IterableIterator<Row>;
    } finally {
      open.delete(each);
    }
  }
  return {
    ...{ db, openedAt },
    all: <Row>(sql: string, ...values: unknown[]) => rows<Row>(sql, values),
    get: <Row>(sql: string, ...values: unknown[]) => one<Row>(db, sql, ...values),
    close() {
      for (const each of open) each.return?.();
      db.close();
    },
  };
}

/** SQLite's own check of pages and indexes (full-text ones too); empty: nothing wrong. */
export function integrityLines({ db }: Snapshot): string[] {
  const lines = db.prepare(`PRAGMA integrity_check(${INTEGRITY_MAX})`).pluck().all() as string[];
  return lines.length === 1 && lines[0] === 'ok' ? [] : lines;
}

export const EPOCHS =
  'SELECT id, device, epoch, head_seq AS headSeq, head_hash AS headHash FROM device_epoch ORDER BY device, id';

export const epochsOf = (snapshot: Snapshot): Iterable<HeldEpoch> => snapshot.all<HeldEpoch>(EPOCHS);

export const eventsOf = (snapshot: Snapshot, epochId: number): Iterable<HeldEvent> =>
  snapshot.all<HeldEvent>(
    `SELECT seq, branch, hash, prev_hash AS prev, bytes, type, at, status FROM event
     WHERE epoch_id = ? ORDER BY seq, branch`,
    epochId,
  );

export const signedOf = (snapshot: Snapshot, epochId: number): Iterable<HeldSigned> =>
  snapshot.all<HeldSigned>(
    'SELECT seq, hash, checkpoint, sig FROM signed_head WHERE epoch_id = ? ORDER BY seq, hash',
    epochId,
  );

export function deviceOf(snapshot: Snapshot, id: string): HeldDevice | null {
  return (
    snapshot.get<HeldDevice>(
      'SELECT id, public_key AS publicKey, enrol_serial AS serial FROM device WHERE id = ?',
      id,
    ) ?? null
  );
}

export const gapsOf = (snapshot: Snapshot, epochId: number): HeldGap[] => [
  ...snapshot.all<HeldGap>(
    'SELECT from_seq AS "from", to_seq + 1 AS resumes FROM chain_gap WHERE epoch_id = ? ORDER BY from_seq',
    epochId,
  ),
];
