/*
 * Purpose: blocks on a real database under everything that may happen to ratings between two cuts: they come late, are
 * corrected, lowered by a phone, step back as twins, are folded anew, weighed twice, the hub is set back. What an officer has
 * read stays as it was read, and two answers differ by whole blocks.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vietnamMonth } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Db } from '../../../hub-server/src/adapters/sqlite/op.ts';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { ownTotalsStore as store } from '../../../hub-server/src/adapters/sqlite/stores/figures/own-totals-store.ts';
import type { OwnTotalBlock } from '../../../hub-server/src/application/ports/own-totals.ts';
import { OWN_TOTALS_CUT } from '../../../hub-server/src/domain/figures/own-totals.ts';
import { WEEK_MS, weekly } from '../../../hub-server/src/domain/jobs/vietnam-schedule.ts';

const OFFICERS = ['lan', 'nam'] as const;
const MINIMUM = 3;
const FIRST = weekly(Date.UTC(2026, 8, 9), OWN_TOTALS_CUT);

let dir: string;
let db: Db;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hailong-totals-'));
  db = openWriter(dir);
});
afterAll(() => {
  db.close();
  rmSync(dir, { recursive: true, force: true });
});
// Nothing of a test stays: what was released cannot be deleted, but a transaction can be given up.
beforeEach(() => {
  db.exec("BEGIN; INSERT INTO meta (key, value) VALUES ('lineage', 'l-1')");
});
afterEach(() => {
  db.exec('ROLLBACK');
});

interface Rated {
  readonly id: string;
  readonly officer: string;
  readonly counter: string;
  readonly at: number;
}

/** A finished transaction with its effective rating, as projecting leaves them. */
function rate({ id, officer, counter, at }: Rated, level: number, twin = 0): void {
  const month = vietnamMonth(at);
  db.prepare(
    `INSERT OR REPLACE INTO service_transaction (id, counter_id, officer_id, finished_at, month, twin)
     VALUES (?,?,?,?,?,?)`,
  ).run(id, counter, officer, at, month, twin);
  db.prepare(
    `INSERT OR REPLACE INTO effective_rating (transaction_id, route, overall, criteria, votes, review)
     VALUES (?,'counter',?,'{}','{}',0)`,
  ).run(id, level);
  db.prepare(
    `INSERT INTO rollup (month, unit_id, officer_id, counter_id, procedure_code, stage, served, rated)
     VALUES (?,'u',?,?,'','return',1,1) ON CONFLICT DO UPDATE SET rated = rated + 1`,
  ).run(month, officer, counter);
}

function cut(at: number): void {
  if (store.begin.run(db, { at }).recovering) return;
  for (const officerId of store.officers.run(db, { cut: at }))
    store.weigh.run(db, { officerId, cut: at, minimum: MINIMUM });
}
const read = (officer: string): OwnTotalBlock[] => [...store.blocks.run(db, officer)].reverse();

type Act =
  | { readonly do: 'rate'; readonly officer: number; readonly level: number; readonly daysAgo: number }
  | { readonly do: 'change'; readonly which: number; readonly level: number }
  | { readonly do: 'twin' | 'lose'; readonly which: number }
  | { readonly do: 'cut'; readonly weeks: number }
  | { readonly do: 'again' | 'setBack' };

const level = fc.constantFrom(1, 5, 5);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      ...{
        do: fc.constant('rate' as const),
        officer: fc.nat(1),
        level,
        daysAgo: fc.constantFrom(0, 0, 1, 9),
      },
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change' as const), which: fc.nat(), level }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('twin' as const, 'lose' as const), which: fc.nat() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('cut' as const), weeks: fc.constantFrom(1, 1, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('again' as const, 'setBack' as const) }) },
);

test('what was read stays, each rating is in one block, and answers differ by whole blocks', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      db.exec('SAVEPOINT history');
      try {
        const rated: Rated[] = [];
        let week = FIRST;
        let lineage = 1;
        const seen = new Map<string, OwnTotalBlock[]>(OFFICERS.map((officer) => [officer, []]));
        const look = (): void => {
          for (const officer of OFFICERS) {
            const [before, now] = [seen.get(officer)!, read(officer)];
            expect(now.slice(0, before.length)).toEqual(before);
            for (const [i, { n, levels, from, to }] of now.entries()) {
              expect(n).toBeGreaterThanOrEqual(MINIMUM);
              expect(Object.values(levels).filter((count) => count > 0).length).toBeGreaterThan(1);
              expect(from).toBe(i === 0 ? null : now[i - 1]!.to);
              expect((to - FIRST) % WEEK_MS).toBe(0);
            }
            seen.set(officer, now);
          }
          const [items, shown] = [
            db.prepare('SELECT count(*) AS n FROM own_total_item WHERE block_id > 0').get() as {
              n: number;
            },
            [...seen.values()].flat().reduce((sum, { n }) => sum + n, 0),
          ];
          expect(items.n).toBe(shown);
        };
        for (const each of acts) {
          const one = 'which' in each ? rated[each.which % Math.max(1, rated.length)] : undefined;
          if (each.do === 'rate') {
            const fresh: Rated = {
              ...{
                id: `t${rated.length}`,
                officer: OFFICERS[each.officer]!,
                counter: `c${rated.length % 2}`,
              },
              at: week + 3_600_000 + rated.length - each.daysAgo * 86_400_000,
            };
            rated.push(fresh);
            rate(fresh, each.level);
          } else if (each.do === 'change' && one) rate(one, each.level);
          else if (each.do === 'twin' && one) rate(one, 1, 1);
          else if (each.do === 'lose' && one)
            db.prepare('DELETE FROM effective_rating WHERE transaction_id = ?').run(one.id);
          else if (each.do === 'cut') {
            week += each.weeks * WEEK_MS;
            cut(week);
          } else if (each.do === 'again') cut(week);
          else if (each.do === 'setBack') {
            lineage += 1;
            db.prepare("UPDATE meta SET value = ? WHERE key = 'lineage'").run(`u-${lineage}`);
          }
          look();
        }
      } finally {
        db.exec('ROLLBACK TO history; RELEASE history');
      }
    }),
    { numRuns: 300 },
  );
}, 60_000);

