/* While the clock is not sure nothing is placed and nothing goes; once it is, what was filmed and missed stands where it was. */
import type { UtcMs } from '@hailong/shared/time.ts';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { expireFootage } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { ageRound, ordersOf, takeFrom } from '../../../hub-server/src/recorder/domain/retention-rule.ts';
import { cameraA, openParts, type Parts, T0 } from './parts.ts';

const HOUR = 3_600_000;

function ledgerOf(parts: Parts, boot: string) {
  const wall = { boot, right: true, sure: () => wall.right, before: parts.index.wall() };
  return { wall, ledger: new FootageLedger({ ...parts, wall }) };
}
function film(
  ledger: FootageLedger,
  run: string,
  from: number,
  n: number,
  stalls: readonly { readonly fromMs: number; readonly toMs: number }[] = [],
): void {
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
    stalls,
  );
}
const sureWall = (boot: string) => ({ boot, offsetMs: 0, sure: true, confirmed: false });
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
  ledger.placed({
    kind: 'unsure',
    ms: HOUR,
    sinceWall: T0 - 2 * HOUR,
    steppedWall: T0,
    wall: sureWall('boot two'),
  });
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

const SILENCE = [{ fromMs: 1_000, toMs: 3_000 }];

it('tells of a silence inside what it filmed once it is known when that was', async () => {
  await using parts = await openParts();
  film(ledgerOf(parts, 'boot one').ledger, uuidv7(), T0, 0);
  const { wall, ledger } = ledgerOf(parts, 'boot two');
  wall.right = false;
  const run = uuidv7();
  film(ledger, run, T0 + 20_000 - HOUR, 0);
  film(ledger, run, T0 + 20_000 - HOUR, 1, SILENCE);
  const silences = () => gapsOf(parts).filter(([reason]) => reason === 'camera-silent');
  const placed = (ms: number, sure: boolean) =>
    ledger.placed({
      ...{ kind: 'unsure', ms, sinceWall: T0 - 2 * HOUR, steppedWall: T0 },
      wall: { ...sureWall('boot two'), sure },
    });
  placed(60_000, false);
  expect(silences()).toEqual([]);
  wall.right = true;
  placed(HOUR - 60_000, true);
  expect(silences()).toEqual([['camera-silent', 25_000, 27_000]]);
  expect(parts.index.stallsOf(run)).toEqual([]);
  // From now on at once, and moved like any other gap.
  film(ledger, run, T0 + 20_000, 2, SILENCE);
  placed(0, true);
  expect(silences()).toEqual([
    ['camera-silent', 25_000, 27_000],
    ['camera-silent', 29_000, 31_000],
  ]);
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
  ledger.placed({
    kind: 'whole',
    ms: -3 * HOUR,
    sinceWall: began,
    steppedWall: began + HOUR,
    wall: sureWall('boot two'),
  });
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
  ledger.placed({
    kind: 'whole',
    ms: 3 * HOUR,
    sinceWall: began - 3 * HOUR,
    steppedWall: began,
    wall: sureWall('boot two'),
  });
  expect(mappingOf(parts, ended)).toMatchObject({ offsetMs: began + 10_000, version: 3 });
});

const DAY = 24 * HOUR;
/** Since boot two, whose clock stands a year behind and never becomes sure. */
const WRONG = T0 - 365 * DAY;
async function nightlyOff() {
  const parts = await openParts();
  const runs = [uuidv7(), uuidv7(), uuidv7()] as const;
  film(ledgerOf(parts, 'boot one').ledger, runs[0], T0, 0);
  const second = ledgerOf(parts, 'boot two');
  second.wall.right = false;
  film(second.ledger, runs[1], WRONG, 0);
  film(second.ledger, runs[1], WRONG, 1, SILENCE);
  return { parts, runs };
}
const expire = (parts: Parts, holds: Parameters<typeof ordersOf>[0]) =>
  expireFootage(
    { ...parts, limits: { budgetBytes: 0, floorBytes: 0, holdReserveBytes: 0 } },
    {
      ...{ retentionDays: new Map([[cameraA, 1]]), paused: false },
      orders: () => ordersOf(holds, { at: T0 + 400 * DAY, cameras: [] }),
    },
  );
