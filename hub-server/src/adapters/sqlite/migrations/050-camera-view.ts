/** What was checked and approved of another address or another counter says nothing of what is filmed now. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { Migration } from './migration.ts';

export const cameraView: Migration = {
  version: 50,
  sql: `
-- 1: the camera's address, or the counters it sees, changed after it.
ALTER TABLE camera_check ADD COLUMN outdated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE camera_still ADD COLUMN outdated INTEGER NOT NULL DEFAULT 0;
-- Cameras that record without a still frame that counts, and since when that was seen.
CREATE TABLE camera_unapproved (camera_id TEXT PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
};
