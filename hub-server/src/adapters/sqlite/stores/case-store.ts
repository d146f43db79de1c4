/** Cases and footage tickets on SQLite. An address and the row that says it was given commit together. */

import type { CaseId, TransactionId } from '@hailong/shared/ids.ts';
import type { CaseAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { CasePort, FootageTicket } from '../../../application/ports/cases.ts';
import { caseNumber, caseSeries } from '../../../domain/cases/case-number.ts';
import { type Db, many, one, read, run, type Store, write } from '../op.ts';
import { appendAudit } from './audit.ts';

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
}
const caseOf = (row: CaseRow): CaseAnswer => ({
  id: row.id as CaseId,
  number: row.number,
  type: row.type,
  documentNumber: row.document_number,
  purpose: row.purpose,
  transactionId: row.transaction_id as TransactionId,
  assignee: { id: row.assignee_id, name: row.assignee_name },
  status: row.status,
  disputed: row.disputed === 1,
  openedAt: row.opened_at as UtcMs,
  closedAt: row.closed_at as UtcMs | null,
});

const held = (db: Db, id: string): CaseAnswer | null => {
  const row = one<CaseRow>(db, 'SELECT * FROM case_file WHERE id = ?', id);
  return row ? caseOf(row) : null;
};

export const caseStore: Store<CasePort> = {
  openCase: write((db, input) => {
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
         status, disputed, opened_at) VALUES (?,?,?,?,?,?,?,?,'open',?,?)`,
      input.id,
      number,
      input.type,
      input.documentNumber,
      input.purpose,
      input.transactionId,
      input.assignee.id,
      input.assignee.name,
      input.disputed ? 1 : 0,
      input.at,
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
    ).map(caseOf),
  ),
  changeCase: write((db, { id, status, disputed, at, audit }) => {
    const before = held(db, id);
    if (!before) return null;
    const next = status ?? before.status;
    const closedAt = next === 'open' ? null : (before.closedAt ?? at);
    run(
      db,
      'UPDATE case_file SET status = ?, disputed = ?, closed_at = ? WHERE id = ?',
      next,
      (disputed ?? before.disputed) ? 1 : 0,
      closedAt,
      id,
    );
    appendAudit(db, { ...audit, object: `case:${before.number}` });
    return held(db, id);
  }),
  openCount: read(
    (db) => one<{ n: number }>(db, `SELECT count(*) AS n FROM case_file WHERE status = 'open'`)?.n ?? 0,
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
      `INSERT INTO footage_ticket (ticket_hash, case_id, transaction_id, camera_id, session_id, issued_at, expires_at)
       VALUES (?,?,?,?,?,?,?)`,
      ticket.ticketHash,
      ticket.caseId,
      ticket.transactionId,
      ticket.cameraId,
      ticket.sessionId,
      at,
      ticket.expiresAt,
    );
    appendAudit(db, audit);
    return null;
  }),
  ticket: read(
    (db, { ticketHash, at }) =>
      one<FootageTicket>(
        db,
        `SELECT t.ticket_hash AS ticketHash, t.case_id AS caseId, t.transaction_id AS transactionId,
                t.camera_id AS cameraId, t.session_id AS sessionId, t.expires_at AS expiresAt
         FROM footage_ticket t JOIN case_file c ON c.id = t.case_id
         WHERE t.ticket_hash = ? AND t.expires_at > ? AND c.status = 'open'`,
        ticketHash,
        at,
      ) ?? null,
  ),
  recordAccess: write((db, { ticketHash, object, audit }) => {
    const first = run(
      db,
      'INSERT OR IGNORE INTO footage_access (ticket_hash, object, at) VALUES (?,?,?)',
      ticketHash,
      object,
      audit.at,
    );
    if (first > 0) appendAudit(db, audit);
    return null;
  }),
};
