/** Each hello asks for the officers of one unit: an agency's must not be read through for it. */
import type { Migration } from './migration.ts';

export const officersByUnit: Migration = {
  version: 24,
  sql: `
CREATE INDEX officer_by_unit ON officer (unit_id);
`,
};
