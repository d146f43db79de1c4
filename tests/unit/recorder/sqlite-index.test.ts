/* The recorder's index on real SQLite: cursors only grow, rows follow facts, nothing told is lost by a reopening. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openIndex } from '../../../hub-server/src/recorder/adapters/sqlite-index.ts';
import { cameraA, cameraB, openParts, T0 } from './parts.ts';

it('numbers facts, keeps them over a reopening and answers from any cursor', async () => {
  await using parts = await openParts();
  await parts.keep(cameraA, T0);
  await parts.keep(cameraA, T0 + 4_000);
  const { index, temp } = parts;
  const all = index.factsAfter(0, 100);
  expect(all.map(({ fact }) => fact.kind)).toEqual([
    'run.mapped',
    'segment.closed',
    'run.mapped',
    'segment.closed',
  ]);
  expect(all.map(({ cursor }) => cursor)).toEqual([1, 2, 3, 4]);
  const again = openIndex(temp.path);
  expect(again.factsAfter(2, 1)).toEqual([all[2]]);
  expect(again.recorderId()).toBe(index.recorderId());
  expect(again.lastCursor()).toBe(4);
  expect(again.newestEnd(cameraA)).toBe(T0 + 4_000);
  expect(again.newestEnd(cameraB)).toBeNull();
  again.close();
  expect(statSync(join(temp.path, 'index.sqlite')).mode & 0o777).toBe(0o600);
});

it('takes the newest mapping of a run for the end of its footage', async () => {
  await using parts = await openParts();
  const run = parts.ids.uuid();
  await parts.keep(cameraA, T0, 1_000, run);
  parts.index.record([
    {
      kind: 'run.mapped',
      mapping: {
        ...{ run, camera: cameraA, version: 2, method: 'min-arrival' },
        ...{ offsetMs: T0 - 5_000, latencyMs: 0, boundMs: 300 },
      },
    },
  ]);
  expect(parts.index.newestEnd(cameraA)).toBe(T0 - 1_000);
});

it('tells a mapping again only when it moved', async () => {
  await using parts = await openParts();
  const run = parts.ids.uuid();
  for (const [i, offsetMs] of [0, 10, 21, 21].entries())
    parts.ledger.segment(
      {
        ...{ camera: cameraA, run, file: `${cameraA}/${i}.mp4`, bytes: 1, codec: 'h264', flags: [] },
        ...{ mediaStartMs: i * 4_000, mediaEndMs: i * 4_000 + 4_000, sha256: '0'.repeat(64) as never },
        ...{ arrivalAt: T0 as never, arrivalMonoMs: 0 as never },
      },
      { method: 'min-arrival', offsetMs: T0 + offsetMs, latencyMs: 0, boundMs: 300 },
    );
  expect(parts.facts('run.mapped').map(({ mapping }) => [mapping.version, mapping.offsetMs - T0])).toEqual([
    [1, 0],
    [2, 21],
  ]);
});

it('pages kept segments by end and sums their bytes', async () => {
  await using parts = await openParts();
  for (let i = 0; i < 5; i += 1) await parts.keep(i % 2 ? cameraB : cameraA, T0 + i * 4_000, 10);
  const { index } = parts;
  const first = index.kept({}, 2);
  const after = first.at(-1);
  if (!after) throw new Error('nothing kept');
  expect(index.kept({ after }, 9).map((each) => each.wallTo)).toEqual([T0 + 8_000, T0 + 12_000, T0 + 16_000]);
  expect(index.kept({ camera: cameraB, before: T0 + 12_000 }, 9).map((each) => each.wallTo)).toEqual([
    T0 + 4_000,
  ]);
  expect(index.keptBytes()).toBe(50);
  parts.ledger.deleted([after.id], 'expired');
  expect(index.keptBytes()).toBe(50);
  index.removed(after.file);
  expect(index.keptBytes()).toBe(40);
});

it('forgets told deletions when they are old, nothing that still exists, and never counts back', async () => {
  await using parts = await openParts();
  const { index, ledger } = parts;
  await parts.keep(cameraA, T0);
  await parts.keep(cameraA, T0 + 4_000);
  const [gone] = index.kept({}, 1);
  if (!gone) throw new Error('nothing kept');
  ledger.deleted([gone.id], 'expired');
  expect(index.toRemove(9, null)).toEqual([gone.file]);
  index.forget(4, T0 + 1);
  expect(index.factsAfter(0, 99)).toHaveLength(5);
  index.forget(5, T0 + 1);
  expect(index.factsAfter(0, 99).map(({ cursor }) => cursor)).toEqual([3, 4]);
  expect(index.lastCursor()).toBe(5);
});

it('forgets what a later fact replaced, and runs and gaps that no kept footage needs, once the hub has them', async () => {
  await using parts = await openParts();
  const { index, ledger } = parts;
  const day = 86_400_000;
  const old = T0 - 40 * day;
  const rows = () => {
    const db = new Database(join(parts.temp.path, 'index.sqlite'), { readonly: true });
    const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    const counts = ['fact', 'run_mapping', 'run_boot', 'gap'].map(count);
    db.close();
    return counts;
  };
  // A camera that comes and goes: a run of one file, a gap that opens and closes, each time.
  for (let i = 0; i < 10; i += 1) {
    await parts.keep(cameraA, old + i * 60_000);
    ledger.interrupted(cameraA, 'camera-down', old + i * 60_000);
  }
  for (const { id, file } of index.kept({}, 9)) {
    const place = index.placeOf(file);
    index.record([], [{ run: place?.run ?? '', boot: 'boot', sure: true }]);
    ledger.deleted([id], 'expired');
  }
  const told = index.lastCursor();
  const before = rows();
  index.forget(0, T0 + 1);
  expect(rows()).toEqual(before);
  // Replaced ones at once: each gap was told open, then ended.
  index.forget(told, old - day);
  expect(rows()).toEqual([(before[0] as number) - 9, 10, 9, 10]);
  // One file is kept: its run, and the gap that lies behind it.
  index.forget(told, T0 + 1);
  expect(rows()).toEqual([3, 1, 0, 1]);
  expect(index.lastMapping(index.placeOf(index.kept({}, 9)[0]?.file ?? '')?.run ?? '')).not.toBeNull();
  expect(index.openGap(cameraA)).not.toBeNull();
  expect(index.lastCursor()).toBe(told);
});

it('refuses an index of a newer version', async () => {
  await using parts = await openParts();
  const db = new Database(join(parts.temp.path, 'index.sqlite'));
  db.pragma('user_version = 99');
  db.close();
  expect(() => openIndex(parts.temp.path)).toThrow(expect.objectContaining({ code: 'program.newer_data' }));
});
