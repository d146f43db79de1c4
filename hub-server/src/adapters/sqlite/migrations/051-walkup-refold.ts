/**
 * What 047 filled in of walk-ups it already had was a guess by the form, not the word of the event, and `verify` folds the events: the
 * chains of all walk-ups are projected once more, so that rows and events agree again. Until that is done, in slices behind the start,
 * `verify` says that projecting is pending. See hub-server/DESIGN.md, "Projections" and "Verify".
 */
import type { Migration } from './migration.ts';

export const walkupRefold: Migration = {
  version: 51,
  sql: `
INSERT OR REPLACE INTO reproject (epoch_id, seq)
  SELECT DISTINCT e.epoch_id, 1 FROM event e JOIN (
    SELECT opened_event AS id FROM walkup UNION SELECT closed_event FROM walkup
    UNION SELECT v.value ->> '$.event' FROM walkup w, json_each(w.votes) v
    UNION SELECT o.value FROM walkup w, json_each(w.others) o) named ON named.id = e.id;
`,
};
