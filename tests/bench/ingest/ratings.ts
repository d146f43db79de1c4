/*
 * Purpose: many ratings by SQL straight into the product's tables. Ids are UUIDv7 in the order of time as the agent
 * mints them; dossier codes are scattered, no two neighbours in time are neighbours in their index. Every projection
 * row of a rating is there; of its six events only the vote, and short, because the event table grows at its right edge
 * alone: 14 GB instead of 45.
 * Indexes that are not in the order of time are made at the end, as one sort. The file is useless until that is done.
 */
import Sqlite, { type Database } from 'better-sqlite3';
import { PROJECTION_CURSOR } from '../../../hub-server/src/adapters/sqlite/stores/inbox/projection-rows.ts';
import type { Kiosk } from '../storm/fleet.ts';

/** Raised with every change to what is generated. */
export const FORM = 3;
/** Of one counter. */
export const RATINGS_A_DAY = 100;
const EVENTS_A_RATING = 6;
const SLICE = 500_000;
const DAY_MS = 86_400_000;

export interface Amount {
  readonly ratings: number;
  readonly fleet: readonly Kiosk[];
  readonly from: number;
}

/** UUIDv7 of rating `i` at `ms`; `kind` tells a rating's ids apart. */
const uuid = (ms: string, kind: number): string =>
  `printf('%08x-%04x-7%03x-%04x-%012x', (${ms}) >> 16, (${ms}) & 65535, i & 4095, ${32_768 + kind}, i)`;

const MAKE_SLICE = `
  INSERT INTO temp.rating
  WITH RECURSIVE seq(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM seq WHERE i < :last),
  timed AS (SELECT i, i % :counters AS n, i / :counters AS nth, :from + i * :spanMs / :ratings AS ms FROM seq)
  SELECT i, n, 1 + n + (nth / ${RATINGS_A_DAY}) * :counters, (nth % ${RATINGS_A_DAY}) * ${EVENTS_A_RATING} + 5, ms,
    ${uuid('ms', 1)}, ${uuid('ms + 180000', 2)}, ${uuid('ms + 190000', 3)}, 1 + (i * 7) % 5,
    printf('H21-%08X', (i * 2654435761) & 4294967295), CASE i % 3 WHEN 0 THEN 'return' ELSE 'reception' END,
    printf('1.00%04d', 1000 + i % 6), strftime('%Y-%m', ms / 1000 + 25380, 'unixepoch')
  FROM timed`;

const TABLES: readonly string[] = [
  `INSERT INTO event (id, epoch_id, seq, hash, prev_hash, bytes, type, at, status, received_at)
   SELECT i, epoch_id, seq, randomblob(32), randomblob(32),
     CAST('{"v":1,"seq":' || seq || ',"at":' || (ms + 190000) || ',"body":{"type":"rating.voted"}}' AS BLOB),
     'rating.voted', ms + 190000, 'stored', ms + 190500 FROM rating`,
  `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, unit_id, duty_id, procedure_code, stage,
     queue_number, dossier_codes, opened_at, opened_event, opened_bound, finished_at, finished_event, finished_bound,
     outcome, finished_by, month)
   SELECT tx, counter, officer, code, unit, duty, procedure, stage, 'A012', '["' || dossier || '"]', ms, i, 40,
     ms + 180000, i, 40, 'completed', 'officer', month FROM rating JOIN place USING (n)`,
  `INSERT INTO rating_prompt (transaction_id, rating_id, instrument_id, instrument_version, opened_by, close_after_ms,
     opened_at, opened_event, opened_bound, closed_at, closed_event, closed_bound, close_reason, drained)
   SELECT tx, rating, 'hai-long-5', 1, 'officer', 30000, ms + 180000, i, 40, ms + 210000, i, 40, 'timed', 1 FROM rating`,
  `INSERT INTO vote (id, transaction_id, rating_id, question, attempt, level, via, button, at, event_id)
   SELECT vote, tx, rating, 'overall', 1, level, 'panel', 6 - level, ms + 190000, i FROM rating`,
  `INSERT INTO effective_rating (transaction_id, route, overall, criteria, votes, review)
   SELECT tx, 'counter', level, '{}', '{"overall":"' || vote || '"}', 0 FROM rating`,
  `INSERT INTO temp.dossier SELECT dossier, counter, ms, tx FROM rating JOIN place USING (n)`,
  `INSERT INTO rollup (month, unit_id, officer_id, counter_id, procedure_code, stage, served, prompted, rated,
     l1, l2, l3, l4, l5)
   SELECT month, unit, officer, counter, procedure, stage, count(*), count(*), count(*),
     sum(level = 1), sum(level = 2), sum(level = 3), sum(level = 4), sum(level = 5)
   FROM rating JOIN place USING (n) GROUP BY month, n, procedure, stage
   ON CONFLICT DO UPDATE SET served = served + excluded.served, prompted = prompted + excluded.prompted,
     rated = rated + excluded.rated, l1 = l1 + excluded.l1, l2 = l2 + excluded.l2, l3 = l3 + excluded.l3,
     l4 = l4 + excluded.l4, l5 = l5 + excluded.l5`,
];
/** One agent start a day, as kiosks are switched off at night; anchored, and committed to by the log. */
const EPOCHS = `
  WITH RECURSIVE day(d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM day WHERE d < :days - 1)
  INSERT INTO device_epoch (id, device, epoch, head_seq, head_hash, logged_seq, boot, started_mono, started_at, anchored)
  SELECT 1 + n + d * :counters, device, lower(hex(randomblob(16))), :last, randomblob(32), :last,
    lower(hex(randomblob(16))), 60000, :from + d * ${DAY_MS}, 1
  FROM day, place ORDER BY d, n`;
