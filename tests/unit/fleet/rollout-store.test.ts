/* What counters are told while a change is rolled out, on real SQLite: by group, back when it does badly, officers at once. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  decideRollout,
  saveRollout,
  showRollout,
} from '../../../hub-server/src/application/fleet/decide-rollout.ts';
import type { TestDevice } from '../../support/test-device.ts';
import { NOW, openLog } from '../hub-log/kit.ts';

const MINUTE = 60_000;
let hub: Awaited<ReturnType<typeof openLog>>;
let parts: Parameters<typeof showRollout>[0];
let [pilot, rest, unit, officer] = ['', '', '', ''];
let kiosks: { readonly pilot: TestDevice; readonly rest: TestDevice };
let told = 0;

beforeEach(async () => {
  hub = await openLog();
  told = 0;
  const core = { directoryChanged: async () => void told++ };
  parts = { storage: hub.storage, clock: hub.clock, told: { core } } as never;
  [pilot, rest, unit, officer] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  hub.raw((db) => {
    db.prepare("INSERT INTO unit (id, code, name) VALUES (?, 'DD', 'Đất đai')").run(unit);
    const counter = db.prepare('INSERT INTO counter (id, number, name, unit_id, active) VALUES (?,?,?,?,1)');
    counter.run(pilot, '1', 'Hộ tịch', unit);
    counter.run(rest, '2', 'Hộ tịch', unit);
    db.prepare(
      `INSERT INTO officer (id, code, name, position, unit_id, active, revision) VALUES (?,'CB1','An','Chuyên viên',?,1,1)`,
    ).run(officer, unit);
  });
  await office('Một cửa A');
  kiosks = { pilot: await hub.enrolled(pilot), rest: await hub.enrolled(rest) };
  await step();
  const rule = { stages: 2, soakMs: 30 * MINUTE, confirmMs: 5 * MINUTE, sickShare: 0 };
  await saveRollout(parts, { rule, groups: [{ counterId: pilot, stage: 1 }], actor: 'user:An' });
});
afterEach(() => hub.close());

const step = () => hub.storage.rollouts.step({ at: hub.clock.at });
const office = (name: string) =>
  hub.storage.directory.saveOffice({
    office: { name, place: 'Bình An', phone: '1', retentionDays: 30 },
    audit: {
      at: hub.clock.at,
      actor: 'An',
      action: 'office.saved',
      object: 'office',
      reason: null,
      body: { name },
    },
  } as never);
const screen = (counterId: string) => hub.storage.screens.ofCounter({ counterId, withPins: false });
const names = async () =>
  Promise.all([pilot, rest].map(async (id) => (await screen(id)).config?.office.name));

/** Both say what they were told is in force, and how they are. */
async function report(change: object = {}): Promise<void> {
  for (const [device, counterId] of [
    [kiosks.pilot.device, pilot],
    [kiosks.rest.device, rest],
  ] as const) {
    const status = JSON.stringify({
      ...{ build: 'hailong-kiosk/0.2.0', panel: 'ready', unsynced: 0, oldestUnsyncedMs: 0, screens: 1 },
      ...{ configRevision: (await screen(counterId)).config?.revision, diskFreeBytes: 12e9 },
      ...(counterId === pilot ? change : {}),
    });
    await hub.storage.devices.said({ device, at: hub.clock.at, build: 'hailong-kiosk/0.2.0', status });
  }
}
async function pass(minutes: number, change: object = {}): Promise<boolean> {
  let moved = false;
  for (let n = 0; n < minutes; n++) {
    hub.clock.at += MINUTE;
    await report(change);
    moved = (await step()) || moved;
  }
  return moved;
}

