/** Acts of two people, personal tokens, and what a case may see beyond its own. See hub-server/DESIGN.md, "Acts of two people". */
import type { Migration } from './migration.ts';

export const acts: Migration = {
  version: 31,
  sql: `
-- Asked by one person, decided by another. The names stand as they were, so that a row tells its story by itself.
CREATE TABLE two_person_act (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  object TEXT NOT NULL,            -- as the log names it
  body TEXT NOT NULL,              -- JSON, by kind
  reason TEXT NOT NULL,
  secret INTEGER NOT NULL,         -- 1: about a denunciation; inspectors alone
  asked_by TEXT NOT NULL, asked_username TEXT NOT NULL, asked_name TEXT NOT NULL,
  asked_via TEXT NOT NULL,         -- session, or token:ID
  asked_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending','approved','refused','withdrawn','expired')),
  decided_by TEXT, decided_username TEXT, decided_name TEXT, decided_via TEXT,
  decided_at INTEGER,
  decided_reason TEXT,
  result TEXT                      -- JSON; what approving it made
) STRICT, WITHOUT ROWID;
CREATE INDEX act_pending ON two_person_act (expires_at) WHERE state = 'pending';
CREATE INDEX act_by_asker ON two_person_act (asked_by, asked_at);

-- What a command line acts with: a person's, for a while, for some things.
CREATE TABLE user_token (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE, -- SHA-256, hex: it is random, a slow hash would add nothing
  scopes TEXT NOT NULL,            -- JSON array
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  revoked_at INTEGER, used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX token_by_user ON user_token (user_id);

-- Intervals that two people let a case see beyond its own; the id is the act's.
CREATE TABLE case_interval (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  from_at INTEGER NOT NULL, to_at INTEGER NOT NULL CHECK (to_at > from_at),
  granted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX interval_by_case ON case_interval (case_id, granted_at);
`,
};
