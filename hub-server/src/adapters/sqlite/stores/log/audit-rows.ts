/**
 * Purpose: the log as a page reads it. What was done in a denunciation is told to its assignee alone: anybody else sees that a row is
 * there and when, since numbers without a hole are what a log is for.
 * Refuses: to change the log; its leaves stay whole. See hub-server/DESIGN.md, "Audit log and witnesses".
 */
import type { AuditRow } from '../../../../application/ports/access.ts';
import { type Db, many, one } from '../../op.ts';

/** By the case it names, the hold, or the act: rows of footage name a camera or a segment, and their case in the body alone. */
const OF_ANOTHERS_DENUNCIATION = `EXISTS (
    SELECT 1 FROM case_file c WHERE c.type = 'denunciation' AND c.assignee_id <> :reader AND (
      a.object = 'case:' || c.number OR a.body ->> '$.case' = c.id OR a.body ->> '$.hold' = 'case:' || c.id
      OR a.body ->> '$.hold' LIKE 'case:' || c.id || '/%'))
  OR EXISTS (
    SELECT 1 FROM two_person_act t WHERE t.secret = 1 AND t.asked_by <> :reader
      AND t.id IN (a.body ->> '$.act', a.body ->> '$.hold'))`;

/** What is called how today, by the word before the colon; `:id` is what stands behind it. A row itself keeps who and what it named then. */
const NAMES: Readonly<Record<string, string>> = {
  user: 'SELECT name FROM web_user WHERE username = :id OR id = :id',
  officer: 'SELECT name FROM officer WHERE id = :id',
  'api-key': 'SELECT name FROM api_key WHERE id = :id',
  token: 'SELECT name FROM user_token WHERE id = :id',
  station: 'SELECT c.number AS name FROM station s JOIN counter c ON c.id = s.counter_id WHERE s.id = :id',
  device: 'SELECT c.number AS name FROM device d JOIN counter c ON c.id = d.counter_id WHERE d.id = :id',
  counter: 'SELECT number AS name FROM counter WHERE id = :id',
  unit: 'SELECT name FROM unit WHERE id = :id',
  procedure: 'SELECT name FROM procedure WHERE code = :id',
  camera: 'SELECT name FROM camera WHERE id = :id',
  segment: 'SELECT c.name FROM segment s JOIN camera c ON c.id = s.camera_id WHERE s.id = :id',
  download: 'SELECT c.name FROM segment s JOIN camera c ON c.id = s.camera_id WHERE s.id = :id',
};

/** Of `camera:0198…` what that camera is called; null for what has no name. */
function nameOf(db: Db, named: string): string | null {
  const [kind = '', ...rest] = named.split(':');
  const query = Object.hasOwn(NAMES, kind) ? NAMES[kind] : undefined;
  if (query === undefined) return null;
  return one<{ name: string }>(db, query, { id: rest.join(':') })?.name ?? null;
}

export function auditRows(
  db: Db,
  {
    before,
    limit,
    readerId,
  }: { readonly before: number | null; readonly limit: number; readonly readerId?: string },
): AuditRow[] {
  return many<Omit<AuditRow, 'withheld' | 'actorName' | 'objectName'> & { withheld: number }>(
    db,
    `SELECT a.seq, a.at, a.actor, a.action, a.object, a.reason,
       :reader IS NOT NULL AND (${OF_ANOTHERS_DENUNCIATION}) AS withheld
     FROM audit_log a WHERE a.seq < :before ORDER BY a.seq DESC LIMIT :limit`,
    { before: before ?? Number.MAX_SAFE_INTEGER, limit, reader: readerId ?? null },
  ).map((row) =>
    row.withheld === 0
      ? {
          ...{ ...row, withheld: false },
          ...{ actorName: nameOf(db, row.actor), objectName: nameOf(db, row.object) },
        }
      : {
          ...{ seq: row.seq, at: row.at, actor: '', action: '', object: '', reason: null, withheld: true },
          ...{ actorName: null, objectName: null },
        },
  );
}