const many = (count: number, of: number, at: number, name: string): void => {
  for (let i = 0; i < count; i++) rate({ id: `${name}${i}`, officer: 'lan', counter: 'c1', at: at + i }, of);
};

test('a later vote, correction or fold reaches no block', () => {
  many(3, 5, FIRST + 1, 'a');
  many(1, 2, FIRST + 9, 'b');
  cut(FIRST + WEEK_MS);
  const before = read('lan');
  expect(before).toMatchObject([{ n: 4, levels: { 2: 1, 5: 3 } }]);
  many(3, 1, FIRST + 1, 'a');
  db.exec('DELETE FROM service_transaction; DELETE FROM effective_rating');
  many(3, 1, FIRST + 1, 'a');
  many(1, 1, FIRST + 9, 'b');
  for (const weeks of [1, 2, 3]) cut(FIRST + weeks * WEEK_MS);
  expect(read('lan')).toEqual(before);
  for (const sql of [
    'UPDATE own_total_block SET l5 = 9',
    'DELETE FROM own_total_block',
    'DELETE FROM own_total_item',
    'UPDATE own_total_item SET block_id = 7',
  ])
    expect(() => db.exec(sql)).toThrow('released');
});

/** Citizens who were served and did not rate. */
function serve(count: number, at: number): void {
  for (let i = 0; i < count; i++)
    db.prepare(
      "INSERT INTO service_transaction (id, counter_id, officer_id, finished_at, month) VALUES (?,'c1','lan',?,?)",
    ).run(`s${at + i}`, at + i, vietnamMonth(at));
}

test('at one level, or too few: nothing is shown; they come with the next', () => {
  many(4, 5, FIRST + 1, 'a');
  cut(FIRST + WEEK_MS);
  expect(read('lan')).toEqual([]);
  many(2, 1, FIRST + WEEK_MS + 1, 'b');
  cut(FIRST + 2 * WEEK_MS);
  expect(read('lan')).toEqual([]);
  many(1, 1, FIRST + 2 * WEEK_MS + 1, 'c');
  serve(4, FIRST + 2 * WEEK_MS + 100);
  cut(FIRST + 3 * WEEK_MS);
  expect(read('lan')).toMatchObject([{ from: null, to: FIRST + 3 * WEEK_MS, n: 7, levels: { 1: 3, 5: 4 } }]);
});

test('where only a block held back explains a merger, it is never shown', () => {
  many(4, 5, FIRST + 1, 'a');
  cut(FIRST + WEEK_MS);
  many(3, 1, FIRST + WEEK_MS + 1, 'b');
  many(1, 4, FIRST + WEEK_MS + 9, 'c');
  cut(FIRST + 2 * WEEK_MS);
  expect(read('lan')).toMatchObject([{ n: 4, levels: { 1: 3, 4: 1, 5: 0 } }]);
  many(3, 2, FIRST + 2 * WEEK_MS + 1, 'd');
  many(1, 3, FIRST + 2 * WEEK_MS + 9, 'e');
  serve(40, FIRST + 2 * WEEK_MS + 100);
  cut(FIRST + 3 * WEEK_MS);
  expect(read('lan').at(-1)).toMatchObject({ n: 4, levels: { 2: 3, 3: 1, 5: 0 } });
});

test('a cut takes what was finished before it, also when it is made up for days later', () => {
  many(2, 5, FIRST + 1, 'a');
  many(1, 1, FIRST + 5, 'b');
  many(4, 1, FIRST + WEEK_MS, 'c');
  cut(FIRST + WEEK_MS);
  expect(read('lan')).toMatchObject([{ n: 3 }]);
});

test('after the data was put back, nothing from before is released once more', () => {
  cut(FIRST);
  many(3, 5, FIRST + 1, 'a');
  many(1, 1, FIRST + 5, 'b');
  // Released in the time that is lost; the kiosks have brought the ratings again, with one more among them.
  db.exec("UPDATE meta SET value = 'u-2' WHERE key = 'lineage'");
  db.exec(`INSERT INTO recovery (id, state) VALUES (1, '{"mode":"recovering"}')`);
  expect(store.begin.run(db, { at: FIRST + WEEK_MS })).toEqual({ recovering: true });
  db.exec(`UPDATE recovery SET state = '{"mode":"normal"}'`);
  many(1, 2, FIRST + 7, 'c');
  expect(store.begin.run(db, { at: FIRST + WEEK_MS + 600_000 })).toEqual({ recovering: false });
  cut(FIRST + WEEK_MS);
  expect(read('lan')).toEqual([]);
  many(3, 4, FIRST + WEEK_MS + 700_000, 'd');
  many(1, 3, FIRST + WEEK_MS + 900_000, 'e');
  cut(FIRST + 2 * WEEK_MS);
  expect(read('lan')).toMatchObject([{ n: 4, levels: { 3: 1, 4: 3 } }]);
});
