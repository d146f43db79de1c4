/** Each copy of a package that leaves has its row of the log. See hub-server/DESIGN.md, "Evidence package". */
import type { Migration } from './migration.ts';

export const packageDownloads: Migration = {
  version: 43,
  sql: `
-- What may still leave by this address under the log's last row of it, bytes; of addresses from before, nothing.
ALTER TABLE evidence_ticket ADD COLUMN bytes_left INTEGER NOT NULL DEFAULT 0;
`,
};
