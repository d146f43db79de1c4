/*
 * The machine's clock was two hours wrong, is set right and believed ten minutes later: the footage of the running run moves, in the
 * recorder's own rows as at the hub, and what a hold covers at the true time stays. Real files and index, a clock of the test's own.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRunClock } from '@hailong/device-drivers/media/time-mapping.ts';
import type { Clock, MonotonicMs, UtcMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openIndex } from '../../../hub-server/src/recorder/adapters/sqlite-index.ts';
import { expireFootage } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { HOLD_MARGIN_MS } from '../../../hub-server/src/recorder/domain/holds.ts';
import { ordersOf } from '../../../hub-server/src/recorder/domain/retention-rule.ts';
import { steadyFrom, watchWall } from '../../../hub-server/src/recorder/domain/steady-wall.ts';
import { cameraA, openParts, type Parts, T0 } from './parts.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const SEGMENT_MS = 4_000;
const BYTES = 100;
const BEFORE = (5 * MINUTE) / SEGMENT_MS;
const AFTER = (11 * MINUTE) / SEGMENT_MS;
const hold = { camera: cameraA, from: T0 + MINUTE, to: T0 + 2 * MINUTE };

/** One run from T0 on, by a clock that is `wrongMs` off for the first five minutes. Its files, with when they began in truth. */
async function film(parts: Parts, wrongMs: number) {
  let mono = 1_000_000;
  let off = wrongMs;
  const wall = () => T0 + mono - 1_000_000 + off;
  let steady = steadyFrom(wall(), mono);
  const clock: Clock = {
    monotonic: () => mono as MonotonicMs,
    now() {
      steady = watchWall(steady, wall(), mono).steady;
      return Math.round(mono + steady.offsetMs) as UtcMs;
    },
  };
  const ledger = new FootageLedger({ ...parts, clock });
  const runClock = createRunClock();
  const run = parts.ids.uuid();
  const files: { readonly file: string; readonly from: number }[] = [];
  for (let i = 0; i < BEFORE + AFTER; i += 1) {
    const from = T0 + mono - 1_000_000;
    mono += SEGMENT_MS;
    if (i === BEFORE) off = 0;
    const file = `${cameraA}/${run}/${String(i).padStart(6, '0')}.mp4`;
    await mkdir(dirname(parts.files.path(file)), { recursive: true });
    await writeFile(parts.files.path(file), Buffer.alloc(BYTES, 7));
    const { bytes, sha256 } = await parts.files.seal(file);
    const [mediaStartMs, mediaEndMs] = [i * SEGMENT_MS, (i + 1) * SEGMENT_MS];
    const steadyAt = clock.now() - clock.monotonic() + mono;
    ledger.segment(
      {
        ...{ camera: cameraA, run, file, mediaStartMs, mediaEndMs, bytes, sha256 },
        ...{ arrivalAt: wall() as UtcMs, arrivalMonoMs: clock.monotonic(), codec: 'h264', flags: [] },
      },
      {
        ...{ method: 'min-arrival', latencyMs: 0 },
        ...runClock.observe({ mediaEndMs, arrivalAt: steadyAt, arrivalMonoMs: mono }),
      },
    );
    files.push({ file, from });
  }
  return files;
}

const placed = (parts: Pick<Parts, 'index'>) =>
  parts.index
    .kept({}, 1_000)
    .map(({ file, wallFrom, wallTo }) => ({ file, from: wallFrom, ms: wallTo - wallFrom }));

it.each([-7_200_000, 7_200_000])(
  'a clock that was %i ms off and is set right: rows lie where the hub places them, and nothing held goes by age or for space',
  async (wrongMs) => {
    await using parts = await openParts();
    const files = await film(parts, wrongMs);
    expect(placed(parts)).toEqual(files.map(({ file, from }) => ({ file, from, ms: SEGMENT_MS })));
    // What the hub folds out of the facts.
    const newest = parts.facts('run.mapped').at(-1)!.mapping;
    expect(
      parts.facts('segment.closed').map(({ segment }) => newest.offsetMs + segment.mediaStartMs),
    ).toEqual(files.map(({ from }) => from));
    expect(parts.facts('gap.recorded')).toEqual([]);
    expect(parts.index.newestEnd(cameraA)).toBe(T0 + 16 * MINUTE);

    const held = files.filter(
      ({ from }) => from + SEGMENT_MS >= hold.from - HOLD_MARGIN_MS && from <= hold.to + HOLD_MARGIN_MS,
    );
    expect(parts.index.bytesBetween(cameraA, hold.from - HOLD_MARGIN_MS, hold.to + HOLD_MARGIN_MS)).toBe(
      held.length * BYTES,
    );
    const orders = ordersOf([hold], { at: T0 + 3 * DAY, cameras: [] });
    const expire = (days: number, budgetBytes: number | null) =>
      expireFootage(
        { ...parts, limits: { budgetBytes, floorBytes: 0, holdReserveBytes: 0 } },
        { orders: () => orders, retentionDays: new Map([[cameraA, days]]), paused: false },
      );
    parts.time.at = T0 + DAY + 8 * MINUTE;
    await expire(1, null);
    const old = files.filter(({ from }) => from + SEGMENT_MS < T0 + 8 * MINUTE);
    const left = files.filter((file) => held.includes(file) || !old.includes(file));
    expect(placed(parts).map(({ file }) => file)).toEqual(left.map(({ file }) => file));
    await expire(30, BYTES);
    expect(placed(parts).map(({ file }) => file)).toEqual(held.map(({ file }) => file));
    expect(held.every(({ file }) => existsSync(parts.files.path(file)))).toBe(true);
  },
);

it('an index of before is put right when it is opened', async () => {
  await using parts = await openParts();
  await parts.keep(cameraA, T0, 10);
  await parts.keep(cameraA, T0 + SEGMENT_MS, 10);
  const right = placed(parts);
  const path = join(parts.temp.path, 'index.sqlite');
  const db = new Database(path);
  db.exec('DROP INDEX segment_run; DROP TRIGGER segment_kept; DROP TRIGGER segment_gone; DROP TABLE total');
  db.prepare(
    'UPDATE segment SET wall_from = wall_from - 7200000, wall_to = wall_to - 7200000 WHERE file = ?',
  ).run(right[0]!.file);
  expect(placed(parts)).not.toEqual(right);
  db.exec(
    'DROP TABLE run_boot; DROP TABLE torn; DROP TABLE stall; DROP INDEX fact_about; DROP INDEX gap_end',
  );
  db.exec('ALTER TABLE fact DROP COLUMN about; ALTER TABLE removal DROP COLUMN bytes');
  db.pragma('user_version = 1');
  db.close();
  const again = openIndex(parts.temp.path);
  expect(placed({ index: again })).toEqual(right);
  expect(again.keptBytes()).toBe(20);
  again.close();
});
