/**
 * Purpose: every file that went is one that a row of the log committed to, with its reason, and every such row still holds; it went when
 *   the days and holds that the log had told by then let it.
 * Refuses: to take a mark in a row for a deletion: what no row of the log said is not proven; to call lost what another row keeps.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { type DeletionLeaf, deletionLeafText } from '../../domain/audit/log-leaf.ts';
import { DeletionJudge } from '../../domain/verify/deletion-judge.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import type { HeldLeaf } from '../../domain/verify/log-check.ts';
import { DELETION_LEAVES, type DeletionsBody } from './stores/log/deletion-leaves.ts';
import { rootsByCamera } from './stores/log/log-leaves.ts';
import type { Snapshot } from './verify-reader.ts';

/** Rows of the log about deletions, and about what may be deleted, as they are read. */
export class DeletionRows {
  readonly bodies = new Map<number, { readonly at: number; readonly text: string }>();
  readonly judge = new DeletionJudge();
  hear(leaf: Pick<HeldLeaf, 'seq' | 'at' | 'action' | 'object' | 'body'>): void {
    const { seq, at, action, body } = leaf;
    if (action === 'footage.deleted') this.bodies.set(seq, { at, text: body ?? '' });
    else this.judge.hear(leaf);
  }
}

export function checkDeletions(snapshot: Snapshot, rows: DeletionRows, verdict: Verdict): void {
  for (const [seq, { text }] of rows.bodies) {
    const held = rootsByCamera(
      snapshot.all<DeletionLeaf & { camera: string }>(DELETION_LEAVES, seq),
      deletionLeafText,
    );
    let said: DeletionsBody['deletions'];
    try {
      said = (JSON.parse(text) as DeletionsBody).deletions;
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
  judgeTimes(snapshot, rows, verdict);
  const open = snapshot.get<{ n: number }>(
    'SELECT count(*) AS n FROM segment WHERE deleted_at IS NOT NULL AND deletion_logged_in IS NULL',
  )?.n;
  if (open) verdict.cannotProve('footage.deletion_open', { table: 'segment' }, `${open}`);
  const lost = snapshot.get<{ n: number }>(LOST)?.n;
  if (lost) verdict.cannotProve('footage.lost', { table: 'segment' }, `${lost}`);
}

/**
 * Second rows of one file, which a repair gave up: the file is there, under the row that was kept. The kept rows are the outer loop, so
 * that SQLite's own index is over the few lost ones; where none is lost, none of it is run.
 */
const GIVEN_UP = `SELECT lost.id FROM segment kept CROSS JOIN segment lost
  ON lost.file = kept.file AND lost.sha256 = kept.sha256 AND lost.deleted_reason = 'lost' WHERE kept.deleted_at IS NULL`;
const LOST = `SELECT count(*) AS n FROM segment s WHERE s.deleted_reason = 'lost' AND s.id NOT IN (${GIVEN_UP})`;

interface DeletedRow {
  readonly id: string;
  readonly camera: string;
  readonly at: number;
  readonly reason: string;
  readonly row: number;
  /** Where the versions of its clock put its beginning, at the earliest and at the latest. */
  readonly first: number;
  readonly last: number;
  readonly lasts: number;
}
const DELETED = `SELECT s.id, s.camera_id AS camera, s.deleted_at AS at, s.deleted_reason AS reason, s.deletion_logged_in AS row,
    coalesce((SELECT max(m.offset_ms) FROM run_mapping m WHERE m.run = s.run), s.arrival_at - s.media_end_ms) + s.media_start_ms AS "last",
    coalesce((SELECT min(m.offset_ms) FROM run_mapping m WHERE m.run = s.run), s.arrival_at - s.media_end_ms) + s.media_start_ms AS "first",
    s.media_end_ms - s.media_start_ms AS lasts
  FROM segment s WHERE s.deletion_logged_in IS NOT NULL AND s.deleted_at IS NOT NULL
    AND NOT (s.deleted_reason IS 'lost' AND s.id IN (${GIVEN_UP})) ORDER BY s.id`;

const FAULTS = {
  early: 'footage.deleted_early',
  held: 'footage.deleted_held',
  'lost-held': 'footage.lost_held',
} as const;

/** By the log's own word on days and holds. */
function judgeTimes(snapshot: Snapshot, rows: DeletionRows, verdict: Verdict): void {
  let late = 0;
  for (const { id, row, first, last, lasts, ...each } of snapshot.all<DeletedRow>(DELETED)) {
    const loggedAt = rows.bodies.get(row)?.at;
    // Named above: no row of the log said it.
    if (loggedAt === undefined) continue;
    const places = [first, last].map((from) => ({ from, to: from + lasts }));
    for (const fault of rows.judge.judge({ ...each, places, loggedAt }))
      if (fault === 'late') late++;
      else verdict.find(FAULTS[fault], { table: 'segment', key: id });
  }
  if (late > 0) verdict.cannotProve('footage.deletion_late', { table: 'segment' }, `${late}`);
}
