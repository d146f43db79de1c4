/** How long a kiosk that is away may check PINs. See hub-server/DESIGN.md, "Edge link". */
import type { Migration } from './migration.ts';

export const pinDays: Migration = {
  version: 20,
  sql: `
ALTER TABLE kiosk_setting ADD COLUMN pin_days INTEGER; -- null: nobody said, 30
`,
};
