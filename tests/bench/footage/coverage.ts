/*
 * Purpose: how long a camera's day takes over 10,000,000 segments, beside bare SQLite counting the same rows of the same index.
 * Twenty cameras, 4 s files, one run a day; a hundred days are asked, each of another camera.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { migrations } from '../../../hub-server/src/adapters/sqlite/migrations/index.ts';
import { coverageStore } from '../../../hub-server/src/adapters/sqlite/stores/footage/coverage-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { figure, percentile, type Work } from '../figures.ts';

const CAMERAS = 20;
const DAY_MS = 86_400_000;
const STEP_MS = 4_000;
const DAY_ROWS = DAY_MS / STEP_MS;
const T0 = Date.UTC(2026, 9, 1);
const ASKED = 100;
const LIMIT_MS = 500;

const hex = (n: number, width: number) => n.toString(16).padStart(width, '0');
const cameraOf = (n: number) => `0197b000-0000-7000-8000-${hex(n, 12)}`;
const runOf = (camera: number, day: number) => `0197c${hex(camera, 3)}-0000-7000-8000-${hex(day, 12)}`;
/** Like a UUIDv7: in order of time, cameras beside each other. */
const idOf = (at: number, camera: number) =>
  `${hex(at, 12).slice(0, 8)}-${hex(at, 12).slice(8)}-7${hex(camera, 3)}-8000-${hex((at * 7_919) % 0xffffffff, 12)}`;

function fill(db: Database.Database, perCamera: number): void {
  for (const { sql } of migrations) db.exec(sql);
  const camera = db.prepare(
    "INSERT INTO camera (id, name, address, user, password, retention_days, latency_ms, active) VALUES (?,?,'','','',30,2000,1)",
  );
  const mapping = db.prepare(
    "INSERT INTO run_mapping (run, version, camera_id, method, offset_ms, latency_ms, bound_ms) VALUES (?,1,?,'min-arrival',?,0,300)",
  );
  const segment = db.prepare(
    `INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256,
       codec, flags) VALUES (?,?,?,?,?,?,?,0,2000000,?,'h264','[]')`,
  );
  const sha256 = 'ab'.repeat(32);
  db.transaction(() => {
    for (let c = 0; c < CAMERAS; c += 1) {
      camera.run(cameraOf(c), `C${c}`);
      for (let day = 0; day * DAY_ROWS < perCamera; day += 1)
        mapping.run(runOf(c, day), cameraOf(c), T0 + day * DAY_MS);
    }
  })();
  const SLICE = 50_000;
  for (let from = 0; from < perCamera; from += SLICE)
    db.transaction(() => {
      for (let i = from; i < Math.min(perCamera, from + SLICE); i += 1)
        for (let c = 0; c < CAMERAS; c += 1) {
          const [at, media] = [T0 + i * STEP_MS, (i % DAY_ROWS) * STEP_MS];
          const [id, run] = [idOf(at, c), runOf(c, Math.floor(i / DAY_ROWS))];
          segment.run(
            id,
            cameraOf(c),
            run,
            `${cameraOf(c)}/${run}/${i}.mp4`,
            media,
            media + STEP_MS,
            at + STEP_MS + 150,
            sha256,
          );
        }
    })();
}

export const work: Work = {
  async measure({ quick, say }) {
    const perCamera = quick ? 2 * DAY_ROWS : 500_000;
    await using folder = await tempFolder('coverage-bench');
    const db = new Database(join(folder.path, 'hub.sqlite'));
    try {
      db.pragma('journal_mode = WAL');
      db.pragma('synchronous = OFF');
      say(`${perCamera * CAMERAS} segments …`);
      fill(db, perCamera);
      const bare = db
        .prepare(
          'SELECT count(*) FROM segment INDEXED BY segment_by_arrival WHERE camera_id = ? AND arrival_at BETWEEN ? AND ?',
        )
        .pluck();
      const [folded, counted]: [number[], number[]] = [[], []];
      const days = Math.floor(perCamera / DAY_ROWS);
      for (let n = 0; n < (quick ? CAMERAS : ASKED); n += 1) {
        const [cameraId, from] = [cameraOf(n % CAMERAS), T0 + ((n * 7) % days) * DAY_MS];
        const took = (act: () => unknown) => {
          const began = performance.now();
          act();
          return performance.now() - began;
        };
        const asked = {
          cameraId,
          from,
          to: from + DAY_MS,
          now: T0 + 400 * DAY_MS,
          readerId: 'x',
          recorderAway: false,
        };
        folded.push(
          took(() => {
            const day = coverageStore.day.run(db, asked);
            if (day?.spans.length !== 1 || day.spans[0]?.state !== 'recorded')
              throw new Error('a day lacks footage');
          }),
        );
        counted.push(took(() => bare.get(cameraId, from, from + DAY_MS)));
      }
      return [
        figure(
          { work: 'footage coverage of a day p95', unit: 'ms', beside: 'SQLite counting its rows' },
          { value: percentile(folded, 0.95), besideValue: percentile(counted, 0.95) },
          { of: 'value', is: '<=', limit: LIMIT_MS },
        ),
      ];
    } finally {
      db.close();
    }
  },
};
