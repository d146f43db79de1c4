/** From when to when a camera saw a counter is set right by its dates, and old transactions follow; nobody can date the future. */
import { join } from 'node:path';
import type { MapRow } from '@hailong/shared/protocol/camera-map.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, NOW, type Office, openOffice } from './office.ts';

const DAY = 86_400_000;
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let admin: Caller;
beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  admin = await office.login('quantri');
});
afterAll(() => office.close());

const path = () => `/api/v1/admin/cameras/${seeded.cameraId}/map`;
const rows = async () => (await admin.call('GET', path())).json().rows as MapRow[];
const put = (change: object) => admin.call('PUT', path(), change);
const seesAt = async (counterId: string, at: number) =>
  (await office.storage.footage.camerasOf({ counterId, from: at, to: at }))
    .filter(({ seen }) => seen.length > 0)
    .map((camera) => camera.id);

it('is seen, dated back, ended, and each change is a row of the log', async () => {
  const [row] = await rows();
  expect(row).toMatchObject({ from: NOW, to: null });
  const { counterId } = row as MapRow;
  expect(await seesAt(counterId, NOW - 2 * DAY)).toEqual([]);
  expect((await put({ counterId, was: NOW, from: NOW - 3 * DAY, to: null })).statusCode).toBe(204);
  expect(await seesAt(counterId, NOW - 2 * DAY)).toEqual([seeded.cameraId]);
  expect((await put({ counterId, was: NOW - 3 * DAY, from: NOW - 3 * DAY, to: NOW - DAY })).statusCode).toBe(
    204,
  );
  expect(await seesAt(counterId, NOW - DAY / 2)).toEqual([]);
  expect((await put({ counterId, was: null, from: NOW - DAY / 2, to: null })).statusCode).toBe(204);
  expect((await rows()).map(({ from, to }) => [from - NOW, to && to - NOW])).toEqual([
    [-DAY / 2, null],
    [-3 * DAY, -DAY],
  ]);
  const span = { counterId, from: NOW - 2 * DAY, to: NOW };
  const [camera] = await office.storage.footage.camerasOf(span);
  const seen = camera?.seen.map(({ from, to }) => [from - NOW, to && to - NOW]);
  expect(seen?.sort(([a], [b]) => Number(a) - Number(b))).toEqual([
    [-3 * DAY, -DAY],
    [-DAY / 2, null],
  ]);
  const logged = (await office.storage.access.audit({ before: null, limit: 3 })).map((each) => each.action);
  expect(logged).toEqual(['camera.mapped', 'camera.mapped', 'camera.mapped']);
});

it('refuses the future, two rows at one time, and rows that are not there', async () => {
  const [row] = await rows();
  const { counterId, from } = row as MapRow;
  const code = async (change: object) => (await put(change)).json().code;
  expect(await code({ counterId, was: null, from: NOW + 1, to: null })).toBe('request.invalid');
  expect(await code({ counterId, was: from, from, to: NOW + 1 })).toBe('request.invalid');
  expect(await code({ counterId, was: from, from, to: from })).toBe('request.invalid');
  expect(await code({ counterId, was: null, from: NOW - 2 * DAY, to: null })).toBe('request.conflict');
  expect(await code({ counterId, was: from + 1, from, to: null })).toBe('request.not_found');
  expect(await code({ counterId: seeded.officers[0], was: null, from, to: null })).toBe('reference.unknown');
});

it('takes out a row that was never so, with its reason; footage is found no more and is kept as before', async () => {
  const [row] = await rows();
  const { counterId, from } = row as MapRow;
  office.clock.at = NOW + DAY / 4;
  admin = await office.login('quantri');
  const remove = (more: object) =>
    admin.call('POST', `${path()}/remove`, { counterId, from, reason: 'Chọn nhầm quầy', ...more });
  expect((await remove({ reason: '' })).statusCode).toBe(400);
  expect((await remove({ from: from + 1 })).json().code).toBe('request.not_found');
  expect(await seesAt(counterId, NOW)).toEqual([seeded.cameraId]);
  expect((await remove({})).statusCode).toBe(204);
  expect((await rows()).some((each) => each.from === from)).toBe(false);
  expect(await seesAt(counterId, NOW)).toEqual([]);
  // Whoever looks there reads that the map once had it, and who took it out.
  expect(await office.storage.footage.camerasOf({ counterId, from: NOW, to: NOW })).toMatchObject([
    {
      ...{ id: seeded.cameraId, seen: [] },
      takenOut: expect.arrayContaining([
        { from, to: office.clock.at, at: office.clock.at, by: 'user:quantri' },
      ]),
    },
  ]);
  expect((await remove({})).json().code).toBe('request.not_found');
  expect((await office.storage.access.audit({ before: null, limit: 1 }))[0]).toMatchObject({
    ...{ action: 'camera.unmapped', object: `camera:${seeded.cameraId}`, reason: 'Chọn nhầm quầy' },
  });
  const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
  const former = db.prepare('SELECT to_at FROM camera_counter_was WHERE counter_id = ? AND from_at = ?');
  expect(former.pluck().all(counterId, from)).toEqual([office.clock.at]);
  db.close();
  const other = seeded.counters[1];
  expect((await put({ counterId: other, was: null, from, to: null })).statusCode).toBe(204);
  expect(await seesAt(other, NOW)).toEqual([seeded.cameraId]);
});
