/**
 * Closed dossiers as rows, judged against the projections as they stand. Not folded again by `verify`: they are what another system
 * said, and a verdict is made anew every night. See hub-server/DESIGN.md, "Reconciliation".
 */
import type { ClosedDossier } from '@hailong/shared/protocol/http.ts';
import type { ClosedMonth, ClosedRow, ReconcilePort } from '../../../../application/ports/reconcile.ts';
import {
  type CarryingTurn,
  judgeClosed,
  type ReconcileRule,
  type ReportingKiosk,
} from '../../../../domain/reconcile/judge-closed.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { projectPending } from '../inbox/projection-rows.ts';
import { appendAudit } from '../log/audit.ts';

const DAY_MS = 86_400_000;
const MARKED = "ifnull(t.annotated, t.outcome) IN ('no_show','test','accident')";

const ruleOf = (db: Db): ReconcileRule =>
  one<ReconcileRule>(
    db,
    `SELECT near_ms AS nearMs, reported_ms AS reportedMs, again_days AS againDays, keep_days AS keepDays
     FROM reconcile_rule WHERE id = 1`,
  ) as ReconcileRule;

function actOf(db: Db, { dossierCode, closedAt, step, counterId, officerCode }: ClosedDossier) {
  const held = one<{ counter_id: string | null; officer_code: string | null }>(
    db,
    'SELECT counter_id, officer_code FROM closed_dossier WHERE dossier_code = ? AND closed_at = ? AND step = ?',
    ...[dossierCode, closedAt, step],
  );
  if (!held) return 'add' as const;
  const same = held.counter_id === (counterId ?? null) && held.officer_code === (officerCode ?? null);
  return same ? ('same' as const) : ('change' as const);
}

function turnsOf(db: Db, dossierCode: string): CarryingTurn[] {
  return many<
    Record<'counterId', string> & Record<'at' | 'provisional' | 'shown' | 'voted' | 'marked', number>
  >(
    db,
    `SELECT t.counter_id AS counterId, coalesce(t.finished_at, t.opened_at) AS at, t.provisional,
       ifnull(p.shown, 0) AS shown,
       coalesce(e.transaction_id, f.transaction_id) IS NOT NULL AS voted, ifnull(${MARKED}, 0) AS marked
     FROM transaction_dossier d JOIN service_transaction t ON t.id = d.transaction_id
       LEFT JOIN rating_prompt p ON p.transaction_id = t.id
       LEFT JOIN effective_rating e ON e.transaction_id = t.id
       LEFT JOIN form_rating f ON f.transaction_id = t.id
     WHERE d.dossier_code = ? AND t.counter_id IS NOT NULL AND coalesce(t.finished_at, t.opened_at) IS NOT NULL`,
    dossierCode,
  ).map(({ counterId, at, provisional, shown, voted, marked }) => ({
    ...{ counterId, at, provisional: provisional === 1, shown: shown === 1 },
    ...{ voted: voted === 1, marked: marked === 1 },
  }));
}

/** Of a counter, or of all: kiosks that may still bring something. */
function kiosksOf(db: Db, counterId: string | null): ReportingKiosk[] {
  return many<{ lastSeenAt: number | null; status: string | null }>(
    db,
    `SELECT d.last_seen_at AS lastSeenAt, d.status FROM device d WHERE d.revoked_at IS NULL AND
       (? IS NULL OR EXISTS (SELECT 1 FROM device_enrolment e WHERE e.device = d.id AND e.counter_id = ?))`,
    ...[counterId, counterId],
  ).map(({ lastSeenAt, status }) => {
    const said = status === null ? null : (JSON.parse(status) as Omit<ReportingKiosk, 'lastSeenAt'>);
    // One that never spoke has reported nothing.
    const { unsynced, oldestUnsyncedMs } = said ?? { unsynced: 0, oldestUnsyncedMs: 0 };
    return { lastSeenAt: said === null ? null : lastSeenAt, unsynced, oldestUnsyncedMs };
  });
}

interface OpenRow {
  readonly dossierCode: string;
  readonly closedAt: number;
  readonly step: string;
  readonly counterId: string | null;
}

