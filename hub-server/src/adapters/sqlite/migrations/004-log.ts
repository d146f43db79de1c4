/**
 * The audit log as a witnessed tree: its origins, stored subtree hashes, signed checkpoints, and how far chains and
 * footage are committed to. See hub-server/DESIGN.md, "Audit log and witnesses".
 */
import type { Migration } from './migration.ts';

export const log: Migration = {
  version: 4,
  sql: `
-- One log a lineage. Its leaf 0 is the audit row first_seq; the newest id is the log that grows.
CREATE TABLE log_origin (
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL UNIQUE,
  lineage TEXT NOT NULL,
  first_seq INTEGER NOT NULL,
  size INTEGER NOT NULL DEFAULT 0,  -- leaves whose nodes are stored below
  from_origin TEXT, from_size INTEGER, from_root BLOB, -- the log it follows; null: the first
  statement TEXT, statement_sig TEXT, -- base64url, signed by the recovery key; null: first or unsigned
  started_at INTEGER NOT NULL
) STRICT;

-- Roots of complete subtrees of 2^level leaves, level 1 and up; level 0 is audit_log.leaf_hash.
CREATE TABLE log_node (
  origin_id INTEGER NOT NULL, level INTEGER NOT NULL, idx INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (origin_id, level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_checkpoint (
  origin_id INTEGER NOT NULL, size INTEGER NOT NULL,
  root BLOB NOT NULL, at INTEGER NOT NULL,
  text TEXT NOT NULL,               -- the signed note
  PRIMARY KEY (origin_id, size)
) STRICT, WITHOUT ROWID;

-- A checkpoint that a device showed and that this log does not lead to; each is written once, with an audit row.
CREATE TABLE log_alarm (
  device TEXT NOT NULL, origin TEXT NOT NULL, size INTEGER NOT NULL, root TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ahead','inconsistent','foreign')),
  at INTEGER NOT NULL,
  PRIMARY KEY (device, origin, size, root)
) STRICT, WITHOUT ROWID;

-- What a log.heads row has committed to. The index holds only chains that grew since: looked up once a minute.
ALTER TABLE device_epoch ADD COLUMN logged_seq INTEGER NOT NULL DEFAULT 0;
CREATE INDEX epoch_unlogged ON device_epoch (id) WHERE head_seq > logged_seq;
-- audit_log.seq of the row that commits to it; null: not yet.
ALTER TABLE segment ADD COLUMN logged_in INTEGER;
CREATE INDEX segment_by_log ON segment (logged_in, camera_id);
ALTER TABLE run_mapping ADD COLUMN logged_in INTEGER;
CREATE INDEX mapping_by_log ON run_mapping (logged_in, camera_id);

-- The checkpoint that was shown with the code, handed over with the enrolment.
ALTER TABLE enrol_code ADD COLUMN log_origin_id INTEGER;
ALTER TABLE enrol_code ADD COLUMN log_size INTEGER;
`,
};
