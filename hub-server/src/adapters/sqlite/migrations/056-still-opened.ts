/** Whoever approves a still frame has opened it: told from who had it taken, without looking through the log. See hub-server/DESIGN.md, "Onboarding a camera". */
import type { Migration } from './migration.ts';

export const stillOpened: Migration = {
  version: 56,
  sql: `
ALTER TABLE camera_still_look ADD COLUMN opened_at INTEGER; -- when this person first opened it; null: had it taken, and did not look
-- Of those who had one taken nobody can say; it waits for an hour at most, and is opened again.
UPDATE camera_still_look SET opened_at = at WHERE taken IS NULL;
`,
};
