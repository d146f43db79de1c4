/** Dossiers closed in the provincial system, held against the prompts shown here. See hub-server/DESIGN.md, "Reconciliation". */
import type { Migration } from './migration.ts';

export const closedDossiers: Migration = {
  version: 17,
  sql: `
-- Personal data: heads read it, and it goes after keep_days. No projection: what another system said.
CREATE TABLE closed_dossier (
  dossier_code TEXT NOT NULL,
  closed_at INTEGER NOT NULL,      -- as the other system says, UTC ms
  step TEXT NOT NULL,              -- one of the stages
  counter_id TEXT,                 -- null: it did not say
  officer_code TEXT,
  state TEXT CHECK (state IN ('asked','unasked','silent','unknown')), -- null: not judged yet
  turn_counter TEXT,               -- where the turn was that carries it, when one does
  judged_for INTEGER,              -- the night it was judged for last
  PRIMARY KEY (dossier_code, closed_at, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX closed_dossier_by_time ON closed_dossier (closed_at);

CREATE TABLE reconcile_rule (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  near_ms INTEGER NOT NULL,        -- a turn this far from the closing, before or after, is the closing's
  reported_ms INTEGER NOT NULL,    -- a kiosk has reported when it was heard, all sent, this long after the closing
  again_days INTEGER NOT NULL,     -- judged again every night for so long
  keep_days INTEGER NOT NULL
) STRICT;
INSERT INTO reconcile_rule VALUES (1, 86400000, 3600000, 14, 90);
`,
};
