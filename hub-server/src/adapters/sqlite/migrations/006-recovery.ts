/**
 * Whether this data was set back and what it still awaits; the private route's codes and phones; what the second medium
 * of the hub's chain holds. See hub-server/DESIGN.md, "Recovering", "The hub's own chain".
 */
import type { Migration } from './migration.ts';

export const recovery: Migration = {
  version: 6,
  sql: `
-- One row: the recovery machine's state as JSON, and who set the block aside (JSON {by, reason, at}) until it ends.
CREATE TABLE recovery (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  state TEXT NOT NULL,
  override TEXT
) STRICT;

-- Kiosks that came back by their certificate: this data had forgotten them, and what was decided about them meanwhile.
CREATE TABLE readmission (
  device TEXT PRIMARY KEY,
  counter_id TEXT NOT NULL,
  serial INTEGER NOT NULL,
  at INTEGER NOT NULL,
  confirmed_by TEXT                -- null: whether it had been revoked is still to be confirmed
) STRICT, WITHOUT ROWID;

-- Last word on what a revoked kiosk still held: open until two people write it off. JSON {by, reason, at}.
ALTER TABLE device ADD COLUMN written_off TEXT;

-- Typed codes of the private route, by hash; each goes to one kiosk, which binds it to one rating.
CREATE TABLE slip_code (
  slip TEXT PRIMARY KEY,           -- hex SHA-256 of the code
  device TEXT NOT NULL,
  issued_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX slip_code_by_device ON slip_code (device, issued_at);

-- The phone that opened a ticket or code first; nobody else may vote with it.
CREATE TABLE private_binding (
  route TEXT PRIMARY KEY,          -- 'slip:' hash, or 'ticket:' rating id
  phone TEXT NOT NULL,             -- salted hash of the phone's token
  bound_at INTEGER NOT NULL,
  voted_at INTEGER
) STRICT, WITHOUT ROWID;

-- Up to where each epoch of the hub's own chain lies on its second medium.
CREATE TABLE mirrored (epoch TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`,
};
