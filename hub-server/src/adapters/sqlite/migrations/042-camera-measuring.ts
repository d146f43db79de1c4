/** Recorded pictures that administrators open outside cases, to measure a latency. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { Migration } from './migration.ts';

export const cameraMeasuring: Migration = {
  version: 42,
  sql: `
CREATE TABLE camera_measuring (
  id TEXT PRIMARY KEY,
  camera_id TEXT NOT NULL,
  by_id TEXT NOT NULL,             -- who may open pictures in it
  begun_at INTEGER NOT NULL,       -- no picture from before
  until_at INTEGER NOT NULL        -- over by itself, or when the latency was stored
) STRICT, WITHOUT ROWID;
CREATE INDEX measuring_by_camera ON camera_measuring (camera_id, begun_at);
-- Who saw which picture, for good: the officer at the counter reads it.
CREATE TABLE camera_look (
  measuring_id TEXT NOT NULL, segment_id TEXT NOT NULL,
  camera_id TEXT NOT NULL,
  viewer_name TEXT NOT NULL,       -- as it was then
  frame_at INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (measuring_id, segment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX look_by_camera ON camera_look (camera_id, frame_at);
`,
};
