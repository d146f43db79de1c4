/* What a believed step of the clock moves: what drifted little by little, what was wrong all along, and never what NTP had agreed with. */
import type { MonotonicMs, UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import { steadyClock } from '../../../hub-server/src/recorder/adapters/steady-clock.ts';
import { expireFootage } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { correctionOf, shiftOf } from '../../../hub-server/src/recorder/domain/correction.ts';
import { ordersOf } from '../../../hub-server/src/recorder/domain/retention-rule.ts';
import type { WallWitness } from '../../../hub-server/src/recorder/domain/steady-wall.ts';
import { cameraA, openParts, settle, T0 } from './parts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ANCHOR_MS = HOUR;

it('covers both placements of what drifted, and moves nothing that was placed before NTP agreed last', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: -4 * HOUR, max: 4 * HOUR }),
      fc.integer({ min: 0, max: 90 * DAY }),
      fc.option(fc.integer({ min: 0, max: 90 * DAY }), { nil: null }),
      fc.integer({ min: 0, max: 95 * DAY }),
      (ms, ranMs, agreed, at) => {
        const agreedWall = agreed === null ? null : T0 + Math.min(agreed, ranMs);
        const seen = { ms, wasSure: true, sinceWall: T0, agreedWall, steppedWall: T0 + ranMs };
        const correction = correctionOf(seen);
        const [from, to] = [T0 + at, T0 + at + 4_000];
        const shift = shiftOf(correction, from, to);
        if (agreedWall !== null && to <= agreedWall) expect(shift).toEqual({ ms: 0, boundMs: 0 });
        if (from >= T0 + ranMs) expect(shift).toEqual({ ms, boundMs: 0 });
        if (correction.kind === 'drift' && to > correction.sinceWall && from < T0 + ranMs)
          expect(shift.boundMs + 1).toBeGreaterThanOrEqual(
            Math.max(Math.abs(shift.ms), Math.abs(ms - shift.ms)),
          );
        expect(Math.abs(shift.ms)).toBeLessThanOrEqual(Math.abs(ms));
      },
    ),
  ));

async function boot() {
  const parts = await openParts();
  let [mono, off] = [1_000_000, 0];
  let ntp: WallWitness['ntp'] = { state: 'unknown', askedMonoMs: 0 };
  const machine = {
    now: () => (T0 + mono - 1_000_000 + off) as UtcMs,
    monotonic: () => mono as MonotonicMs,
  };
  const clock = steadyClock({
    ...{ machine, boot: 'b', saved: null, log: parts.log },
    witness: () => ({ ntp, notBefore: 0 }),
    save: (wall) => ledger.keepWall(wall),
  });
  const ledger = new FootageLedger({ ...parts, clock, wall: clock });
  clock.onPlaced((placing) => ledger.placed(placing));
  clock.onStepped((shiftMs) => ledger.stepped(shiftMs));
  clock.now();
  return {
    parts,
    /** Lets time pass, looking each minute at the least. */
    async pass(ms: number) {
      for (const end = mono + ms; mono < end; ) {
        mono = Math.min(end, mono + Math.max(MINUTE, ms / 1_000));
        clock.now();
        await settle();
      }
    },
    async set(ms: number) {
      off += ms;
      clock.now();
      await settle();
    },
    agree() {
      ntp = { state: 'synchronised', askedMonoMs: mono };
    },
    silent() {
      ntp = { state: 'unknown', askedMonoMs: mono };
    },
    /** A run of one file that ends now. */
    film() {
      const run = uuidv7();
      const from = clock.now() - 4_000;
      ledger.segment(
        {
          ...{ camera: cameraA, run, file: `${cameraA}/${run}/0.mp4`, mediaStartMs: 0, mediaEndMs: 4_000 },
          ...{ bytes: 1, sha256: 'a'.repeat(64) as never, codec: 'h264', flags: [] },
          ...{ arrivalAt: machine.now(), arrivalMonoMs: machine.monotonic() },
        },
        { method: 'min-arrival', offsetMs: from, latencyMs: 0, boundMs: 300 },
      );
      return { run, from };
    },
    moved: ({ run, from }: { run: string; from: number }) => {
      const mapping = parts.index.lastMapping(run)!;
      return { ms: mapping.offsetMs - from, boundMs: mapping.boundMs };
    },
    steps: () => [...new Map(parts.facts('clock.stepped').map(({ step }) => [step.id, step])).values()],
  };
}

