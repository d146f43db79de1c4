/** What the recorder tells of steps of the machine's clock, so that windows and holds cover both places. See hub-server/DESIGN.md, "Footage". */
import type { Migration } from './migration.ts';

export const clockSteps: Migration = {
  version: 44,
  sql: `
-- What the hub dated between two moments may lie shift_ms from there; to_at null: this goes on.
CREATE TABLE clock_step (
  id TEXT PRIMARY KEY, from_at INTEGER NOT NULL, to_at INTEGER, shift_ms INTEGER NOT NULL
) STRICT;
`,
};
