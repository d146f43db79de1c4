/** Who saw which still frame of a camera, and how many somebody had taken. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { Migration } from './migration.ts';

export const stillLooks: Migration = {
  version: 49,
  sql: `
-- For good: the officer at the counter reads it.
CREATE TABLE camera_still_look (
  still_id TEXT NOT NULL,
  viewer_id TEXT NOT NULL,
  camera_id TEXT NOT NULL,
  viewer_name TEXT NOT NULL,       -- as it was then
  frame_at INTEGER NOT NULL,       -- when the picture was taken
  at INTEGER NOT NULL,             -- when it was first looked at
  taken TEXT,                      -- 'needed', 'beside': this person had it taken, of a camera that then waited for one or not; null: saw it
  PRIMARY KEY (still_id, viewer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX still_look_by_camera ON camera_still_look (camera_id, frame_at);
CREATE INDEX still_look_taken ON camera_still_look (viewer_id, at) WHERE taken IS NOT NULL;
`,
};
