/* The sweep looks at thousands of files while cameras record and footage expires: whatever falls between, nothing fresh is lost. */
import { existsSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { removeDoomed } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import type { FootageFiles } from '../../../hub-server/src/recorder/application/ports.ts';
import { type ReconcileParts, reconcile } from '../../../hub-server/src/recorder/application/reconcile.ts';
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
  return { ...files, list: around(files.list), modifiedAt: around(files.modifiedAt) };
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
        remove: () => removeDoomed(opened),
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
      if (asked) await repairFootage(parts, { apply: true, by: 'user:an' });
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
