/* A disk that refuses rows: what was filmed and missed is kept and told in order once it takes them, and space laid by helps. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UtcMs } from '@hailong/shared/time.ts';
import { expect, it } from 'vitest';
import { withReserve } from '../../../hub-server/src/recorder/adapters/index-reserve.ts';
import { steadyClock } from '../../../hub-server/src/recorder/adapters/steady-clock.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import type { WallWitness } from '../../../hub-server/src/recorder/domain/steady-wall.ts';
import { cameraA, openParts, type Parts, settle, T0 } from './parts.ts';

const full = () => Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
const RUN = '0197b000-0000-7000-8000-0000000000aa';
const NEXT = RUN.replace('aa', 'ab');

/** Whatever the index is to write, while `disk.full`. */
function fullIndex(parts: Parts, disk: { full: boolean }): Parts['index'] {
  const refusing =
    <A extends unknown[]>(write: (...input: A) => void) =>
    (...input: A) => {
      if (disk.full) throw full();
      write(...input);
    };
  const { record, saveWall, placeAnew } = parts.index;
  return {
    ...parts.index,
    ...{ record: refusing(record), saveWall: refusing(saveWall), placeAnew: refusing(placeAnew) },
  };
}
function film(ledger: FootageLedger, run: string, number: number, offsetMs: number): void {
  ledger.segment(
    {
      ...{ camera: cameraA, run, file: `${cameraA}/${run}/${number}.mp4`, bytes: 1, codec: 'h264' },
      ...{ mediaStartMs: number * 4_000, mediaEndMs: (number + 1) * 4_000, flags: [] },
      ...{ arrivalAt: (T0 + number) as UtcMs, arrivalMonoMs: 1_000_000 as never },
      sha256: '0'.repeat(64) as never,
    },
    { method: 'min-arrival', offsetMs, latencyMs: 0, boundMs: 300 },
  );
}

it('keeps what the disk refused, and stores it before anything newer', async () => {
  await using parts = await openParts();
  const disk = { full: false };
  const wall = { boot: 'b', sure: () => true, before: null };
  const ledger = new FootageLedger({ ...parts, index: fullIndex(parts, disk), wall });
  const segment = (number: number, run = RUN) => film(ledger, run, number, T0);
  segment(0);
  disk.full = true;
  expect(() => segment(1)).toThrow('full');
  expect(() => ledger.interrupted(cameraA, 'disk-full', T0 + 9_000)).toThrow('full');
  expect(() => film(ledger, NEXT, 0, T0 + 12_000)).toThrow('full');
  // The same gap goes on; what waits is tried again and not doubled.
  expect(() => ledger.interrupted(cameraA, 'disk-full', T0 + 10_000)).toThrow('full');
  disk.full = false;
  segment(5);
  expect(parts.facts('segment.closed').map(({ segment: { file } }) => file)).toEqual(
    [`${RUN}/0`, `${RUN}/1`, `${NEXT}/0`, `${RUN}/5`].map((name) => `${cameraA}/${name}.mp4`),
  );
  expect(parts.index.runsOf('b').map(({ mapping }) => mapping.run)).toEqual([RUN, NEXT]);
  const gaps = new Map(parts.facts('gap.recorded').map(({ gap }) => [gap.id, gap]));
  expect([...gaps.values()]).toMatchObject([
    { from: T0 + 8_000, to: T0 + 12_000, reason: 'disk-full' },
    { from: T0 + 16_000, to: T0 + 20_000, reason: 'disk-full' },
  ]);
  expect(parts.facts('run.mapped')).toHaveLength(2);
});

it('keeps a clock and what is placed by it in one step, and nothing newer before it', async () => {
  await using parts = await openParts();
  const disk = { full: false };
  const index = fullIndex(parts, disk);
  let ntp: WallWitness['ntp'] = { state: 'waiting', askedMonoMs: 0 };
  const clock = steadyClock({
    ...{ machine: parts.time, boot: 'b', saved: null, log: parts.log },
    witness: () => ({ ntp, notBefore: 0 }),
    save: (wall) => ledger.keepWall(wall),
  });
  const ledger = new FootageLedger({ ...parts, index, clock, wall: clock });
  clock.onPlaced((placing) => ledger.placed(placing));
  clock.now();
  film(ledger, RUN, 0, T0);
  const method = () => parts.index.lastMapping(RUN)?.method;
  expect([parts.index.wall()?.sure, method()]).toEqual([false, 'unplaced']);
  ntp = { state: 'synchronised', askedMonoMs: parts.time.monotonic() };
  disk.full = true;
  clock.now();
  // Killed here, the next recorder of this boot is not sure of more than its footage is.
  expect(parts.index.wall()?.sure).toBe(false);
  await settle();
  expect([parts.index.wall()?.sure, method()]).toEqual([false, 'unplaced']);
  expect(parts.logged.join()).toContain('full');
  expect(() => film(ledger, RUN, 1, T0)).toThrow('full');
  disk.full = false;
  film(ledger, RUN, 2, T0);
  expect([parts.index.wall()?.sure, method()]).toEqual([true, 'min-arrival']);
  expect(parts.index.unplacedRuns()).toEqual([]);
  expect(parts.facts('segment.closed')).toHaveLength(3);
});

it('gives up what it laid by when the disk is full, and lays it by again later', async () => {
  await using parts = await openParts();
  let refusals = 0;
  const write = (..._given: unknown[]) => {
    if (refusals > 0) {
      refusals -= 1;
      throw full();
    }
  };
  const inner = { record: write, saveWall: write, placeAnew: write, placeBetween: write };
  const index = withReserve(inner, parts.temp.path, parts.time);
  const reserve = join(parts.temp.path, 'reserve');
  expect(statSync(reserve).blocks * 512).toBeGreaterThanOrEqual(4_194_304);
  refusals = 1;
  index.placeAnew();
  expect(existsSync(reserve)).toBe(false);
  refusals = 1;
  expect(() => index.record([])).toThrow('full');
  await parts.time.pass(60_000);
  index.record([]);
  expect(existsSync(reserve)).toBe(true);
});

it('stores also where nothing can be laid by, and makes a part of it whole', async () => {
  await using parts = await openParts();
  let stored = 0;
  const write = (..._given: unknown[]) => {
    stored += 1;
  };
  const inner = { record: write, saveWall: write, placeAnew: write, placeBetween: write };
  withReserve(inner, join(parts.temp.path, 'refused'), parts.time).record([]);
  expect(stored).toBe(1);
  const reserve = join(parts.temp.path, 'reserve');
  writeFileSync(reserve, 'part');
  withReserve(inner, parts.temp.path, parts.time);
  expect(statSync(reserve).size).toBe(4_194_304);
});
