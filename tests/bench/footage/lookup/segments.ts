/*
 * Purpose: a hub's data folder that already holds many segments, kept under tests/.cache: 16 cameras that record for a month, each
 * day a run with twenty mappings, a camera lost for some seconds now and then, and a day a camera whose files were all found
 * again after a crash. Made by SQL in the order of the keys; indexes at the end, as one sort each.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransactionId } from '@hailong/shared/ids.ts';
import Sqlite, { type Database } from 'better-sqlite3';
import { databaseFile } from '../../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { inRepo } from '../../../support/paths.ts';

/** Raised with every change to what is generated. */
const FORM = 1;
const CAMERAS = 16;
const CAMERAS_A_COUNTER = 2;
const SEGMENT_MS = 4_000;
const A_DAY = 86_400_000 / SEGMENT_MS;
const VERSIONS = 20;
/** One in so many was never recorded: the camera was away. */
const LOST = 5_000;
/** The day whose segments were found again. */
const RECOVERED_DAY = 3;
const SLICE = 400_000;
/** A Monday of 2026, 07:00 in Vietnam. */
const FROM = Date.UTC(2026, 9, 5);
/** Of one counter, spread over all the time there is footage of. */
const TRANSACTIONS_A_COUNTER = 500;
const SERVED_MS = 180_000;
const cache = inRepo('tests', '.cache', 'bench');

export interface SegmentsFixture {
  readonly dir: string;
  /** After everything that was recorded. */
  readonly now: number;
  readonly camerasACounter: number;
  /** Different ones, anywhere in time. */
  transactions(
    n: number,
  ): { readonly id: TransactionId; readonly openedAt: number; readonly endedAt: number }[];
  camerasOf(transaction: string): readonly string[];
}

const camera = (n: number): string => `c0000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const counter = (n: number): string => `d0000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const RUN = `printf('e%07x-0000-7000-8000-%012x', c, day)`;
const COUNTERS = CAMERAS / CAMERAS_A_COUNTER;

export async function segmentsFixture(
  segments: number,
  say: (text: string) => void,
): Promise<SegmentsFixture> {
  const schema = await schemaOf();
  const name = `segments-${segments}-schema-${schema.slice(0, 8)}-form-${FORM}`;
  const dir = join(cache, name);
  await mkdir(cache, { recursive: true });
  for (const other of await readdir(cache))
    if (other.startsWith(`segments-${segments}-`) && other !== name)
      await rm(join(cache, other), { recursive: true, force: true });
  if (!existsSync(dir)) {
    const part = `${dir}.part`;
    await rm(part, { recursive: true, force: true });
    await (await openStorage(part)).close();
    const started = performance.now();
    fill(databaseFile(part), segments, (done) =>
      say(`making ${segments.toLocaleString('en')} segments, once: ${Math.round((done / segments) * 100)} %`),
    );
    // Its name comes last: a half-made one is never taken.
    await rename(part, dir);
    say(`made in ${Math.round((performance.now() - started) / 1_000)} s`);
  }
  const perCamera = Math.floor(segments / CAMERAS);
  return { dir, ...readerOf(dir), now: FROM + (perCamera + 1_000) * SEGMENT_MS };
}

function readerOf(dir: string): Pick<SegmentsFixture, 'transactions' | 'camerasOf' | 'camerasACounter'> {
  const db = new Sqlite(databaseFile(dir), { readonly: true });
  const rows = db
    .prepare(
      'SELECT id, counter_id AS counterId, opened_at AS openedAt, finished_at AS endedAt FROM service_transaction',
    )
    .all() as { id: TransactionId; counterId: string; openedAt: number; endedAt: number }[];
  const maps = db.prepare('SELECT camera_id AS id, counter_id AS counterId FROM camera_counter').all() as {
    id: string;
    counterId: string;
  }[];
  db.close();
  const counterOf = new Map(rows.map((row) => [row.id as string, row.counterId]));
  return {
    camerasACounter: CAMERAS_A_COUNTER,
    transactions(n) {
      // A step that shares no factor with their number visits all of them, far apart.
      const step = 1_741;
      return Array.from({ length: n }, (_, i) => rows[(i * step) % rows.length]!);
    },
    camerasOf: (transaction) =>
      maps.filter((row) => row.counterId === counterOf.get(transaction)).map((row) => row.id),
  };
}

const TABLES = ['segment', 'run_mapping', 'footage_gap', 'camera_counter', 'service_transaction'];
function schemaSql(db: Database): string[] {
  return db
    .prepare(
      `SELECT sql FROM sqlite_schema WHERE tbl_name IN (${TABLES.map(() => '?').join()}) AND sql IS NOT NULL ORDER BY name`,
    )
    .pluck()
    .all(...TABLES) as string[];
}
async function schemaOf(): Promise<string> {
  const { migrations } = await import('../../../../hub-server/src/adapters/sqlite/migrations/index.ts');
  const db = new Sqlite(':memory:');
  try {
    for (const { sql } of migrations) db.exec(sql);
    return createHash('sha256').update(schemaSql(db).join()).digest('hex');
  } finally {
    db.close();
  }
}

