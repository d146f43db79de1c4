/* What may go and what never goes: age per camera, budget and floor, holds; row before file. */
import { existsSync } from 'node:fs';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { ReportedCamera } from '@hailong/shared/protocol/footage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expireFootage, removeDoomed } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import {
  type DiskLimits,
  excessBytes,
  mustPause,
  RESUME_BYTES,
} from '../../../hub-server/src/recorder/domain/disk-rule.ts';
import { HOLD_MARGIN_MS, type Hold, holdsOf } from '../../../hub-server/src/recorder/domain/holds.ts';
import { type Orders, ordersOf } from '../../../hub-server/src/recorder/domain/retention-rule.ts';
import { cameraA, cameraB, openParts, type Parts, T0 } from './parts.ts';

const DAY = 86_400_000;
const roomy: DiskLimits = { budgetBytes: null, floorBytes: 0, holdReserveBytes: 0 };
/** Everything up to now is reported. */
const told = (holds: readonly Hold[] = [], cameras: readonly ReportedCamera[] = []) =>
  ordersOf(holds, { at: T0 + DAY, cameras });
const expire = (
  parts: Parts,
  {
    orders = told(),
    ...more
  }: { orders?: Orders | null; retentionDays?: ReadonlyMap<CameraId, number> } = {},
  limits = roomy,
) =>
  expireFootage(
    { ...parts, limits },
    { orders: () => orders, retentionDays: new Map(), paused: false, ...more },
  );

describe('expiry', () => {
  it('takes what is older than each camera keeps, and tells it', async () => {
    await using parts = await openParts();
    const old = await parts.keep(cameraA, T0 - 31 * DAY);
    const young = await parts.keep(cameraA, T0 - 29 * DAY);
    const other = await parts.keep(cameraB, T0 - 31 * DAY);
    await expire(parts, {
      retentionDays: new Map([
        [cameraA, 30],
        [cameraB, 60],
      ]),
    });
    expect([old, young, other].map((file) => existsSync(parts.files.path(file)))).toEqual([
      false,
      true,
      true,
    ]);
    expect(parts.facts('segment.deleted')).toMatchObject([{ reason: 'expired', at: T0 }]);
    expect(parts.index.toRemove(9, null)).toEqual([]);
  });

  it('lets nothing get old faster than the hub says, whatever time it is here', async () => {
    await using parts = await openParts();
    const file = await parts.keep(cameraA, T0);
    parts.time.at = T0 + 31 * DAY;
    const retentionDays = new Map([[cameraA, 30]]);
    await expire(parts, { retentionDays });
    expect(existsSync(parts.files.path(file))).toBe(true);
    await expire(parts, { retentionDays, orders: ordersOf([], { at: T0 + 31 * DAY, cameras: [] }) });
    expect(existsSync(parts.files.path(file))).toBe(false);
  });

  it('never takes held footage, by age or for space, nor anything while holds are unknown', async () => {
    await using parts = await openParts();
    const held = await parts.keep(cameraA, T0 - 40 * DAY);
    const free = await parts.keep(cameraA, T0 - 39 * DAY);
    const orders = told([{ camera: cameraA, from: T0 - 40 * DAY - 2_000, to: T0 - 40 * DAY }]);
    const retentionDays = new Map([[cameraA, 30]]);
    const full: DiskLimits = { budgetBytes: 0, floorBytes: Number.MAX_SAFE_INTEGER, holdReserveBytes: 0 };
    expect(await expire(parts, { orders: null, retentionDays }, full)).toBe(true);
    expect(existsSync(parts.files.path(free))).toBe(true);
    expect(await expire(parts, { orders, retentionDays }, full)).toBe(true);
    expect([held, free].map((file) => existsSync(parts.files.path(file)))).toEqual([true, false]);
  });

  it('frees just enough, oldest first, over all cameras', async () => {
    await using parts = await openParts();
    const kept = [];
    for (let i = 0; i < 4; i += 1)
      kept.push(await parts.keep(i % 2 ? cameraB : cameraA, T0 - (10 - i) * DAY, 1_000));
    expect(await expire(parts, {}, { ...roomy, budgetBytes: 2_500 })).toBe(false);
    expect(kept.map((file) => existsSync(parts.files.path(file)))).toEqual([false, false, true, true]);
    expect(parts.facts('segment.deleted').map(({ reason }) => reason)).toEqual(['budget', 'budget']);
  });

  it('hears of a hold that comes while it deletes', async () => {
    await using parts = await openParts();
    for (let i = 0; i < 201; i += 1) await parts.keep(cameraA, T0 - (600 - i) * DAY, 1);
    const last = T0 - 400 * DAY;
    let asked = 0;
    const orders = () => told(asked++ === 0 ? [] : [{ camera: cameraA, from: last - 1_000, to: last }]);
    const known = { orders, retentionDays: new Map([[cameraA, 30]]), paused: false };
    await expireFootage({ ...parts, limits: roomy }, known);
    expect(parts.index.kept({}, 9).map(({ wallTo }) => wallTo)).toEqual([last]);
  });

  it('keeps past its days what no kiosk has reported on, and lets it go as soon as one has', async () => {
    await using parts = await openParts();
    const waits = await parts.keep(cameraA, T0 - 40 * DAY);
    const other = await parts.keep(cameraB, T0 - 40 * DAY);
    const retentionDays = new Map([cameraA, cameraB].map((camera) => [camera, 30] as const));
    const unreported = [{ camera: cameraA, unreported: [{ from: (T0 - 41 * DAY) as UtcMs, to: null }] }];
    await expire(parts, { retentionDays, orders: told([], unreported) });
    expect([waits, other].map((file) => existsSync(parts.files.path(file)))).toEqual([true, false]);
    await expire(parts, { retentionDays });
    expect(parts.facts('segment.deleted').map(({ reason }) => reason)).toEqual(['expired', 'expired']);
  });

  it('takes for space the oldest reported, then the oldest unreported with an alarm, and pauses when only held is left', async () => {
    await using parts = await openParts();
    const [held, waits, later, newest] = [
      await parts.keep(cameraA, T0 - 9 * DAY),
      await parts.keep(cameraA, T0 - 8 * DAY),
      await parts.keep(cameraB, T0 - 7 * DAY),
      await parts.keep(cameraA, T0 - 6 * DAY),
    ];
    const there = () => [held, waits, later, newest].map((file) => existsSync(parts.files.path(file)));
    const orders = told(
      [{ camera: cameraA, from: T0 - 9 * DAY - 2_000, to: T0 - 9 * DAY }],
      [
        {
          camera: cameraA,
          unreported: [{ from: (T0 - 8 * DAY - 5_000) as UtcMs, to: (T0 - 7 * DAY) as UtcMs }],
        },
      ],
    );
    expect(await expire(parts, { orders }, { ...roomy, budgetBytes: 3_000 })).toBe(false);
    expect(there()).toEqual([true, true, false, true]);
    expect(await expire(parts, { orders }, { ...roomy, budgetBytes: 1_000 })).toBe(false);
    expect(there()).toEqual([true, false, false, false]);
    expect(parts.facts('segment.deleted').map(({ reason }) => reason)).toEqual([
      'budget',
      'budget',
      'budget-unreported',
    ]);
    expect(parts.logged.join()).toContain('footage.unreported_deleted');
    expect(await expire(parts, { orders }, { ...roomy, budgetBytes: 999 })).toBe(true);
    expect(there()[0]).toBe(true);
    // Nobody told: nothing goes, and the budget alone pauses nothing.
    expect(await expire(parts, { orders: null }, { ...roomy, budgetBytes: 999 })).toBe(false);
  });

  it('removes after a crash the file whose row had gone', async () => {
    await using parts = await openParts();
    const file = await parts.keep(cameraA, T0);
    const [row] = parts.index.kept({}, 1);
    if (!row) throw new Error('nothing kept');
    parts.ledger.deleted([row.id], 'expired');
    expect(existsSync(parts.files.path(file))).toBe(true);
    await removeDoomed(parts);
    expect(existsSync(parts.files.path(file))).toBe(false);
  });
});

