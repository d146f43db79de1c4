/* A repair says what disagrees and changes nothing, and mends it in somebody's name only when it is told to. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import type { SegmentId } from '@hailong/shared/ids.ts';
import type { HeldRow, RunMapping } from '@hailong/shared/protocol/footage.ts';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { inspectFile } from '../../../hub-server/src/recorder/adapters/inspect-file.ts';
import { reconcile } from '../../../hub-server/src/recorder/application/reconcile.ts';
import { repairFootage } from '../../../hub-server/src/recorder/application/repair-footage.ts';
import { cameraA, openParts, type Parts, putFilm, T0 } from './parts.ts';

const nothing = { count: 0, files: [] };
const NOTHING = {
  ...{ lost: nothing, strange: nothing, deleted: nothing, unindexed: nothing, untold: nothing },
  ...{ held: nothing, more: false },
};
const MENDED = { apply: true, by: 'user:an' };
const files = { apart: [], unknown: [], files: true };
const rows = { unknown: [], files: false };
const some = (...names: string[]) => ({ count: names.length, files: names });

/** What the hub holds of what this recorder told. */
function heldRows(parts: Parts, change: Partial<HeldRow> = {}): HeldRow[] {
  const mappings = new Map(parts.facts('run.mapped').map(({ mapping }) => [mapping.run, mapping]));
  return parts.facts('segment.closed').map(({ segment }) => ({
    ...{
      segment,
      mapping: mappings.get(segment.run) as RunMapping,
      deleted: false,
      lost: false,
      held: false,
      ...change,
    },
  }));
}
const told = (parts: Parts) => parts.index.lastCursor();

it.skipIf(findFfmpeg() === null)(
  'names first, then mends: lost rows, strange files, files that should be gone',
  async () => {
    await using opened = await openParts();
    const parts = { ...opened, inspect: inspectFile };
    const kept: string[] = [];
    for (let i = 0; i < 4; i += 1) kept.push(await parts.keep(cameraA, T0 - i * 60_000));
    // Most rows lose their file: by itself nobody believes that, a person may.
    for (const file of kept.slice(1)) rmSync(parts.files.path(file));
    const going = await parts.keep(cameraA, T0 - 3_600_000);
    const [row] = parts.index.kept({}, 1);
    parts.ledger.deleted([row!.id], 'expired');
    const strange = `${cameraA}/strange/000001.mp4`;
    await putFilm(parts.files.path(strange), import.meta.filename, T0 - 600_000, 900);

    const found = await repairFootage(parts, { ...MENDED, apply: false, ...files }, told(parts));
    expect(found).toEqual({
      ...NOTHING,
      lost: some(...kept.slice(1)),
      ...{ strange: some(strange), deleted: some(going) },
    });
    expect([strange, going].map((file) => existsSync(parts.files.path(file)))).toEqual([true, true]);
    expect(parts.facts('segment.deleted')).toHaveLength(1);

    await repairFootage(parts, { ...MENDED, ...files }, told(parts));
    expect([strange, going, kept[0]!].map((file) => existsSync(parts.files.path(file)))).toEqual([
      false,
      false,
      true,
    ]);
    expect(parts.facts('segment.deleted').slice(1)).toMatchObject(
      Array(3).fill({ reason: 'lost', by: 'user:an' }),
    );
    const cursor = told(parts);
    expect(await repairFootage(parts, { ...MENDED, ...files }, cursor)).toEqual(NOTHING);
    expect(told(parts)).toBe(cursor);
  },
);

