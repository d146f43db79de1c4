/**
 * Purpose: the log as a page reads it. What was done in a denunciation is told to its assignee alone: anybody else sees that a row is
 * there and when, since numbers without a hole are what a log is for.
 * Refuses: to change the log; its leaves stay whole. See hub-server/DESIGN.md, "Audit log and witnesses".
 */
import type { AuditRow } from '../../../application/ports/access.ts';
import { type Db, many } from '../op.ts';

/** By the case it names, the hold, or the act: rows of footage name a camera or a segment, and their case in the body alone. */
const OF_ANOTHERS_DENUNCIATION = `EXISTS (
    SELECT 1 FROM case_file c WHERE c.type = 'denunciation' AND c.assignee_id <> :reader AND (
      a.object = 'case:' || c.number OR a.body ->> '$.case' = c.id OR a.body ->> '$.hold' = 'case:' || c.id))
  OR EXISTS (
    SELECT 1 FROM two_person_act t WHERE t.secret = 1 AND t.asked_by <> :reader
      AND t.id IN (a.body ->> '$.act', a.body ->> '$.hold'))`;

export function auditRows(
  db: Db,
  {
    before,
    limit,
    readerId,
  }: { readonly before: number | null; readonly limit: number; readonly readerId?: string },
): AuditRow[] {
  return many<Omit<AuditRow, 'withheld'> & { withheld: number }>(
    db,
    `SELECT a.seq, a.at, a.actor, a.action, a.object, a.reason,
       :reader IS NOT NULL AND (${OF_ANOTHERS_DENUNCIATION}) AS withheld
     FROM audit_log a WHERE a.seq < :before ORDER BY a.seq DESC LIMIT :limit`,
    { before: before ?? Number.MAX_SAFE_INTEGER, limit, reader: readerId ?? null },
  ).map((row) =>
    row.withheld === 0
      ? { ...row, withheld: false }
      : { seq: row.seq, at: row.at, actor: '', action: '', object: '', reason: null, withheld: true },
  );
}
