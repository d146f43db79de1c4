/** What a package shows, so that whoever takes it is told as a viewer. See hub-server/DESIGN.md, "Cases and who watched". */
import type { Migration } from './migration.ts';

export const packageViews: Migration = {
  version: 38,
  sql: `
-- Cameras with footage in it, and the interval it was asked for.
CREATE TABLE evidence_camera (
  package_id TEXT NOT NULL, camera_id TEXT NOT NULL,
  from_at INTEGER NOT NULL, to_at INTEGER NOT NULL,
  PRIMARY KEY (package_id, camera_id)
) STRICT, WITHOUT ROWID;
-- Of packages written before: the cameras that the map names; the turn without its padding.
INSERT INTO evidence_camera
  SELECT DISTINCT w.package, m.camera_id, w.begins, w.ends FROM (
    SELECT p.id AS package, coalesce(c.counter_id, t.counter_id) AS counter,
      coalesce(i.from_at, c.from_at, t.opened_at, t.finished_at) AS begins,
      coalesce(i.to_at, c.to_at, t.finished_at, t.opened_at) AS ends
    FROM evidence_package p JOIN case_file c ON c.id = p.case_id
      LEFT JOIN case_interval i ON i.id = p.interval_id
      LEFT JOIN service_transaction t ON t.id = c.transaction_id
    WHERE p.state = 'ready') w
  JOIN camera_counter m ON m.counter_id = w.counter AND m.from_at <= w.ends AND (m.to_at IS NULL OR m.to_at >= w.begins);
`,
};
