/** Cases and footage tickets on SQLite. An address and the row that says it was given commit together. */

import { CodedError } from '@hailong/shared/errors.ts';
import type { CaseId, CounterId, TransactionId } from '@hailong/shared/ids.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { CasePort, FootageTicket } from '../../../../application/ports/cases.ts';
import { caseNumber, caseSeries } from '../../../../domain/cases/case-number.ts';
import { CASE_RULES } from '../../../../domain/cases/case-rules.ts';
import { judgeSum, OWN_WITHIN_MS } from '../../../../domain/footage/interval-rule.ts';
import type { Interval } from '../../../../domain/footage/window.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { holdCase } from '../holds/hold-rows.ts';
import { appendAudit } from '../log/audit.ts';
import { watchedBy } from './watched-rows.ts';

interface CaseRow {
  id: string;
  number: string;
  type: CaseAnswer['type'];
  document_number: string;
  purpose: string;
  transaction_id: string;
  assignee_id: string;
  assignee_name: string;
  status: CaseAnswer['status'];
  disputed: number;
  opened_at: number;
  closed_at: number | null;
  counter_id: string | null;
  from_at: number | null;
  to_at: number | null;
  told_at: number | null;
  petitioner: string | null;
}
const widerOf = (db: Db, id: string) =>
  many<CaseAnswer['wider'][number]>(
    db,
    'SELECT id, from_at AS "from", to_at AS "to" FROM case_interval WHERE case_id = ? ORDER BY granted_at, id',
    id,
  );
const caseOf = (db: Db, row: CaseRow): CaseAnswer => ({
  id: row.id as CaseId,
  number: row.number,
  type: row.type,
  documentNumber: row.document_number,
  purpose: row.purpose,
  transactionId: row.transaction_id === '' ? null : (row.transaction_id as TransactionId),
  interval:
    row.counter_id === null
      ? null
      : {
          counterId: row.counter_id as CounterId,
          from: row.from_at as UtcMs,
          to: row.to_at as UtcMs,
        },
  wider: widerOf(db, row.id),
  assignee: { id: row.assignee_id, name: row.assignee_name },
  status: row.status,
  disputed: row.disputed === 1,
  openedAt: row.opened_at as UtcMs,
  closedAt: row.closed_at as UtcMs | null,
  toldAt: row.told_at as UtcMs | null,
  hasPetitioner: row.petitioner !== null,
});

const held = (db: Db, id: string): CaseAnswer | null => {
  const row = one<CaseRow>(db, 'SELECT * FROM case_file WHERE id = ? OR number = ?', id, id);
  return row ? caseOf(db, row) : null;
};

/** Of what somebody named by themself, the parts in which each camera saw the counter named, for the cameras that see what is asked. */
const OWN_BY_CAMERA = `SELECT m.camera_id AS camera, max(c.from_at, m.from_at) AS "from", min(c.to_at, ifnull(m.to_at, c.to_at)) AS "to"
  FROM case_file c JOIN camera_counter m ON m.counter_id = c.counter_id
  WHERE c.assignee_id = ? AND c.opened_at > ? AND m.from_at < c.to_at AND ifnull(m.to_at, c.to_at) > c.from_at`;
const SEEN_BY = `SELECT camera_id AS camera, max(?, from_at) AS "from", min(?, ifnull(to_at, ?)) AS "to" FROM camera_counter
  WHERE counter_id = ? AND from_at < ? AND ifnull(to_at, ?) > ?`;

/** Refuses what would put hours of a counter together without a second person, or of a camera, by whatever counters it sees. */
function mustAddUp(db: Db, { interval, assignee, at }: Parameters<CasePort['openCase']>[0]): void {
  if (interval === null) return;
  const own = many<Interval>(
    db,
    `SELECT from_at AS "from", to_at AS "to" FROM case_file
     WHERE assignee_id = ? AND opened_at > ? AND counter_id = ?`,
    ...[assignee.id, at - OWN_WITHIN_MS, interval.counterId],
  );
  const refused = judgeSum(own, [interval]);
  if (refused) throw new CodedError(refused);
  const { counterId, from, to } = interval;
  type OfCamera = Interval & { readonly camera: string };
  const seen = many<OfCamera>(db, SEEN_BY, ...[from, to, to, counterId, to, to, from]);
  const before = many<OfCamera>(db, OWN_BY_CAMERA, assignee.id, at - OWN_WITHIN_MS);
  for (const camera of new Set(seen.map((each) => each.camera))) {
    const of = (some: readonly OfCamera[]) => some.filter((each) => each.camera === camera);
    const beyond = judgeSum(of(before), of(seen));
    if (beyond) throw new CodedError(beyond);
  }
}

