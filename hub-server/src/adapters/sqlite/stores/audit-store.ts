/** Audit rows. Other stores call `appendAudit` inside their own operation: act and row commit together. */
import { hash } from 'node:crypto';
import type { AuditPort, AuditRow } from '../../../application/ports/audit.ts';
import { type AuditEntry, auditLeaf } from '../../../domain/audit/leaf.ts';
import { type Db, many, one, read, run, type Store, write } from '../op.ts';

/** RFC 6962: a leaf is hashed with a 0x00 in front, so that it cannot pass for a node. */
function leafHash(leaf: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(leaf.byteLength + 1);
  bytes[0] = 0;
  bytes.set(leaf, 1);
  return hash('sha256', bytes, 'buffer');
}

export function appendAudit(db: Db, entry: AuditEntry): number {
  const seq = (one<{ seq: number | null }>(db, 'SELECT max(seq) AS seq FROM audit_log')?.seq ?? 0) + 1;
  run(
    db,
    'INSERT INTO audit_log (seq, at, actor, action, object, reason, body, leaf_hash) VALUES (?,?,?,?,?,?,?,?)',
    seq,
    entry.at,
    entry.actor,
    entry.action,
    entry.object,
    entry.reason,
    entry.body === undefined || entry.body === null ? null : JSON.stringify(entry.body),
    leafHash(auditLeaf(seq, entry)),
  );
  return seq;
}

export const auditStore: Store<AuditPort> = {
  append: write((db, entry) => appendAudit(db, entry)),
  list: read((db, { before, limit }) =>
    many<AuditRow>(
      db,
      'SELECT seq, at, actor, action, object, reason FROM audit_log WHERE seq < ? ORDER BY seq DESC LIMIT ?',
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    ),
  ),
};
