/**
 * What counts, told by the form it was asked with: chips, forms of criteria, walk-ups. They are folds over events, so
 * everything projected is forgotten and filled again from the first event at the next start.
 * See hub-server/DESIGN.md, "Projections" and "Figures".
 */
import type { Migration } from './migration.ts';

export const answers: Migration = {
  version: 19,
  sql: `
ALTER TABLE service_transaction ADD COLUMN chips TEXT; -- JSON: every set of chips and the overall vote it stands beside

-- A rating without a transaction: of a counter, and of nobody.
CREATE TABLE walkup (
  id TEXT PRIMARY KEY,
  month TEXT,                      -- YYYY-MM in Vietnam of its opening; null until it is known
  counter_id TEXT, instrument_id TEXT, version INTEGER,
  opened_at INTEGER, opened_event INTEGER,
  closed_event INTEGER, close_reason TEXT,
  votes TEXT NOT NULL,             -- JSON
  others TEXT                      -- JSON: events that name it and hold no part of it
) STRICT, WITHOUT ROWID;

-- What counts of a form of criteria, beside effective_rating, which has an overall level.
CREATE TABLE form_rating (
  transaction_id TEXT PRIMARY KEY,
  route TEXT NOT NULL,
  answers TEXT NOT NULL,           -- JSON {question: option}
  votes TEXT NOT NULL,             -- JSON {question: vote id}
  review INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX form_review ON form_rating (transaction_id) WHERE review = 1;

-- Counts by form, changed by (new - old). Names no officer.
CREATE TABLE answer_rollup (
  kind TEXT NOT NULL CHECK (kind IN ('service','walkup')),
  month TEXT NOT NULL, counter_id TEXT NOT NULL,
  instrument_id TEXT NOT NULL, version INTEGER NOT NULL,
  question TEXT NOT NULL,          -- overall, a criterion, or chips
  answer TEXT NOT NULL,            -- key of a level, an option or a chip
  n INTEGER NOT NULL,
  PRIMARY KEY (kind, month, counter_id, instrument_id, version, question, answer)
) STRICT, WITHOUT ROWID;

DELETE FROM duty; DELETE FROM service_transaction; DELETE FROM transaction_dossier; DELETE FROM rating_prompt;
DELETE FROM vote; DELETE FROM stray_press; DELETE FROM effective_rating; DELETE FROM rollup; DELETE FROM anchor;
DELETE FROM slip_claim; DELETE FROM slip_vote; DELETE FROM reproject;
UPDATE device_epoch SET anchored = 0, lower_at = NULL, upper_at = NULL;
DELETE FROM meta WHERE key = 'projection.cursor';
`,
};
