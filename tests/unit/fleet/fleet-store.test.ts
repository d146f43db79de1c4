/* Alarms as rows on real SQLite: opened and ended by reports and by the time, acknowledged by people, read page by page. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  acknowledgeAlarm,
  listFleet,
  saveFleetRule,
  showFleet,
} from '../../../hub-server/src/application/fleet/show-fleet.ts';
import { soonest } from '../../support/own-lag.ts';
import { NOW, openLog } from '../hub-log/kit.ts';

let hub: Awaited<ReturnType<typeof openLog>>;
let parts: Parameters<typeof showFleet>[0];
beforeAll(async () => {
  hub = await openLog();
  parts = { storage: hub.storage, clock: hub.clock, told: null } as never;
});
afterAll(() => hub.close());

const status = (change: object = {}) =>
  JSON.stringify({
    ...{ build: 'hailong-kiosk/0.2.0', panel: 'ready', unsynced: 0, oldestUnsyncedMs: 0, screens: 1 },
    ...{ configRevision: 1_000, diskFreeBytes: 12e9, ...change },
  });
const say = (device: string, change: object = {}, at = NOW) =>
  hub.storage.devices.said({ device, at, build: 'hailong-kiosk/0.2.0', status: status(change) });
const ask = (
  state: 'all' | 'critical' | 'attention' | 'well' = 'all',
  code: string | null = null,
  text = '',
) => showFleet(parts, { state, code, text, page: 0 });
const open = async (device: string) =>
  (await ask()).rows.find((row) => row.device === device)!.alarms.map(({ code }) => code);

test('a report opens its alarms at once, the next one ends what is gone; each is told once', async () => {
  const { device } = await hub.enrolled();
  await say(device, { panel: 'away' });
  expect(await open(device)).toEqual(['fleet.panel_away']);
  await say(device, { panel: 'away', diskFreeBytes: 1 }, NOW + 1_000);
  expect(await open(device)).toEqual(['fleet.panel_away', 'fleet.disk_low']);
  await say(device, { diskFreeBytes: 1 }, NOW + 2_000);
  expect(await open(device)).toEqual(['fleet.disk_low']);
  await say(device, { panel: 'away' }, NOW + 3_000);
  expect(await open(device)).toEqual(['fleet.panel_away']);
  // Gone and back within one millisecond is one row again, never two.
  await say(device, {}, NOW + 4_000);
  await say(device, { panel: 'away' }, NOW + 4_000);
  await say(device, {}, NOW + 4_000);
  expect(await open(device)).toEqual([]);
});

test('silence is found by the time; acknowledged, it stays open with a name and a row of the log', async () => {
  const { device } = await hub.enrolled();
  await say(device);
  expect(await hub.storage.fleet.weigh({ at: NOW + 9 * 60_000 })).toBe(0);
  expect(await hub.storage.fleet.weigh({ at: NOW + 11 * 60_000 })).toBeGreaterThan(0);
  expect(await open(device)).toEqual(['fleet.unseen']);
  await acknowledgeAlarm(parts, { device, code: 'fleet.unseen', actor: 'user:An' });
  const row = (await ask('critical')).rows.find((each) => each.device === device)!;
  expect(row.alarms).toMatchObject([{ severity: 2, acknowledgedBy: 'user:An', acknowledgedAt: NOW }]);
  expect(hub.rows().at(-1)).toMatchObject({
    action: 'device.alarm_acknowledged',
    object: `device:${device}`,
  });
  await expect(
    acknowledgeAlarm(parts, { device, code: 'fleet.unseen', actor: 'user:Bo' }),
  ).rejects.toMatchObject({
    code: 'request.conflict',
  });
  await say(device, {}, NOW + 12 * 60_000);
  expect(await open(device)).toEqual([]);
});

test('what has no cause that could go ends by being acknowledged, and comes back with the next one', async () => {
  const { device } = await hub.enrolled();
  hub.raw((db) => db.prepare("UPDATE device SET alarm = 'gap' WHERE id = ?").run(device));
  const refused = (refusals: number) => ({
    health: {
      ...{ runtime: 'node', epoch: 'ab'.repeat(16), upMs: 1, panel: null, clockBoundMs: 1, isStoring: true },
      witness: { size: 1, heardAgoMs: 1, refusals },
    },
  });
  await say(device, refused(1));
  expect(await open(device)).toEqual(['fleet.chain_doubt', 'fleet.witness_refused']);
  for (const code of ['fleet.chain_doubt', 'fleet.witness_refused'])
    await acknowledgeAlarm(parts, { device, code, actor: 'user:An' });
  await say(device, refused(1), NOW + 1_000);
  expect(await open(device)).toEqual([]);
  await say(device, refused(2), NOW + 2_000);
  expect(await open(device)).toEqual(['fleet.witness_refused']);
});

test('what the agent raised outlives its restart, until somebody acknowledges it', async () => {
  const { device } = await hub.enrolled();
  const raised = (epoch: string, count: number) => ({
    health: {
      ...{ runtime: 'node', epoch: epoch.repeat(16), upMs: 1, panel: null, clockBoundMs: 1, isStoring: true },
      witness: { size: 1, heardAgoMs: 1, refusals: 0 },
      alarms: count === 0 ? [] : [{ code: 'kiosk.loss_detected', count, agoMs: 1 }],
    },
  });
  await say(device, raised('aa', 1));
  await say(device, raised('bb', 0), NOW + 1_000);
  expect(await open(device)).toEqual(['kiosk.loss_detected']);
  await acknowledgeAlarm(parts, { device, code: 'kiosk.loss_detected', actor: 'user:An' });
  await say(device, raised('bb', 0), NOW + 2_000);
  expect(await open(device)).toEqual([]);
  await say(device, raised('cc', 1), NOW + 3_000);
  expect(await open(device)).toEqual(['kiosk.loss_detected']);
  await acknowledgeAlarm(parts, { device, code: 'kiosk.loss_detected', actor: 'user:An' });
  await say(device, raised('cc', 1), NOW + 4_000);
  expect(await open(device)).toEqual([]);
});

test('a configuration waits for the kiosk’s word, counted from when the hub knew it', async () => {
  const { device } = await hub.enrolled();
  const from = NOW + 20 * 60_000;
  const audit = { at: NOW, actor: 'An', action: 'unit.saved', object: 'unit', reason: null } as const;
  const old = { configRevision: 0 };
  await say(device, old, from);
  await hub.storage.directory.saveUnit({
    ...{ unit: { id: randomUUID() as never, code: 'DD', name: 'Đất đai' }, create: true, demo: false, audit },
  });
  await hub.storage.fleet.weigh({ at: from });
  await say(device, old, from + 60_000);
  expect(await open(device)).toEqual([]);
  await say(device, old, from + 150_000);
  expect(await open(device)).toEqual(['fleet.config_behind']);
  const { wantedRevision } = (await ask()).rows[0]!;
  await say(device, { configRevision: wantedRevision }, from + 151_000);
  expect(await open(device)).toEqual([]);
});

test('a revoked kiosk is on the page of revoked ones, without alarms', async () => {
  const { device } = await hub.enrolled();
  await say(device, { panel: 'away' });
  const audit = {
    at: NOW,
    actor: 'An',
    action: 'device.revoked',
    object: `device:${device}`,
    reason: null,
  } as const;
  await hub.storage.devices.revoke({ id: device, at: NOW, audit });
  await hub.storage.fleet.weigh({ at: NOW });
  expect((await ask()).rows.some((row) => row.device === device)).toBe(false);
  const revoked = await showFleet(parts, { state: 'revoked', code: null, text: '', page: 0 });
  expect(revoked.rows).toMatchObject([{ device, alarms: [] }]);
});

/* The refusal of the kiosk before stays open: one more that is critical. */
test('two thousand kiosks: worst first, page by page, filtered in the database, each once', {
  timeout: 60_000,
}, async () => {
  hub.raw((db) => {
    const add = db.prepare(
      `INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at, last_seen_at, build, status)
       VALUES (?, ?, x'00', ?, 1, ?, 'hailong-kiosk/0.2.0', ?)`,
    );
    db.transaction(() => {
      for (let n = 0; n < 2_000; n++)
        add.run(
          ...[
            n.toString(16).padStart(64, '0'),
            `counter-${n}`,
            10_000 + n,
            n % 50 === 0 ? NOW - 3_600_000 : NOW,
          ],
          status(n % 20 === 1 ? { panel: 'away' } : {}),
        );
    })();
  });
  const from = performance.now();
  expect(await hub.storage.fleet.weigh({ at: NOW })).toBe(40 + 100);
  const weighedMs = performance.now() - from;
  const { counts } = await ask();
  expect(counts).toMatchObject({ critical: 41, attention: 100 });
  const seen = new Set<string>();
  const worst: number[] = [];
  const { total } = await ask();
  for (let page = 0; page * 50 < total; page++)
    for (const row of (await showFleet(parts, { state: 'all', code: null, text: '', page })).rows) {
      seen.add(row.device);
      worst.push(row.alarms[0]?.severity ?? 0);
    }
  expect(seen.size).toBe(total);
  expect(worst).toEqual([...worst].sort((a, b) => b - a));
  expect((await ask('attention', 'fleet.panel_away')).total).toBe(100);
  expect((await ask('all', null, '00000007d')).total).toBe(0);
  expect((await ask('all', null, '7d'.padStart(64, '0'))).total).toBe(1);
  // Of a page that people wait for; some 15 ms on two old cores.
  const askedMs = await soonest(1_000, async () => {
    const asked = performance.now();
    await ask();
    return performance.now() - asked;
  });
  expect(askedMs).toBeLessThan(1_000);
  // A fraction of a second there; minutes were it to look through all for each.
  expect(weighedMs).toBeLessThan(20_000);
  const lines = await listFleet(parts);
  expect(lines.at(-1)).toMatchObject({ event: 'fleet', kiosks: total, critical: 41 });
  expect(lines[0]).toMatchObject({
    event: 'kiosk',
    alarms: [{ code: 'fleet.unseen', vi: expect.any(String) }],
  });
});

test('limits are data: saved, logged, and weighed by at once', async () => {
  const rule = await hub.storage.fleet.rule();
  await saveFleetRule(parts, { rule: { ...rule, unseenMs: 7_200_000 }, actor: 'user:An' });
  expect((await ask()).counts.critical).toBe(1);
  expect(hub.rows().at(-1)).toMatchObject({ action: 'fleet_rule.saved', actor: 'user:An' });
  await expect(
    saveFleetRule(parts, { rule: { ...rule, opensMin: 600, closesMin: 600 }, actor: 'user:An' }),
  ).rejects.toMatchObject({ code: 'request.invalid' });
});
