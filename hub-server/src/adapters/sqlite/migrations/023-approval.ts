/** A kiosk is let in by a person who saw its fingerprint, and may take the place of another. See hub-server/DESIGN.md, "Enrolment". */
import type { Migration } from './migration.ts';

export const approval: Migration = {
  version: 23,
  sql: `
-- 1: whoever brings the code waits until somebody has compared the fingerprint.
ALTER TABLE enrol_code ADD COLUMN asks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE enrol_code ADD COLUMN replaces TEXT;          -- device revoked by the enrolment; null: none
ALTER TABLE enrol_code ADD COLUMN claimed_key BLOB;       -- the first key that brought it: it is bound to that one
ALTER TABLE enrol_code ADD COLUMN claimed_build TEXT;
ALTER TABLE enrol_code ADD COLUMN claimed_at INTEGER;
ALTER TABLE enrol_code ADD COLUMN contested INTEGER NOT NULL DEFAULT 0; -- another key brought it too
ALTER TABLE enrol_code ADD COLUMN decided_at INTEGER;
ALTER TABLE enrol_code ADD COLUMN decided_by TEXT;
ALTER TABLE enrol_code ADD COLUMN approved INTEGER;       -- null: undecided
ALTER TABLE device_enrolment ADD COLUMN approved_by TEXT; -- null: the code alone let it in
ALTER TABLE device_enrolment ADD COLUMN approved_at INTEGER;
ALTER TABLE device ADD COLUMN write_off_asked TEXT;       -- the first of two people: JSON {by, reason, at}
`,
};
