/**
 * Cases of an interval, who brought them, who watched what; and two look-ups that must not scan: a queue number, and segments
 * found again after a crash. See hub-server/DESIGN.md, "Cases and who watched".
 */
import type { Migration } from './migration.ts';

export const watched: Migration = {
  version: 32,
  sql: `
-- Of an interval: counter and times; transaction_id is then ''.
ALTER TABLE case_file ADD COLUMN counter_id TEXT;
ALTER TABLE case_file ADD COLUMN from_at INTEGER;
ALTER TABLE case_file ADD COLUMN to_at INTEGER;
ALTER TABLE case_file ADD COLUMN told_at INTEGER;    -- the officer filmed may see who watched since; null for ever in a denunciation
ALTER TABLE case_file ADD COLUMN petitioner TEXT;    -- who brought it, sealed with the hub's key; null: nobody was named
CREATE INDEX case_told ON case_file (told_at) WHERE told_at IS NOT NULL;
CREATE INDEX case_by_transaction ON case_file (transaction_id) WHERE transaction_id <> '';

ALTER TABLE footage_ticket ADD COLUMN interval_id TEXT; -- of case_interval; null: the case's own
-- Who opened which footage of which case, for good: one row an address, made before its first byte.
CREATE TABLE footage_view (
  ticket_hash TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  counter_id TEXT NOT NULL, camera_id TEXT NOT NULL,
  transaction_id TEXT,             -- null: an interval
  viewer_id TEXT NOT NULL,
  viewer_name TEXT NOT NULL,       -- as it was then
  from_at INTEGER NOT NULL, to_at INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX view_by_case ON footage_view (case_id);

-- Few distinct numbers, each growing at its right edge: no random key.
CREATE INDEX transaction_by_queue ON service_transaction (queue_number, opened_at) WHERE queue_number IS NOT NULL;

-- By run and place in it: only what can lie in the window is read, not every one there ever was.
DROP INDEX segment_recovered;
CREATE INDEX segment_recovered ON segment (camera_id, run, media_end_ms) WHERE flags LIKE '%recovered%';
`,
};
