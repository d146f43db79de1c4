/**
 * Purpose: a camera map set right afterwards is followed by what is held: bad ratings and walk-ups of that counter and time are queued again, holds
 * of cases and officers' requests reach the cameras that the map has come to know of. In the transaction of the change.
 * Refuses: to end or shorten a hold, or to place again what is over. See hub-server/DESIGN.md, "Holds".
 */
import { type Db, run } from '../../op.ts';
import { followCases, followOfficers } from './hold-follow.ts';
import { DAY_MS } from './hold-rows.ts';

/** A turn with its bounds and an end nobody knows reaches no further. What is queued in vain is held as before. */
const AROUND_MS = DAY_MS;
const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** A row of this counter says so from now on; `to` null: still. */
export function holdByMap(
  db: Db,
  { counterId, from, to }: { readonly counterId: string; readonly from: number; readonly to: number | null },
  at: number,
): void {
  run(
    db,
    `INSERT OR IGNORE INTO hold_due SELECT t.id FROM service_transaction t
       LEFT JOIN effective_rating e ON e.transaction_id = t.id LEFT JOIN form_rating f ON f.transaction_id = t.id
       JOIN hold_rule r ON r.kind = 'rating'
     WHERE t.counter_id = ? AND (e.overall <= r.level_max OR f.lowest <= r.form_max)
       AND coalesce(t.finished_at, t.opened_at) >= ? AND coalesce(t.opened_at, t.finished_at) <= ?`,
    ...[counterId, from - AROUND_MS, to === null ? FOR_EVER : to + AROUND_MS],
  );
  run(
    db,
    `INSERT OR IGNORE INTO walkup_hold_due SELECT w.id FROM walkup w JOIN hold_rule r ON r.kind = 'rating'
     WHERE w.counter_id = ? AND w.level <= r.level_max AND w.opened_at BETWEEN ? AND ?`,
    ...[counterId, from - AROUND_MS, to === null ? FOR_EVER : to + AROUND_MS],
  );
  followCases(db, { where: 'coalesce(c.counter_id, t.counter_id) = ?', of: counterId }, at);
  followOfficers(db, counterId, at);
}