const left = (parts: Parts) => parts.index.kept({}, 9).map(({ file }) => file.split('/').slice(1).join('/'));

it('places what an ended boot left between what was filmed before and after it', async () => {
  const { parts, runs } = await nightlyOff();
  await using _ = parts;
  parts.time.at = T0 + HOUR;
  const third = ledgerOf(parts, 'boot three').ledger;
  third.placeLeft();
  const { offsetMs, boundMs, method } = mappingOf(parts, runs[1])!;
  expect(method).toBe('recovered');
  // From the end of the first boot's footage to the hour.
  expect([offsetMs - T0, boundMs]).toEqual([(4_000 + HOUR - 8_000) / 2, 300 + (HOUR - 12_000) / 2]);
  // The silence with it.
  const begins = offsetMs - T0 + 5_000;
  expect(gapsOf(parts)).toEqual([['camera-silent', begins, begins + 2_000]]);
  expect(parts.index.kept({}, 9).every(({ placed }) => placed)).toBe(true);
  third.placeLeft();
  expect(mappingOf(parts, runs[1])?.version).toBe(2);
});

it('says of what may lie days off only how far, and lets it go when all of that is old', async () => {
  const { parts, runs } = await nightlyOff();
  await using _ = parts;
  parts.time.at = T0 + 10 * DAY;
  ledgerOf(parts, 'boot three').ledger.placeLeft();
  expect(mappingOf(parts, runs[1])?.method).toBe('unplaced');
  expect([gapsOf(parts), parts.index.stallsOf(runs[1])]).toMatchObject([[], [{ fromMs: 5_000 }]]);
  const orders = ordersOf([], { at: T0 + 99 * DAY, cameras: [] });
  const gone = (before: number) =>
    takeFrom(parts.index.kept({}, 9), ageRound(orders, before), 0).going.length;
  expect([gone(T0 + 9 * DAY), gone(T0 + 11 * DAY)]).toEqual([1, 3]);
});

it('under pressure lets go what no clock ever placed, the oldest recording first, unless it may be held', async () => {
  const hold = (from: number) => [{ camera: cameraA, from, to: from + 1_000 }];
  for (const [holds, stays] of [
    [[], false],
    // Of then by the hub's clock, which was as wrong; or of any time since.
    [hold(WRONG), true],
    [hold(T0 + 3 * DAY), true],
    [hold(T0 - 3 * DAY), false],
  ] as const) {
    const { parts, runs } = await nightlyOff();
    await using _ = parts;
    await expire(parts, [...holds]);
    expect(left(parts)).toEqual(stays ? [`${runs[1]}/0.mp4`, `${runs[1]}/1.mp4`] : []);
    expect(parts.facts('segment.deleted').map(({ reason }) => reason)).toEqual(
      stays ? ['budget'] : ['budget', 'budget-unreported', 'budget-unreported'],
    );
  }
});

it('takes a row over, and indexes a file again, as sure as the clock of then was', async () => {
  const { parts } = await nightlyOff();
  await using _ = parts;
  const [told] = parts.facts('segment.closed').slice(-1);
  const run = uuidv7();
  const segment = { ...told!.segment, id: uuidv7() as never, run, file: `${cameraA}/${run}/0.mp4` };
  const mapping = { ...mappingOf(parts, told!.segment.run)!, run };
  parts.index.takeOver({ segment, mapping, deleted: false, lost: false, held: false }, null);
  expect(parts.index.kept({}, 9).find(({ file }) => file === segment.file)?.placed).toBe(false);
  parts.index.saveWall({ boot: 'boot two', offsetMs: 0, sure: false, confirmed: false });
  const found = uuidv7();
  ledgerOf(parts, 'boot three').ledger.segment(
    { ...segment, run: found, file: `${cameraA}/${found}/0.mp4`, flags: ['recovered'] },
    { method: 'recovered', offsetMs: WRONG, latencyMs: 0, boundMs: 2_000 },
  );
  expect(mappingOf(parts, found)?.method).toBe('unplaced');
});
