/** Notices of the office on kiosks at rest. See hub-server/DESIGN.md, "What screens are told". */
import type { Migration } from './migration.ts';

export const notices: Migration = {
  version: 27,
  sql: `
CREATE TABLE notice (
  id TEXT PRIMARY KEY,
  vi TEXT NOT NULL,
  en TEXT,                         -- null: shown in Vietnamese
  from_day TEXT NOT NULL, to_day TEXT NOT NULL, -- YYYY-MM-DD in Vietnam, both days included
  units TEXT,                      -- JSON, ids of units; null: at all counters
  place INTEGER NOT NULL           -- from 1, in the order they are shown
) STRICT, WITHOUT ROWID;
`,
};
