/* What may go and what never goes: age per camera, budget and floor, holds; row before file. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expireFootage, removeDoomed } from '../../../hub-server/src/recorder/application/expire-footage.ts';
import {
  type DiskLimits,
  excessBytes,
  mustPause,
  RESUME_BYTES,
} from '../../../hub-server/src/recorder/domain/disk-rule.ts';
import { HOLD_MARGIN_MS, holdsOf } from '../../../hub-server/src/recorder/domain/holds.ts';
import { cameraA, cameraB, openParts, type Parts, T0 } from './parts.ts';

const DAY = 86_400_000;
const roomy: DiskLimits = { budgetBytes: null, floorBytes: 0 };
const nothingHeld = holdsOf([]);
const expire = (parts: Parts, more: Partial<Parameters<typeof expireFootage>[1]> = {}, limits = roomy) =>
  expireFootage(
    { ...parts, limits },
    { isHeld: nothingHeld, retentionDays: new Map(), paused: false, ...more },
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
    expect(parts.index.toRemove(9)).toEqual([]);
  });

  it('never takes held footage, by age or for space, nor anything while holds are unknown', async () => {
    await using parts = await openParts();
    const held = await parts.keep(cameraA, T0 - 40 * DAY);
    const free = await parts.keep(cameraA, T0 - 39 * DAY);
    const isHeld = holdsOf([{ camera: cameraA, from: T0 - 40 * DAY - 2_000, to: T0 - 40 * DAY }]);
    const retentionDays = new Map([[cameraA, 30]]);
    const full: DiskLimits = { budgetBytes: 0, floorBytes: Number.MAX_SAFE_INTEGER };
    expect(await expire(parts, { isHeld: null, retentionDays }, full)).toBe(true);
    expect(existsSync(parts.files.path(free))).toBe(true);
    expect(await expire(parts, { isHeld, retentionDays }, full)).toBe(true);
    expect([held, free].map((file) => existsSync(parts.files.path(file)))).toEqual([true, false]);
  });

  it('frees just enough, oldest first, over all cameras', async () => {
    await using parts = await openParts();
    const kept = [];
    for (let i = 0; i < 4; i += 1)
      kept.push(await parts.keep(i % 2 ? cameraB : cameraA, T0 - (10 - i) * DAY, 1_000));
    expect(await expire(parts, {}, { budgetBytes: 2_500, floorBytes: 0 })).toBe(false);
    expect(kept.map((file) => existsSync(parts.files.path(file)))).toEqual([false, false, true, true]);
    expect(parts.facts('segment.deleted').map(({ reason }) => reason)).toEqual(['budget', 'budget']);
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
  it('counts the floor before the budget', () => {
    const limits = { budgetBytes: 100, floorBytes: 50 };
    expect(excessBytes(limits, { keptBytes: 90, freeBytes: 60 })).toBe(0);
    expect(excessBytes(limits, { keptBytes: 110, freeBytes: 60 })).toBe(10);
    expect(excessBytes(limits, { keptBytes: 110, freeBytes: 20 })).toBe(30);
    expect(excessBytes({ ...limits, budgetBytes: null }, { keptBytes: 1e9, freeBytes: 60 })).toBe(0);
  });
  it('pauses below the floor and resumes clearly above it', () => {
    const limits = { budgetBytes: null, floorBytes: 1_000 };
    expect(mustPause(limits, 999, false)).toBe(true);
    expect(mustPause(limits, 1_000, false)).toBe(false);
    expect(mustPause(limits, 1_000, true)).toBe(true);
    expect(mustPause(limits, 1_000 + RESUME_BYTES, true)).toBe(false);
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