test('a change goes to the pilot, then to all; officers are never held back', async () => {
  expect(await names()).toEqual(['Một cửa A', 'Một cửa A']);
  await office('Một cửa B');
  expect(await step()).toBe(true);
  expect(await names()).toEqual(['Một cửa B', 'Một cửa A']);
  await pass(10);
  expect(await showRollout(parts)).toMatchObject({
    rollout: { state: 'running', stage: 1 },
    stages: [
      { stage: 1, kiosks: 1, confirmed: 1 },
      { stage: 2, kiosks: 1, confirmed: 1 },
    ],
  });
  // In the middle of it an officer leaves.
  hub.raw((db) => db.prepare('UPDATE officer SET active = 0 WHERE id = ?').run(officer));
  const { officers } = await hub.storage.screens.ofUnit({ unitId: unit, withPins: false });
  expect(officers).toEqual([]);
  expect(await pass(25)).toBe(true);
  expect(await names()).toEqual(['Một cửa B', 'Một cửa B']);
  await pass(35);
  expect((await showRollout(parts)).rollout).toMatchObject({ state: 'done' });
});

test('it goes back by itself when the pilot does badly, with the reason; people try again, or send it to all', async () => {
  await office('Một cửa B');
  await step();
  await pass(2);
  expect(await pass(1, { panel: 'none', screens: 0 })).toBe(true);
  expect(await names()).toEqual(['Một cửa A', 'Một cửa A']);
  const { rollout } = await showRollout(parts);
  expect(rollout).toMatchObject({ state: 'rolled_back', reason: 'health 1/1' });
  // Confirmed is what is in force there: the older revision.
  await pass(1);
  expect((await showRollout(parts)).stages).toMatchObject([{ confirmed: 1 }, { confirmed: 1 }]);
  await decideRollout(parts, { what: 'retry', actor: 'user:An' });
  expect(await names()).toEqual(['Một cửa B', 'Một cửa A']);
  await decideRollout(parts, { what: 'force', actor: 'user:An' });
  expect(await names()).toEqual(['Một cửa B', 'Một cửa B']);
  await expect(decideRollout(parts, { what: 'force', actor: 'user:An' })).rejects.toMatchObject({
    code: 'request.conflict',
  });
  expect(told).toBe(3);
  expect(hub.rows().map(({ action }) => action)).toEqual(
    expect.arrayContaining(['rollout.rule_saved', 'rollout.retried', 'rollout.forced']),
  );
});

test('a pilot that is heard and confirms nothing sends it back too', async () => {
  await office('Một cửa B');
  await step();
  await pass(7, { configRevision: 1 });
  expect((await showRollout(parts)).rollout).toMatchObject({
    state: 'rolled_back',
    reason: 'unconfirmed 1/1',
  });
});

test('hours of screens are content: the pilot’s first, and back with it', async () => {
  const lit = { opensMin: 450, closesMin: 1_020, days: 31 };
  const by = { actor: 'user:An', at: hub.clock.at };
  const hours = async () =>
    Promise.all([pilot, rest].map(async (id) => (await screen(id)).config?.screenHours?.opensMin ?? null));
  await hub.storage.screenHours.save({
    ...{ settings: { office: lit, exceptions: [], closedDays: [] }, ...by },
  });
  await step();
  expect(await hours()).toEqual([450, null]);
  await pass(7, { configRevision: 1 });
  expect((await showRollout(parts)).rollout).toMatchObject({ state: 'rolled_back' });
  expect(await hours()).toEqual([null, null]);
});

test('content that is the same is no rollout, and one group is at once', async () => {
  const before = (await showRollout(parts)).rollout;
  const audit = { at: NOW, actor: 'An', action: 'unit.saved', object: 'unit', reason: null } as const;
  await hub.storage.directory.saveUnit({
    ...{ unit: { id: randomUUID() as never, code: 'TP', name: 'Tư pháp' }, create: true, demo: false, audit },
  });
  expect(await step()).toBe(false);
  expect((await showRollout(parts)).rollout).toEqual(before);
  await saveRollout(parts, {
    ...{ rule: { stages: 1, soakMs: MINUTE, confirmMs: MINUTE, sickShare: 0 }, groups: [], actor: 'user:An' },
  });
  await office('Một cửa C');
  expect(await names()).toEqual(['Một cửa C', 'Một cửa C']);
});
