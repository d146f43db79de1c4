/**
 * Purpose: every file that went is one that a row of the log committed to, with its reason, and every such row still holds.
 * Refuses: to take a mark in a row for a deletion: what no row of the log said is not proven.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { type DeletionLeaf, deletionLeafText } from '../../domain/audit/log-leaf.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { DELETION_LEAVES, type DeletionsBody } from './stores/deletion-leaves.ts';
import { rootsByCamera } from './stores/log-leaves.ts';
import type { Snapshot } from './verify-reader.ts';

/** Rows of the log about deletions, as they are read. */
export class DeletionRows {
  readonly bodies = new Map<number, string>();
  hear({
    seq,
    action,
    body,
  }: {
    readonly seq: number;
    readonly action: string;
    readonly body: string | null;
  }): void {
    if (action === 'footage.deleted') this.bodies.set(seq, body ?? '');
  }
}

export function checkDeletions(snapshot: Snapshot, rows: DeletionRows, verdict: Verdict): void {
  for (const [seq, body] of rows.bodies) {
    const held = rootsByCamera(
      snapshot.all<DeletionLeaf & { camera: string }>(DELETION_LEAVES, seq),
      deletionLeafText,
    );
    let said: DeletionsBody['deletions'];
    try {
      said = (JSON.parse(body) as DeletionsBody).deletions;
    } catch {
      verdict.find('row.unreadable', { leaf: seq });
      continue;
    }
    if (JSON.stringify(said) !== JSON.stringify(held))
      verdict.find('log.contradicts', { leaf: seq, table: 'segment' }, 'deleted');
  }
  for (const { id, seq } of snapshot.all<{ id: string; seq: number }>(
    'SELECT min(id) AS id, deletion_logged_in AS seq FROM segment WHERE deletion_logged_in IS NOT NULL GROUP BY deletion_logged_in',
  ))
    if (!rows.bodies.has(seq))
      verdict.find('log.contradicts', { leaf: seq, table: 'segment', key: id }, 'deletion_logged_in');
  const open = snapshot.get<{ n: number }>(
    'SELECT count(*) AS n FROM segment WHERE deleted_at IS NOT NULL AND deletion_logged_in IS NULL',
  )?.n;
  if (open) verdict.cannotProve('footage.deletion_open', { table: 'segment' }, `${open}`);
}
