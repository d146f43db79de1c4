/**
 * Ratings that carry a code are known also where their chain does not count, so that a code on two papers is seen as one; a
 * vote by a code names no rating. See hub-server/DESIGN.md, "Projections".
 */
import type { Migration } from './migration.ts';

export const slipClaims: Migration = {
  version: 9,
  sql: `
UPDATE vote SET rating_id = '' WHERE event_id IN (SELECT event_id FROM slip_vote);

-- What did not count has made no claims yet; what did is folded again where votes came by its codes.
INSERT OR REPLACE INTO reproject (epoch_id, seq)
  SELECT id, 1 FROM device_epoch WHERE state <> 'counted' OR forked = 1
  UNION SELECT e.epoch_id, 1 FROM slip_claim c JOIN event e ON e.id = c.event_id
    WHERE c.slip IN (SELECT slip FROM slip_vote);
`,
};
