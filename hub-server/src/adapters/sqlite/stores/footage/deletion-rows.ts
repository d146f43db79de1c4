/**
 * Files that went, as the recorder told it. Two kinds are alarms, a row of the log a camera: what went before its kiosk had reported,
 * and what was found gone though no rule and nobody let it go. See hub-server/DESIGN.md, "Retention".
 * Refuses: to say in such a row whether a hold covered it: who may know of a denunciation's hold is fewer than who reads the log.
 */
import type { LostFootage, SegmentDeleted } from '@hailong/shared/protocol/footage.ts';
import { type Db, many, one, run } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';

export type Alarm = 'footage.unreported_deleted' | 'footage.lost';

/** The alarm that it is. What had gone before keeps its reason and is told once. */
export function applyDeletion(db: Db, fact: SegmentDeleted): Alarm | null {
  const changed = run(
    db,
    'UPDATE segment SET deleted_at = ?, deleted_reason = ?, deleted_by = ? WHERE id = ? AND deleted_at IS NULL',
    ...[fact.at, fact.reason, fact.by ?? null, fact.id],
  );
  if (changed === 0) return null;
  if (fact.reason === 'budget-unreported') return 'footage.unreported_deleted';
  return fact.reason === 'lost' && !isGivenUp(db, fact.id) ? 'footage.lost' : null;
}

/** A file is dated by when it was last written, its line comes right behind or some seconds late, ms. */
const WRITTEN_MS = 120_000;

/** A second row of one file, which a repair gave up: the file is there. */
function isGivenUp(db: Db, id: string): boolean {
  return (
    one(
      db,
      `SELECT 1 FROM segment lost CROSS JOIN segment kept INDEXED BY segment_by_arrival ON kept.camera_id = lost.camera_id
         AND kept.arrival_at BETWEEN lost.arrival_at - @written AND lost.arrival_at + @written
         AND kept.file = lost.file AND kept.sha256 = lost.sha256 AND kept.deleted_at IS NULL
       WHERE lost.id = @id LIMIT 1`,
      { id, written: WRITTEN_MS },
    ) !== undefined
  );
}

interface Went {
  readonly segments: number;
  /** By arrival, UTC ms. */
  readonly from: number;
  readonly to: number;
  /** Who had them written down as gone; absent: the recorder did by itself. */
  readonly by?: string;
}

export function noteAlarms(db: Db, alarms: ReadonlyMap<string, Alarm>): void {
  for (const action of ['footage.unreported_deleted', 'footage.lost'] as const) {
    const ids = [...alarms].flatMap(([id, each]) => (each === action ? [id] : []));
    if (ids.length === 0) continue;
    for (const { camera, at, by, ...went } of many<
      Omit<Went, 'by'> & { camera: string; at: number; by: string | null }
    >(
      db,
      `SELECT camera_id AS camera, max(deleted_at) AS at, count(*) AS segments, min(arrival_at) AS "from", max(arrival_at) AS "to",
         deleted_by AS "by" FROM segment WHERE id IN (SELECT value FROM json_each(?)) GROUP BY camera_id, deleted_by`,
      JSON.stringify(ids),
    )) {
      const body: Went = by === null ? went : { ...went, by };
      appendAudit(db, { at, actor: 'recorder', action, object: `camera:${camera}`, reason: null, body });
    }
  }
}

/** Rows read for the administration's note; more than that in a month is no list any more. */
const ROWS_MAX = 1_000;

/** By camera, of what was found gone after `since`, UTC ms; the camera with the newest such row first. */
export function lostSince(db: Db, since: number): readonly LostFootage[] {
  return many<LostFootage>(
    db,
    `SELECT coalesce(c.name, l.object) AS camera, sum(body ->> '$.segments') AS files, min(body ->> '$.from') AS "from", max(body ->> '$.to') AS "to",
       max(l.at) AS at
     FROM (SELECT * FROM audit_log INDEXED BY audit_footage_lost WHERE action = 'footage.lost' AND at > ? ORDER BY at DESC LIMIT ${ROWS_MAX}) l
     LEFT JOIN camera c ON 'camera:' || c.id = l.object GROUP BY l.object ORDER BY max(l.at) DESC`,
    since,
  );
}
