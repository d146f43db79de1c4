/** Where phones reach the hub: the address in the codes on kiosks' screens. See hub-server/DESIGN.md, "Private votes". */
import type { Migration } from './migration.ts';

export const phoneAddress: Migration = {
  version: 11,
  sql: `
-- https://host[:port][/path]; null: no code is drawn, typed codes go on.
ALTER TABLE office ADD COLUMN private_url TEXT;
`,
};
