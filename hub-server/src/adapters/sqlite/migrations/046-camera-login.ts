/** How cameras let us in, and which asks for more now. See hub-server/DESIGN.md, "Recording". */
import type { Migration } from './migration.ts';

export const cameraLogin: Migration = {
  version: 46,
  sql: `
-- seen: as protocol/cameras.ts, loginSeen. At the camera's present address; another one forgets.
CREATE TABLE camera_login (
  camera_id TEXT NOT NULL, seen TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (camera_id, seen)
) STRICT, WITHOUT ROWID;
-- Since when it asks for the password itself, until an administrator decided.
CREATE TABLE camera_basic_refused (camera_id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
};
