/**
 * What a hold ends later by is remembered beside the camera; each interval of a case is a request of its own; an officer may ask again
 * for what was ended. See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

export const holdRequests: Migration = {
  version: 40,
  sql: `
-- The most that was ever entered or measured, where that is more than latency_ms; ms.
ALTER TABLE camera ADD COLUMN widest_latency_ms INTEGER NOT NULL DEFAULT 0;
UPDATE camera SET widest_latency_ms = max(
  ifnull((SELECT max(l.latency_ms) FROM camera_latency l WHERE l.camera_id = camera.id), 0),
  ifnull((SELECT max(m.latency_ms) FROM run_mapping m WHERE m.camera_id = camera.id), 0));
-- By which latency a row was placed nobody knows: a little more is held.
UPDATE footage_hold SET to_at = to_at + (SELECT max(latency_ms, widest_latency_ms) FROM camera WHERE id = camera_id)
  WHERE ended_at IS NULL AND camera_id IN (SELECT id FROM camera);

-- Was request/camera/interval, all intervals of a case one request.
UPDATE footage_hold SET request = request || substr(id, length(request || '/' || camera_id) + 1),
    id = request || substr(id, length(request || '/' || camera_id) + 1) || '/' || camera_id
  WHERE kind = 'case' AND id <> request || '/' || camera_id;
CREATE INDEX footage_hold_by_subject ON footage_hold (subject);

-- One that is over does not stand in the way of the next.
DROP INDEX footage_hold_once;
`,
};
