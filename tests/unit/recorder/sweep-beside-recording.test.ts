/* The sweep looks at thousands of files while cameras record and footage expires: whatever falls between, nothing fresh is lost. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { removeDoomed } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import type { FootageFiles } from '../../../hub-server/src/recorder/application/ports.ts';
import {
  findOrphans,
  lostRows,
  type ReconcileParts,
  reconcile,
} from '../../../hub-server/src/recorder/application/reconcile.ts';
import { repairFootage } from '../../../hub-server/src/recorder/application/repair-footage.ts';
import { cameraA, cameraB, openParts, T0 } from './parts.ts';

type Act = 'record' | 'expire' | 'remove' | 'steal';

/** Files of which each call lets something happen before it begins and before it answers. */
function watched(files: FootageFiles, happen: () => Promise<void>): FootageFiles {
  const around =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await happen();
      const answer = await call(...args);
      await happen();
      return answer;
    };
  return {
    ...{ ...files, inFolder: around(files.inFolder), modifiedAt: around(files.modifiedAt) },
    async *list() {
      await happen();
      for await (const page of files.list()) {
        await happen();
        yield page;
      }
    },
  };
}

it('tells only what somebody took away as lost, and deletes only what expired', async () => {
  const acts = fc.array(
    fc.record({
      after: fc.nat({ max: 3 }),
      act: fc.constantFrom<Act>('record', 'expire', 'remove', 'steal'),
    }),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 4 }), acts, fc.boolean(), async (first, script, asked) => {
      await using opened = await openParts();
      const kept: string[] = [];
      const stolen = new Set<string>();
      const runs = [opened.ids.uuid(), opened.ids.uuid(), opened.ids.uuid()];
      let at = T0 - 3_600_000;
      const record = async () => {
        at += 4_000;
        const camera = kept.length % 2 === 0 ? cameraA : cameraB;
        kept.push(await opened.keep(camera, at, 10, runs[kept.length % 3]));
      };
      for (let i = 0; i < first; i += 1) await record();
      const does: Record<Act, () => Promise<void>> = {
        record,
        async expire() {
          const [row] = opened.index.kept({}, 1);
          if (row !== undefined) opened.ledger.deleted([row.id], 'expired');
        },
        remove: async () => void (await removeDoomed(opened)),
        async steal() {
          const file = kept.findLast((name) => existsSync(opened.files.path(name)));
          if (file === undefined || opened.index.placeOf(file) === null) return;
          rmSync(opened.files.path(file));
          stolen.add(file);
        },
      };
      const waiting = [...script];
      let calls = 0;
      const happen = async () => {
        for (calls += 1; waiting[0] !== undefined && waiting[0].after <= calls; calls = 0)
          await does[waiting.shift()?.act ?? 'record']();
      };
      const inspect: ReconcileParts['inspect'] = async () => ({
        kind: 'film',
        durationMs: 4_000,
        codec: 'h264',
      });
      const parts = { ...opened, inspect, files: watched(opened.files, happen) };
      const all = { apply: true, by: 'user:an', apart: [], unknown: [], files: true };
      if (asked) await repairFootage(parts, all, 0);
      else await reconcile(parts, 0);
      while (waiting.length > 0) await happen();
      await removeDoomed(opened);

      const told = opened.facts('segment.deleted');
      const nameOf = new Map(opened.facts('segment.closed').map(({ segment }) => [segment.id, segment.file]));
      const names = (reason: string) =>
        told.filter((fact) => fact.reason === reason).map(({ id }) => nameOf.get(id));
      const expired = new Set(names('expired'));
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      for (const name of names('lost')) expect(stolen).toContain(name);
      for (const name of kept) {
        const there = !stolen.has(name) && !expired.has(name);
        expect([name, existsSync(opened.files.path(name))]).toEqual([name, there]);
        if (there) expect(opened.index.placeOf(name)).not.toBeNull();
      }
      expect(nameOf.size).toBe(kept.length);
      // What is still missing a file, the next sweep tells.
      await reconcile({ ...opened, inspect }, 0);
      for (const row of opened.index.kept({}, 99)) expect(existsSync(opened.files.path(row.file))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('a file that is told as lost and lies there is kept, and found again', async () => {
  await using opened = await openParts();
  const file = await opened.keep(cameraA, T0 - 600_000);
  const [row] = opened.index.kept({}, 1);
  opened.ledger.deleted([row!.id], 'lost');
  await removeDoomed(opened);
  expect(existsSync(opened.files.path(file))).toBe(true);
});

it('gives everybody else a turn between two pages, and remembers no more than it can mend', async () => {
  await using opened = await openParts();
  const [run, rows, names] = [opened.ids.uuid(), 12_000, 2_500];
  const folder = `${cameraA}/${run}`;
  mkdirSync(opened.files.path(folder), { recursive: true });
  const nameOf = (i: number) => `${folder}/${String(i).padStart(6, '0')}.mp4`;
  const db = new Database(join(opened.temp.path, 'index.sqlite'));
  const add = db.prepare('INSERT INTO segment VALUES (?, ?, ?, ?, 0, 4000, 1, ?, ?)');
  db.transaction(() => {
    for (let i = 0; i < rows; i += 1) add.run(opened.ids.uuid(), cameraA, run, nameOf(i), T0 + i, T0 + i);
  })();
  db.close();
  // The first of them lie there; so do some that no row names.
  for (let i = 0; i < names; i += 1) writeFileSync(opened.files.path(nameOf(i)), '');
  for (let i = rows; i < rows + 3; i += 1) writeFileSync(opened.files.path(nameOf(i)), '');

  let turns = 0;
  let counting = true;
  const count = () => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const seen: { readonly turn: number; readonly size: number }[] = [];
  const note = <T extends readonly unknown[]>(page: T): T => {
    seen.push({ turn: turns, size: page.length });
    return page;
  };
  const { index } = opened;
  const parts: ReconcileParts = {
    ...{ ...opened, inspect: async () => ({ kind: 'unknown' }) },
    index: {
      ...index,
      rowsByFile: (after, upTo, limit) => note(index.rowsByFile(after, upTo, limit)),
      withoutRow: (files) => index.withoutRow(note(files)),
    },
  };
  opened.time.at = Date.now() + 1_000;
  const lost = await lostRows(parts);
  const orphans = await findOrphans(parts, 0);
  counting = false;
  expect([lost.count, lost.of, lost.rows.length]).toEqual([rows - names, rows, 5_000]);
  expect(orphans.newest.map(({ file }) => file).sort()).toEqual([rows, rows + 1, rows + 2].map(nameOf));
  expect(seen.map(({ size }) => size)).toEqual([5_000, 5_000, 2_000, 1_000, 1_000, 503]);
  for (const [i, { turn }] of seen.entries()) if (i > 0) expect(turn).toBeGreaterThan(seen[i - 1]?.turn ?? 0);
});
