/**
 * Writes what facts project to, inside the operation that stores them. Transactions touched by a batch are read once,
 * folded in memory by the domain, and written once at the end, with their rollups changed by (new − old).
 */
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import { contribution, RollupChanges } from '../../../domain/ratings/rollup.ts';
import {
  applyFact,
  effectiveOf,
  emptyTransaction,
  type FactRef,
  isTransactionFact,
  monthOf,
  type TransactionState,
} from '../../../domain/ratings/transaction-fold.ts';
import { type Db, isStorageError, one, run } from '../op.ts';
import { loadTransaction, saveEffective, saveTransaction } from './transaction-rows.ts';

interface Touched {
  readonly before: TransactionState;
  now: TransactionState;
}

function refOf(db: Db, event: number): FactRef {
  const row = one<FactRef>(
    db,
    `SELECT event.id AS id, event.at AS at, device_epoch.epoch AS epoch, event.seq AS seq
     FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id WHERE event.id = ?`,
    event,
  );
  if (!row) throw new Error(`event ${event} is projected but not stored`);
  return row;
}

/** A vote alone changes nothing a station shows, so its officer's page must not move when one is given. */
function shownToStation(before: TransactionState, now: TransactionState): boolean {
  return (['service', 'opened', 'finished', 'annotated', 'prompt'] as const).some(
    (part) => before[part] !== now[part],
  );
}

export class Projection {
  readonly #db: Db;
  readonly #touched = new Map<string, Touched>();
  readonly #counters = new Set<string>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Answers the code of an event that cannot be projected and was set aside; this one throws instead. */
  project(body: EventBody, ref: FactRef, device: string): ErrorCode | null {
    this.apply(body, ref, device);
    return null;
  }

  protected apply(body: EventBody, ref: FactRef, device: string): void {
    if (isTransactionFact(body)) {
      const touched = this.#transaction(body.transaction);
      touched.now = applyFact(touched.now, body, ref, (event) => refOf(this.#db, event));
    } else if (body.type === 'duty.started') {
      run(
        this.#db,
        `INSERT INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, started_event)
         VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
        ...[body.duty, device, body.counter, body.officer, body.officerCode, body.unit, ref.at, ref.id],
      );
      this.#counters.add(body.counter);
    } else if (body.type === 'duty.ended') {
      run(
        this.#db,
        'UPDATE duty SET ended_at = ?, end_reason = ?, ended_event = ? WHERE id = ? AND ended_at IS NULL',
        ...[ref.at, body.reason, ref.id, body.duty],
      );
      const duty = one<{ counter: string }>(
        this.#db,
        'SELECT counter_id AS counter FROM duty WHERE id = ?',
        body.duty,
      );
      if (duty) this.#counters.add(duty.counter);
    } else if (body.type === 'press.stray') {
      run(
        this.#db,
        'INSERT OR IGNORE INTO stray_press (event_id, device, rating_id, button, reason, at) VALUES (?,?,?,?,?,?)',
        ...[ref.id, device, body.rating, body.button, body.reason, ref.at],
      );
    }
  }

  #transaction(id: string): Touched {
    let touched = this.#touched.get(id);
    if (!touched) {
      const before = loadTransaction(this.#db, id) ?? emptyTransaction(id);
      touched = { before, now: before };
      this.#touched.set(id, touched);
    }
    return touched;
  }

  /** Writes everything; answers what pages may want to know. Called once, last. */
  flush(cursor: number): { hints: LiveHint[]; counters: string[] } {
    const changes = new RollupChanges();
    const hints = new Map<string, LiveHint>();
    for (const { before, now } of this.#touched.values()) {
      if (before === now) continue;
      const votesChanged = before.votes !== now.votes;
      const old = effectiveOf(before);
      const effective = votesChanged ? effectiveOf(now) : old;
      saveTransaction(this.#db, before, now);
      if (votesChanged) saveEffective(this.#db, now.id, effective);
      changes.add(contribution(before, old), -1);
      changes.add(contribution(now, effective), 1);
      this.#hint(hints, before, now, cursor, votesChanged && effective !== null ? effective : null);
    }
    for (const { key, counts } of changes.changed())
      run(
        this.#db,
        `INSERT INTO rollup (month, unit_id, officer_id, counter_id, procedure_code, stage,
           served, prompted, rated, l1, l2, l3, l4, l5)
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
         ON CONFLICT DO UPDATE SET served = served + excluded.served, prompted = prompted + excluded.prompted,
           rated = rated + excluded.rated, l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3,
           l4 = l4 + excluded.l4, l5 = l5 + excluded.l5`,
        ...[key.month, key.unitId, key.officerId, key.counterId, key.procedureCode, key.stage],
        ...counts,
      );
    return { hints: [...hints.values()], counters: [...this.#counters] };
  }

  #hint(
    hints: Map<string, LiveHint>,
    before: TransactionState,
    now: TransactionState,
    cursor: number,
    rated: EffectiveRating | null,
  ): void {
    const counterId = now.service?.counterId;
    if (!counterId) return;
    if (shownToStation(before, now)) this.#counters.add(counterId);
    const typed = counterId as Extract<LiveHint, { type: 'transaction.changed' }>['counterId'];
    hints.set(`t ${counterId}`, { type: 'transaction.changed', cursor, counterId: typed });
    const month = monthOf(now);
    if (rated && month)
      hints.set(`r ${counterId} ${month}`, { type: 'rating.recorded', cursor, month, counterId: typed });
  }
}

/**
 * For a batch that could not be projected as a whole: each event by itself in a savepoint. One that fails goes into
 * quarantine with its bytes in the chain, and the others count.
 */
export class CarefulProjection extends Projection {
  readonly #db: Db;
  readonly #hints = new Map<string, LiveHint>();
  readonly #shown = new Set<string>();

  constructor(db: Db) {
    super(db);
    this.#db = db;
  }

  override project(body: EventBody, ref: FactRef, device: string): ErrorCode | null {
    this.#db.exec('SAVEPOINT event');
    try {
      const alone = new Projection(this.#db);
      alone.project(body, ref, device);
      const { hints, counters } = alone.flush(ref.id);
      for (const hint of hints) this.#hints.set(JSON.stringify({ ...hint, cursor: 0 }), hint);
      for (const counter of counters) this.#shown.add(counter);
      return null;
    } catch (error) {
      if (isStorageError(error)) throw error;
      this.#db.exec('ROLLBACK TO event');
      run(
        this.#db,
        "UPDATE event SET status = 'quarantined', code = 'event.invalid', detail = ? WHERE id = ?",
        ...[`not projected: ${error instanceof Error ? error.message : ''}`.slice(0, 200), ref.id],
      );
      return 'event.invalid';
    } finally {
      if (this.#db.inTransaction) this.#db.exec('RELEASE event');
    }
  }

  override flush(): { hints: LiveHint[]; counters: string[] } {
    return { hints: [...this.#hints.values()], counters: [...this.#shown] };
  }
}
