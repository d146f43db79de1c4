/** Configurations go to groups of counters, one after the other, and back. See hub-server/DESIGN.md, "Rollout". */
import type { Migration } from './migration.ts';

export const rollout: Migration = {
  version: 25,
  sql: `
CREATE TABLE counter_group (
  counter_id TEXT PRIMARY KEY,
  stage INTEGER NOT NULL           -- from 1; a counter without a row is of the last
) STRICT, WITHOUT ROWID;

CREATE TABLE rollout_rule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  stages INTEGER NOT NULL,         -- 1: everything goes to everybody at once
  soak_ms INTEGER NOT NULL,        -- well for so long before the next group
  confirm_ms INTEGER NOT NULL,     -- a kiosk that is heard confirms within this
  sick_share INTEGER NOT NULL      -- hundredths of the kiosks reached that may get worse or not confirm
) STRICT;
INSERT INTO rollout_rule VALUES (1, 1, 1800000, 300000, 0);

-- What all counters are told alike and where each form is asked, as of a revision of the directory: written once.
CREATE TABLE config_snapshot (
  revision INTEGER PRIMARY KEY,
  content TEXT NOT NULL,           -- JSON
  at INTEGER NOT NULL
) STRICT;
CREATE TRIGGER config_snapshot_kept BEFORE UPDATE ON config_snapshot BEGIN SELECT RAISE(ABORT, 'written once'); END;

-- The newest row is how things stand; older ones are history.
CREATE TABLE rollout (
  id INTEGER PRIMARY KEY,
  from_revision INTEGER NOT NULL,
  to_revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running','done','rolled_back')),
  stage INTEGER NOT NULL,          -- groups up to this one have it
  stage_at INTEGER NOT NULL,
  sick_before TEXT NOT NULL,       -- JSON: devices that were ill before their group had it
  reason TEXT,                     -- why it went back
  started_at INTEGER NOT NULL
) STRICT;
`,
};
