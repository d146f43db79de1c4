/** What the recorder may take for reported, out of one snapshot with the holds. See domain/footage/reported-rule.ts. */
import type { CameraId } from '@hailong/shared/ids.ts';
import { type ReportedCamera, UNREPORTED_MAX } from '@hailong/shared/protocol/footage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import {
  type CounterSeen,
  type Ended,
  type KioskAt,
  mergedUnreported,
  unreportedOf,
} from '../../../../domain/footage/reported-rule.ts';
import { type Db, many, one } from '../../op.ts';
import { EVER_SEEN } from '../cameras/camera-rows.ts';
import { asideRows } from '../inbox/aside-rows.ts';
import { PROJECTION_CURSOR } from '../inbox/projection-rows.ts';

/**
 * The last one in chain order that this hub's clock has reached: from the epoch nothing went on from (of several the one that came
 * last) back along the parents. One beyond now was told by a clock that was ahead, and proves nothing.
 */
const NEWEST_ANCHOR = `WITH RECURSIVE line (epoch, parent, hub_at) AS (
    SELECT t.epoch, t.parent_epoch,
      (SELECT a.hub_at FROM anchor a WHERE a.device = e.device AND a.epoch = t.epoch AND a.hub_at <= :now ORDER BY a.seq DESC LIMIT 1)
    FROM device_epoch t WHERE t.id = (
      SELECT l.id FROM device_epoch l WHERE l.device = e.device AND NOT EXISTS (
        SELECT 1 FROM device_epoch n WHERE n.device = l.device AND n.parent_epoch = l.epoch) ORDER BY l.id DESC LIMIT 1)
    UNION
    SELECT p.epoch, p.parent_epoch,
      (SELECT a.hub_at FROM anchor a WHERE a.device = e.device AND a.epoch = p.epoch AND a.hub_at <= :now ORDER BY a.seq DESC LIMIT 1)
    FROM line JOIN device_epoch p ON p.device = e.device AND p.epoch = line.parent WHERE line.hub_at IS NULL)
  SELECT hub_at FROM line WHERE hub_at IS NOT NULL`;

/** Each stay of a kiosk at a counter ends with its next one elsewhere or its revocation. */
const KIOSKS = `SELECT e.counter_id AS counterId, e.at AS "from",
    coalesce((SELECT min(n.at) FROM device_enrolment n WHERE n.device = e.device AND n.serial > e.serial), d.revoked_at) AS "to",
    (${NEWEST_ANCHOR}) AS newestAnchor,
    (SELECT min(ifnull(s.started_at, e.at)) FROM device_epoch s WHERE s.device = e.device AND s.state = 'suspended') AS asideSince
  FROM device_enrolment e JOIN device d ON d.id = e.device
  WHERE d.written_off IS NULL
    AND NOT EXISTS (SELECT 1 FROM handover h WHERE h.counter_id = e.counter_id AND h.device = e.device
      AND h.at IS NOT NULL AND h.accepted_at IS NULL)`;

/** Null: facts are held that are not projected yet, so a rating among them has no hold yet. */
export function reportedCameras(db: Db, now: number): readonly ReportedCamera[] | null {
  if (!isProjected(db)) return null;
  const seen = many<CounterSeen>(db, EVER_SEEN);
  const ended = many<Ended>(db, 'SELECT counter_id AS counterId, up_to AS upTo FROM counter_reported');
  const waits = unreportedOf(seen, many<KioskAt>(db, KIOSKS, { now }), asideRows(db, now), ended);
  return many<{ id: string }>(db, 'SELECT id FROM camera ORDER BY id').map(({ id }) => ({
    camera: id as CameraId,
    unreported: mergedUnreported(waits.get(id) ?? [], UNREPORTED_MAX) as { from: UtcMs; to: UtcMs | null }[],
  }));
}

function isProjected(db: Db): boolean {
  const row = one<{ cursor: number; newest: number; queued: number; due: number }>(
    db,
    `SELECT ifnull((SELECT CAST(value AS INTEGER) FROM meta WHERE key = '${PROJECTION_CURSOR}'), 0) AS cursor,
       ifnull((SELECT max(id) FROM event), 0) AS newest, EXISTS (SELECT 1 FROM reproject) AS queued,
       EXISTS (SELECT 1 FROM hold_due) OR EXISTS (SELECT 1 FROM walkup_hold_due)
         OR EXISTS (SELECT 1 FROM hold_moved) AS due`,
  )!;
  return row.cursor >= row.newest && row.queued === 0 && row.due === 0;
}
