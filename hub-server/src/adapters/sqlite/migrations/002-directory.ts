/**
 * People, places, logins, cases. Every row a person can edit says whether the demo office made it (`demo`), so that
 * the demo can be removed; facts never depend on these rows. See hub-server/DESIGN.md, "Tables".
 */
import type { Migration } from './migration.ts';

export const directory: Migration = {
  version: 2,
  sql: `
CREATE TABLE office (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  name TEXT NOT NULL, place TEXT NOT NULL, phone TEXT NOT NULL,
  retention_days INTEGER NOT NULL  -- default of new cameras, and the number on the camera notice
) STRICT;

CREATE TABLE unit (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  demo INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE officer (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,       -- upper case
  name TEXT NOT NULL, position TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  photo TEXT,                      -- blob.sha256
  pin_hash TEXT,                   -- scrypt$…; null: cannot log in
  active INTEGER NOT NULL,
  revision INTEGER NOT NULL,       -- grows with every change a kiosk shows
  demo INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL,            -- as on the sign; unique within its unit
  name TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  active INTEGER NOT NULL,
  demo INTEGER NOT NULL DEFAULT 0,
  UNIQUE (unit_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE procedure (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  active INTEGER NOT NULL,
  demo INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE camera (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  address TEXT NOT NULL,           -- without credentials
  user TEXT NOT NULL,
  password TEXT NOT NULL,          -- sealed with the hub's key; '' when none
  retention_days INTEGER NOT NULL, latency_ms INTEGER NOT NULL,
  active INTEGER NOT NULL,
  demo INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Which camera saw which counter, from when to when: an old transaction keeps its camera after a change.
CREATE TABLE camera_counter (
  camera_id TEXT NOT NULL, counter_id TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER,                   -- null: still
  PRIMARY KEY (camera_id, counter_id, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX camera_by_counter ON camera_counter (counter_id, from_at);

CREATE TABLE web_user (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE,   -- lower case
  name TEXT NOT NULL,
  roles TEXT NOT NULL,             -- JSON array
  password_hash TEXT NOT NULL,
  active INTEGER NOT NULL,
  demo INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- An officer's computer at one counter: its cookie is the first factor of an officer's login.
CREATE TABLE station (
  id TEXT PRIMARY KEY,
  counter_id TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie's secret, hex
  enrolled_at INTEGER NOT NULL, revoked_at INTEGER, last_seen_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE, -- SHA-256 of the cookie's secret, hex
  kind TEXT NOT NULL CHECK (kind IN ('user','officer')),
  subject_id TEXT NOT NULL,        -- web_user.id or officer.id
  station_id TEXT,                 -- officer: where the login stands
  duty_id TEXT,
  created_at INTEGER NOT NULL, used_at INTEGER NOT NULL, ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_by_subject ON session (subject_id) WHERE ended_at IS NULL;
CREATE INDEX session_by_station ON session (station_id) WHERE ended_at IS NULL AND station_id IS NOT NULL;

CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,   -- SHA-256, hex: the key is random, a slow hash would add nothing
  counter_ids TEXT,                -- JSON array; null: every counter
  created_at INTEGER NOT NULL, revoked_at INTEGER,
  demo INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Login attempts by scope and key; rules in domain/access/throttle.ts.
CREATE TABLE throttle (
  key TEXT PRIMARY KEY,
  attempts INTEGER NOT NULL, window_from INTEGER NOT NULL, blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE case_file (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL, document_number TEXT NOT NULL, purpose TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  assignee_id TEXT NOT NULL,
  assignee_name TEXT NOT NULL,     -- as it was when the case was opened
  status TEXT NOT NULL CHECK (status IN ('open','closed')),
  disputed INTEGER NOT NULL,
  opened_at INTEGER NOT NULL, closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX case_by_assignee ON case_file (assignee_id, opened_at);
CREATE INDEX case_open ON case_file (status) WHERE status = 'open';
CREATE TABLE case_series (series TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- An expiring address of footage: one camera, one transaction, one case, one session.
CREATE TABLE footage_ticket (
  ticket_hash TEXT PRIMARY KEY,
  case_id TEXT NOT NULL, transaction_id TEXT NOT NULL, camera_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- What was opened with it; the audit row stands beside the first one of each.
CREATE TABLE footage_access (
  ticket_hash TEXT NOT NULL, object TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (ticket_hash, object)
) STRICT, WITHOUT ROWID;
`,
};
