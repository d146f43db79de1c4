/** A decision to keep refusing lasts: neither a recorder that comes again nor the hub's next start asks for it anew. See hub-server/DESIGN.md, "Recording". */
import type { Migration } from './migration.ts';

export const loginKept: Migration = {
  version: 55,
  sql: `
ALTER TABLE camera_basic_refused ADD COLUMN decided_at INTEGER; -- null: waits for an administrator
`,
};
