/**
 * Purpose: holds as rows, one a camera: placed for a turn or an interval, dated, ended; each step with its row of the log.
 * Refuses: a hold where no camera looked; to place again what two people ended. See hub-server/DESIGN.md, "Holds".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import {
  askHold,
  type HeldTurn,
  type HoldRule,
  heldUntil,
  heldWindow,
} from '../../../../domain/footage/hold.ts';
import { servedSpan } from '../../../../domain/footage/served-span.ts';
import { type Interval, PADDING_MS } from '../../../../domain/footage/window.ts';
import { type Db, many, one, run } from '../../op.ts';
import { EVER_SEEN } from '../cameras/camera-rows.ts';
import { lanesView } from '../inbox/transaction-views.ts';
import { appendAudit } from '../log/audit.ts';
import { WIDEST_LATENCY } from './hold-latency.ts';

export const DAY_MS = 86_400_000;

export type TurnAt = HeldTurn & { readonly counterId: string };

export function ruleOf(db: Db, kind: 'officer' | 'rating'): HoldRule {
  return one<HoldRule>(
    db,
    'SELECT within_days AS withinDays, days FROM hold_rule WHERE kind = ?',
    kind,
  ) as HoldRule;
}

export function turnOf(db: Db, id: string): TurnAt | null {
  const lanes = lanesView(db, id);
  if (!lanes) return null;
  const { counterId, officerId, facts, boundMs } = lanes;
  return { counterId, officerId, facts, boundMs };
}

export interface Placing {
  /** What is asked once, over all cameras. */
  readonly request: string;
  readonly kind: 'officer' | 'rating' | 'case' | 'manual';
  readonly subject: string | null;
  readonly counterId: string | null;
  readonly cameras: readonly { readonly id: string; readonly latencyMs: number }[];
  readonly window: Interval;
  readonly askedBy: string;
  readonly at: number;
  /** Null: until something ends it. */
  readonly until: number | null;
  readonly reason?: string;
}

/**
 * A row a camera; one that lives already is widened. What a camera delays lies behind the window, so it ends later there. Answers the
 * cameras of which more is held now.
 */
export function place(db: Db, placing: Placing): string[] {
  const { request, kind, subject, counterId, cameras, window, askedBy, at, until, reason } = placing;
  const grown: string[] = [];
  for (const { id, latencyMs } of cameras) {
    const more = run(
      db,
      `INSERT INTO footage_hold (id, request, kind, subject, counter_id, camera_id, from_at, to_at, asked_by, asked_at, until, reason)
       VALUES (?,?,?,?,?,?,?,?,?,?,?,?)
       ON CONFLICT (id) DO UPDATE SET from_at = min(from_at, excluded.from_at), to_at = max(to_at, excluded.to_at)
         WHERE ended_at IS NULL AND (from_at > excluded.from_at OR to_at < excluded.to_at)`,
      ...[`${request}/${id}`, request, kind, subject, counterId, id, window.from, window.to + latencyMs],
      ...[askedBy, at, until, reason ?? null],
    );
    if (more > 0) grown.push(id);
  }
  return grown;
}

/** Also by what the map once said: one person's change ends no hold to come. */
const camerasAt = (db: Db, counterId: string, window: Interval) =>
  many<{ id: string; latencyMs: number }>(
    db,
    `SELECT DISTINCT c.id, ${WIDEST_LATENCY} AS latencyMs FROM (${EVER_SEEN}) m JOIN camera c ON c.id = m.cameraId
     WHERE m.counterId = ? AND m."from" <= ? AND (m."to" IS NULL OR m."to" >= ?) ORDER BY c.id`,
    ...[counterId, window.to, window.from],
  );
const isPlaced = (db: Db, request: string): boolean =>
  one(db, 'SELECT 1 FROM footage_hold WHERE request = ? LIMIT 1', request) !== undefined;
interface Standing {
  readonly until: number | null;
  readonly askedBy: string;
  readonly askedAt: number;
}
/** As it was placed before; null: never; over: it lapsed, or two people ended it. */
const standingOf = (db: Db, request: string): Standing | 'over' | null => {
  const living = one<Standing>(
    db,
    `SELECT until, asked_by AS askedBy, asked_at AS askedAt FROM footage_hold
     WHERE request = ? AND ended_at IS NULL LIMIT 1`,
    request,
  );
  return living ?? (isPlaced(db, request) ? 'over' : null);
};

