/* Each change of an officer, counter, camera map or enrolment is a row of its own that says the new content, however it came. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyImport, removeDemo } from '../../../hub-server/src/application/directory/import-list.ts';
import {
  saveCamera,
  saveCounter,
  saveOfficer,
  saveUnit,
  saveUser,
} from '../../../hub-server/src/application/directory/save-directory.ts';
import type { AdminParts } from '../../../hub-server/src/application/web-parts.ts';
import { type OpenLog, openLog } from './kit.ts';

let log: OpenLog;
let parts: AdminParts;
beforeEach(async () => {
  log = await openLog();
  parts = {
    storage: log.storage,
    secrets: {
      id: randomUUID,
      token: randomUUID,
      code: randomUUID,
      hash: (text: string) => text,
      hashCode: (text: string) => text,
    },
    hasher: { hash: async () => 'scrypt$geheim', verify: async () => true },
    sealer: { seal: () => 's1.geheim', open: () => '' },
    ...{ logSealer: log.sealer, clock: { ...log.clock, monotonic: () => 0 }, told: null },
  } as unknown as AdminParts;
});
afterEach(() => log.close());

const said = () =>
  log.rows().map((row) => ({ ...row, body: row.body === null ? null : JSON.parse(row.body) }));

test('a list of officers and one of cameras', async () => {
  const actor = 'user:quantri';
  const unitId = await saveUnit(parts, { id: null, value: { code: 'TP', name: 'Tư pháp' }, actor });
  const counterId = await saveCounter(parts, {
    ...{ id: null, actor, value: { number: '7', name: 'Bảy', unitId, active: true } },
  });
  const row = (line: number, cells: Record<string, string>) => ({ line, cells });
  const officers = await applyImport(parts, {
    ...{ kind: 'officers', actor },
    rows: [
      row(2, { code: 'CB1', name: 'Lê Hoa', position: 'Chuyên viên', unit: 'TP', pin: '24680' }),
      row(3, { code: 'CB2', name: 'Trần Bảo', position: 'Viên chức', unit: 'TP', active: '0' }),
    ],
  });
  expect(officers).toMatchObject({ applied: true });
  const cameras = await applyImport(parts, {
    ...{ kind: 'cameras', actor },
    rows: [
      row(2, { name: 'Quầy 7', address: 'rtsp://10.0.0.7/1', user: 'u', password: 'p4ss', counters: '7' }),
    ],
  });
  expect(cameras).toMatchObject({ applied: true });

  const rows = said();
  const officer = rows.filter((each) => each.action === 'officer.saved');
  const held = await log.storage.directory.officers();
  expect(officer.map((each) => each.object)).toEqual(held.map((each) => `officer:${each.id}`));
  expect(officer.map((each) => each.body)).toEqual(
    held.map(({ code, name, position, unitId, active }) => ({
      ...{ code, name, position, unitId, active, pinChanged: code === 'CB1' },
    })),
  );
  const camera = rows.find((each) => each.action === 'camera.saved');
  expect(camera).toMatchObject({ actor, body: { counterIds: [counterId], passwordChanged: true } });
  expect(log.raw((db) => db.prepare('SELECT from_at FROM camera_counter').pluck().get())).toBe(camera?.at);
  expect(JSON.stringify(rows)).not.toMatch(/24680|p4ss|geheim/);
});

test('a camera turned to another counter says so at the moment the map changes', async () => {
  const actor = 'operator';
  const unitId = await saveUnit(parts, { id: null, value: { code: 'TP', name: 'Tư pháp' }, actor });
  const counter = (number: string) =>
    saveCounter(parts, { id: null, actor, value: { number, name: number, unitId, active: true } });
  const [first, second] = [await counter('1'), await counter('2')];
  const value = {
    ...{
      name: 'C',
      address: 'rtsp://10.0.0.7/1',
      user: '',
      retentionDays: 30,
      latencyMs: 2_000,
      active: true,
    },
  };
  const id = await saveCamera(parts, { id: null, actor, value: { ...value, counterIds: [first] } });
  log.clock.at += 1_000;
  await saveCamera(parts, { id, actor, value: { ...value, counterIds: [second] } });
  const rows = said().filter((each) => each.action === 'camera.saved');
  expect(rows.map((each) => each.body.counterIds)).toEqual([[first], [second]]);
  expect(
    log.raw((db) =>
      db.prepare('SELECT counter_id, from_at, to_at FROM camera_counter ORDER BY from_at').all(),
    ),
  ).toEqual([
    { counter_id: first, from_at: rows[0]?.at, to_at: rows[1]?.at },
    { counter_id: second, from_at: rows[1]?.at, to_at: null },
  ]);
});

test('the removal of the demo names who and what is gone', async () => {
  const mark = { id: null, demo: true, actor: 'operator' } as const;
  const unitId = await saveUnit(parts, { ...mark, value: { code: 'BA', name: 'Bình An' } });
  const officer = await saveOfficer(parts, {
    ...{ ...mark, value: { code: 'CB1', name: 'Lê Hoa', position: 'x', unitId, active: true } },
  });
  const counter = await saveCounter(parts, {
    ...{ ...mark, value: { number: '1', name: 'Một', unitId, active: true } },
  });
  const device = await log.enrolled(counter);
  await saveUser(parts, {
    ...{ id: null, actor: 'operator' },
    value: {
      username: 'quantri',
      name: 'Quản trị',
      roles: ['admin'],
      active: true,
      password: 'dai-hon-12-ky-tu',
    },
  });
  await removeDemo(parts, { actor: 'user:quantri' });
  const rows = said();
  expect(rows.find((each) => each.action === 'device.enrolled')).toMatchObject({
    ...{ actor: `device:${device.device}`, object: `counter:${counter}`, body: { serial: 1 } },
  });
  expect(rows.filter((each) => each.action === 'device.revoked').map((each) => each.object)).toEqual([
    `device:${device.device}`,
  ]);
  expect(rows.at(-1)).toMatchObject({
    action: 'demo.removed',
    body: { officer: [officer], counter: [counter], unit: [unitId], web_user: [], camera: [], procedure: [] },
  });
});
