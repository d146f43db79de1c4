/**
 * Ratings that carry a code are known also where their chain does not count, so that a code on two papers is seen as one; a
 * vote by a code names no rating. See hub-server/DESIGN.md, "Projections".
 */
import type { Migration } from './migration.ts';

const PROJECTED = [
  ...['duty', 'service_transaction', 'transaction_dossier', 'rating_prompt', 'vote', 'stray_press'],
  ...['effective_rating', 'rollup', 'anchor', 'slip_claim', 'slip_vote', 'reproject'],
];

export const slipClaims: Migration = {
  version: 9,
  // Everything is projected from its events again.
  sql: `${PROJECTED.map((table) => `DELETE FROM ${table};`).join('\n')}
UPDATE device_epoch SET anchored = 0, lower_at = NULL, upper_at = NULL;
DELETE FROM meta WHERE key = 'projection.cursor';
`,
};
