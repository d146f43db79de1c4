/**
 * What else is held by itself. A bad form of criteria is held like a bad tap: one with an answer that is worth least of its question. Of forms that were counted
 * before, that is told from the form each was asked with. An appeal has a period of its own. See hub-server/DESIGN.md, "Holds".
 */
import type { Migration } from './migration.ts';

export const holdKinds: Migration = {
  version: 41,
  sql: `
-- Of kind rating: a form is bad whose worst answer is worth no more than this within its question, percent.
ALTER TABLE hold_rule ADD COLUMN form_max INTEGER NOT NULL DEFAULT 0;

-- What the worst answer is worth within its question, percent.
ALTER TABLE form_rating ADD COLUMN lowest INTEGER NOT NULL DEFAULT 100;
UPDATE form_rating SET lowest = ifnull((SELECT min(q.share) FROM (
    SELECT CASE WHEN max(o.value ->> 'points') = min(o.value ->> 'points') THEN 100
      ELSE (max(CASE WHEN o.value ->> 'key' = a.value THEN o.value ->> 'points' END) - min(o.value ->> 'points')) * 100
        / (max(o.value ->> 'points') - min(o.value ->> 'points')) END AS share
    FROM rating_prompt p JOIN instrument i ON i.id = p.instrument_id AND i.version = p.instrument_version,
      json_each(form_rating.answers) a, json_each(i.content, '$.criteria') c, json_each(c.value, '$.options') o
    WHERE p.transaction_id = form_rating.transaction_id AND c.value ->> 'key' = a.key
    GROUP BY a.key) q), 100);

CREATE TRIGGER form_rating_bad AFTER INSERT ON form_rating
  WHEN new.lowest <= (SELECT form_max FROM hold_rule WHERE kind = 'rating')
  BEGIN INSERT OR IGNORE INTO hold_due VALUES (new.transaction_id); END;
INSERT OR IGNORE INTO hold_due SELECT t.id FROM service_transaction t JOIN form_rating f ON f.transaction_id = t.id
  WHERE t.month >= strftime('%Y-%m', 'now', '-60 days') AND f.lowest <= 0;

-- appeal: days after it closed; what comes after the second answer is a court, and takes longer to come.
INSERT INTO hold_rule (kind, within_days, days) VALUES ('appeal', 400, 90);
`,
};
