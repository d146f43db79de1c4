/**
 * A camera's day is read from one index, a deletion names who asked for it and comes under a signed root, and a counter's
 * footage may be said to be reported by two people. See hub-server/DESIGN.md, "Coverage" and "Retention".
 */
import type { Migration } from './migration.ts';

export const coverage: Migration = {
  version: 29,
  sql: `
ALTER TABLE segment ADD COLUMN deleted_by TEXT;             -- a person, when one asked for it; null: a rule did
ALTER TABLE segment ADD COLUMN deletion_logged_in INTEGER;  -- row of the log that committed to its deletion
-- Covers what a day's ledger reads: 21,600 rows a camera without one look into the table.
DROP INDEX segment_by_arrival;
CREATE INDEX segment_by_arrival ON segment
  (camera_id, arrival_at, run, media_start_ms, media_end_ms, flags, deleted_at, deleted_reason, deleted_by);
CREATE INDEX segment_by_deletion ON segment (deletion_logged_in, camera_id) WHERE deleted_at IS NOT NULL;

-- How far a kiosk has reported: its newest anchor, since a chain has no holes.
CREATE INDEX anchor_newest ON anchor (device, hub_at);
-- Two people ended the waiting for a counter's kiosk: its footage up to then counts as reported.
CREATE TABLE counter_reported (
  counter_id TEXT PRIMARY KEY,
  up_to INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  decided_by TEXT NOT NULL         -- JSON: both
) STRICT, WITHOUT ROWID;
`,
};
