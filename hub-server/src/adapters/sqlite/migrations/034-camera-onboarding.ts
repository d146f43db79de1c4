/** What makes a camera one to rely on: check, still frame, clock, latency. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { Migration } from './migration.ts';

export const cameraOnboarding: Migration = {
  version: 34,
  sql: `
ALTER TABLE camera ADD COLUMN via TEXT; -- ONVIF adapter by hand; null: the first that can read it

-- The last one only.
CREATE TABLE camera_check (
  camera_id TEXT PRIMARY KEY,
  at INTEGER NOT NULL, by TEXT NOT NULL,
  result TEXT NOT NULL             -- ProbeResult as JSON
) STRICT, WITHOUT ROWID;

-- Approved ones; each stays, as proof of what the camera saw when.
CREATE TABLE camera_still (
  id TEXT PRIMARY KEY,
  camera_id TEXT NOT NULL,
  taken_at INTEGER NOT NULL, taken_by TEXT NOT NULL,
  sha256 TEXT NOT NULL, bytes BLOB NOT NULL, -- JPEG
  approved_at INTEGER NOT NULL, approved_by TEXT NOT NULL
) STRICT;
CREATE INDEX camera_still_newest ON camera_still (camera_id, approved_at);
-- Waits for a person's word, for an hour: a picture of people that nobody needs is not kept.
CREATE TABLE camera_still_waiting (
  camera_id TEXT PRIMARY KEY,
  id TEXT NOT NULL, taken_at INTEGER NOT NULL, taken_by TEXT NOT NULL, sha256 TEXT NOT NULL, bytes BLOB NOT NULL
) STRICT;

-- What the camera's clock told: all of a month, before that the worst of each day, a year at most.
CREATE TABLE camera_clock (
  camera_id TEXT NOT NULL, at INTEGER NOT NULL,
  offset_ms INTEGER NOT NULL,      -- camera minus recorder, told in whole seconds
  PRIMARY KEY (camera_id, at)
) STRICT, WITHOUT ROWID;

-- Measured by filming the hub's clock: holds from its date on, never before.
CREATE TABLE camera_latency (
  id TEXT PRIMARY KEY,
  camera_id TEXT NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL,
  latency_ms INTEGER NOT NULL,     -- what the bounds use: measured and its error
  measured_ms INTEGER NOT NULL, error_ms INTEGER NOT NULL,
  shown_at INTEGER NOT NULL, frame_at INTEGER NOT NULL,
  segment_id TEXT NOT NULL, run TEXT NOT NULL, mapping_version INTEGER NOT NULL, mapping_bound_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX camera_latency_dated ON camera_latency (camera_id, at);

CREATE TABLE camera_alarm (
  camera_id TEXT NOT NULL, code TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  cleared_at INTEGER,              -- its cause is gone
  PRIMARY KEY (camera_id, code, opened_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX camera_alarm_open ON camera_alarm (camera_id, code) WHERE cleared_at IS NULL;
`,
};
