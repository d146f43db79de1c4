/* Purpose: an officer, camera map, instrument or user changed behind the log's back is named; the log's own word holds. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MapRow } from '@hailong/shared/protocol/camera-map.ts';
import Database from 'better-sqlite3';
import { beforeAll, expect, test } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { verifyData } from '../../../hub-server/src/adapters/verify/verify-data.ts';
import { changeCameraMap } from '../../../hub-server/src/application/directory/change-camera-map.ts';
import { removeDemo } from '../../../hub-server/src/application/directory/import-list.ts';
import { removeCameraMap } from '../../../hub-server/src/application/directory/remove-camera-map.ts';
import {
  saveCamera,
  saveOfficer,
  saveUser,
} from '../../../hub-server/src/application/directory/save-directory.ts';
import {
  saveInstrument,
  saveKioskSettings,
  saveReasons,
  saveUse,
} from '../../../hub-server/src/application/directory/save-instrument.ts';
import { saveNotices } from '../../../hub-server/src/application/directory/save-notices.ts';
import { saveScreenHours } from '../../../hub-server/src/application/directory/save-screen-hours.ts';
import { removeVoice, saveVoice } from '../../../hub-server/src/application/directory/save-voice.ts';
import { unwatched } from '../../../hub-server/src/application/ports/progress.ts';
import { seedDemoOffice } from '../../../hub-server/src/commands/demo-office.ts';
import { openHub } from '../../../hub-server/src/commands/open-hub.ts';
import { opus, silentWav } from '../../support/sounds.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let base: string;
let work: string;

beforeAll(async () => {
  const folder = await tempFolder('directory');
  [base, work] = [join(folder.path, 'base'), join(folder.path, 'work')];
  const hub = await openHub(base);
  try {
    const seeds = (await seedDemoOffice(hub.admin)) as {
      counters: { id: string }[];
      units: { id: string }[];
      officers: { id: string; code: string; name: string }[];
    };
    const [first, second] = seeds.counters;
    const camera = {
      ...{ name: 'C1', address: 'rtsp://10.0.0.7/1', user: 'u', password: 'p', retentionDays: 30 },
      ...{ latencyMs: 2_000, active: true },
    };
    const id = await saveCamera(hub.admin, {
      ...{ id: null, actor: 'test', value: { ...camera, counterIds: [first!.id as never] } },
    });
    await saveCamera(hub.admin, {
      ...{ id, actor: 'test', value: { ...camera, counterIds: [second!.id as never] } },
    });
    const [row] = await hub.storage.directory.cameraMap({ cameraId: id });
    await changeCameraMap(hub.admin, {
      ...{ cameraId: id, actor: 'test' },
      change: { ...row!, was: row!.from, from: (row!.from - 60_000) as never },
    });
    const never = {
      counterId: first!.id,
      from: row!.from - 600_000,
      to: row!.from - 300_000,
    } as never as MapRow;
    await changeCameraMap(hub.admin, { cameraId: id, actor: 'test', change: { ...never, was: null } });
    await removeCameraMap(hub.admin, {
      ...{ cameraId: id, actor: 'test' },
      asked: { counterId: never.counterId, from: never.from, reason: 'Chọn nhầm quầy' },
    });
    const { id: officer, code } = seeds.officers[0]!;
    await saveOfficer(hub.admin, {
      ...{ id: officer, actor: 'test' },
      value: {
        code,
        name: 'Tên mới',
        position: 'Chuyên viên',
        unitId: seeds.units[0]!.id as never,
        active: true,
      },
    });
    const form = (await hub.admin.storage.instruments.version({ id: 'hai-long-4', version: 1 }))!;
    await saveInstrument(hub.admin, { id: form.id, base: 1, inUse: true, instrument: form, actor: 'test' });
    for (const version of [1, 2])
      await saveUse(hub.admin, {
        place: { counterId: first!.id as never, procedureCode: null, stage: 'refusal' },
        ...{ instrument: { id: 'hai-long-4', version }, actor: 'test' },
      });
    const reasons = await hub.admin.storage.instruments.reasons();
    await saveReasons(hub.admin, { base: reasons, reasons: reasons.toReversed(), actor: 'test' });
    await saveKioskSettings(hub.admin, {
      settings: {
        walkup: { minIntervalMs: 60_000 },
        lastMonth: null,
        languages: ['fr'],
        pinDays: 14,
        voices: true,
      },
      actor: 'test',
    });
    const read = async (words: string, bytes: Uint8Array) =>
      saveVoice(hub.admin, { language: 'vi', words, bytes, actor: 'test' });
    const [best, next] = form.levels.map(({ word }) => word.vi) as [string, string];
    await read(form.question.vi, opus);
    await read(best, silentWav(700));
    await read(best, silentWav(800));
    await read(next, silentWav(900));
    await removeVoice(hub.admin, { language: 'vi', words: next, actor: 'test' });
    const draft = { id: null, vi: 'Nghỉ', en: null, from: '2027-01-01', to: '2027-01-02' };
    const held = await saveNotices(hub.admin, {
      ...{ base: [], actor: 'test' },
      notices: [
        { ...draft, units: seeds.units.map(({ id: unit }) => unit) as never },
        { ...draft, units: null },
      ],
    });
    await saveNotices(hub.admin, {
      ...{ base: held.map((each) => each.id), notices: held.slice(0, 1), actor: 'test' },
    });
    const week = { opensMin: 450, closesMin: 1_020, days: 31 };
    const own = { unitId: null, counterId: first!.id as never, hours: null };
    const closedDays = ['2027-01-01', '2027-04-30'].map((date) => ({ date, name: 'Lễ' }));
    const hours = { office: week, exceptions: [own], closedDays };
    await saveScreenHours(hub.admin, { settings: hours, actor: 'test' });
    await saveScreenHours(hub.admin, {
      ...{ settings: { ...hours, exceptions: [], closedDays: closedDays.slice(1) }, actor: 'test' },
    });
    await hub.logSealer.seal();
  } finally {
    await hub.close();
  }
  return () => folder.remove();
});

function copy(): string {
  rmSync(work, { recursive: true, force: true });
  cpSync(base, work, { recursive: true });
  return work;
}
const look = (dir: string) =>
  verifyData({ dataDir: dir, files: true, backups: [], witnesses: [], progress: unwatched }).verdict.findings;

test('the reasons as shipped need no row of the log, and none may be changed without one', async () => {
  const folder = await tempFolder('shipped');
  const hub = await openHub(folder.path);
  await hub.logSealer.seal();
  await hub.close();
  expect(look(folder.path)).toEqual([]);
  const db = new Database(databaseFile(folder.path));
  db.exec("UPDATE outcome_reason SET vi = 'x' WHERE key = 'bo_ve'");
  db.close();
  expect(look(folder.path)).toMatchObject([
    { place: { table: 'outcome_reason', key: 'bo_ve' }, detail: 'vi' },
  ]);
  await folder.remove();
});

test('what was saved by form holds, and after the demo was removed too', async () => {
  expect(look(copy())).toEqual([]);
  const hub = await openHub(work);
  await saveUser(hub.admin, {
    ...{ id: null, actor: 'test' },
    value: {
      username: 'That',
      name: 'Thật',
      roles: ['head', 'admin'],
      active: true,
      password: 'mat-khau-dai-1',
    },
  });
  await removeDemo(hub.admin, { actor: 'test' });
  await hub.logSealer.seal();
  await hub.close();
  expect(look(work)).toEqual([]);
});

test.each([
  ["UPDATE officer SET name = 'x' WHERE code = 'CB02'", 'officer', 'name'],
  ["UPDATE officer SET unit_id = 'x' WHERE code = 'CB01'", 'officer', 'unitId'],
  ["UPDATE officer SET photo = NULL WHERE code = 'CB01'", 'officer', 'photo'],
  ["DELETE FROM officer WHERE code = 'CB03'", 'officer', 'gone'],
  [
    "INSERT INTO officer (id, code, name, position, unit_id, active, revision) VALUES ('x','X','X','X','x',1,1)",
    'officer',
    'no row of the log speaks of it',
  ],
  ["UPDATE counter SET number = '99' WHERE number = '6'", 'counter', 'number'],
  ["UPDATE unit SET name = 'x'", 'unit', 'name'],
  ["UPDATE procedure SET active = 0 WHERE code = '1.001193'", 'procedure', 'active'],
  ['UPDATE office SET retention_days = 1', 'office', 'retentionDays'],
  ["UPDATE office SET private_url = 'https://khac.example.vn'", 'office', 'privateUrl'],
  ["UPDATE camera SET address = 'rtsp://10.0.0.8/1'", 'camera', 'address'],
  ['UPDATE camera_counter SET to_at = NULL', 'camera_counter', 'to'],
  ['UPDATE camera_counter SET from_at = from_at - 86400000 WHERE to_at IS NULL', 'camera_counter', 'gone'],
  [
    "DROP TRIGGER instrument_no_update; UPDATE instrument SET content = replace(content, '5', '6')",
    ...['instrument', 'versions'],
  ],
  ['UPDATE instrument_use SET version = version + 1 WHERE to_at IS NULL', 'instrument_use', 'form'],
  ["DELETE FROM instrument_use WHERE stage = 'refusal' AND to_at IS NULL", 'instrument_use', 'gone'],
  ['UPDATE instrument_use SET to_at = to_at + 1 WHERE to_at IS NOT NULL', 'instrument_use', 'to'],
  ['UPDATE kiosk_setting SET walkup_interval_ms = NULL', 'kiosk_setting', 'walkupIntervalMs'],
  ['UPDATE kiosk_setting SET pin_days = 90', 'kiosk_setting', 'pinDays'],
  ['UPDATE kiosk_setting SET voices = 0', 'kiosk_setting', 'voices'],
  ['UPDATE voice_recording SET duration_ms = 1', 'voice_recording', 'durationMs'],
  ['UPDATE voice_recording SET sha256 = (SELECT max(photo) FROM officer)', 'voice_recording', 'sha256'],
  ["UPDATE notice SET vi = 'x'", 'notice', 'vi'],
  ['UPDATE notice SET units = NULL', 'notice', 'units'],
  ['UPDATE screen_hours SET closes_min = 1', 'screen_hours', 'closesMin'],
  ['DELETE FROM screen_hours', 'screen_hours', 'gone'],
  ["INSERT INTO closed_day VALUES ('2027-01-01', 'Lễ')", 'closed_day', 'no row of the log speaks of it'],
  ['DELETE FROM voice_recording', 'voice_recording', 'gone'],
  ["UPDATE voice_recording SET language = 'en'", 'voice_recording', 'no row of the log speaks of it'],
  ['DELETE FROM blob', 'blob', 'gone'],
  ["UPDATE blob SET bytes = x'00'", 'blob', 'bytes'],
  ["UPDATE outcome_reason SET active = 0 WHERE key = 'bo_ve'", 'outcome_reason', 'active'],
  ["DELETE FROM outcome_reason WHERE key = 'bo_ve'", 'outcome_reason', 'gone'],
  ["UPDATE web_user SET roles = '[\"admin\"]' WHERE username = 'xacminh'", 'web_user', 'roles'],
] as const)('%s', (sql, table, detail) => {
  const dir = copy();
  const db = new Database(databaseFile(dir));
  db.exec(sql);
  db.close();
  const found = look(dir).filter((each) => each.code === 'log.contradicts');
  expect(found.map((each) => [each.place.table, each.detail])).toContainEqual([table, detail]);
});

test('a mark that no row of the log made is named', () => {
  const dir = copy();
  const db = new Database(databaseFile(dir));
  db.exec(`INSERT INTO device_epoch (device, epoch, head_seq, head_hash, logged_seq) VALUES ('d','e',0,zeroblob(32),9);
    INSERT INTO run_mapping (run, version, camera_id, method, offset_ms, latency_ms, bound_ms, logged_in)
      VALUES ('r',1,'c','min-arrival',1,1,1,3)`);
  db.close();
  expect(look(dir).map((each) => [each.code, each.detail])).toEqual(
    expect.arrayContaining([
      ['log.contradicts', 'logged_seq'],
      ['log.contradicts', 'logged_in'],
    ]),
  );
});
