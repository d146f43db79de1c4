/**
 * What the hub keeps beside its own chain: which counters it holds, whose private votes came, which of its facts are
 * nowhere any more. Each follows from the chain and is written again when facts come back from the second medium.
 * See hub-server/DESIGN.md, "The hub's own chain".
 */
import type { Migration } from './migration.ts';

export const hubChain: Migration = {
  version: 8,
  sql: `
-- What is open at a counter that the hub's chain keeps: a duty, a transaction. No row: nothing is.
CREATE TABLE own_counter (
  counter_id TEXT PRIMARY KEY,
  state TEXT NOT NULL              -- JSON {duty, serving}
) STRICT, WITHOUT ROWID;

-- By the phone's own id of the vote: the same vote sent twice is one.
CREATE TABLE private_vote (
  vote TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  epoch TEXT NOT NULL, seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX private_vote_by_route ON private_vote (route, seq);

-- Codes are made of the hub's key, the device and this number, so that they can be told again without being kept.
ALTER TABLE slip_code ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE slip_code ADD COLUMN bound INTEGER NOT NULL DEFAULT 0; -- 1: a rating carries it
CREATE INDEX slip_code_free ON slip_code (device, number) WHERE bound = 0;
CREATE INDEX slip_code_last ON slip_code (device, number);

-- Facts of the hub's own chain that no medium holds: from_seq on, up to to_seq; null: nobody knows how many.
CREATE TABLE own_gap (
  epoch TEXT NOT NULL, from_seq INTEGER NOT NULL, to_seq INTEGER,
  found_at INTEGER NOT NULL,
  PRIMARY KEY (epoch, from_seq)
) STRICT, WITHOUT ROWID;
`,
};
