/**
 * Once a minute: files that went since come under a signed root, one a camera, with their reason and who asked. So a row that was
 * made to look deleted, or a deletion that was taken back, contradicts the log. See hub-server/DESIGN.md, "Retention".
 */
import { type CameraRoot, type DeletionLeaf, deletionLeafText } from '../../../../domain/audit/log-leaf.ts';
import { type Db, run, sql } from '../../op.ts';
import { appendAudit } from './audit.ts';
import { rootsByCamera } from './log-leaves.ts';

export const DELETION_LEAVES = `SELECT camera_id AS camera, id, deleted_at AS at, deleted_reason AS reason, deleted_by AS "by"
  FROM segment WHERE deleted_at IS NOT NULL AND deletion_logged_in IS ? ORDER BY camera_id, id`;

export interface DeletionsBody {
  readonly deletions: readonly CameraRoot[];
}

/** 1 when a row was appended: something was deleted since. */
export function appendDeletions(db: Db, at: number): number {
  const deletions = rootsByCamera(
    sql(db, DELETION_LEAVES).iterate(null) as Iterable<DeletionLeaf & { camera: string }>,
    deletionLeafText,
  );
  if (deletions.length === 0) return 0;
  const body: DeletionsBody = { deletions };
  const seq = appendAudit(db, {
    ...{ at, actor: 'hub', action: 'footage.deleted', object: 'log', reason: null, body },
  });
  run(
    db,
    'UPDATE segment SET deletion_logged_in = ? WHERE deleted_at IS NOT NULL AND deletion_logged_in IS NULL',
    seq,
  );
  return 1;
}
