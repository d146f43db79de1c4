/** A login that rests until its officer's PIN. See hub-server/DESIGN.md, "Locked, away, handed over". */
import type { Migration } from './migration.ts';

export const sessionLock: Migration = {
  version: 15,
  sql: `
ALTER TABLE session ADD COLUMN locked_at INTEGER;  -- null: awake
ALTER TABLE session ADD COLUMN locked_for TEXT CHECK (locked_for IN ('away','lunch'));
`,
};
