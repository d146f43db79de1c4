/**
 * The list of holds in its order, so that a page costs what it shows and not all that is held. See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

export const holdList: Migration = {
  version: 48,
  sql: `
-- ended_at too, so that the table itself is not read for it.
CREATE INDEX footage_hold_list ON footage_hold (kind, asked_at DESC, request, ended_at) WHERE ended_at IS NULL;
CREATE INDEX footage_hold_lately ON footage_hold (ended_at, kind, request) WHERE ended_at IS NOT NULL;
CREATE INDEX footage_hold_ended ON footage_hold (kind, asked_at DESC, request, ended_at) WHERE ended_at IS NOT NULL;
`,
};
