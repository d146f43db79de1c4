/**
 * Purpose: pictures of now that an administrator has taken of a camera, until one of them is approved: a few an hour, each look a row of
 * the log and one that the officer at the counter reads of. Refuses: more of them; a picture that leaves without both rows.
 * See hub-server/DESIGN.md, "Onboarding a camera".
 */
import type { CamerasPort, Viewer } from '../../../../application/ports/cameras.ts';
import { mayTakeStill, STILLS_WITHIN_MS, stillOf } from '../../../../domain/footage/still-rule.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';

type Taken = 'needed' | 'beside';

const needOf = (db: Db, cameraId: string, at: number): Taken =>
  stillOf(
    one<{ at: number | null }>(
      db,
      'SELECT max(approved_at) AS at FROM camera_still WHERE camera_id = ? AND approved_at <= ? AND outdated = 0',
      ...[cameraId, at],
    )?.at ?? null,
    at,
  );

const mayTake = (db: Db, cameraId: string, byId: string, at: number): boolean =>
  mayTakeStill(
    cameraId,
    needOf(db, cameraId, at),
    many<{ cameraId: string; of: Taken }>(
      db,
      `SELECT camera_id AS cameraId, taken AS of FROM camera_still_look
       WHERE viewer_id = ? AND taken IS NOT NULL AND at > ? AND at <= ?`,
      // One written under a clock that stood ahead says nothing of this hour.
      ...[byId, at - STILLS_WITHIN_MS, at],
    ),
  );

/** The first look counts: whoever had it taken saw it then. */
function recordLook(
  db: Db,
  still: { readonly id: string; readonly cameraId: string; readonly at: number },
  viewer: Viewer,
  at: number,
  taken: Taken | null,
): void {
  run(
    db,
    `INSERT INTO camera_still_look (still_id, viewer_id, camera_id, viewer_name, frame_at, at, taken)
     VALUES (?,?,?,?,?,?,?) ON CONFLICT DO NOTHING`,
    ...[still.id, viewer.id, still.cameraId, viewer.name, still.at, at, taken],
  );
}

/** To have it taken is not to have looked at it. */
export const hasOpened = (db: Db, viewerId: string, id: string): boolean =>
  one(
    db,
    'SELECT 1 FROM camera_still_look WHERE still_id = ? AND viewer_id = ? AND opened_at IS NOT NULL',
    ...[id, viewerId],
  ) !== undefined;

export const stills: Store<Pick<CamerasPort, 'mayTakeStill' | 'keepStill' | 'openStill'>> = {
  mayTakeStill: read((db, { cameraId, byId, at }) => mayTake(db, cameraId, byId, at)),
  keepStill: write((db, { still, viewer, audit }) => {
    if (!mayTake(db, still.cameraId, viewer.id, audit.at)) return false;
    recordLook(db, still, viewer, audit.at, needOf(db, still.cameraId, audit.at));
    run(
      db,
      `INSERT OR REPLACE INTO camera_still_waiting (camera_id, id, taken_at, taken_by, sha256, bytes)
       VALUES (?,?,?,?,?,?)`,
      ...[still.cameraId, still.id, still.at, still.by, still.sha256, still.bytes],
    );
    appendAudit(db, audit);
    return true;
  }),
  openStill: write((db, { cameraId, id, viewer, audit }) => {
    const still = one<{ bytes: Uint8Array; takenAt: number }>(
      db,
      `SELECT bytes, taken_at AS takenAt FROM camera_still_waiting WHERE camera_id = ? AND id = ?
       UNION ALL SELECT bytes, taken_at FROM camera_still WHERE camera_id = ? AND id = ?`,
      ...[cameraId, id, cameraId, id],
    );
    if (still === undefined) return null;
    recordLook(db, { id, cameraId, at: still.takenAt }, viewer, audit.at, null);
    run(
      db,
      'UPDATE camera_still_look SET opened_at = ? WHERE still_id = ? AND viewer_id = ? AND opened_at IS NULL',
      ...[audit.at, id, viewer.id],
    );
    appendAudit(db, audit);
    return still.bytes;
  }),
};
