/** Who took out of a camera's map what it says no more: whoever looks for that footage reads it. See hub-server/DESIGN.md, "Cases and who watched". */
import type { Migration } from './migration.ts';

export const mapChangers: Migration = {
  version: 54,
  sql: `
ALTER TABLE camera_counter_was ADD COLUMN changed_by TEXT; -- as the log names actors; null: no row of the log says
UPDATE camera_counter_was SET changed_by = (SELECT actor FROM audit_log
  WHERE object = 'camera:' || camera_id AND at = changed_at AND action IN ('camera.mapped', 'camera.unmapped') LIMIT 1);
`,
};