it('shares two minutes out over sixty days without NTP; a hold of either placement keeps the footage', async () => {
  const { parts, pass, set, film, moved, steps } = await boot();
  await using _ = parts;
  await pass(DAY);
  const first = film();
  await pass(29 * DAY);
  const middle = film();
  await pass(30 * DAY);
  const last = film();
  await set(2 * MINUTE);
  await pass(11 * MINUTE);
  expect(moved(first).ms).toBeGreaterThan(0);
  expect(moved(first).ms).toBeLessThan(2_100);
  expect(Math.abs(moved(middle).ms - MINUTE)).toBeLessThan(50);
  expect(Math.abs(moved(last).ms - 2 * MINUTE)).toBeLessThan(50);
  for (const run of [first, middle, last])
    expect(moved(run).boundMs).toBeGreaterThanOrEqual(Math.max(moved(run).ms, 2 * MINUTE - moved(run).ms));
  // The hub hears what turns of that time are beside their footage by.
  expect(steps()).toMatchObject([{ from: T0, shiftMs: 2 * MINUTE }]);
  expect(steps()[0]!.to).toBeGreaterThanOrEqual(last.from + ANCHOR_MS);

  for (const at of [middle.from, middle.from + 2 * MINUTE]) {
    const orders = ordersOf([{ camera: cameraA, from: at, to: at + 4_000 }], {
      at: T0 + 400 * DAY,
      cameras: [],
    });
    parts.time.at = T0 + 400 * DAY;
    await expireFootage(
      { ...parts, limits: { budgetBytes: null, floorBytes: 0, holdReserveBytes: 0 } },
      { orders: () => orders, retentionDays: new Map([[cameraA, 30]]), paused: false },
    );
    expect(parts.index.kept({}, 9).map(({ file }) => file)).toEqual([`${cameraA}/${middle.run}/0.mp4`]);
  }
});

it('keeps the place of what was filmed while NTP agreed, and moves what was filmed since the step', async () => {
  const { parts, pass, set, film, moved, agree, silent, steps } = await boot();
  await using _ = parts;
  agree();
  await pass(10 * DAY);
  const agreed = film();
  agree();
  await pass(MINUTE);
  silent();
  await pass(MINUTE);
  await set(2 * HOUR);
  await pass(MINUTE);
  const doubted = film();
  // What the hub dates by the new clock lies at the old one.
  expect(steps()).toEqual([expect.objectContaining({ to: null, shiftMs: -2 * HOUR })]);
  await pass(25 * HOUR);
  expect(moved(agreed)).toEqual({ ms: 0, boundMs: 300 });
  expect(Math.abs(moved(doubted).ms - 2 * HOUR)).toBeLessThan(50);
  const [step, ...more] = steps();
  expect(more).toEqual([]);
  expect(step).toMatchObject({ shiftMs: 2 * HOUR });
  expect(Math.abs(step!.from - doubted.from)).toBeLessThan(2 * MINUTE);
  expect(step!.to! - step!.from).toBeGreaterThanOrEqual(24 * HOUR + ANCHOR_MS);
});

it('says of a step that is undone between when the hub dated by it', async () => {
  const { parts, pass, set, film, moved, steps } = await boot();
  await using _ = parts;
  const run = film();
  await set(-HOUR);
  await pass(5 * MINUTE);
  await set(HOUR);
  expect(moved(run)).toEqual({ ms: 0, boundMs: 300 });
  const near = (at: number, wanted: number) => expect(Math.abs(at - wanted)).toBeLessThan(1_000);
  const [step] = steps();
  expect(step!.shiftMs).toBe(HOUR);
  near(step!.from, T0 - HOUR);
  near(step!.to!, T0 - HOUR + 5 * MINUTE + ANCHOR_MS);
  expect(parts.index.openStep()).toBeNull();
});
