/** When screens are lit, and days on which the office is closed. See hub-server/DESIGN.md, "What screens are told". */
import type { Migration } from './migration.ts';

export const screenHours: Migration = {
  version: 26,
  sql: `
-- No row of a place: that of its unit, then of the office, then always lit.
CREATE TABLE screen_hours (
  place TEXT PRIMARY KEY,          -- 'office', 'unit/ID' or 'counter/ID'
  opens_min INTEGER, closes_min INTEGER, -- minutes of the day in Vietnam; all null: always lit
  days INTEGER                     -- bit 0 Monday … bit 6 Sunday
) STRICT, WITHOUT ROWID;

CREATE TABLE closed_day (
  date TEXT PRIMARY KEY,           -- YYYY-MM-DD in Vietnam
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
