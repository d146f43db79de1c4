/*
 * Nothing held is ever deleted, and nothing a kiosk has not reported on goes by age or before what is reported: over random
 * schedules of filming, days, holds, late ratings, squeezed disks, an absent hub and restarts, on the real index and files.
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inspectFile } from '../../../hub-server/src/recorder/adapters/inspect-file.ts';
import type { Cameras } from '../../../hub-server/src/recorder/application/ports.ts';
import { RecordOffice, TICK_MS } from '../../../hub-server/src/recorder/application/record-office.ts';
import {
  type Dated,
  ordersOf,
  spaceRound,
  takeFrom,
} from '../../../hub-server/src/recorder/domain/retention-rule.ts';
import { cameraA, cameraB, openParts, type Parts, settle } from './parts.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const BYTES = 1_000;
const both = [cameraA, cameraB] as const;
const noCameras = { allow: () => undefined, find: () => new Promise(() => undefined) } as unknown as Cameras;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('film' as const),
      n: fc.integer({ min: 1, max: 3 }),
      camera: fc.nat(1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('days' as const), n: fc.integer({ min: 1, max: 25 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold' as const), pick: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), pick: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rate' as const), pick: fc.nat(99) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('report' as const), camera: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('budget' as const), n: fc.option(fc.nat(8), { nil: null }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('away' as const, 'back' as const, 'restart' as const) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
interface Held {
  readonly camera: CameraId;
  readonly from: number;
  readonly to: number;
}

class Hub {
  connected = false;
  holds: Held[] = [];
  /** Kiosk of each camera: up to where it has reported, and bad ratings it still keeps to itself. */
  readonly reported = new Map<CameraId, number>(both.map((camera) => [camera, 0]));
  readonly unsent: Held[] = [];

  tell(office: RecordOffice, at: number): void {
    this.connected = true;
    office.setHolds({ type: 'holds.set', holds: this.holds.map((hold) => hold as never) });
    office.setReported({
      ...{ type: 'reported.set', at: at as UtcMs },
      cameras: both.map((camera) => ({
        camera,
        unreported: [{ from: (this.reported.get(camera) ?? 0) as UtcMs, to: null }],
      })),
    });
  }
}

async function live(steps: readonly Step[]): Promise<void> {
  await using parts: Parts = await openParts();
  const limits = { budgetBytes: null as number | null, floorBytes: 0, holdReserveBytes: BYTES };
  const open = async (): Promise<RecordOffice> => {
    const office = new RecordOffice({ ...parts, cameras: noCameras, inspect: inspectFile, limits });
    await office.start();
    office.setCameras({
      ...{ type: 'cameras.set', allowCidrs: [] },
      cameras: both.map((id) => ({
        ...{
          id,
          name: id,
          address: 'rtsp://10.0.0.9/',
          user: '',
          password: '',
          retentionDays: 30,
          latencyMs: 0,
          active: true,
        },
      })),
    });
    await settle();
    return office;
  };
  let office = await open();
  const hub = new Hub();
  const rows = () => parts.index.kept({}, 1_000);
  /** What a hold that lives protects, by segment. */
  const guarded = new Map<Held, readonly string[]>();
  const near = ({ camera, from, to }: Held) =>
    rows()
      .filter((row) => row.camera === camera && row.wallTo >= from && row.wallFrom <= to)
      .map(({ id }) => id);
  const at = (pick: number): Held | null => {
    const all = rows();
    const row = all[pick % Math.max(1, all.length)];
    return row === undefined ? null : { camera: row.camera, from: row.wallFrom, to: row.wallTo };
  };
  const hold = (held: Held) => {
    hub.holds.push(held);
    guarded.set(held, near(held));
  };
  const check = () => {
    const gone = new Map(parts.facts('segment.deleted').map(({ id, reason }) => [id as string, reason]));
    for (const ids of guarded.values()) for (const id of ids) expect(gone.get(id), 'held').toBeUndefined();
    for (const [rating, ids] of unsent)
      for (const id of ids)
        expect([undefined, 'budget-unreported'], `unreported ${rating.from}`).toContain(gone.get(id));
    const kept = new Set(rows().map(({ id }) => id as string));
    for (const id of gone.keys()) expect(kept.has(id)).toBe(false);
  };
  const unsent = new Map<Held, readonly string[]>();

  for (const each of steps) {
    switch (each.do) {
      case 'film':
        for (let i = 0; i < each.n; i += 1) {
          await parts.time.pass(MINUTE);
          await parts.keep(both[each.camera] as CameraId, parts.time.at, BYTES);
        }
        break;
      case 'days':
        parts.time.at += each.n * DAY;
        break;
      case 'hold': {
        const held = at(each.pick);
        if (held) hold(held);
        if (hub.connected) hub.tell(office, parts.time.at);
        break;
      }
      case 'end': {
        const held = hub.holds[each.pick % Math.max(1, hub.holds.length)];
        if (held) guarded.delete(held);
        hub.holds = hub.holds.filter((one) => one !== held);
        if (hub.connected) hub.tell(office, parts.time.at);
        break;
      }
      case 'rate': {
        const rated = at(each.pick);
        if (rated && rated.from >= (hub.reported.get(rated.camera) ?? 0)) unsent.set(rated, near(rated));
        break;
      }
      case 'report': {
        const camera = both[each.camera] as CameraId;
        for (const [rating, ids] of unsent)
          if (rating.camera === camera) {
            unsent.delete(rating);
            hub.holds.push(rating);
            const still = new Set(rows().map(({ id }) => id as string));
            guarded.set(
              rating,
              ids.filter((id) => still.has(id)),
            );
          }
        hub.reported.set(camera, parts.time.at);
        if (hub.connected) hub.tell(office, parts.time.at);
        break;
      }
      case 'budget':
        limits.budgetBytes = each.n === null ? null : each.n * BYTES;
        break;
      case 'away':
        hub.connected = false;
        office.hubAway();
        break;
      case 'back':
        hub.tell(office, parts.time.at);
        break;
      case 'restart':
        await office.stop();
        hub.connected = false;
        office = await open();
    }
    await parts.time.pass(TICK_MS);
    check();
  }
  await office.stop();
}

