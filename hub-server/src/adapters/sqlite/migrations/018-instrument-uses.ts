/** Where a form is asked, what kiosks offer, reasons that are given no more. See hub-server/DESIGN.md, "Instruments". */
import type { Migration } from './migration.ts';

export const instrumentUses: Migration = {
  version: 18,
  sql: `
CREATE TRIGGER instrument_no_update BEFORE UPDATE ON instrument BEGIN SELECT RAISE(ABORT, 'a version stays'); END;
CREATE TRIGGER instrument_no_delete BEFORE DELETE ON instrument BEGIN SELECT RAISE(ABORT, 'a version stays'); END;

-- '' stands for every counter, procedure, stage. A row is ended, never removed.
CREATE TABLE instrument_use (
  counter_id TEXT NOT NULL, procedure_code TEXT NOT NULL, stage TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  instrument_id TEXT NOT NULL, version INTEGER NOT NULL,
  to_at INTEGER,                   -- null: still
  PRIMARY KEY (counter_id, procedure_code, stage, from_at)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX instrument_use_now ON instrument_use (counter_id, procedure_code, stage) WHERE to_at IS NULL;

CREATE TABLE kiosk_setting (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  walkup_interval_ms INTEGER,      -- null: nobody who is not served may rate
  month TEXT, received INTEGER, mended INTEGER, -- of a closed month; null: nothing is said
  languages TEXT NOT NULL          -- JSON, codes of approved ones
) STRICT;

ALTER TABLE outcome_reason ADD COLUMN active INTEGER NOT NULL DEFAULT 1; -- 0: given no more; facts still name it
`,
};
