/** Officers' own totals as they were released: not a projection, never folded again. See hub-server/DESIGN.md, "Own totals". */
import type { Migration } from './migration.ts';

export const ownTotals: Migration = {
  version: 12,
  sql: `
CREATE TABLE own_total_block (
  id INTEGER PRIMARY KEY,          -- order of release
  officer_id TEXT NOT NULL,
  from_cut INTEGER,                -- the cut of the block before, UTC ms; null: the officer's first
  to_cut INTEGER NOT NULL,         -- the cut it was released at
  minimum INTEGER NOT NULL,        -- of ratings a block must have, as it was then
  l1 INTEGER NOT NULL, l2 INTEGER NOT NULL, l3 INTEGER NOT NULL, l4 INTEGER NOT NULL, l5 INTEGER NOT NULL
) STRICT;
CREATE INDEX own_total_by_officer ON own_total_block (officer_id, id);

-- A rating enters one block, once. Null: weighed and held back; 0: never shown.
CREATE TABLE own_total_item (
  transaction_id TEXT PRIMARY KEY,
  block_id INTEGER
) STRICT, WITHOUT ROWID;

-- The cut at which an officer's ratings were weighed last.
CREATE TABLE own_total_weighed (officer_id TEXT PRIMARY KEY, cut INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TRIGGER own_total_block_no_update BEFORE UPDATE ON own_total_block BEGIN SELECT RAISE(ABORT, 'released'); END;
CREATE TRIGGER own_total_block_no_delete BEFORE DELETE ON own_total_block BEGIN SELECT RAISE(ABORT, 'released'); END;
CREATE TRIGGER own_total_item_stays BEFORE UPDATE ON own_total_item WHEN old.block_id IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'released'); END;
CREATE TRIGGER own_total_item_no_delete BEFORE DELETE ON own_total_item BEGIN SELECT RAISE(ABORT, 'released'); END;
`,
};