it('deletes nothing held, and nothing a kiosk still has to report on but for want of space', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), (steps) =>
      live([{ do: 'film', n: 3, camera: 0 }, { do: 'back' }, ...steps]),
    ),
    { numRuns: Number(process.env['HAILONG_RETENTION_RUNS'] ?? 12) },
  );
});

it('takes for space no more than is wanted, the oldest of each round first, and the second only where the first left some', () => {
  const segment = fc.record({
    camera: fc.constantFrom(...both),
    from: fc.nat(200),
    bytes: fc.integer({ min: 1, max: 9 }),
  });
  const interval = fc.record({ camera: fc.constantFrom(...both), from: fc.nat(200), length: fc.nat(30) });
  const SCALE = 60_000;
  fc.assert(
    fc.property(
      fc.array(segment, { maxLength: 40 }),
      fc.array(interval, { maxLength: 4 }),
      fc.array(interval, { maxLength: 4 }),
      fc.nat(120),
      (list, holds, waits, wanted) => {
        const segments: Dated[] = list
          .map(({ camera, from, bytes }) => ({
            camera,
            bytes,
            wallFrom: from * SCALE,
            wallTo: from * SCALE + 4_000,
          }))
          .sort((a, b) => a.wallTo - b.wallTo);
        const scaled = (each: { camera: CameraId; from: number; length: number }) => ({
          camera: each.camera,
          ...{ from: each.from * SCALE, to: (each.from + each.length) * SCALE },
        });
        const orders = ordersOf(holds.map(scaled), {
          at: 190 * SCALE,
          cameras: both.map((camera) => ({
            camera,
            unreported: waits.filter((each) => each.camera === camera).map((each) => scaled(each) as never),
          })),
        });
        const first = takeFrom(segments, spaceRound(orders, wanted, 'reported'), 0);
        const rest = wanted - first.freed;
        const second =
          rest > 0 ? takeFrom(segments, spaceRound(orders, rest, 'unreported'), 0) : { going: [], freed: 0 };
        const isHeld = (each: Dated) =>
          holds
            .map(scaled)
            .some(
              (h) =>
                h.camera === each.camera && h.from - 10_000 <= each.wallTo && each.wallFrom <= h.to + 10_000,
            );
        const gone = new Set([...first.going, ...second.going]);
        for (const each of gone) expect(isHeld(each)).toBe(false);
        for (const each of first.going) expect(orders.isReported(each)).toBe(true);
        for (const each of second.going) expect(orders.isReported(each)).toBe(false);
        // Without the last one there would be too little; what is left over is held, or nothing more was wanted.
        const freed = first.freed + second.freed;
        const last = second.going.at(-1) ?? first.going.at(-1);
        if (last) expect(freed - last.bytes).toBeLessThan(wanted);
        const oldestLeft = segments.find(
          (each) => !gone.has(each) && !isHeld(each) && orders.isReported(each),
        );
        if (oldestLeft) {
          expect(freed).toBeGreaterThanOrEqual(wanted);
          expect(second.going).toEqual([]);
          for (const each of first.going) expect(each.wallTo).toBeLessThanOrEqual(oldestLeft.wallTo);
        }
        if (freed < wanted) for (const each of segments) expect(gone.has(each) || isHeld(each)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
