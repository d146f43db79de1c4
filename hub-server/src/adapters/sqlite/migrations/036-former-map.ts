/**
 * What the camera map said and says no more: one person may set it right, and alone ends neither the waiting for a silent kiosk nor a
 * hold to come. See hub-server/DESIGN.md, "Retention".
 */
import type { Migration } from './migration.ts';

export const formerMap: Migration = {
  version: 36,
  sql: `
CREATE TABLE camera_counter_was (
  camera_id TEXT NOT NULL, counter_id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,          -- a row that went on then ends when it was changed
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (camera_id, counter_id, from_at, to_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX camera_was_by_counter ON camera_counter_was (counter_id, from_at);
`,
};
