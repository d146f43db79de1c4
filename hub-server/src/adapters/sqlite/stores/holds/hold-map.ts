/**
 * Purpose: a camera map set right afterwards is followed by what is held: bad ratings and walk-ups of that counter and time are queued again, holds
 * of cases and officers' requests reach the cameras that the map has come to know of. In the transaction of the change.
 * Refuses: to end or shorten a hold, or to place again what is over. See hub-server/DESIGN.md, "Holds".
 */
import { heldWindow } from '../../../../domain/footage/hold.ts';
import { type Db, many, run } from '../../op.ts';
import { CASE, type CaseAt, DAY_MS, openHold, placeAt, placeCase, turnOf } from './hold-rows.ts';

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
  for (const held of many<CaseAt>(
    db,
    `${CASE} LEFT JOIN service_transaction t ON t.id = c.transaction_id
     WHERE coalesce(c.counter_id, t.counter_id) = ? AND (c.status = 'open' OR c.closed_at > ? - r.days * ${DAY_MS})`,
    ...[counterId, at],
  ))
    if (held.status === 'open') openHold(db, held, at);
    else placeCase(db, held, at, (held.closedAt ?? at) + held.days * DAY_MS);
  for (const { request, subject, until } of many<{ request: string; subject: string; until: number }>(
    db,
    `SELECT DISTINCT request, subject, until FROM footage_hold
     WHERE kind = 'officer' AND counter_id = ? AND ended_at IS NULL`,
    counterId,
  )) {
    const turn = turnOf(db, subject);
    if (turn === null) continue;
    const asked = { request, kind: 'officer', subject, at, until } as const;
    placeAt(db, { counterId, window: heldWindow(turn) }, asked, `transaction:${subject}`);
  }
}
