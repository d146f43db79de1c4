/** Audit rows. Stores call `appendAudit` inside their own operation: act and row commit together. */
import { hash } from 'node:crypto';
import { type AuditEntry, auditLeafText } from '../../../../domain/audit/audit-entry.ts';
import { type Db, one, run } from '../../op.ts';

/** RFC 6962: a leaf is hashed with a 0x00 in front, so that it cannot pass for a node. */
function leafHash(leaf: string): Buffer {
  return hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(leaf, 'utf8')]), 'buffer');
}

export function appendAudit(db: Db, entry: AuditEntry): number {
  const seq = (one<{ seq: number | null }>(db, 'SELECT max(seq) AS seq FROM audit_log')?.seq ?? 0) + 1;
  const { at, actor, action, object, reason, body } = entry;
  run(
    db,
    'INSERT INTO audit_log (seq, at, actor, action, object, reason, body, leaf_hash) VALUES (?,?,?,?,?,?,?,?)',
    ...[seq, at, actor, action, object, reason],
    body === undefined || body === null ? null : JSON.stringify(body),
    leafHash(auditLeafText(seq, entry)),
  );
  return seq;
}
