/**
 * Purpose: the chain as the upload sees it: heads, exact bytes, what the hub acknowledged.
 * Refuses: to hand out an event whose hash does not fit (SQLite has no page checksums); to delete the bytes of what is
 *   not safe, acknowledged and old by the hub's clock; to delete any hash.
 *   Acknowledgements are kept in memory and written at most once a second: the hub's own word at the next hello rules.
 * Document: kiosk-app/DESIGN.md, procedure 5, invariants K9 and K10.
 */
import {
  chainHash,
  type Event,
  fromHex,
  genesisHash,
  readEvent,
  type Sha256,
  toHex,
} from '@hailong/shared/edge/event.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import type { DeviceId, EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import { sameBytes } from '@hailong/shared/log/merkle.ts';
import { EPOCHS_MAX } from '@hailong/shared/protocol/edge.ts';
import type { Database } from 'better-sqlite3';
import type { BatchRead, HeldEpoch, Outbox, Timers } from '../../application/ports.ts';
import { isStorageError } from './open-database.ts';

const ACKNOWLEDGE_EVERY_MS = 1_000;

type HeldRow = Omit<HeldEpoch, 'hash' | 'last'> & { readonly hash: Uint8Array };
interface Row {
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
}

export class SqliteOutbox implements Outbox {
  readonly #db: Database;
  readonly #sha256: Sha256;
  readonly #device: DeviceId;
  readonly #timers: Timers;
  readonly #sql;
  readonly #pending = new Map<EpochId, number>();
  #cancel: (() => void) | null = null;

