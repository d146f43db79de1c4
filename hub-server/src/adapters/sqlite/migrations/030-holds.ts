/**
 * Holds that the hub places by itself, and who ended one before its time. A bad rating is queued where it is written, so that
 * nothing has to be looked for. See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

export const holds: Migration = {
  version: 30,
  sql: `
ALTER TABLE footage_hold ADD COLUMN reason TEXT;    -- of a manual one
ALTER TABLE footage_hold ADD COLUMN ended_by TEXT;  -- the act of two people; null: it lapsed
CREATE INDEX footage_hold_by_request ON footage_hold (request);
CREATE INDEX footage_hold_by_asked ON footage_hold (asked_at);

-- Of kind rating: levels up to this one are bad.
ALTER TABLE hold_rule ADD COLUMN level_max INTEGER NOT NULL DEFAULT 0;
-- rating: days from when the hub heard of it. case: days after it closed.
INSERT INTO hold_rule (kind, within_days, days, level_max) VALUES ('rating', 400, 30, 2), ('case', 400, 30, 0);

-- Bad ratings whose footage is to be held; emptied within the minute, and before the recorder hears what is reported.
CREATE TABLE hold_due (transaction_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER effective_rating_bad AFTER INSERT ON effective_rating
  WHEN new.overall <= (SELECT level_max FROM hold_rule WHERE kind = 'rating')
  BEGIN INSERT OR IGNORE INTO hold_due VALUES (new.transaction_id); END;
CREATE TRIGGER effective_rating_worse AFTER UPDATE ON effective_rating
  WHEN new.overall <= (SELECT level_max FROM hold_rule WHERE kind = 'rating')
  BEGIN INSERT OR IGNORE INTO hold_due VALUES (new.transaction_id); END;
INSERT INTO hold_due SELECT t.id FROM service_transaction t JOIN effective_rating e ON e.transaction_id = t.id
  WHERE t.month >= strftime('%Y-%m', 'now', '-60 days') AND e.overall <= 2;
`,
};