function judgeSlice(db: Db, due: number, limit: number): number {
  const rule = ruleOf(db);
  const rows = many<OpenRow>(
    db,
    `SELECT dossier_code AS dossierCode, closed_at AS closedAt, step, counter_id AS counterId FROM closed_dossier
     WHERE closed_at <= ? AND (judged_for IS NULL OR judged_for <> ?)
       AND (state IS NULL OR state = 'unknown' OR (state <> 'asked' AND closed_at > ?)) ORDER BY closed_at LIMIT ?`,
    ...[due, due, due - rule.againDays * DAY_MS, limit],
  );
  const kiosks = new Map<string | null, ReportingKiosk[]>();
  for (const { dossierCode, closedAt, step, counterId } of rows) {
    const known = kiosks.get(counterId) ?? kiosksOf(db, counterId);
    kiosks.set(counterId, known);
    const { state, turnCounter } = judgeClosed(closedAt, turnsOf(db, dossierCode), known, rule);
    run(
      db,
      `UPDATE closed_dossier SET state = ?, turn_counter = ?, judged_for = ?
       WHERE dossier_code = ? AND closed_at = ? AND step = ?`,
      ...[state, turnCounter, due, dossierCode, closedAt, step],
    );
  }
  return rows.length;
}

const BETWEEN = 'closed_at >= ? AND closed_at < ?';

function monthView(db: Db, from: number, to: number, limit: number): ClosedMonth {
  return {
    judgedFor:
      one<{ at: number | null }>(
        db,
        `SELECT max(judged_for) AS at FROM closed_dossier WHERE ${BETWEEN}`,
        from,
        to,
      )?.at ?? null,
    counters: many<ClosedMonth['counters'][number]>(
      db,
      `SELECT coalesce(counter_id, turn_counter) AS counterId, count(*) AS closed,
         sum(ifnull(state = 'asked', 0)) AS asked, sum(ifnull(state = 'unasked', 0)) AS unasked,
         sum(ifnull(state = 'silent', 0)) AS silent, sum(ifnull(state = 'unknown', 0)) AS unknown,
         sum(state IS NULL) AS waiting
       FROM closed_dossier WHERE ${BETWEEN} GROUP BY 1 ORDER BY unasked DESC, silent DESC, 1`,
      ...[from, to],
    ),
    officers: many<ClosedMonth['officers'][number]>(
      db,
      `SELECT officer_code AS officerCode, sum(state = 'unasked') AS unasked, sum(state = 'silent') AS silent
       FROM closed_dossier WHERE ${BETWEEN} AND officer_code IS NOT NULL AND state IN ('unasked','silent')
       GROUP BY 1 ORDER BY unasked DESC, silent DESC, 1`,
      ...[from, to],
    ),
    dossiers: many<ClosedRow>(
      db,
      `SELECT dossier_code AS dossierCode, closed_at AS closedAt, step, coalesce(counter_id, turn_counter) AS counterId, state
       FROM closed_dossier WHERE ${BETWEEN} AND state IN ('unasked','silent','unknown')
       ORDER BY closed_at DESC, dossier_code LIMIT ?`,
      ...[from, to, limit],
    ),
  };
}

export const reconcileStore: Store<ReconcilePort> = {
  take: write((db, { dossiers, audit }) => {
    const counts = { added: 0, changed: 0, same: 0 };
    for (const each of dossiers) {
      const act = actOf(db, each);
      counts[act === 'add' ? 'added' : act === 'change' ? 'changed' : 'same'] += 1;
      if (act === 'same') continue;
      run(
        db,
        `INSERT INTO closed_dossier (dossier_code, closed_at, step, counter_id, officer_code) VALUES (?,?,?,?,?)
         ON CONFLICT DO UPDATE SET counter_id = excluded.counter_id, officer_code = excluded.officer_code,
           state = NULL, turn_counter = NULL, judged_for = NULL`,
        ...[each.dossierCode, each.closedAt, each.step, each.counterId ?? null, each.officerCode ?? null],
      );
    }
    if (audit) appendAudit(db, audit);
    return counts;
  }),
  weigh: read((db, { dossiers }) => dossiers.map((each) => actOf(db, each))),
  begin: write((db, { at }) => {
    if (one(db, "SELECT 1 FROM recovery WHERE id = 1 AND json_extract(state, '$.mode') = 'recovering'"))
      return { recovering: true };
    projectPending(db);
    run(db, 'DELETE FROM closed_dossier WHERE closed_at < ?', at - ruleOf(db).keepDays * DAY_MS);
    return { recovering: false };
  }),
  judge: write((db, { due, limit }) => judgeSlice(db, due, limit)),
  month: read((db, { from, to, limit }) => monthView(db, from, to, limit)),
};
