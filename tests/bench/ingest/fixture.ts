/*
 * Purpose: a hub's data folder that already holds ten million ratings, kept under tests/.cache: 1,000 counters, 100 days.
 * Every measurement leaves its own events in it, so it is made anew when it has grown by a twentieth. Its key is all
 * that decides its content: the schema, the form of what is generated (ratings.ts) and its size.
 */
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { migrations } from '../../../hub-server/src/adapters/sqlite/migrations/index.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { inRepo } from '../../support/paths.ts';
import { makeFleet } from '../storm/fleet.ts';
import { admit, makeOffice, type Office, openOffice } from '../storm/office.ts';
import { FILLED, FORM, fillRatings, RATINGS_A_DAY } from './ratings.ts';

const GROWTH_MAX = 0.05;
const cache = inRepo('tests', '.cache', 'bench');

export interface Fixture extends Office {
  readonly bytes: number;
}

export async function ratingsFixture(
  { ratings, counters }: { readonly ratings: number; readonly counters: number },
  say: (text: string) => void,
): Promise<Fixture> {
  const name = `ratings-${ratings}-schema-${schemaOfFilled().slice(0, 8)}-form-${FORM}`;
  const dir = join(cache, name);
  await mkdir(cache, { recursive: true });
  for (const other of await readdir(cache))
    if (other.startsWith(`ratings-${ratings}-`) && other !== name)
      await rm(join(cache, other), { recursive: true, force: true });
  if (existsSync(dir) && ratingsIn(dir) > ratings * (1 + GROWTH_MAX)) await rm(dir, { recursive: true });
  if (!existsSync(dir)) {
    const part = `${dir}.part`;
    await rm(part, { recursive: true, force: true });
    const office = await makeOffice(part);
    const days = ratings / counters / RATINGS_A_DAY;
    const from = Date.now() - (days + 2) * 86_400_000;
    const fleet = makeFleet({ kiosks: counters, batches: 0, signAnchor: office.signAnchor, from });
    admit(part, fleet);
    const started = performance.now();
    fillRatings(databaseFile(part), { ratings, fleet, from }, (done) =>
      say(`making ${ratings.toLocaleString('en')} ratings, once: ${Math.round((done / ratings) * 100)} %`),
    );
    // Its name comes last: a half-made one is never taken.
    await rename(part, dir);
    say(`made in ${Math.round((performance.now() - started) / 1_000)} s`);
  }
  return { ...openOffice(dir), bytes: statSync(databaseFile(dir)).size };
}

/** Of the tables it fills: what else a newer schema has, the hub itself adds when it opens the folder. */
function schemaOfFilled(): string {
  const db = new Sqlite(':memory:');
  try {
    for (const { sql } of migrations) db.exec(sql);
    const sql = `SELECT sql FROM sqlite_schema WHERE tbl_name IN (SELECT value FROM json_each(?)) AND sql IS NOT NULL
      ORDER BY name`;
    const parts = db.prepare(sql).pluck().all(JSON.stringify(FILLED)) as string[];
    return createHash('sha256').update(parts.join()).digest('hex');
  } finally {
    db.close();
  }
}

function ratingsIn(dir: string): number {
  const db = new Sqlite(databaseFile(dir), { readonly: true });
  try {
    return Number(db.prepare('SELECT sum(prompted) FROM rollup').pluck().get());
  } finally {
    db.close();
  }
}
