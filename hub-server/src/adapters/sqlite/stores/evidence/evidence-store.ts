/** Evidence packages on SQLite: their state and addresses. What goes into one is read by evidence-rows.ts and evidence-proofs.ts. */
import type { PackageState } from '@hailong/shared/protocol/evidence.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type {
  ArchiveTicket,
  EvidencePort,
  EvidenceRow,
  RemovalReason,
} from '../../../../application/ports/evidence.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';
import { custodyRows, otherViews } from './custody-rows.ts';
import { withTokens } from './custody-tokens.ts';
import { proofsFor } from './evidence-proofs.ts';
import { excerptOf } from './evidence-rows.ts';
import {
  going,
  keptUntil,
  orderLost,
  orderRemovals,
  packageRule,
  ready,
  recordGone,
  setRule,
} from './package-rows.ts';
import { noteShown, recordTaken } from './package-views.ts';

interface Row {
  id: string;
  case_id: string;
  interval_id: string | null;
  from_at: number | null;
  to_at: number | null;
  legal_basis: string;
  state: PackageState;
  code: string | null;
  detail: string | null;
  folder: string | null;
  package_hash: string | null;
  bytes: number | null;
  written_at: number | null;
  removed_at: number | null;
  removed_reason: RemovalReason | null;
  reason: string;
  asked_username: string;
  asked_name: string;
  asked_at: number;
  decided_username: string | null;
  decided_name: string | null;
  decided_at: number | null;
}
const ROW = `SELECT p.*, a.reason, a.asked_username, a.asked_name, a.asked_at, a.decided_username, a.decided_name,
  a.decided_at, i.from_at, i.to_at
  FROM evidence_package p JOIN two_person_act a ON a.id = p.id LEFT JOIN case_interval i ON i.id = p.interval_id`;

const rowOf = (db: Db, row: Row, at: number): EvidenceRow => ({
  ...{ id: row.id, caseId: row.case_id, intervalId: row.interval_id },
  interval: row.from_at === null || row.to_at === null ? null : { from: row.from_at, to: row.to_at },
  ...{ purpose: row.reason, legalBasis: row.legal_basis },
  requestedBy: {
    ...{ actor: `user:${row.asked_username}`, name: row.asked_name, at: row.asked_at as UtcMs },
  },
  approvedBy: {
    actor: `user:${row.decided_username ?? ''}`,
    ...{ name: row.decided_name ?? '', at: (row.decided_at ?? row.asked_at) as UtcMs },
  },
  ...{ removedAt: row.removed_at, removedReason: row.removed_reason },
  keptUntil: row.state === 'ready' && row.removed_at === null ? keptUntil(db, row.id, at) : null,
  ...{
    state: row.removed_at === null ? row.state : 'removed',
    code: row.code,
    detail: row.detail,
    folder: row.folder,
  },
  ...{ packageHash: row.package_hash, bytes: row.bytes, writtenAt: row.written_at },
});

const held = (db: Db, id: string, at: number): EvidenceRow | null => {
  const row = one<Row>(db, `${ROW} WHERE p.id = ?`, id);
  return row ? rowOf(db, row, at) : null;
};

