/**
 * Turns whose times may have changed since they were held: queued where they are written, for every kind of hold that names them.
 * What is queued in vain widens nothing. See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

const trigger = (name: string, table: string, id: string, when: 'INSERT' | 'UPDATE'): string => `
CREATE TRIGGER ${name} AFTER ${when} ON ${table}
  WHEN EXISTS (SELECT 1 FROM case_file WHERE transaction_id = ${id} AND transaction_id <> '')
    OR EXISTS (SELECT 1 FROM footage_hold WHERE subject = ${id})
  BEGIN INSERT OR IGNORE INTO hold_moved SELECT ${id} WHERE ${id} IS NOT NULL; END;`;
const ofRating = '(SELECT transaction_id FROM rating_prompt WHERE rating_id = new.rating_id)';

export const movedTurns: Migration = {
  version: 53,
  sql: `
CREATE INDEX prompt_by_rating ON rating_prompt (rating_id);
-- Held turns to be looked at again; emptied like hold_due.
CREATE TABLE hold_moved (transaction_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
${trigger('turn_moved', 'service_transaction', 'new.id', 'INSERT')}
${trigger('turn_changed', 'service_transaction', 'new.id', 'UPDATE')}
${trigger('prompt_moved', 'rating_prompt', 'new.transaction_id', 'INSERT')}
${trigger('vote_moved', 'vote', 'new.transaction_id', 'INSERT')}
${trigger('stray_moved', 'stray_press', ofRating, 'INSERT')}
INSERT OR IGNORE INTO hold_moved
  SELECT transaction_id FROM case_file WHERE transaction_id <> '' AND status = 'open'
  UNION SELECT h.subject FROM footage_hold h JOIN service_transaction t ON t.id = h.subject WHERE h.ended_at IS NULL;
`,
};
