/** Footage that was found gone is told to the administration out of its rows of the log. See hub-server/DESIGN.md, "Retention". */
import type { Migration } from './migration.ts';

export const lostFootage: Migration = {
  version: 52,
  sql: `
CREATE INDEX audit_footage_lost ON audit_log (at) WHERE action = 'footage.lost';
`,
};