it('takes rows over that the hub alone has, tells again what it lacks, gives up what it deleted', async () => {
  await using opened = await openParts();
  const parts = { ...opened, inspect: inspectFile };
  const names = [];
  for (let i = 0; i < 5; i += 1) names.push(await parts.keep(cameraA, T0 + i * 4_000));
  const [first, second, third, fourth, fifth] = heldRows(parts) as [
    HeldRow,
    HeldRow,
    HeldRow,
    HeldRow,
    HeldRow,
  ];
  const idsOf = (...of: HeldRow[]) => of.map(({ segment }) => segment.id);
  // This index forgets two rows; the file of one of them is gone.
  const db = new Database(`${parts.temp.path}/index.sqlite`);
  for (const id of idsOf(first, second)) {
    db.prepare('DELETE FROM segment WHERE id = ?').run(id);
    db.prepare('DELETE FROM fact WHERE segment = ?').run(id);
  }
  db.close();
  rmSync(parts.files.path(second.segment.file));
  // The hub: has deleted the third and the fourth, which a hold covers; knows nothing of the fifth.
  const apart = [first, second, { ...third, deleted: true }, { ...fourth, deleted: true, held: true }];
  const asked = { ...MENDED, ...rows, apart, unknown: idsOf(fifth) };
  const wanted = {
    ...NOTHING,
    ...{ lost: some(names[1]!), unindexed: some(names[0]!), untold: some(fifth.segment.id) },
    ...{ deleted: some(names[2]!), held: some(names[3]!) },
  };
  const before = told(parts);
  expect(await repairFootage(parts, { ...asked, apply: false }, before)).toEqual(wanted);
  expect([told(parts), parts.index.hasFile(names[0]!)]).toEqual([before, false]);

  expect(await repairFootage(parts, asked, before)).toEqual(wanted);
  expect(parts.index.idOf(names[0]!)).toBe(first.segment.id);
  expect(parts.facts('segment.closed').filter(({ segment }) => segment.id === fifth.segment.id)).toHaveLength(
    2,
  );
  expect(parts.facts('segment.deleted').map(({ id }) => id)).toEqual(idsOf(second, third));
  expect(names.map((file) => existsSync(parts.files.path(file)))).toEqual([true, false, false, true, true]);
  expect(parts.index.idsAfter(null, told(parts), 10)).toEqual(idsOf(first, fourth, fifth).sort());
});

it('leaves a row alone that the hub has by now and that it has itself', async () => {
  await using opened = await openParts();
  const parts = { ...opened, inspect: inspectFile };
  const file = await parts.keep(cameraA, T0);
  const [row] = heldRows(parts) as [HeldRow];
  expect(await repairFootage(parts, { ...MENDED, ...rows, apart: [row] }, 0)).toEqual(NOTHING);
  expect([parts.index.idOf(file), parts.facts('segment.deleted')]).toEqual([row.segment.id, []]);
});

it('gives up the second row of a file for the older one, not the file', async () => {
  await using opened = await openParts();
  const parts = { ...opened, inspect: inspectFile };
  const file = await parts.keep(cameraA, T0);
  const [row] = heldRows(parts) as [HeldRow];
  const older = {
    ...row,
    segment: { ...row.segment, id: '0197b000-0000-7000-8000-000000000001' as SegmentId },
  };
  await repairFootage(parts, { ...MENDED, ...rows, apart: [older] }, told(parts));
  expect(parts.index.idOf(file)).toBe(older.segment.id);
  expect(parts.facts('segment.deleted')).toMatchObject([
    { id: row.segment.id, reason: 'lost', by: 'user:an' },
  ]);
  expect([existsSync(parts.files.path(file)), parts.index.toRemove(10, null)]).toEqual([true, []]);
});

it('an index that was lost takes everything over as the hub holds it, and nothing while the hub is away', async () => {
  await using opened = await openParts();
  const parts = { ...opened, inspect: inspectFile };
  const names = [];
  for (let i = 0; i < 3; i += 1) names.push(await parts.keep(cameraA, T0 + i * 4_000));
  const held = heldRows(parts);
  parts.index.close();
  for (const end of ['', '-wal', '-shm']) rmSync(`${parts.temp.path}/index.sqlite${end}`, { force: true });
  const again = await openParts({ path: parts.temp.path, remove: async () => undefined } as never);
  try {
    again.time.at = Date.now() + 60_000;
    again.hub.held = null;
    const lost = { ...again, inspect: inspectFile };
    expect(await reconcile(lost, 0)).toBe(true);
    expect(again.index.keptBytes()).toBe(0);
    again.hub.held = [held[0]!, held[1]!, { ...held[2]!, deleted: true, held: true }];
    expect(await reconcile(lost, 0)).toBe(false);
    expect(again.index.idsAfter(null, told(again), 9)).toEqual(
      held.slice(0, 2).map(({ segment }) => segment.id),
    );
    expect(again.facts('segment.closed').map(({ segment }) => segment)).toEqual(
      held.slice(0, 2).map(({ segment }) => segment),
    );
    // Its row says that it went, and a hold covers it: neither shown nor removed.
    expect(statSync(again.files.path(names[2]!)).size).toBe(1_000);
    again.hub.held = [{ ...held[2]!, deleted: true }];
    await reconcile(lost, 0);
    expect(existsSync(again.files.path(names[2]!))).toBe(false);
  } finally {
    again.index.close();
  }
});
