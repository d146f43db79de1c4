/** Backups that were made, and up to where each chain lies on two media. See hub-server/DESIGN.md, "Second medium". */
import type { Migration } from './migration.ts';

export const backup: Migration = {
  version: 7,
  sql: `
CREATE TABLE backup (
  name TEXT PRIMARY KEY,           -- the folder's name
  at INTEGER NOT NULL,
  path TEXT NOT NULL,              -- where it lay when it was made
  manifest TEXT NOT NULL,          -- hex SHA-256 of the manifest's bytes
  second_medium INTEGER NOT NULL   -- 1: on another filesystem device than the data
) STRICT, WITHOUT ROWID;

-- A kiosk may delete what is not above this number and older than 90 days; it only grows.
CREATE TABLE safe_upto (
  epoch_id INTEGER PRIMARY KEY,    -- device_epoch.id
  seq INTEGER NOT NULL
) STRICT;
`,
};
