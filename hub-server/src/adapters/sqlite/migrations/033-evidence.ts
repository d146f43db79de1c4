/** Evidence packages that two people allowed, and the expiring addresses they are fetched by. See hub-server/DESIGN.md, "Evidence package". */
import type { Migration } from './migration.ts';

export const evidence: Migration = {
  version: 33,
  sql: `
-- The id is the act's: who asked, who approved and why stand there. A failed one stays; the next is another act.
CREATE TABLE evidence_package (
  id TEXT PRIMARY KEY,
  case_id TEXT NOT NULL,
  interval_id TEXT,                -- case_interval.id; null: the case's own transaction or time
  legal_basis TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting','ready','failed')),
  code TEXT, detail TEXT,
  folder TEXT, package_hash TEXT, bytes INTEGER, written_at INTEGER,
  files TEXT                       -- JSON [{path, bytes, crc32}]: an archive of it is never stored
) STRICT, WITHOUT ROWID;
CREATE INDEX package_by_case ON evidence_package (case_id);
CREATE INDEX package_waiting ON evidence_package (id) WHERE state = 'waiting';

CREATE TABLE evidence_ticket (
  ticket_hash TEXT PRIMARY KEY,
  package_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  opened_at INTEGER                -- the log's row of the download stands beside the first one
) STRICT, WITHOUT ROWID;
`,
};
