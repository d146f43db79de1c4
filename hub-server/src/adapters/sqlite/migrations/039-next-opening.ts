/** What a counter did next, where a turn does not say when it ended. See hub-server/DESIGN.md, "Footage". */
import type { Migration } from './migration.ts';

export const nextOpening: Migration = {
  version: 39,
  sql: `
CREATE INDEX transaction_by_opening ON service_transaction (counter_id, opened_at);
`,
};