const ANCHORS = `
  INSERT INTO anchor (device, boot, mono, epoch, seq, hub_at, rtt_ms)
  SELECT device, boot, 60000, epoch, 2, started_at, 12 FROM device_epoch ORDER BY device, boot`;
export const FILLED: readonly string[] = [
  ...[
    'device_epoch',
    'anchor',
    'event',
    'service_transaction',
    'transaction_dossier',
    'rating_prompt',
    'vote',
  ],
  ...['effective_rating', 'rollup'],
];
/** Not in the order of time: made again by one sort at the end. */
const SORTED_LATER = ['transaction_by_month', 'transaction_by_counter'];

export function fillRatings(file: string, amount: Amount, progress: (done: number) => void): void {
  const db = new Sqlite(file);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('cache_size = -262144');
    const later = SORTED_LATER.map((name) => {
      const sql = db
        .prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?")
        .pluck()
        .get(name);
      if (typeof sql !== 'string') throw new Error(`no index ${name}: adapt the fixture to the schema`);
      db.exec(`DROP INDEX ${name}`);
      return sql;
    });
    fill(db, amount, progress);
    for (const sql of later) db.exec(sql);
  } finally {
    db.close();
  }
}

function fill(db: Database, { ratings, fleet, from }: Amount, progress: (done: number) => void): void {
  const counters = fleet.length;
  const days = ratings / counters / RATINGS_A_DAY;
  db.exec(`
    CREATE TEMP TABLE place (n INTEGER PRIMARY KEY, device, counter, officer, code, unit, duty);
    CREATE TEMP TABLE rating (i INTEGER PRIMARY KEY, n, epoch_id, seq, ms, tx, rating, vote, level, dossier, stage,
      procedure, month);
    CREATE TEMP TABLE dossier (code, counter, ms, tx);`);
  const place = db.prepare('INSERT INTO place VALUES (?,?,?,?,?,?,?)');
  for (const [n, { device, counter, officer, unit, number }] of fleet.entries())
    place.run(n, device, counter, officer, `CB${number}`, unit, counter);
  db.prepare(EPOCHS).run(integers({ days, counters, from, last: RATINGS_A_DAY * EVENTS_A_RATING }));
  db.exec(ANCHORS);
  const make = db.prepare(MAKE_SLICE);
  for (let first = 0; first < ratings; first += SLICE) {
    const last = Math.min(ratings, first + SLICE) - 1;
    db.transaction(() => {
      make.run(integers({ first, last, counters, from, spanMs: days * DAY_MS, ratings }));
      for (const sql of TABLES) db.exec(sql);
      db.exec('DELETE FROM rating');
    })();
    progress(last + 1);
  }
  db.exec(
    `INSERT INTO transaction_dossier (dossier_code, counter_id, opened_at, transaction_id)
     SELECT code, counter, ms, tx FROM dossier ORDER BY code, counter, ms, tx`,
  );
  db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, (SELECT max(id) FROM event))').run(
    PROJECTION_CURSOR,
  );
}

/** A number would be bound as REAL, and divisions of it would not be whole. */
const integers = (values: Readonly<Record<string, number>>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, BigInt(value)]));
