/** `ProjectionState` as rows. The cursor lives in `meta` and is committed with what it covers. */
import type { ProjectionState, StoredEvent } from '../../../application/ports/projection-state.ts';
import { type Projected, projectEvents } from '../../../application/project-events.ts';
import type { FactRef } from '../../../domain/ratings/transaction-fold.ts';
import { judgeEvent } from '../../../domain/transactions/judge-event.ts';
import { type Db, isStorageError, many, one, run } from '../op.ts';
import { getMeta, setMeta } from './meta.ts';
import { loadTransaction, saveEffective, saveTransaction } from './transaction-rows.ts';

export const PROJECTION_CURSOR = 'projection.cursor';
/** Tables that are a fold over events and nothing else. */
export const PROJECTED: readonly string[] = [
  ...['duty', 'service_transaction', 'transaction_dossier', 'rating_prompt', 'vote', 'stray_press'],
  ...['effective_rating', 'rollup'],
];

export function projectionState(db: Db): ProjectionState {
  return {
    cursor: () => Number(getMeta(db, PROJECTION_CURSOR) ?? '0'),
    moveCursor: (event) => setMeta(db, PROJECTION_CURSOR, String(event)),
    newest: () => one<{ id: number | null }>(db, 'SELECT max(id) AS id FROM event')?.id ?? 0,
    after: (cursor, limit) =>
      many<StoredEvent>(
        db,
        `SELECT event.id, event.seq, event.bytes, device_epoch.device, device_epoch.epoch
         FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id
         WHERE event.id > ? AND event.status = 'stored' ORDER BY event.id LIMIT ?`,
        ...[cursor, limit],
      ),
    refOf(event) {
      const row = one<FactRef>(
        db,
        `SELECT event.id AS id, event.at AS at, device_epoch.epoch AS epoch, event.seq AS seq
         FROM event JOIN device_epoch ON device_epoch.id = event.epoch_id WHERE event.id = ?`,
        event,
      );
      if (!row) throw new Error(`event ${event} is projected but not stored`);
      return row;
    },
    transaction: (id) => loadTransaction(db, id),
    saveTransaction: (before, now) => saveTransaction(db, before, now),
    saveEffective: (transaction, effective) => saveEffective(db, transaction, effective),
    addToRollup(key, counts) {
      run(
        db,
        `INSERT INTO rollup (month, unit_id, officer_id, counter_id, procedure_code, stage,
           served, prompted, rated, l1, l2, l3, l4, l5)
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
         ON CONFLICT DO UPDATE SET served = served + excluded.served, prompted = prompted + excluded.prompted,
           rated = rated + excluded.rated, l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3,
           l4 = l4 + excluded.l4, l5 = l5 + excluded.l5`,
        ...[key.month, key.unitId, key.officerId, key.counterId, key.procedureCode, key.stage],
        ...counts,
      );
    },
    startDuty(body, ref, device) {
      run(
        db,
        `INSERT INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, started_event)
         VALUES (?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
        ...[body.duty, device, body.counter, body.officer, body.officerCode, body.unit, ref.at, ref.id],
      );
    },
    endDuty(body, ref) {
      run(
        db,
        'UPDATE duty SET ended_at = ?, end_reason = ?, ended_event = ? WHERE id = ? AND ended_at IS NULL',
        ...[ref.at, body.reason, ref.id, body.duty],
      );
      return (
        one<{ counter: string }>(db, 'SELECT counter_id AS counter FROM duty WHERE id = ?', body.duty)
          ?.counter ?? null
      );
    },
    keepStray(body, ref, device) {
      run(
        db,
        'INSERT OR IGNORE INTO stray_press (event_id, device, rating_id, button, reason, at) VALUES (?,?,?,?,?,?)',
        ...[ref.id, device, body.rating, body.button, body.reason, ref.at],
      );
    },
    setAside(event, code, detail) {
      run(
        db,
        "UPDATE event SET status = 'quarantined', code = ?, detail = ? WHERE id = ?",
        code,
        detail,
        event,
      );
    },
    alone(act) {
      db.exec('SAVEPOINT alone');
      try {
        act();
        return { ok: true };
      } catch (error) {
        if (isStorageError(error)) throw error;
        db.exec('ROLLBACK TO alone');
        return { ok: false, error };
      } finally {
        if (db.inTransaction) db.exec('RELEASE alone');
      }
    },
    clear() {
      for (const table of PROJECTED) db.exec(`DELETE FROM ${table}`);
      setMeta(db, PROJECTION_CURSOR, '0');
    },
  };
}

/** One bounded slice, inside the caller's transaction. */
export function projectSlice(db: Db): Projected {
  return projectEvents(projectionState(db), judgeEvent);
}

/** Everything that waits: for a write that must see the newest state. */
export function projectPending(db: Db): void {
  while (projectSlice(db).more);
}
