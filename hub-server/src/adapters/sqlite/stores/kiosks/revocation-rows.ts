/** A kiosk that ends: its revocation, and what it still held, which stays open until two people write it off. */
import { areTwo } from '../../../../domain/access/two-people.ts';
import type { AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import { type Db, one, run } from '../../op.ts';
import { deviceGone } from '../inbox/recovery-store.ts';
import { appendAudit } from '../log/audit.ts';

export function revoke(
  db: Db,
  { id, at, audit }: { readonly id: string; readonly at: number; readonly audit: AuditEntry },
): { readonly counterId: string } | null {
  const row = one<{ counterId: string }>(
    db,
    'UPDATE device SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL RETURNING counter_id AS counterId',
    ...[at, id],
  );
  if (!row) return null;
  appendAudit(db, audit);
  deviceGone(db, id, at);
  return row;
}

interface WriteOff {
  readonly id: string;
  readonly unsynced: number;
  readonly by: readonly string[];
  readonly reason: string;
  readonly at: number;
}

export function writeOff(db: Db, { id, unsynced, by, reason, at }: WriteOff): boolean {
  const done = run(
    db,
    'UPDATE device SET written_off = ? WHERE id = ? AND revoked_at IS NOT NULL AND written_off IS NULL',
    ...[JSON.stringify({ by, reason, at, unsynced }), id],
  );
  if (done === 0) return false;
  appendAudit(db, {
    ...{ at, actor: by.join(', '), action: 'device.written_off', object: `device:${id}`, reason },
    body: { unsynced },
  });
  return true;
}

/** The first asks and names the reason; another person's word does it. */
export function askWriteOff(
  db: Db,
  asked: Omit<WriteOff, 'by'> & { readonly by: string },
): 'asked' | 'done' | null {
  const row = one<{ asked: string | null }>(
    db,
    `SELECT write_off_asked AS asked FROM device WHERE id = ? AND revoked_at IS NOT NULL AND written_off IS NULL`,
    asked.id,
  );
  if (!row) return null;
  const first = row.asked === null ? null : (JSON.parse(row.asked) as { by: string; reason: string });
  if (first && areTwo([first.by, asked.by]))
    return writeOff(db, { ...asked, by: [first.by, asked.by], reason: first.reason }) ? 'done' : null;
  const { by, reason, at } = asked;
  run(db, 'UPDATE device SET write_off_asked = ? WHERE id = ?', JSON.stringify({ by, reason, at }), asked.id);
  appendAudit(db, {
    ...{ at, actor: by, action: 'device.write_off_asked', object: `device:${asked.id}`, reason },
    body: { unsynced: asked.unsynced },
  });
  return 'asked';
}