/** Segment `i` in the order of time: the `nth` of camera `c`. */
const SEGMENTS = `
  INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256,
    codec, flags, init_bytes, logged_in)
  WITH RECURSIVE seq(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM seq WHERE i < :last),
  timed AS (SELECT i, i % ${CAMERAS} AS c, i / ${CAMERAS} AS nth, i / ${CAMERAS} / ${A_DAY} AS day FROM seq),
  placed AS (SELECT *, ${FROM} + nth * ${SEGMENT_MS} AS ms, (nth % ${A_DAY}) * ${SEGMENT_MS} AS media FROM timed
    WHERE nth % ${LOST} <> c * 7)
  SELECT printf('%08x-%04x-7000-8000-%012x', ms >> 16, ms & 65535, i),
    printf('c0000000-0000-7000-8000-%012x', c), ${RUN}, printf('%02d/%d/%d.mp4', c, day, nth), media, media + ${SEGMENT_MS},
    ms + ${SEGMENT_MS + 150} + CASE day WHEN ${RECOVERED_DAY} THEN 900000000 ELSE 0 END, nth, 2000000, hex(randomblob(32)), 'h264',
    CASE day WHEN ${RECOVERED_DAY} THEN '["recovered"]' ELSE '[]' END, 1200, 1
  FROM placed`;

function fill(file: string, segments: number, tell: (done: number) => void): void {
  const db = new Sqlite(file);
  try {
    for (const pragma of [
      'journal_mode = DELETE',
      'journal_mode = OFF',
      'synchronous = OFF',
      'cache_size = -400000',
      'temp_store = FILE',
    ])
      db.pragma(pragma);
    const indexes = db
      .prepare(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'segment' AND sql IS NOT NULL",
      )
      .all() as { name: string; sql: string }[];
    for (const { name } of indexes) db.exec(`DROP INDEX ${name}`);
    const insert = db.prepare(SEGMENTS);
    for (let first = 0; first < segments; first += SLICE) {
      insert.run({ first, last: Math.min(segments, first + SLICE) - 1 });
      tell(Math.min(segments, first + SLICE));
    }
    for (const { sql } of indexes) db.exec(sql);
    fillAround(db, Math.floor(segments / CAMERAS));
    db.pragma('journal_mode = WAL');
  } finally {
    db.close();
  }
}

function fillAround(db: Database, perCamera: number): void {
  const days = Math.ceil(perCamera / A_DAY);
  const span = perCamera * SEGMENT_MS;
  const insert = (table: string, columns: string) =>
    db.prepare(
      `INSERT INTO ${table} (${columns}) VALUES (${columns
        .split(',')
        .map(() => '?')
        .join()})`,
    );
  const cameras = insert('camera', 'id,name,address,user,password,retention_days,latency_ms,active');
  const maps = insert('camera_counter', 'camera_id,counter_id,from_at');
  const counters = insert('counter', 'id,number,name,unit_id,active');
  const mappings = insert(
    'run_mapping',
    'run,version,camera_id,method,offset_ms,latency_ms,bound_ms,logged_in',
  );
  const gaps = insert('footage_gap', 'id,camera_id,from_at,to_at,reason');
  const served = insert(
    'service_transaction',
    'id,counter_id,officer_id,officer_code,stage,queue_number,opened_at,opened_event,finished_at,finished_event,outcome,month,opened_bound,finished_bound',
  );
  db.transaction(() => {
    for (let n = 0; n < COUNTERS; n++) counters.run(counter(n), String(n + 1), 'Đất đai', 'u', 1);
    for (let c = 0; c < CAMERAS; c++) {
      cameras.run(camera(c), `Camera ${c}`, 'rtsp://10.0.0.1/', '', '', 30, 2_000, 1);
      maps.run(camera(c), counter(c % COUNTERS), FROM - 86_400_000);
      for (let day = 0; day < days; day++)
        for (let version = 1; version <= VERSIONS; version++) {
          const run = `e${c.toString(16).padStart(7, '0')}-0000-7000-8000-${day.toString(16).padStart(12, '0')}`;
          mappings.run(
            run,
            version,
            camera(c),
            'min-arrival',
            FROM + day * 86_400_000 - version,
            2_000,
            300,
            1,
          );
        }
      for (let nth = c * 7; nth < perCamera; nth += LOST)
        gaps.run(
          `${c}-${nth}`,
          camera(c),
          FROM + nth * SEGMENT_MS,
          FROM + (nth + 1) * SEGMENT_MS,
          'camera-down',
        );
    }
    for (let n = 0; n < COUNTERS; n++)
      for (let i = 0; i < TRANSACTIONS_A_COUNTER; i++) {
        const at = FROM + 60_000 + Math.floor(((span - 400_000) * i) / TRANSACTIONS_A_COUNTER);
        const id = `f0000000-0000-7000-8000-${(i * COUNTERS + n).toString(16).padStart(12, '0')}`;
        served.run(
          id,
          counter(n),
          'o',
          'CB001',
          'reception',
          'A012',
          at,
          1,
          at + SERVED_MS,
          1,
          'completed',
          '2026-10',
          40,
          40,
        );
      }
  })();
}
