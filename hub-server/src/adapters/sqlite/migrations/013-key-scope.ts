/** What a key of another system may read. See hub-server/DESIGN.md, "A silent station". */
import type { Migration } from './migration.ts';

export const keyScope: Migration = {
  version: 13,
  sql: `
-- 1: single ratings with their levels. 0 for every key made before this was asked.
ALTER TABLE api_key ADD COLUMN reads_ratings INTEGER NOT NULL DEFAULT 0;
`,
};
