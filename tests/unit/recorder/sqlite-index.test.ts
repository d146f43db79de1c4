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
  expect(index.toRemove(9)).toEqual([gone.file]);
  index.forgetDeleted(4, T0 + 1);
  expect(index.factsAfter(0, 99)).toHaveLength(5);
  index.forgetDeleted(5, T0 + 1);
  expect(index.factsAfter(0, 99).map(({ cursor }) => cursor)).toEqual([1, 3, 4]);
  expect(index.lastCursor()).toBe(5);
});

it('refuses an index of a newer version', async () => {
  await using parts = await openParts();
  const db = new Database(join(parts.temp.path, 'index.sqlite'));
  db.pragma('user_version = 99');
  db.close();
  expect(() => openIndex(parts.temp.path)).toThrow(expect.objectContaining({ code: 'program.newer_data' }));
});