export function placeOfficers(
  db: Db,
  input: {
    readonly id: string;
    readonly transactionId: string;
    readonly officerId: string;
    readonly at: number;
  },
) {
  const { id, transactionId, officerId, at } = input;
  const turn = turnOf(db, transactionId);
  const asked = askHold(turn, officerId, ruleOf(db, 'officer'), at);
  if (!asked.ok || turn === null)
    return asked.ok ? ({ ok: false, code: 'hold.not_finished' } as const) : asked;
  // One that is over keeps nothing, so its date would be untrue.
  const held = one<{ until: number }>(
    db,
    `SELECT until FROM footage_hold WHERE kind = 'officer' AND asked_by = ? AND subject = ?
       AND ended_at IS NULL AND until > ? LIMIT 1`,
    ...[officerId, transactionId, at],
  );
  if (held) return { ok: true, until: held.until } as const;
  const { window, until } = asked;
  const cameras = camerasAt(db, turn.counterId, window);
  if (cameras.length === 0) return { ok: false, code: 'hold.no_camera' } as const;
  place(db, {
    ...{ request: id, kind: 'officer', subject: transactionId, counterId: turn.counterId, cameras, window },
    ...{ askedBy: officerId, at, until },
  });
  appendAudit(db, {
    ...{
      at,
      actor: `officer:${officerId}`,
      action: 'hold.requested',
      object: `transaction:${transactionId}`,
    },
    reason: null,
    body: { hold: id, cameras: cameras.map((camera) => camera.id), ...window, until },
  });
  return { ok: true, until } as const;
}

/** The machine's clock, which rows of the log carry, and the time that holds go by. */
export interface KeepTimes {
  readonly at: number;
  readonly aged: number;
}

/**
 * One hold of a turn or interval. Placed before: widened to where the turn lies now and to the cameras that the map has come to
 * know of, until the same date; what is over stays over.
 */
export function placeAt(
  db: Db,
  { counterId, window }: { readonly counterId: string; readonly window: Interval },
  asked: Pick<Placing, 'request' | 'kind' | 'subject' | 'at' | 'until'>,
  object: string,
): void {
  const { request, kind, at } = asked;
  const before = standingOf(db, request);
  if (before === 'over') return;
  const { until, askedBy, askedAt } = before ?? { until: asked.until, askedBy: 'hub', askedAt: at };
  const cameras = place(db, {
    ...{ ...asked, counterId, cameras: camerasAt(db, counterId, window), window },
    ...{ askedBy, at: askedAt, until },
  });
  if (cameras.length === 0) return;
  appendAudit(db, {
    ...{ at, actor: 'hub', action: 'hold.placed', object, reason: null },
    body: { hold: request, kind, cameras, ...window, until },
  });
}

/**
 * Ratings that were queued: at most `limit`. How many are left does not matter: the caller asks until none is. `aged`: by what time one
 * is too old, since what is taken off the queue is never asked again.
 */
export function holdRatings(db: Db, { at, aged }: KeepTimes, limit: number): number {
  const due = many<{ id: string }>(db, `SELECT transaction_id AS id FROM hold_due LIMIT ${limit}`);
  const { withinDays, days } = ruleOf(db, 'rating');
  for (const { id } of due) {
    run(db, 'DELETE FROM hold_due WHERE transaction_id = ?', id);
    const turn = turnOf(db, id);
    if (turn === null || servedSpan(turn.facts).to < aged - withinDays * DAY_MS) continue;
    const asked = {
      request: `rating:${id}`,
      kind: 'rating',
      subject: id,
      at,
      until: heldUntil(turn, days, aged),
    } as const;
    placeAt(db, { counterId: turn.counterId, window: heldWindow(turn) }, asked, `transaction:${id}`);
  }
  return due.length;
}

export interface CaseAt {
  readonly id: string;
  readonly number: string;
  /** '': a case of an interval. */
  readonly transactionId: string;
  readonly counterId: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly status: 'open' | 'closed';
  readonly closedAt: number | null;
  /** It is held so long after it closed. */
  readonly days: number;
}

export const CASE = `SELECT c.id, c.number, c.transaction_id AS transactionId, c.counter_id AS counterId,
    c.from_at AS "from", c.to_at AS "to", c.status, c.closed_at AS closedAt, r.days
  FROM case_file c JOIN hold_rule r ON r.kind = CASE c.type WHEN 'appeal' THEN 'appeal' ELSE 'case' END`;
/** What a case holds: what it is of, and each interval that two people gave it, a request of its own each. */
const REQUESTS = `SELECT 'case:' || c.id AS request UNION ALL
    SELECT 'case:' || c.id || '/' || i.id FROM case_interval i WHERE i.case_id = c.id`;
