/* While the clock is not sure nothing is placed and nothing goes; once it is, what was filmed and missed stands where it was. */
import type { UtcMs } from '@hailong/shared/time.ts';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { takeFrom } from '../../../hub-server/src/recorder/domain/retention-rule.ts';
import { cameraA, openParts, type Parts, T0 } from './parts.ts';

const HOUR = 3_600_000;

function ledgerOf(parts: Parts, boot: string) {
  const wall = { boot, right: true, sure: () => wall.right };
  return { wall, ledger: new FootageLedger({ ...parts, wall }) };
}
function film(ledger: FootageLedger, run: string, from: number, n: number): void {
  const [mediaStartMs, mediaEndMs] = [n * 4_000, n * 4_000 + 4_000];
  ledger.segment(
    {
      ...{ camera: cameraA, run, file: `${cameraA}/${run}/${n}.mp4`, mediaStartMs, mediaEndMs, bytes: 1 },
      ...{
        sha256: 'a'.repeat(64) as never,
        arrivalAt: (from + mediaEndMs) as UtcMs,
        codec: 'h264',
        flags: [],
      },
      arrivalMonoMs: 1_000_000 as never,
    },
    { method: 'min-arrival', offsetMs: from, latencyMs: 0, boundMs: 300 },
  );
}
const mappingOf = (parts: Parts, run: string) => parts.index.lastMapping(run);
const gapsOf = (parts: Parts) =>
  [...new Map(parts.facts('gap.recorded').map(({ gap }) => [gap.id, gap])).values()].map(
    ({ from, to, reason }) => [reason, from - T0, to && to - T0],
  );

it('says so from the last footage on, then places runs and gaps', async () => {
  await using parts = await openParts();
  const before = ledgerOf(parts, 'boot one');
  film(before.ledger, uuidv7(), T0, 0);

  const { wall, ledger } = ledgerOf(parts, 'boot two');
  wall.right = false;
  parts.time.at = T0 - HOUR;
  ledger.resumeAfterRestart(cameraA);
  const [first, second] = [uuidv7(), uuidv7()];
  // True time: the camera was filmed from T0 + 20 s, was away at 28 s, and again from 35 s; the clock is an hour behind.
  film(ledger, first, T0 + 20_000 - HOUR, 0);
  film(ledger, first, T0 + 20_000 - HOUR, 1);
  ledger.interrupted(cameraA, 'camera-down', T0 + 29_000 - HOUR);
  film(ledger, second, T0 + 35_000 - HOUR, 0);
  expect(mappingOf(parts, first)?.method).toBe('unplaced');
  expect(gapsOf(parts)).toEqual([['unplaced', 4_000, null]]);
  // Nobody can say that it is not held.
  const everything = { reason: 'expired', wantedBytes: Number.POSITIVE_INFINITY, takes: () => true } as const;
  expect(takeFrom(parts.index.kept({}, 9), everything, 0).going).toHaveLength(1);

  wall.right = true;
  ledger.placed({ ms: HOUR, sinceWall: T0 - 2 * HOUR, wasSure: false });
  expect([first, second].map((run) => mappingOf(parts, run))).toMatchObject([
    { method: 'min-arrival', version: 2, offsetMs: T0 + 20_000 },
    { method: 'min-arrival', version: 2, offsetMs: T0 + 35_000 },
  ]);
  expect(gapsOf(parts)).toEqual([
    ['recorder-down', 4_000, 20_000],
    ['camera-down', 28_000, 35_000],
  ]);
  expect(parts.index.kept({}, 9).map(({ wallTo, placed }) => [wallTo - T0, placed])).toEqual(
    [4_000, 24_000, 28_000, 39_000].map((at) => [at, true]),
  );
  film(ledger, second, T0 + 35_000, 1);
  expect(gapsOf(parts)).toHaveLength(2);
});

it('moves what the whole boot filmed and missed when its clock was wrong, and nothing of earlier boots', async () => {
  await using parts = await openParts();
  const earlier = uuidv7();
  film(ledgerOf(parts, 'boot one').ledger, earlier, T0, 0);
  const { ledger } = ledgerOf(parts, 'boot two');
  // It began at T0 + 10 s, and runs three hours ahead.
  const began = T0 + 10_000 + 3 * HOUR;
  ledger.resumeAfterRestart(cameraA);
  const [ended, running] = [uuidv7(), uuidv7()];
  film(ledger, ended, began + 10_000, 0);
  ledger.interrupted(cameraA, 'camera-down', began + 15_000);
  film(ledger, running, began + 20_000, 0);
  ledger.placed({ ms: -3 * HOUR, sinceWall: began, wasSure: true });
  expect([earlier, ended, running].map((run) => mappingOf(parts, run)?.offsetMs)).toEqual([
    T0,
    T0 + 20_000,
    T0 + 30_000,
  ]);
  expect(gapsOf(parts)).toEqual([
    ['recorder-down', 4_000, 20_000],
    ['camera-down', 24_000, 30_000],
  ]);
  // The other way round it comes to where it was: every version is kept.
  ledger.placed({ ms: 3 * HOUR, sinceWall: began - 3 * HOUR, wasSure: true });
  expect(mappingOf(parts, ended)).toMatchObject({ offsetMs: began + 10_000, version: 3 });
});
