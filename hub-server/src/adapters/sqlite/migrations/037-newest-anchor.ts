/** A kiosk's newest anchor is the last in its chain, not the one that names the latest time. See hub-server/DESIGN.md, "Retention". */
import type { Migration } from './migration.ts';

export const newestAnchor: Migration = {
  version: 37,
  sql: `
DROP INDEX anchor_newest;
CREATE INDEX anchor_newest ON anchor (device, epoch, seq, hub_at);
CREATE INDEX epoch_by_device ON device_epoch (device); -- its newest first: by rowid
`,
};
