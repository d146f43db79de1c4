/**
 * What a camera is said to film: its address and the counters it sees now. Once that is another one, checks and approved still frames of
 * before count no more, and one that waits goes. No clock enters it. See hub-server/DESIGN.md, "Onboarding a camera".
 */
import { type Db, one, run } from '../../op.ts';

/** Null: no such camera yet. */
export const viewOf = (db: Db, cameraId: string): string | null =>
  one<{ view: string }>(
    db,
    `SELECT json_array(address, (SELECT json_group_array(counter_id) FROM (
       SELECT DISTINCT counter_id FROM camera_counter WHERE camera_id = camera.id AND to_at IS NULL ORDER BY counter_id))) AS view
     FROM camera WHERE id = ?`,
    cameraId,
  )?.view ?? null;

/** Behind a change, in its transaction; `before`: the view as it was. */
export function outdate(db: Db, cameraId: string, before: string | null): void {
  if (before === null || viewOf(db, cameraId) === before) return;
  run(db, 'UPDATE camera_check SET outdated = 1 WHERE camera_id = ?', cameraId);
  run(db, 'UPDATE camera_still SET outdated = 1 WHERE camera_id = ?', cameraId);
  run(db, 'DELETE FROM camera_still_waiting WHERE camera_id = ?', cameraId);
}
