/** Footage that must outlive its days: who asked, for which camera and time, until when. See hub-server/DESIGN.md, "Holds". */
import type { Migration } from './migration.ts';

export const footageHold: Migration = {
  version: 16,
  sql: `
-- One row a camera. General: an officer's request is one kind; a case's and a court's are others.
CREATE TABLE footage_hold (
  id TEXT PRIMARY KEY,
  request TEXT NOT NULL,           -- what was asked once, over all cameras of the counter
  kind TEXT NOT NULL,
  subject TEXT,                    -- transaction or case; null: a time alone
  counter_id TEXT,
  camera_id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL CHECK (to_at > from_at),
  asked_by TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  until INTEGER,                   -- lapses by itself; null: until somebody ends it
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX footage_hold_living ON footage_hold (until) WHERE ended_at IS NULL;
-- An officer's second request for the same turn is the first one.
CREATE UNIQUE INDEX footage_hold_once ON footage_hold (asked_by, subject, camera_id) WHERE kind = 'officer';

-- What may be asked by itself, without a second person: how long after the turn, and how long it holds.
CREATE TABLE hold_rule (
  kind TEXT PRIMARY KEY,
  within_days INTEGER NOT NULL CHECK (within_days > 0),
  days INTEGER NOT NULL CHECK (days > 0)
) STRICT, WITHOUT ROWID;
INSERT INTO hold_rule (kind, within_days, days) VALUES ('officer', 7, 30);
`,
};