export const evidenceStore: Store<EvidencePort> = {
  package: read((db, { id, at }) => held(db, id, at)),
  ofCase: read((db, { caseId, at }) =>
    many<Row>(db, `${ROW} WHERE p.case_id = ? ORDER BY a.asked_at DESC, a.id DESC LIMIT 100`, caseId).map(
      (row) => rowOf(db, row, at),
    ),
  ),
  waiting: read((db) =>
    many<{ id: string }>(
      db,
      `SELECT p.id FROM evidence_package p JOIN two_person_act a ON a.id = p.id WHERE p.state = 'waiting' ORDER BY a.decided_at`,
    ).map(({ id }) => id),
  ),
  finish: write((db, { id, written, shown, at, audit }) => {
    const { folder, packageHash, files } = written;
    run(
      db,
      `UPDATE evidence_package SET state = 'ready', code = NULL, detail = NULL, folder = ?, package_hash = ?, bytes = ?,
         written_at = ?, files = ? WHERE id = ? AND state = 'waiting'`,
      ...[
        folder,
        packageHash,
        files.reduce((sum, { bytes }) => sum + bytes, 0),
        at,
        JSON.stringify(files),
        id,
      ],
    );
    noteShown(db, id, shown);
    appendAudit(db, audit);
    return null;
  }),
  fail: write((db, { id, code, detail }) => {
    run(
      db,
      `UPDATE evidence_package SET state = 'failed', code = ?, detail = ? WHERE id = ? AND state = 'waiting'`,
      ...[code, detail.slice(0, 300), id],
    );
    return null;
  }),
  issueTicket: write((db, { ticketHash, id, sessionId, at, expiresAt, audit }) => {
    run(
      db,
      'INSERT INTO evidence_ticket (ticket_hash, package_id, session_id, issued_at, expires_at) VALUES (?,?,?,?,?)',
      ...[ticketHash, id, sessionId, at, expiresAt],
    );
    appendAudit(db, audit);
    return null;
  }),
  ticket: read((db, { ticketHash, at }) => {
    const row = one<Omit<ArchiveTicket, 'files'> & { files: string }>(
      db,
      `SELECT package_id AS packageId, session_id AS sessionId, folder, files FROM evidence_ticket t
       JOIN evidence_package p ON p.id = t.package_id
       WHERE ticket_hash = ? AND expires_at > ? AND p.state = 'ready' AND p.removed_at IS NULL`,
      ...[ticketHash, at],
    );
    return row ? { ...row, files: JSON.parse(row.files) as ArchiveTicket['files'] } : null;
  }),
  recordDownload: write((db, { ticketHash, by, part, goesOnUntil, audit }) => {
    const { from, to, total } = part;
    const goesOn = run(
      db,
      'UPDATE evidence_ticket SET bytes_left = bytes_left - :bytes WHERE ticket_hash = :ticketHash AND :from > 0 AND bytes_left >= :bytes',
      { ticketHash, from, bytes: to - from },
    );
    if (goesOn > 0) return null;
    const first = one<{ id: string }>(
      db,
      `UPDATE evidence_ticket SET expires_at = CASE WHEN opened_at IS NULL THEN :goesOnUntil ELSE expires_at END,
         opened_at = coalesce(opened_at, :at), bytes_left = :left WHERE ticket_hash = :ticketHash
       RETURNING package_id AS id`,
      { ticketHash, at: audit.at, goesOnUntil, left: total - (to - from) },
    );
    if (!first) return null;
    run(db, 'UPDATE evidence_package SET fetched_at = ? WHERE id = ?', ...[audit.at, first.id]);
    recordTaken(db, first.id, by, audit.at);
    appendAudit(db, audit);
    return null;
  }),
  recordHandOver: write((db, { id, by, audit }) => {
    run(db, 'UPDATE evidence_package SET fetched_at = ? WHERE id = ?', ...[audit.at, id]);
    recordTaken(db, id, by, audit.at);
    appendAudit(db, audit);
    return null;
  }),
  rule: read((db) => packageRule(db)),
  setRule: write((db, { rule, at, actor }) => {
    setRule(db, rule, at, actor);
    return null;
  }),
  orderRemovals: write((db, { at }) => orderRemovals(db, at)),
  going: read((db) => going(db)),
  recordGone: write((db, { id, at }) => {
    recordGone(db, id, at);
    return null;
  }),
  readyFolders: read((db) => ready(db)),
  recordRepair: write((db, { at, actor, faults }) => {
    appendAudit(db, {
      ...{ at, actor, action: 'evidence.repaired', object: 'evidence', reason: null },
      body: faults,
    });
    for (const id of faults.missing) orderLost(db, id, at, actor);
    return null;
  }),
  areDeleted: read(
    (db, { segments }) =>
      one(
        db,
        'SELECT 1 FROM segment WHERE id IN (SELECT value FROM json_each(?)) AND deleted_at IS NOT NULL LIMIT 1',
        JSON.stringify(segments),
      ) !== undefined,
  ),
  excerpt: read((db, { transactionId }) => excerptOf(db, transactionId)),
  custody: read((db, input) => ({
    rows: withTokens(db, custodyRows(db, input)),
    others: otherViews(db, input),
  })),
  people: read((db, { actors }) =>
    many<{ actor: string; name: string; roles: string }>(
      db,
      `SELECT 'user:' || username AS actor, name, roles FROM web_user
       WHERE 'user:' || username IN (SELECT value FROM json_each(?))`,
      JSON.stringify(actors),
    ).map(({ actor, name, roles }) => ({ actor, name, roles: JSON.parse(roles) as string[] })),
  ),
  proofs: read((db, input) => proofsFor(db, input)),
};
