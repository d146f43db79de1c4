/** A code is told to one start of an agent. See hub-server/DESIGN.md, "Private votes". */
import type { Migration } from './migration.ts';

export const slipStarts: Migration = {
  version: 10,
  sql: `
-- The kiosk's newest epoch when it was told. Null: before this was kept; such a code is not told again.
ALTER TABLE slip_code ADD COLUMN start TEXT;
`,
};
