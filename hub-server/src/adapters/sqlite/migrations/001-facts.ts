/**
 * Facts of devices and recorder, what is projected from them, intents, audit log. No foreign keys on facts: an
 * unknown reference is never a reason to reject. Random secondary keys are the ingest limit, so `event` has one.
 * See hub-server/DESIGN.md, "Tables".
 */
import type { Migration } from './migration.ts';

export const facts: Migration = {
  version: 1,
  sql: `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row per enrolled kiosk.
CREATE TABLE device (
  id TEXT PRIMARY KEY,             -- hex SHA-256 of its public key
  counter_id TEXT NOT NULL,
  public_key BLOB NOT NULL,        -- 32 raw bytes
  enrol_serial INTEGER NOT NULL,   -- grows with every enrolment at this hub; intents go to the newest of a counter
  enrolled_at INTEGER NOT NULL,
  revoked_at INTEGER,
  fence INTEGER NOT NULL DEFAULT 0, -- number of the newest hello; batches of an older connection are refused
  last_seen_at INTEGER,
  build TEXT NOT NULL DEFAULT '',
  status TEXT,                     -- last deviceStatus as JSON
  checkpoint TEXT,                 -- last checkpoint the device said it accepted, JSON
  alarm TEXT                       -- 'rewound' or 'forked': loss or clone, until an operator clears it
) STRICT, WITHOUT ROWID;
CREATE INDEX device_by_counter ON device (counter_id, enrol_serial);

-- Codes are kept as hashes only (hex SHA-256), one use each, for kiosks and stations.
CREATE TABLE enrol_code (
  code_hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('kiosk','station')),
  counter_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

-- The head of each chain: what \`have\` answers and the first row a batch reads.
CREATE TABLE device_epoch (
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  epoch TEXT NOT NULL,
  head_seq INTEGER NOT NULL,
  head_hash BLOB NOT NULL,
  UNIQUE (device, epoch)
) STRICT;

-- The exact bytes. id is the hub's arrival order and the cursor of the pages; it enters no export.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  epoch_id INTEGER NOT NULL,       -- device_epoch.id
  seq INTEGER NOT NULL,
  branch INTEGER NOT NULL DEFAULT 0, -- 0: the chain; 1…: other bytes under the same number (forked)
  hash BLOB NOT NULL,
  prev_hash BLOB NOT NULL,
  bytes BLOB NOT NULL,
  type TEXT,                       -- null when unreadable
  at INTEGER,                      -- claimed wall time, ms
  status TEXT NOT NULL CHECK (status IN ('stored','forked','quarantined')),
  code TEXT,
  detail TEXT,
  received_at INTEGER NOT NULL     -- the hub's clock; enters no export
) STRICT;
CREATE UNIQUE INDEX event_identity ON event (epoch_id, seq, branch);
CREATE INDEX event_aside ON event (status) WHERE status <> 'stored';

-- Every signed batch head: device, epoch, seq, hash and the last checkpoint the device accepted.
CREATE TABLE signed_head (
  epoch_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  checkpoint TEXT,                 -- JSON {origin,size,root} or null
  sig TEXT NOT NULL,
  PRIMARY KEY (epoch_id, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE intent (
  seq INTEGER PRIMARY KEY,         -- order of sending
  id TEXT NOT NULL UNIQUE,
  counter_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,           -- the wire intent as JSON
  request TEXT NOT NULL,           -- what was asked, canonical: same id and other request is \`intent.reused\`
  transaction_id TEXT,
  duty_id TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','accepted','refused','expired')),
  code TEXT,
  resolved_at INTEGER
) STRICT;
CREATE INDEX intent_pending ON intent (counter_id, seq) WHERE state = 'pending';
CREATE INDEX intent_by_transaction ON intent (transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX intent_by_counter ON intent (counter_id, seq);

-- Projections: each is a fold over events and can be rebuilt (store \`inbox\`, operation rebuild).
CREATE TABLE duty (
  id TEXT PRIMARY KEY,
  device TEXT NOT NULL,
  counter_id TEXT NOT NULL,
  officer_id TEXT NOT NULL,
  officer_code TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  end_reason TEXT,
  started_event INTEGER NOT NULL,
  ended_event INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX duty_by_counter ON duty (counter_id, started_at);
CREATE INDEX duty_open ON duty (officer_id) WHERE ended_at IS NULL;

CREATE TABLE service_transaction (
  id TEXT PRIMARY KEY,
  -- from transaction.opened, or from the snapshot of rating.opened when that is missing; null until either came
  counter_id TEXT, officer_id TEXT, officer_code TEXT, unit_id TEXT, duty_id TEXT,
  procedure_code TEXT, stage TEXT, queue_number TEXT,
  dossier_codes TEXT NOT NULL DEFAULT '[]',
  opened_at INTEGER, opened_event INTEGER,
  finished_at INTEGER, finished_event INTEGER, outcome TEXT, finished_by TEXT,
  annotated TEXT, annotated_event INTEGER, -- the officer's later outcome: an annotation, nothing moves
  month TEXT                       -- YYYY-MM in Vietnam of finished_at; null until finished
) STRICT, WITHOUT ROWID;
CREATE INDEX transaction_by_month ON service_transaction (month, counter_id);
CREATE INDEX transaction_by_counter ON service_transaction (counter_id, opened_event);

CREATE TABLE transaction_dossier (
  dossier_code TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  PRIMARY KEY (dossier_code, transaction_id)
) STRICT, WITHOUT ROWID;

-- One prompt a transaction. The snapshot of rating.opened, frozen.
CREATE TABLE rating_prompt (
  transaction_id TEXT PRIMARY KEY,
  rating_id TEXT NOT NULL,
  instrument_id TEXT, instrument_version INTEGER,
  opened_by TEXT, close_after_ms INTEGER,
  opened_at INTEGER, opened_event INTEGER,
  closed_at INTEGER, closed_event INTEGER, close_reason TEXT, drained INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE vote (
  id TEXT PRIMARY KEY,
  transaction_id TEXT NOT NULL,
  rating_id TEXT NOT NULL,
  question TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  level INTEGER NOT NULL,
  via TEXT NOT NULL CHECK (via IN ('panel','touch','private')),
  button INTEGER,
  at INTEGER NOT NULL,
  in_time INTEGER NOT NULL DEFAULT 1,
  event_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX vote_by_transaction ON vote (transaction_id);

-- A press that counts for nothing but is kept.
CREATE TABLE stray_press (
  event_id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  rating_id TEXT,
  button INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX stray_by_rating ON stray_press (rating_id) WHERE rating_id IS NOT NULL;

-- Exactly one effective rating a transaction: the primary key says so.
CREATE TABLE effective_rating (
  transaction_id TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  overall INTEGER NOT NULL,
  criteria TEXT NOT NULL,          -- JSON {question: level}
  votes TEXT NOT NULL,             -- JSON {question: vote id}
  review INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Counts by month of transaction.finished; changed by (new - old) in the transaction that changes a rating.
CREATE TABLE rollup (
  month TEXT NOT NULL, unit_id TEXT NOT NULL, officer_id TEXT NOT NULL, counter_id TEXT NOT NULL,
  procedure_code TEXT NOT NULL,    -- '' when none was named
  stage TEXT NOT NULL,
  served INTEGER NOT NULL DEFAULT 0,
  prompted INTEGER NOT NULL DEFAULT 0,
  rated INTEGER NOT NULL DEFAULT 0,
  l1 INTEGER NOT NULL DEFAULT 0, l2 INTEGER NOT NULL DEFAULT 0, l3 INTEGER NOT NULL DEFAULT 0,
  l4 INTEGER NOT NULL DEFAULT 0, l5 INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (month, unit_id, officer_id, counter_id, procedure_code, stage)
) STRICT, WITHOUT ROWID;

-- Footage facts of the recorder. Rows are never removed: a deleted file keeps its row, hash and reason.
CREATE TABLE segment (
  id TEXT PRIMARY KEY,
  camera_id TEXT NOT NULL, run TEXT NOT NULL, file TEXT NOT NULL,
  media_start_ms INTEGER NOT NULL, media_end_ms INTEGER NOT NULL,
  arrival_at INTEGER NOT NULL, arrival_mono_ms INTEGER NOT NULL,
  bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, codec TEXT NOT NULL, flags TEXT NOT NULL,
  deleted_at INTEGER, deleted_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX segment_by_arrival ON segment (camera_id, arrival_at);
-- Found again after a crash: their arrival says nothing about when they were filmed.
CREATE INDEX segment_recovered ON segment (camera_id) WHERE flags LIKE '%recovered%';
CREATE TABLE run_mapping (
  run TEXT NOT NULL, version INTEGER NOT NULL,
  camera_id TEXT NOT NULL, method TEXT NOT NULL,
  offset_ms INTEGER NOT NULL, latency_ms INTEGER NOT NULL, bound_ms INTEGER NOT NULL,
  PRIMARY KEY (run, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE footage_gap (
  id TEXT PRIMARY KEY, camera_id TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER, reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX gap_by_camera ON footage_gap (camera_id, from_at);
CREATE TABLE recorder_cursor (recorder TEXT PRIMARY KEY, cursor INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Instruments are versioned data: a version once used is never changed.
CREATE TABLE instrument (
  id TEXT NOT NULL, version INTEGER NOT NULL, content TEXT NOT NULL, since INTEGER NOT NULL,
  PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

-- Photos of officers, by content.
CREATE TABLE blob (
  sha256 TEXT PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL, stored_at INTEGER NOT NULL
) STRICT;

-- Append only. leaf_hash = SHA-256(0x00 ‖ leaf bytes), RFC 6962; the tree over it follows.
CREATE TABLE audit_log (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  reason TEXT,
  body TEXT,                       -- JSON
  leaf_hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'append only'); END;
`,
};
