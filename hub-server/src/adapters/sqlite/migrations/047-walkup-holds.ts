/**
 * A bad walk-up holds footage as a bad rating of a turn does: what it counts as stands in its row, and it is queued where that is written.
 * Of those from before nothing says how exact their time is, so more is held. See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

export const walkupHolds: Migration = {
  version: 47,
  sql: `
ALTER TABLE walkup ADD COLUMN opened_bound INTEGER;   -- ms; null: nobody can say how exact
ALTER TABLE walkup ADD COLUMN close_after_ms INTEGER;
ALTER TABLE walkup ADD COLUMN level INTEGER;          -- what counts of the overall question; null: nobody answered
UPDATE walkup SET
  close_after_ms = ifnull((SELECT i.content ->> '$.closeAfterMs' FROM instrument i
    WHERE i.id = walkup.instrument_id AND i.version = walkup.version), 600000),
  level = (SELECT v.value ->> '$.level' FROM json_each(walkup.votes) v WHERE v.value ->> '$.question' = 'overall'
    ORDER BY v.value ->> '$.attempt' DESC, v.value ->> '$.id' LIMIT 1);
CREATE INDEX walkup_by_counter ON walkup (counter_id, opened_at);

-- Bad walk-ups whose footage is to be held; emptied like hold_due.
CREATE TABLE walkup_hold_due (walkup_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER walkup_bad AFTER INSERT ON walkup
  WHEN new.opened_at IS NOT NULL AND new.level <= (SELECT level_max FROM hold_rule WHERE kind = 'rating')
  BEGIN INSERT OR IGNORE INTO walkup_hold_due VALUES (new.id); END;
INSERT INTO walkup_hold_due SELECT id FROM walkup
  WHERE month >= strftime('%Y-%m', 'now', '-60 days') AND level <= (SELECT level_max FROM hold_rule WHERE kind = 'rating');
`,
};
