/**
 * Own totals as rows. What is weighed is read from the projections as they stand at the cut; what was released is copied out
 * of them, so that no later vote, correction or fold reaches it. See hub-server/DESIGN.md, "Own totals".
 */
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import type { OwnTotalBlock, OwnTotalsPort } from '../../../../application/ports/own-totals.ts';
import { countLevels, type Weighed, weigh } from '../../../../domain/figures/own-totals.ts';
import { WEEK_MS } from '../../../../domain/jobs/vietnam-schedule.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { projectPending } from '../inbox/projection-rows.ts';
import { getMeta, setMeta } from '../meta.ts';

const LINEAGE = 'totals.lineage';
const FLOOR = 'totals.floor';
/** What came from a kiosk later than that enters no block. */
const LOOK_BACK_MS = 62 * 86_400_000;
/** A year of weeks. */
const BLOCKS_SHOWN = 53;
/** Of a rating that no block will hold. */
const NEVER = 0;

function monthsOf(from: number, to: number): string[] {
  const months = new Set<string>();
  for (let at = from; at <= to; at += 86_400_000) months.add(vietnamMonth(at));
  return [...months.add(vietnamMonth(to))];
}
const marks = (values: readonly unknown[]): string => values.map(() => '?').join(',');

/** Where and in which months an officer served: transactions are found by month and counter, which is the index there is. */
function placesOf(db: Db, officerId: string, from: number, to: number): { month: string; counter: string }[] {
  const months = monthsOf(from, to);
  return many(
    db,
    `SELECT DISTINCT month, counter_id AS counter FROM rollup
     WHERE month IN (${marks(months)}) AND officer_id = ? AND served > 0`,
    ...[...months, officerId],
  );
}

function servedIn(db: Db, officerId: string, from: number, to: number): number {
  return placesOf(db, officerId, from, to).reduce(
    (sum, { month, counter }) =>
      sum +
      one<{ n: number }>(
        db,
        `SELECT count(*) AS n FROM service_transaction
         WHERE month = ? AND counter_id = ? AND officer_id = ? AND finished_at >= ? AND finished_at < ?`,
        ...[month, counter, officerId, from, to],
      )!.n,
    0,
  );
}

interface Candidate extends Weighed {
  readonly id: string;
}

/** Ratings that count now and are in no block. */
function candidates(db: Db, officerId: string, cut: number): Candidate[] {
  const places = placesOf(db, officerId, cut - LOOK_BACK_MS, cut);
  const floor = Math.max(cut - LOOK_BACK_MS, Number(getMeta(db, FLOOR) ?? '0'));
  return places.flatMap(({ month, counter }) =>
    many<{ id: string; level: LevelKey; held: number }>(
      db,
      `SELECT t.id, e.overall AS level, i.transaction_id IS NOT NULL AS held
       FROM service_transaction t JOIN effective_rating e ON e.transaction_id = t.id
         LEFT JOIN own_total_item i ON i.transaction_id = t.id
       WHERE t.month = ? AND t.counter_id = ? AND t.officer_id = ? AND t.twin = 0
         AND t.finished_at >= ? AND t.finished_at < ? AND i.block_id IS NULL`,
      ...[month, counter, officerId, floor, cut],
    ).map(({ id, level, held }) => ({ id, level, held: held === 1 })),
  );
}

interface BlockRow {
  readonly from_cut: number | null;
  readonly to_cut: number;
  readonly l1: number;
  readonly l2: number;
  readonly l3: number;
  readonly l4: number;
  readonly l5: number;
}
const blockOf = ({ from_cut, to_cut, l1, l2, l3, l4, l5 }: BlockRow): OwnTotalBlock => ({
  ...{ from: from_cut, to: to_cut, n: l1 + l2 + l3 + l4 + l5 },
  levels: { 1: l1, 2: l2, 3: l3, 4: l4, 5: l5 },
});

export const ownTotalsStore: Store<OwnTotalsPort> = {
  begin: write((db, { at }) => {
    if (one(db, "SELECT 1 FROM recovery WHERE id = 1 AND json_extract(state, '$.mode') = 'recovering'"))
      return { recovering: true };
    projectPending(db);
    const lineage = getMeta(db, 'lineage') ?? '';
    const before = getMeta(db, LINEAGE);
    if (before !== lineage) {
      setMeta(db, LINEAGE, lineage);
      if (before !== null) setMeta(db, FLOOR, String(at));
    }
    return { recovering: false };
  }),
  officers: read((db, { cut }) => {
    const months = monthsOf(cut - LOOK_BACK_MS, cut);
    return many<{ id: string }>(
      db,
      `SELECT DISTINCT officer_id AS id FROM rollup WHERE month IN (${marks(months)}) AND rated > 0 ORDER BY 1`,
      ...months,
    ).map(({ id }) => id);
  }),
  weigh: write((db, { officerId, cut, minimum }) => {
    const done = one<{ cut: number }>(
      db,
      'SELECT cut FROM own_total_weighed WHERE officer_id = ?',
      officerId,
    );
    if (done?.cut === cut) return false;
    run(db, 'INSERT OR REPLACE INTO own_total_weighed (officer_id, cut) VALUES (?,?)', officerId, cut);
    const ratings = candidates(db, officerId, cut);
    const weight = weigh(ratings, minimum, servedIn(db, officerId, cut - WEEK_MS, cut));
    if (weight === 'wait') return false;
    const shown = weight === 'fresh' ? ratings.filter(({ held }) => !held) : ratings;
    const block = weight === 'hold' ? null : addBlock(db, officerId, cut, minimum, countLevels(shown));
    for (const rating of ratings)
      run(
        db,
        `INSERT INTO own_total_item (transaction_id, block_id) VALUES (?,?)
         ON CONFLICT (transaction_id) DO UPDATE SET block_id = excluded.block_id`,
        rating.id,
        weight === 'fresh' && rating.held ? NEVER : block,
      );
    return block !== null;
  }),
  blocks: read((db, officerId) =>
    many<BlockRow>(
      db,
      `SELECT from_cut, to_cut, l1, l2, l3, l4, l5 FROM own_total_block
       WHERE officer_id = ? ORDER BY id DESC LIMIT ?`,
      ...[officerId, BLOCKS_SHOWN],
    ).map(blockOf),
  ),
};

function addBlock(
  db: Db,
  officerId: string,
  cut: number,
  minimum: number,
  levels: OwnTotalBlock['levels'],
): number {
  const before = one<{ to_cut: number }>(
    db,
    'SELECT to_cut FROM own_total_block WHERE officer_id = ? ORDER BY id DESC LIMIT 1',
    officerId,
  );
  const from = before && before.to_cut < cut ? before.to_cut : null;
  return one<{ id: number }>(
    db,
    `INSERT INTO own_total_block (officer_id, from_cut, to_cut, minimum, l1, l2, l3, l4, l5)
     VALUES (?,?,?,?,?,?,?,?,?) RETURNING id`,
    ...[officerId, from, cut, minimum, levels[1], levels[2], levels[3], levels[4], levels[5]],
  )!.id;
}
