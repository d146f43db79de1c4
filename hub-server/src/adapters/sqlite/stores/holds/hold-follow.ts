/**
 * Purpose: a turn whose times change after it was held takes its holds along: of cases, officers' requests and ratings alike. A kiosk's clock
 * is placed late, a prompt comes after the finish, a press comes by another way: each is queued where it is written (053).
 * Refuses: to end or shorten a hold, or to place again what is over. See hub-server/DESIGN.md, "Holds".
 */
import { heldWindow } from '../../../../domain/footage/hold.ts';
import { type Db, many, run } from '../../op.ts';
import { CASE, type CaseAt, DAY_MS, openHold, placeAt, placeCase, type TurnAt, turnOf } from './hold-rows.ts';

/** Queued ones: at most `limit`. How many are left does not matter: the caller asks until none is. */
export function holdMoved(db: Db, at: number, limit: number): number {
  const due = many<{ id: string }>(db, `SELECT transaction_id AS id FROM hold_moved LIMIT ${limit}`);
  for (const { id } of due) {
    run(db, 'DELETE FROM hold_moved WHERE transaction_id = ?', id);
    const turn = turnOf(db, id);
    if (turn === null) continue;
    followCases(db, { where: "c.transaction_id = ? AND c.transaction_id <> ''", of: id }, at);
    for (const held of many<Followed>(
      db,
      `SELECT DISTINCT request, kind, subject, until FROM footage_hold
       WHERE subject = ? AND kind IN ('officer', 'rating') AND ended_at IS NULL`,
      id,
    ))
      follow(db, held, turn, at);
  }
  return due.length;
}

/** What these cases hold lies where they are now, until the date it had. `t`: the turn of a case `c`. */
export function followCases(
  db: Db,
  { where, of }: { readonly where: string; readonly of: string },
  at: number,
): void {
  for (const held of many<CaseAt>(
    db,
    `${CASE} LEFT JOIN service_transaction t ON t.id = c.transaction_id
     WHERE ${where} AND (c.status = 'open' OR c.closed_at > ? - r.days * ${DAY_MS})`,
    ...[of, at],
  ))
    if (held.status === 'open') openHold(db, held, at);
    else placeCase(db, held, at, (held.closedAt ?? at) + held.days * DAY_MS);
}

interface Followed {
  readonly request: string;
  readonly kind: 'officer' | 'rating';
  readonly subject: string;
  readonly until: number;
}
function follow(db: Db, { request, kind, subject, until }: Followed, turn: TurnAt, at: number): void {
  const asked = { request, kind, subject, at, until };
  placeAt(db, { counterId: turn.counterId, window: heldWindow(turn) }, asked, `transaction:${subject}`);
}

/** Officers' requests of turns of this counter. */
export function followOfficers(db: Db, counterId: string, at: number): void {
  for (const held of many<Followed>(
    db,
    `SELECT DISTINCT request, kind, subject, until FROM footage_hold
     WHERE kind = 'officer' AND counter_id = ? AND ended_at IS NULL`,
    counterId,
  )) {
    const turn = turnOf(db, held.subject);
    if (turn !== null) follow(db, held, turn, at);
  }
}