export const caseStore: Store<CasePort> = {
  openCase: write((db, input) => {
    mustAddUp(db, input);
    const series = caseSeries(input.type, input.at);
    const { last } = one<{ last: number }>(
      db,
      `INSERT INTO case_series (series, last) VALUES (?, 1)
       ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last`,
      `${series.prefix}-${series.year}`,
    ) as { last: number };
    const number = caseNumber(series, last);
    run(
      db,
      `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name,
         status, disputed, opened_at, counter_id, from_at, to_at, petitioner) VALUES (?,?,?,?,?,?,?,?,'open',?,?,?,?,?,?)`,
      input.id,
      number,
      input.type,
      input.documentNumber,
      input.purpose,
      input.transactionId ?? '',
      input.assignee.id,
      input.assignee.name,
      input.disputed ? 1 : 0,
      input.at,
      ...[input.interval?.counterId ?? null, input.interval?.from ?? null, input.interval?.to ?? null],
      input.petitioner,
    );
    appendAudit(db, { ...input.audit, object: `case:${number}` });
    return held(db, input.id) as CaseAnswer;
  }),
  case: read((db, { id }) => held(db, id)),
  casesOf: read((db, { assigneeId }) =>
    many<CaseRow>(
      db,
      'SELECT * FROM case_file WHERE assignee_id = ? ORDER BY opened_at DESC, number DESC LIMIT 500',
      assigneeId,
    ).map((row) => caseOf(db, row)),
  ),
  casesNamed: read((db, { assigneeId, number, transactions }) =>
    many<CaseRow>(
      db,
      `SELECT * FROM case_file WHERE assignee_id = ? AND
         (number = ? OR (transaction_id <> '' AND transaction_id IN (SELECT value FROM json_each(?))))
       ORDER BY opened_at DESC LIMIT 100`,
      ...[assigneeId, number, JSON.stringify(transactions)],
    ).map((row) => caseOf(db, row)),
  ),
  changeCase: write((db, { id, status, disputed, at, audit }) => {
    const before = held(db, id);
    if (!before) return null;
    const next = status ?? before.status;
    const closedAt = next === 'open' ? null : (before.closedAt ?? at);
    const tells = next === 'closed' && CASE_RULES[before.type].tellsOfficer;
    run(
      db,
      'UPDATE case_file SET status = ?, disputed = ?, closed_at = ?, told_at = coalesce(told_at, ?) WHERE id = ?',
      ...[next, (disputed ?? before.disputed) ? 1 : 0, closedAt, tells ? at : null, before.id],
    );
    appendAudit(db, { ...audit, object: `case:${before.number}` });
    if (next !== before.status) holdCase(db, before.id, at);
    return held(db, before.id);
  }),
  tellOfficer: write((db, { id, at, audit }) => {
    const before = held(db, id);
    if (!before || !CASE_RULES[before.type].tellsOfficer) return null;
    if (run(db, 'UPDATE case_file SET told_at = ? WHERE id = ? AND told_at IS NULL', at, before.id) > 0)
      appendAudit(db, { ...audit, object: `case:${before.number}` });
    return held(db, before.id);
  }),
  petitioner: write((db, { id, audit }) => {
    const row = one<CaseRow>(db, 'SELECT * FROM case_file WHERE id = ?', id);
    if (!row?.petitioner) return null;
    appendAudit(db, { ...audit, object: `case:${row.number}` });
    return row.petitioner;
  }),
  openCount: read(
    (db) =>
      one<{ n: number }>(
        db,
        `SELECT count(*) AS n FROM case_file WHERE status = 'open' AND type <> 'denunciation'`,
      )?.n ?? 0,
  ),
  received: read(
    (db, { from, to }) =>
      one<{ received: number; mended: number }>(
        db,
        `SELECT count(*) AS received, count(*) FILTER (WHERE status = 'closed') AS mended FROM case_file
         WHERE type <> 'denunciation' AND opened_at >= ? AND opened_at < ?`,
        ...[from, to],
      )!,
  ),

  issueTicket: write((db, { ticket, at, audit }) => {
    // Long expired; what was opened with them stands in the audit log.
    run(db, 'DELETE FROM footage_ticket WHERE expires_at < ?', at - 86_400_000);
    run(db, 'DELETE FROM footage_access WHERE at < ?', at - 2 * 86_400_000);
    run(
      db,
      `INSERT INTO footage_ticket (ticket_hash, case_id, transaction_id, camera_id, session_id, issued_at, expires_at,
         interval_id) SELECT ?, id, transaction_id, ?, ?, ?, ?, ? FROM case_file WHERE id = ?`,
      ...[ticket.ticketHash, ticket.cameraId, ticket.sessionId, at, ticket.expiresAt],
      ...[ticket.intervalId, ticket.caseId],
    );
    appendAudit(db, audit);
    return null;
  }),
  ticket: read(
    (db, { ticketHash, at }) =>
      one<FootageTicket>(
        db,
        `SELECT t.ticket_hash AS ticketHash, t.case_id AS caseId, t.interval_id AS intervalId,
                t.camera_id AS cameraId, t.session_id AS sessionId, t.expires_at AS expiresAt
         FROM footage_ticket t JOIN case_file c ON c.id = t.case_id
         WHERE t.ticket_hash = ? AND t.expires_at > ? AND c.status = 'open'`,
        ticketHash,
        at,
      ) ?? null,
  ),
  recordAccess: write((db, { view, object, audit }) => {
    const first = run(
      db,
      'INSERT OR IGNORE INTO footage_access (ticket_hash, object, at) VALUES (?,?,?)',
      ...[view.ticketHash, object, audit.at],
    );
    if (first === 0) return null;
    run(
      db,
      `INSERT INTO footage_view (ticket_hash, case_id, counter_id, camera_id, transaction_id, viewer_id, viewer_name,
         from_at, to_at, at) VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
      ...[view.ticketHash, view.caseId, view.counterId, view.cameraId, view.transactionId],
      ...[view.viewer.id, view.viewer.name, view.from, view.to, audit.at],
    );
    appendAudit(db, audit);
    return null;
  }),
  watched: read((db, { officerId }) => watchedBy(db, officerId)),
};