describe('disk rule', () => {
  const limits = { budgetBytes: 100, floorBytes: 50, holdReserveBytes: 0 };
  it('counts the floor before the budget', () => {
    const disk = { heldBytes: 0 };
    expect(excessBytes(limits, { ...disk, keptBytes: 90, freeBytes: 60 }, false)).toBe(0);
    expect(excessBytes(limits, { ...disk, keptBytes: 110, freeBytes: 60 }, false)).toBe(10);
    expect(excessBytes(limits, { ...disk, keptBytes: 110, freeBytes: 20 }, false)).toBe(30);
    expect(
      excessBytes({ ...limits, budgetBytes: null }, { ...disk, keptBytes: 1e9, freeBytes: 60 }, false),
    ).toBe(0);
  });
  it('leaves the reserve of holds open, as far as holds do not fill it themselves', () => {
    const reserving = { ...limits, holdReserveBytes: 20 };
    expect(excessBytes(reserving, { keptBytes: 90, heldBytes: 0, freeBytes: 1_000 }, false)).toBe(10);
    expect(excessBytes(reserving, { keptBytes: 90, heldBytes: 15, freeBytes: 1_000 }, false)).toBe(0);
    expect(excessBytes(reserving, { keptBytes: 100, heldBytes: 60, freeBytes: 1_000 }, false)).toBe(0);
  });
  it('pauses below the floor, and over the budget only when nothing but held footage is left', () => {
    const disk = { keptBytes: 10, freeBytes: 1_000 };
    const floor = { ...limits, budgetBytes: null, floorBytes: 1_000 };
    const going = { paused: false, exhausted: true };
    expect(mustPause(floor, { ...disk, freeBytes: 999 }, going)).toBe(true);
    expect(mustPause(floor, disk, going)).toBe(false);
    expect(mustPause(floor, disk, { ...going, paused: true })).toBe(true);
    expect(mustPause(floor, { ...disk, freeBytes: 1_000 + RESUME_BYTES }, { ...going, paused: true })).toBe(
      false,
    );
    const over = { keptBytes: 101, freeBytes: 1e9 };
    expect(mustPause(limits, over, going)).toBe(true);
    expect(mustPause(limits, over, { paused: false, exhausted: false })).toBe(false);
    expect(mustPause(limits, { ...over, keptBytes: 96 }, { paused: true, exhausted: true })).toBe(true);
    expect(mustPause(limits, { ...over, keptBytes: 95 }, { paused: true, exhausted: true })).toBe(false);
  });
  it('frees as much as a recording that has paused needs to resume', () => {
    const bytes = fc.integer({ min: 0, max: 4 * RESUME_BYTES });
    const state = fc.record({
      ...{ keptBytes: bytes, heldBytes: bytes, freeBytes: bytes, floorBytes: bytes, holdReserveBytes: bytes },
      budgetBytes: fc.option(bytes, { nil: null }),
    });
    fc.assert(
      fc.property(state, fc.boolean(), (disk, paused) => {
        const wanted = excessBytes(disk, disk, paused);
        const [keptBytes, freeBytes] = [disk.keptBytes - wanted, disk.freeBytes + wanted];
        const isAll = keptBytes === 0;
        expect(mustPause(disk, { keptBytes, freeBytes }, { paused, exhausted: true }) && !isAll).toBe(false);
      }),
    );
  });
});