  constructor(db: Database, sha256: Sha256, device: DeviceId, timers: Timers) {
    this.#db = db;
    this.#sha256 = sha256;
    this.#device = device;
    this.#timers = timers;
    this.#sql = {
      // What the hub still lacks comes before what is only newer: no number of restarts pushes it out.
      epochs: db.prepare(
        `SELECT epoch, acknowledged, floor, head, hash FROM (
           SELECT e.no, e.epoch, e.acknowledged, e.floor, v.seq AS head, v.hash FROM epoch e
           JOIN event v ON v.epoch_no = e.no AND v.seq = (SELECT max(seq) FROM event WHERE epoch_no = e.no)
           ORDER BY e.no < (SELECT max(no) FROM epoch), e.acknowledged >= v.seq,
             CASE WHEN e.acknowledged >= v.seq THEN -e.no ELSE e.no END LIMIT ${EPOCHS_MAX})
         ORDER BY no`,
      ),
      more: db.prepare(`SELECT 1 FROM epoch LIMIT 1 OFFSET ${EPOCHS_MAX}`).pluck(),
      others: db.prepare(
        `SELECT e.epoch, e.acknowledged, e.floor, v.seq AS head, v.hash FROM epoch e
         JOIN event v ON v.epoch_no = e.no AND v.seq = (SELECT max(seq) FROM event WHERE epoch_no = e.no)
         WHERE e.acknowledged < v.seq ORDER BY e.no`,
      ),
      hashAt: db
        .prepare(
          'SELECT v.hash FROM epoch e JOIN event v ON v.epoch_no = e.no WHERE e.epoch = ? AND v.seq = ?',
        )
        .pluck(),
      headOf: db.prepare(
        `SELECT v.seq, v.hash FROM epoch e JOIN event v ON v.epoch_no = e.no
         WHERE e.epoch = ? ORDER BY v.seq DESC LIMIT 1`,
      ),
      from: db.prepare(
        `SELECT v.bytes, v.hash FROM epoch e JOIN event v ON v.epoch_no = e.no
         WHERE e.epoch = ? AND v.seq >= ? AND v.seq <= ? ORDER BY v.seq`,
      ),
      safe: db.prepare('UPDATE epoch SET safe = ? WHERE epoch = ?'),
      forgetWords: db.prepare('UPDATE epoch SET safe = 0, acknowledged = 0'),
      forked: db.prepare('UPDATE epoch SET forked = 1 WHERE epoch = ?'),
      lastOldAnchor: db.prepare(
        'SELECT epoch_no, seq FROM anchor WHERE hub_at <= ? ORDER BY epoch_no DESC, seq DESC LIMIT 1',
      ),
      prunable: db.prepare(
        `SELECT e.no, e.floor, min(e.safe, e.acknowledged,
           CASE WHEN e.no < @epoch THEN (SELECT max(seq) FROM event WHERE epoch_no = e.no) ELSE @seq END) AS last
         FROM epoch e WHERE e.no <= @epoch AND e.forked = 0 AND last >= e.floor ORDER BY e.no LIMIT 1`,
      ),
      empty: db.prepare("UPDATE event SET bytes = x'' WHERE epoch_no = ? AND seq BETWEEN ? AND ?"),
      raiseFloor: db.prepare('UPDATE epoch SET floor = ? WHERE no = ?'),
      acknowledge: db.prepare('UPDATE epoch SET acknowledged = max(acknowledged, ?) WHERE epoch = ?'),
    };
  }

  epochs(): readonly HeldEpoch[] {
    // Which epochs are named goes by what is written down.
    if (this.#pending.size > 0) this.flush();
    return reading(() => (this.#sql.epochs.all() as HeldRow[]).map((row) => this.#heldOf(row)));
  }

  hasMore(): boolean {
    return reading(() => this.#sql.more.get()) === 1;
  }

  others(named: ReadonlySet<EpochId>): { epochs: readonly HeldEpoch[]; more: boolean } {
    if (this.#pending.size > 0) this.flush();
    return reading(() => {
      const epochs: HeldEpoch[] = [];
      for (const row of this.#sql.others.iterate() as IterableIterator<HeldRow>) {
        if (named.has(row.epoch)) continue;
        if (epochs.length === EPOCHS_MAX) return { epochs, more: true };
        epochs.push(this.#heldOf(row));
      }
      return { epochs, more: false };
    });
  }

  #heldOf(row: HeldRow): HeldEpoch {
    return {
      ...row,
      hash: toHex(row.hash),
      last: this.#lastGood(row),
      acknowledged: Math.max(this.#pending.get(row.epoch) ?? 0, row.acknowledged),
    };
  }

  /** Only the end is looked at: what follows damage in the middle can be sent. Whole epochs are not read for it. */
  #lastGood({ epoch, head, floor }: HeldRow): number {
    let last = head;
    while (last >= floor && this.#readChained(epoch, last, 1, 1) === null) last--;
    return last;
  }

  hashAt(epoch: EpochId, seq: number): Sha256Hex | null {
    const hash = reading(() => this.#sql.hashAt.get(epoch, seq)) as Uint8Array | undefined;
    return hash ? toHex(hash) : null;
  }

  headOf(epoch: EpochId): { seq: number; hash: Sha256Hex } | null {
    const row = reading(() => this.#sql.headOf.get(epoch)) as { seq: number; hash: Uint8Array } | undefined;
    return row ? { seq: row.seq, hash: toHex(row.hash) } : null;
  }

  read(epoch: EpochId, first: number, eventsMax: number, bytesMax: number): BatchRead | null {
    return reading(() => this.#readChained(epoch, first, eventsMax, bytesMax));
  }

  #readChained(epoch: EpochId, first: number, eventsMax: number, bytesMax: number): BatchRead | null {
    let hash = this.#hashBefore(epoch, first);
    if (!hash) return null;
    const prevHash = toHex(hash);
    const events: Uint8Array[] = [];
    let bytes = 0;
    // One row more than asked for, which may prove the one before it.
    const rows = this.#sql.from.all(epoch, first, first + eventsMax) as Row[];
    for (const [index, row] of rows.slice(0, eventsMax).entries()) {
      bytes += row.bytes.byteLength + 4;
      if (events.length > 0 && bytes > bytesMax) break;
      const next = chainHash(this.#sha256, hash, row.bytes);
      if (!sameBytes(next, row.hash) && !this.#leadsOn(next, rows[index + 1])) break;
      hash = next;
      events.push(row.bytes);
    }
    if (events.length === 0) return null;
    return { events, prevHash, head: { seq: first + events.length - 1, hash: toHex(hash) } };
  }

  /** Hash of the event before `first`. Where the next event does not fit it, a flipped bit may be in the hash itself. */
  #hashBefore(epoch: EpochId, first: number): Uint8Array | null {
    if (first === 1) return genesisHash(this.#sha256, this.#device, epoch);
    const [before, row] = this.#sql.from.all(epoch, first - 1, first) as Row[];
    if (!before) return null;
    if (!row || before.bytes.byteLength === 0 || this.#leadsOn(before.hash, row)) return before.hash;
    const earlier = first === 2 ? null : this.hashAt(epoch, first - 2);
    const base = earlier ? fromHex(earlier) : genesisHash(this.#sha256, this.#device, epoch);
    const again = chainHash(this.#sha256, base, before.bytes);
    return this.#leadsOn(again, row) ? again : before.hash;
  }

  #leadsOn(hash: Uint8Array, row: Row | undefined): boolean {
    return row !== undefined && sameBytes(chainHash(this.#sha256, hash, row.bytes), row.hash);
  }

  between(epoch: EpochId, from: number, to: number): readonly Event[] {
    const rows = reading(() => this.#sql.from.all(epoch, from + 1, to)) as Row[];
    return rows.flatMap((row) => {
      const read = readEvent(row.bytes);
      return read.ok ? [read.event] : [];
    });
  }

  markSafe(safe: readonly { readonly epoch: EpochId; readonly seq: number }[]): boolean {
    return this.#noted(() => {
      for (const { epoch, seq } of safe) this.#sql.safe.run(seq, epoch);
    });
  }

  forgetWords(): boolean {
    if (!this.#noted(() => this.#sql.forgetWords.run())) return false;
    this.#pending.clear();
    return true;
  }

  markForked(epoch: EpochId): void {
    this.#noted(() => this.#sql.forked.run(epoch));
  }

  prune(hubAt: number, eventsMax: number): number {
    let emptied = 0;
    this.#noted(() => {
      const anchor = this.#sql.lastOldAnchor.get(hubAt) as { epoch_no: number; seq: number } | undefined;
      if (!anchor) return;
      const { epoch_no: epoch, seq } = anchor;
      const due = this.#sql.prunable.get({ epoch, seq }) as Prunable | undefined;
      if (!due) return;
      const last = Math.min(due.last, due.floor + eventsMax - 1);
      this.#sql.empty.run(due.no, due.floor, last);
      this.#sql.raiseFloor.run(last + 1, due.no);
      emptied = last - due.floor + 1;
    });
    return emptied;
  }

  acknowledge(epoch: EpochId, seq: number): void {
    this.#pending.set(epoch, seq);
    this.#cancel ??= this.#timers.after(ACKNOWLEDGE_EVERY_MS, () => this.flush());
  }

  /** Writes the notes down; on a full disk they wait in memory. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    const written = this.#noted(() => {
      for (const [epoch, seq] of this.#pending) this.#sql.acknowledge.run(seq, epoch);
    });
    if (written) this.#pending.clear();
  }

  /** A note beside the chain, in one transaction; false when the disk took it not. */
  #noted(write: () => void): boolean {
    try {
      this.#db.transaction(write).immediate();
      return true;
    } catch (error) {
      if (isStorageError(error)) return false;
      throw error;
    }
  }
}

interface Prunable {
  readonly no: number;
  readonly floor: number;
  readonly last: number;
}

/** A disk that does not answer is an expected state of a kiosk, with its own code. */
function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isStorageError(error)) throw new CodedError('kiosk.cannot_store', error.code);
    throw error;
  }
}
