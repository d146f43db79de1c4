/* What data of before knows of arrivals comes along: footage that its list of distances had dropped is found again. */
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { runArrivals } from '../../../hub-server/src/adapters/sqlite/migrations/045-run-arrivals.ts';
import { migrations } from '../../../hub-server/src/adapters/sqlite/migrations/index.ts';
import { footageStore } from '../../../hub-server/src/adapters/sqlite/stores/footage/footage-store.ts';

const DAY = 86_400_000;
const T = Date.UTC(2026, 10, 20, 1);
const CAMERA = 'camera-1';

it('finds footage of a wrong clock that was recorded under an older schema, of a right one too, and none found again', () => {
  const db = new Database(':memory:');
  for (const { version, sql } of migrations) if (version < runArrivals.version) db.exec(sql);
  db.prepare(
    `INSERT INTO camera (id, name, address, user, password, retention_days, latency_ms, active)
     VALUES (?, 'x', 'rtsp://127.0.0.1/', '', '', 30, 2000, 1)`,
  ).run(CAMERA);
  const add = (run: string, arrival: number, offset: number, flags: string[] = []) => {
    for (const n of [0, 1])
      db.prepare(
        `INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256, codec, flags)
         VALUES (?,?,?,?,?,?,?,0,1,'','h264',?)`,
      ).run(
        ...[`${run}/${n}`, CAMERA, run, `${run}/${n}.mp4`, n * 4_000, n * 4_000 + 4_000],
        ...[arrival + n * 4_000 + 4_300, JSON.stringify(flags)],
      );
    db.prepare("INSERT INTO run_mapping VALUES (?,1,?,'unplaced',?,0,9,NULL)").run(run, CAMERA, arrival);
    db.prepare("INSERT INTO run_mapping VALUES (?,2,?,'min-arrival',?,0,9,NULL)").run(run, CAMERA, offset);
  };
  add('dead', Date.UTC(2015, 0, 1), T);
  add('right', T + DAY, T + DAY);
  add('again', T + DAY, T + 2 * DAY, ['recovered']);
  db.prepare("INSERT INTO meta (key, value) VALUES ('footage.beside:camera-1', '[1]')").run();
  db.exec(runArrivals.sql);

  const found = (from: number) =>
    footageStore.material.run(db, { cameraId: CAMERA, from, to: from + 8_000 }).segments.map(({ id }) => id);
  expect(found(T)).toEqual(['dead/0', 'dead/1']);
  expect(found(T + DAY)).toEqual(['right/0', 'right/1']);
  expect(found(T + 2 * DAY)).toEqual(['again/0', 'again/1']);
  expect(db.prepare('SELECT run, beside_ms > 60000 AS far FROM run_arrival ORDER BY run').all()).toEqual([
    { run: 'dead', far: 1 },
    { run: 'right', far: 0 },
  ]);
  expect(db.prepare("SELECT 1 FROM meta WHERE key LIKE 'footage.beside%'").all()).toEqual([]);
});
