/**
 * Holds that ended, in the order they are listed: by when they ended, so that those of years ago are not walked over for the last page.
 * See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

export const endedHolds: Migration = {
  version: 57,
  sql: `
DROP INDEX footage_hold_ended;
CREATE INDEX footage_hold_ended_last ON footage_hold (kind, ended_at DESC, request) WHERE ended_at IS NOT NULL;
`,
};