/** Cases whose holds are not as their state wants them. What two people ended stays ended. */
const CASES = `${CASE}
  WHERE c.status = 'open' AND EXISTS (SELECT 1 FROM (${REQUESTS}) r WHERE NOT EXISTS
      (SELECT 1 FROM footage_hold h WHERE h.request = r.request
        AND ((h.ended_at IS NULL AND h.until IS NULL) OR h.ended_by IS NOT NULL)))
    OR c.status = 'closed' AND EXISTS (SELECT 1 FROM footage_hold h WHERE h.kind = 'case' AND h.subject = c.id
      AND h.ended_at IS NULL AND h.until IS NULL)`;

const dateCase = (db: Db, held: CaseAt, at: number): number =>
  held.status === 'open' ? openHold(db, held, at) : closeHold(db, held, at);

export function holdCases(db: Db, at: number): number {
  return many<CaseAt>(db, CASES).reduce((changed, each) => changed + dateCase(db, each, at), 0);
}

/** In the transaction that opens or closes it again: a hold may be at its last minute. */
export function holdCase(db: Db, id: string, at: number): void {
  for (const each of many<CaseAt>(db, `${CASE} WHERE c.id = ?`, id)) dateCase(db, each, at);
}

/** Of a turn, or of the counter's interval itself with a clip's padding; null: the turn is not known here. */
function placeOf(db: Db, { transactionId, counterId, from, to }: CaseAt) {
  if (counterId !== null && from !== null && to !== null) {
    const window = { from: from - PADDING_MS, to: to + PADDING_MS };
    return { counterId, window, lastsTo: window.to };
  }
  const turn = turnOf(db, transactionId);
  if (turn === null) return null;
  const window = heldWindow(turn);
  return { counterId: turn.counterId, window, lastsTo: turn.boundMs === null ? 0 : window.to };
}

export function openHold(db: Db, held: CaseAt, at: number): number {
  const woken = dateHolds(db, held, at, {
    until: null,
    which: 'ended_by IS NULL AND (until IS NOT NULL OR ended_at IS NOT NULL)',
  });
  placeCase(db, held, at, null);
  return woken + (isPlaced(db, `case:${held.id}`) ? 1 : 0);
}

/** `until`: where it was not placed yet. */
export function placeCase(db: Db, held: CaseAt, at: number, until: number | null): void {
  const { id, number } = held;
  const where = placeOf(db, held);
  if (where === null) return;
  const asked = { kind: 'case', subject: id, at, until } as const;
  placeAt(db, where, { ...asked, request: `case:${id}` }, `case:${number}`);
  for (const { interval, ...window } of many<Interval & { interval: string }>(
    db,
    'SELECT id AS interval, from_at AS "from", to_at AS "to" FROM case_interval WHERE case_id = ?',
    id,
  ))
    placeAt(db, { ...where, window }, { ...asked, request: `case:${id}/${interval}` }, `case:${number}`);
}

function closeHold(db: Db, held: CaseAt, at: number): number {
  const until = Math.max(held.closedAt ?? at, placeOf(db, held)?.lastsTo ?? 0) + held.days * DAY_MS;
  return dateHolds(db, held, at, { until, which: 'ended_at IS NULL AND until IS NULL' });
}

/** Each of the case's requests that `which` names lives until then. How many those were. */
function dateHolds(
  db: Db,
  { id, number }: CaseAt,
  at: number,
  { until, which }: { readonly until: number | null; readonly which: string },
): number {
  const requests = many<{ request: string }>(
    db,
    `SELECT DISTINCT request FROM footage_hold WHERE kind = 'case' AND subject = ? AND ${which} ORDER BY request`,
    id,
  );
  for (const { request } of requests) {
    run(
      db,
      `UPDATE footage_hold SET until = ?, ended_at = NULL WHERE request = ? AND ${which}`,
      ...[until, request],
    );
    appendAudit(db, {
      ...{ at, actor: 'hub', action: 'hold.renewed', object: `case:${number}`, reason: null },
      body: { hold: request, until },
    });
  }
  return requests.length;
}

export interface HeldRequest {
  readonly kind: string;
  readonly subject: string | null;
  readonly cameraId: string;
}

/** The living hold of this name. */
export function livingRequest(db: Db, request: string): HeldRequest {
  const held = one<HeldRequest>(
    db,
    'SELECT kind, subject, camera_id AS cameraId FROM footage_hold WHERE request = ? AND ended_at IS NULL LIMIT 1',
    request,
  );
  if (!held) throw new CodedError('request.not_found');
  return held;
}