describe('holds', () => {
  it('merge, keep a margin and know their camera', () => {
    const isHeld = holdsOf([
      { camera: cameraA, from: 100_000, to: 200_000 },
      { camera: cameraA, from: 150_000, to: 170_000 },
      { camera: cameraA, from: 500_000, to: 510_000 },
    ]);
    expect(isHeld(cameraA, 190_000, 194_000)).toBe(true);
    expect(isHeld(cameraA, 200_000 + HOLD_MARGIN_MS, 215_000)).toBe(true);
    expect(isHeld(cameraA, 300_000, 304_000)).toBe(false);
    expect(isHeld(cameraA, 480_000, 500_000 - HOLD_MARGIN_MS)).toBe(true);
    expect(isHeld(cameraA, 600_000, 604_000)).toBe(false);
    expect(isHeld(cameraB, 150_000, 154_000)).toBe(false);
  });
});

describe('files that will not go', () => {
  /** The disk refuses to unlink those that `refuses` names. */
  const onBadDisk = (parts: Parts, refuses: (file: string) => boolean) => ({
    ...parts,
    files: {
      ...parts.files,
      async remove(file: string) {
        if (refuses(file)) throw Object.assign(new Error('EIO: i/o error, unlink'), { code: 'EIO' });
        await parts.files.remove(file);
      },
    },
  });

  it('are told once, counted as there and tried again, and others go in their place', async () => {
    await using parts = await openParts();
    const kept: string[] = [];
    for (let i = 0; i < 4; i += 1) kept.push(await parts.keep(cameraA, T0 - (10 - i) * DAY, 1_000));
    const bad = onBadDisk(parts, (file) => file === kept[0]);
    const stuck = new Map();
    const there = () => kept.map((file) => existsSync(parts.files.path(file)));
    const pass = () => expire({ ...bad, stuck } as Parts, {}, { ...roomy, budgetBytes: 2_500 });
    expect(await pass()).toBe(false);
    expect([there(), parts.index.keptBytes()]).toEqual([[true, false, false, true], 2_000]);
    await pass();
    expect(parts.logged.filter((line) => line.includes('footage.undeletable'))).toHaveLength(1);
    expect([...stuck]).toEqual([[kept[0], parts.time.at]]);
    expect([there(), parts.index.keptBytes()]).toEqual([[true, false, false, true], 2_000]);
    await expire(parts, {}, { ...roomy, budgetBytes: 2_500 });
    expect([there(), parts.index.keptBytes(), parts.index.toRemove(9, null)]).toEqual([
      [false, false, false, true],
      1_000,
      [],
    ]);
  });

  it('end no further rows where the whole disk refuses, and recording pauses for want of space', async () => {
    await using parts = await openParts();
    for (let i = 0; i < 450; i += 1) await parts.keep(cameraA, T0 - (900 - i) * DAY, 1);
    const bad = onBadDisk(parts, () => true);
    const full: DiskLimits = { ...roomy, floorBytes: Number.MAX_SAFE_INTEGER };
    for (let i = 0; i < 3; i += 1)
      expect(await expire(bad, { retentionDays: new Map([[cameraA, 30]]) }, full)).toBe(true);
    expect(parts.facts('segment.deleted')).toHaveLength(200);
    expect(parts.index.keptBytes()).toBe(450);
  });
});
