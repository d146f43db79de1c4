/* A camera's way to being relied on, over the real application and SQLite: check, still frame, quarter, clock, latency. */
import { join } from 'node:path';
import type { CounterId } from '@hailong/shared/ids.ts';
import type { FootageFact } from '@hailong/shared/protocol/footage.ts';
import type { MonotonicMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { careForCameras } from '../../../hub-server/src/application/cameras/care-for-cameras.ts';
import { saveUser } from '../../../hub-server/src/application/directory/save-directory.ts';
import { keepAge } from '../../../hub-server/src/application/footage/keep-age.ts';
import { STILL_DUE_MS, STILL_GRACE_MS } from '../../../hub-server/src/domain/footage/camera-standing.ts';
import { placeSegments } from '../../../hub-server/src/domain/footage/place-segments.ts';
import { type Caller, NOW, type Office, openOffice, PASSWORD, withoutLog } from './office.ts';

let office: Office;
let admin: Caller;
let camera: string;
let counter: CounterId;
let officer: string;
const DAY = 86_400_000;
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const good = {
  ...{
    ok: true as const,
    streamUri: 'rtsp://192.0.2.10:554/main',
    codec: 'h264',
    width: 1920,
    height: 1080,
    fps: 25,
  },
  ...{ gopMs: 2_000, bFrames: false, manufacturer: null, model: null, clockOffsetMs: null },
  advice: [] as string[],
};

beforeEach(async () => {
  office = await openOffice();
  const seeded = await office.seed();
  camera = seeded.cameraId;
  [counter] = seeded.counters;
  [officer] = seeded.officers;
  admin = await office.login('quantri');
});
afterEach(() => office.close());

const at = (path: string) => `/api/v1/admin/cameras/${camera}/${path}`;
const page = async () => (await admin.call('GET', at('page'))).json();
const actions = async () =>
  (await admin.call('GET', '/api/v1/admin/audit')).json().rows.map((row: { action: string }) => row.action);

test('counts as onboarded only with an approved still frame, and is asked again each quarter', async () => {
  expect((await page()).standing).toMatchObject({ state: 'unchecked', dueAt: null, alarms: [] });
  office.recorder.result = { ok: false, code: 'camera.auth_refused', detail: '' };
  await admin.call('POST', at('check'));
  expect(await page()).toMatchObject({
    ...{ standing: { state: 'faulty' }, check: { ok: false, codes: ['camera.auth_refused'] } },
  });
  office.recorder.result = { ...good, advice: ['camera.long_gop'] };
  expect((await admin.call('POST', at('check'))).statusCode).toBe(200);
  expect(office.recorder.asked.at(-1)).toEqual({
    id: camera,
    ...{ address: 'rtsp://192.0.2.10/main', user: 'xem', password: 'bi-mat-camera', via: null },
  });
  expect((await page()).standing.state).toBe('no-still');

  expect((await admin.call('POST', at('stills'))).json().code).toBe('footage.recorder_away');
  office.recorder.picture = { ok: false, code: 'camera.silent', detail: '' };
  expect((await admin.call('POST', at('stills'))).json().code).toBe('camera.silent');
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  const { id } = (await admin.call('POST', at('stills'))).json();
  const shown = await admin.call('GET', at(`stills/${id}`));
  expect([shown.rawPayload, shown.headers['cache-control'], shown.headers['content-type']]).toEqual([
    ...[JPEG, 'no-store', 'image/jpeg'],
  ]);
  for (const half of [{}, { ...word, fingerOutOfView: false }])
    expect((await admin.call('POST', at(`stills/${id}/approve`), half)).statusCode).toBe(400);
  expect((await page()).standing.state).toBe('no-still');
  expect((await admin.call('POST', at(`stills/${id}/approve`), word)).statusCode).toBe(204);
  expect((await admin.call('POST', at(`stills/${id}/approve`), word)).json().code).toBe('camera.still_gone');
  expect((await page()).standing).toEqual({ state: 'onboarded', dueAt: NOW + STILL_DUE_MS, alarms: [] });
  expect((await page()).stills[0]).toMatchObject({
    ...{ id, approvedAt: NOW },
    sha256: (await import('node:crypto')).createHash('sha256').update(JPEG).digest('hex'),
  });
  expect(await actions()).toContain('camera.still_approved');

  office.clock.at = NOW + STILL_DUE_MS;
  admin = await office.login('quantri');
  expect((await page()).standing.state).toBe('due');
  expect(await office.storage.cameras.care({ at: office.clock.at })).toBe(0);
  office.clock.at += STILL_GRACE_MS;
  admin = await office.login('quantri');
  expect(await office.storage.cameras.care({ at: office.clock.at })).toBe(1);
  expect((await page()).standing).toMatchObject({ state: 'overdue', alarms: ['camera.still_overdue'] });
  const again = (await admin.call('POST', at('stills'))).json().id;
  await admin.call('GET', at(`stills/${again}`));
  await admin.call('POST', at(`stills/${again}/approve`), word);
  expect((await page()).standing).toMatchObject({ state: 'onboarded', alarms: [] });
});

test('a camera that asks for the password itself, which it never needed, is a matter for an administrator', async () => {
  const { cameras } = office.storage;
  const address = 'rtsp://192.0.2.10/main';
  const learn = (seen: 'rtsp-strong' | 'rtsp-tls', from = address) =>
    cameras.noteLogin({ cameraId: camera, address: from, seen, at: NOW });
  expect([await learn('rtsp-strong'), await learn('rtsp-strong'), await learn('rtsp-tls')]).toEqual([
    ...[true, false, true],
  ]);
  // Told of where it was before.
  expect(await learn('rtsp-tls', 'rtsp://192.0.2.11/main')).toBe(false);
  await cameras.noteBasicRefused({ cameraId: camera, at: NOW });
  await cameras.noteBasicRefused({ cameraId: camera, at: NOW + 1 });
  expect((await page()).standing.alarms).toEqual(['camera.basic_refused']);
  expect((await actions()).filter((each: string) => each === 'camera.basic_refused')).toHaveLength(1);
  for (const who of ['thanhtra', 'truong'])
    expect((await (await office.login(who)).call('POST', at('login'), { allowBasic: true })).statusCode).toBe(
      403,
    );
  expect((await admin.call('POST', at('login'), {})).statusCode).toBe(400);

  expect((await admin.call('POST', at('login'), { allowBasic: false })).statusCode).toBe(204);
  expect((await page()).standing.alarms).toEqual([]);
  expect(await cameras.logins()).toEqual({ [camera]: ['rtsp-strong', 'rtsp-tls'] });
  // It goes on asking: that is decided, whatever starts anew.
  await cameras.noteBasicRefused({ cameraId: camera, at: NOW + 2 });
  expect((await page()).standing.alarms).toEqual([]);
  expect((await actions()).filter((each: string) => each === 'camera.basic_refused')).toHaveLength(1);
  // It was let in as before, and asks again: news.
  await cameras.noteRecording({ cameraId: camera });
  await cameras.noteBasicRefused({ cameraId: camera, at: NOW + 3 });
  // Nobody has decided of that yet, though it records meanwhile.
  await cameras.noteRecording({ cameraId: camera });
  expect((await page()).standing.alarms).toEqual(['camera.basic_refused']);
  expect((await actions()).filter((each: string) => each === 'camera.basic_refused')).toHaveLength(2);
  expect((await admin.call('POST', at('login'), { allowBasic: true })).statusCode).toBe(204);
  expect(await cameras.logins()).toEqual({});
  expect((await page()).standing.alarms).toEqual([]);
  expect((await actions()).filter((each: string) => each === 'camera.login_decided')).toHaveLength(2);
});

test('another address may be another camera: how it let us in is forgotten; another password forgets nothing', async () => {
  const { cameras } = office.storage;
  const row = async () =>
    (await admin.call('GET', '/api/v1/admin/cameras'))
      .json()
      .items.find((each: { id: string }) => each.id === camera);
  const save = async (over: object) => {
    const { name, address, user, counterIds, retentionDays, latencyMs, active } = await row();
    const body = { name, address, user, counterIds, retentionDays, latencyMs, active, ...over };
    return (await admin.call('PUT', `/api/v1/admin/cameras/${camera}`, body)).statusCode;
  };
  await cameras.noteLogin({
    cameraId: camera,
    address: (await row()).address,
    seen: 'onvif-strong',
    at: NOW,
  });
  expect(await save({ password: 'moi' })).toBe(200);
  expect(await cameras.logins()).toEqual({ [camera]: ['onvif-strong'] });
  expect(await save({ address: 'rtsp://192.0.2.77/main' })).toBe(200);
  expect(await cameras.logins()).toEqual({});
});

const word = { screenOutOfView: true, fingerOutOfView: true };
/** Checked, taken, opened and approved. */
async function onboard(): Promise<void> {
  office.recorder.result = good;
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  await admin.call('POST', at('check'));
  const { id } = (await admin.call('POST', at('stills'))).json();
  await admin.call('GET', at(`stills/${id}`));
  expect((await admin.call('POST', at(`stills/${id}/approve`), word)).statusCode).toBe(204);
  expect((await page()).standing.state).toBe('onboarded');
}
const listed = async () =>
  (await admin.call('GET', '/api/v1/admin/cameras'))
    .json()
    .items.find((each: { id: string }) => each.id === camera);
async function saved(over: object): Promise<void> {
  const { name, address, user, counterIds, retentionDays, latencyMs, active } = await listed();
  const body = { name, address, user, counterIds, retentionDays, latencyMs, active, ...over };
  expect((await admin.call('PUT', `/api/v1/admin/cameras/${camera}`, body)).statusCode).toBe(200);
}

test('another address or another counter is another view: check and still frame of before count no more', async () => {
  await onboard();
  await saved({ name: 'Quầy một', retentionDays: 60, user: 'ghi' });
  expect((await page()).standing.state).toBe('onboarded');

  const waiting = (await admin.call('POST', at('stills'))).json().id;
  await admin.call('GET', at(`stills/${waiting}`));
  await saved({ address: 'rtsp://192.0.2.11/main' });
  expect((await page()).standing).toMatchObject({ state: 'unchecked', dueAt: null });
  expect((await page()).stills).toHaveLength(1);
  // Taken of the camera that was there before.
  expect((await admin.call('POST', at(`stills/${waiting}/approve`), word)).json().code).toBe(
    'camera.still_gone',
  );
  await onboard();

  const { counterIds } = await listed();
  await saved({ counterIds: [] });
  expect((await page()).standing.state).toBe('unchecked');
  await saved({ counterIds });
  await onboard();

  const rows = async () => (await admin.call('GET', at('map'))).json().rows;
  const [row] = await rows();
  const dated = { counterId: row.counterId, was: row.from, from: row.from - DAY, to: null };
  expect((await admin.call('PUT', at('map'), dated)).statusCode).toBe(204);
  // The same counter, since longer ago.
  expect((await page()).standing.state).toBe('onboarded');
  const ended = { counterId: row.counterId, was: row.from - DAY, from: row.from - DAY, to: NOW };
  expect((await admin.call('PUT', at('map'), ended)).statusCode).toBe(204);
  expect((await page()).standing.state).toBe('unchecked');
});

test('who approves a still frame has opened it; without one for 14 days there is an alarm, unless it is switched off', async () => {
  const { cameras } = office.storage;
  const alarms = async () => (await page()).standing.alarms;
  const care = () => cameras.care({ at: office.clock.at });
  await care();
  office.clock.at += STILL_GRACE_MS - 1;
  admin = await office.login('quantri');
  expect([await care(), await alarms()]).toEqual([0, []]);
  office.clock.at += 1;
  expect([await care(), await alarms()]).toEqual([1, ['camera.still_overdue']]);

  await saved({ active: false });
  expect([await care(), await alarms()]).toEqual([0, []]);
  await saved({ active: true });
  await care();
  office.clock.at += STILL_GRACE_MS;
  admin = await office.login('quantri');
  expect([await care(), await alarms()]).toEqual([1, ['camera.still_overdue']]);

  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  const { id } = (await admin.call('POST', at('stills'))).json();
  const approve = () => admin.call('POST', at(`stills/${id}/approve`), word);
  expect((await approve()).json().code).toBe('camera.still_unseen');
  await admin.call('GET', at(`stills/${id}`));
  expect((await approve()).statusCode).toBe(204);
  expect([await care(), await alarms()]).toEqual([0, []]);
});

test('what a clock told that was ahead counts for nothing once it is set right, nor does what was approved then', async () => {
  const { cameras } = office.storage;
  const YEAR = 365 * DAY;
  await onboard();
  office.clock.at = NOW + YEAR;
  admin = await office.login('quantri');
  await onboard();
  await cameras.noteClock({ cameraId: camera, at: NOW + YEAR, offsetMs: -YEAR });
  expect((await page()).standing.alarms).toContain('camera.clock_off');
  office.clock.at = NOW + DAY;
  admin = await office.login('quantri');
  expect(await cameras.noteClock({ cameraId: camera, at: NOW + DAY, offsetMs: 100 })).toBe(true);
  expect((await page()).standing).toMatchObject({
    state: 'onboarded',
    dueAt: NOW + STILL_DUE_MS,
    alarms: [],
  });
  expect(await cameras.care({ at: NOW + DAY })).toBe(0);
});

test('a still frame that nobody approves goes after an hour; pictures go to administrators alone', async () => {
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  const { id } = (await admin.call('POST', at('stills'))).json();
  for (const who of ['thanhtra', 'truong'])
    expect((await (await office.login(who)).call('GET', at(`stills/${id}`))).statusCode).toBe(403);
  await office.storage.cameras.care({ at: NOW + 3_600_001 });
  expect((await admin.call('GET', at(`stills/${id}`))).statusCode).toBe(404);
});

test('the clock is charted, bounded, and alarms coarsely', async () => {
  const { cameras } = office.storage;
  const note = (when: number, offsetMs: number) =>
    cameras.noteClock({ cameraId: camera, at: when, offsetMs });
  expect(await note(NOW - 40 * DAY, -500)).toBe(false);
  expect(await note(NOW - 40 * DAY + 900_000, -9_000)).toBe(true);
  expect(await note(NOW - 40 * DAY + 1_800_000, -400)).toBe(true);
  await note(NOW - 500 * DAY, -700);
  await note(NOW, 2_400);
  expect((await page()).standing.alarms).toEqual(['camera.clock_off']);
  await note(NOW + 900_000, 100);
  expect((await page()).standing.alarms).toEqual([]);
  expect(await note(NOW + 900_000, 9_000)).toBe(false);
  await cameras.care({ at: NOW });
  expect((await page()).clock.map((each: { offsetMs: number }) => each.offsetMs)).toEqual([
    -9_000, 2_400, 100,
  ]);
});

test('a clock that was set ahead wipes no chart', async () => {
  const { cameras, hubClock } = office.storage;
  await cameras.noteClock({ cameraId: camera, at: NOW, offsetMs: 300 });
  const clock = { now: () => office.clock.now(), monotonic: () => (5 * DAY) as MonotonicMs };
  const aged = keepAge({ hubClock, clock, boot: 'b', ntp: () => null, report: () => undefined });
  const job = careForCameras(cameras, { hint: () => undefined }, aged);
  await job.run(0);
  office.clock.at = NOW + 401 * DAY;
  await job.run(0);
  office.clock.at = NOW;
  expect((await page()).clock).toEqual([{ at: NOW, offsetMs: 300 }]);
});

test('latency is read off a recorded picture of the hub’s clock and holds from then on', async () => {
  const RUN = 'a0000000-0000-4000-8000-000000000001';
  const [first, second] = [1, 2].map((n) => `a0000000-0000-4000-8000-00000000000${n + 1}`);
  const segment = (id: string | undefined, n: number) => ({
    kind: 'segment.closed',
    segment: {
      ...{ id, camera, run: RUN, file: `${n}.mp4`, mediaStartMs: n * 4_000, mediaEndMs: n * 4_000 + 4_000 },
      ...{ arrivalAt: NOW - 60_000 + n * 4_000, arrivalMonoMs: n, bytes: 9, sha256: 'ab'.repeat(32) },
      ...{ codec: 'h264', flags: [], initBytes: 5 },
    },
  });
  const mapping = { run: RUN, camera, version: 1, method: 'min-arrival' as const, offsetMs: NOW - 64_000 };
  const facts = [
    { kind: 'run.mapped', mapping: { ...mapping, latencyMs: 2_000, boundMs: 300 } },
    segment(first, 0),
    segment(second, 1),
  ] as unknown as FootageFact[];
  await office.storage.footage.record({
    recorder: 'r',
    facts: facts.map((fact, i) => ({ cursor: i + 1, fact })),
  });
  expect((await admin.call('GET', at('frames'))).json()).toEqual({ measuring: null, frames: [] });
  office.clock.at = NOW - 64_000;
  admin = await office.login('quantri');
  await admin.call('POST', at('measuring'), {});
  office.clock.at = NOW;
  expect((await admin.call('GET', at('frames'))).json()).toEqual({
    measuring: { until: NOW - 64_000 + 15 * 60_000, left: 6 },
    frames: [
      { segmentId: second, at: NOW - 60_000, boundMs: 300 },
      { segmentId: first, at: NOW - 64_000, boundMs: 300 },
    ],
  });
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  expect((await admin.call('POST', at(`frames/${second}`))).rawPayload).toEqual(JPEG);
  expect(office.recorder.asked.at(-1)).toEqual({ kind: 'file', file: '1.mp4' });
  expect((await actions())[0]).toBe('camera.frame_opened');

  const measure = (shownAt: number) =>
    admin.call('POST', at('latency'), { segmentId: second, shownAt, errorMs: 60 });
  expect((await measure(NOW)).json().code).toBe('camera.latency_implausible');
  expect((await measure(NOW - 90_000)).json().code).toBe('camera.latency_implausible');
  const told = office.recorder.holds;
  expect((await measure(NOW - 60_640)).json().latency).toMatchObject({
    ...{ at: NOW, measuredMs: 640, latencyMs: 700, frameAt: NOW - 60_000, mappingVersion: 1 },
  });
  // What is held may end later by it.
  expect(office.recorder.holds).toBe(told + 1);
  const { configuredLatencyMs, latencies } = await page();
  expect([configuredLatencyMs, latencies.length]).toEqual([2_000, 1]);

  const material = await office.storage.footage.material({ cameraId: camera, from: NOW - 70_000, to: NOW });
  expect(placeSegments(material).map((each) => each.latencyMs)).toEqual([2_000, 2_000]);
  const later = { ...material, mappings: [{ ...mapping, latencyMs: 2_000, boundMs: 300, offsetMs: NOW }] };
  expect(placeSegments(later).map((each) => each.latencyMs)).toEqual([700, 700]);

  // Stored, it is over.
  expect((await admin.call('POST', at(`frames/${second}`))).json().code).toBe('camera.not_measuring');
});

test('pictures are opened to measure alone: own, from then on, a few, and the officer at the counter reads of each', async () => {
  const RUN = 'b0000000-0000-4000-8000-000000000000';
  const ids = Array.from({ length: 9 }, (_, n) => `b0000000-0000-4000-8000-00000000001${n}`);
  const facts = [
    {
      kind: 'run.mapped',
      mapping: {
        ...{ run: RUN, camera, version: 1, method: 'min-arrival', offsetMs: NOW },
        ...{ latencyMs: 2_000, boundMs: 300 },
      },
    },
    ...ids.map((id, n) => ({
      kind: 'segment.closed',
      segment: {
        ...{
          id,
          camera,
          run: RUN,
          file: `b${n}.mp4`,
          mediaStartMs: n * 4_000,
          mediaEndMs: n * 4_000 + 4_000,
        },
        ...{ arrivalAt: NOW + (n + 1) * 4_000, arrivalMonoMs: n, bytes: 9, sha256: 'ab'.repeat(32) },
        ...{ codec: 'h264', flags: [], initBytes: 5 },
      },
    })),
  ] as unknown as FootageFact[];
  const numbered = facts.map((fact, i) => ({ cursor: i + 1, fact }));
  await office.storage.footage.record({ recorder: 'measuring', facts: numbered });
  const db = new Database(join(office.data, 'hub.sqlite'));
  db.prepare(
    `INSERT INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, started_event)
     VALUES ('d1','d',?,?,'CB001','u',?,1)`,
  ).run(counter, officer, NOW - 1_000);
  db.close();
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  const open = (id: string | undefined, by = admin) => by.call('POST', at(`frames/${id}`));
  const code = async (id: string | undefined, by = admin) => (await open(id, by)).json().code;
  const watched = async () =>
    (await (await office.officer(counter, 'CB001')).call('GET', '/api/v1/station/watched')).json().views;

  office.clock.at = NOW + 60_000;
  const asked = office.recorder.asked.length;
  expect(await code(ids[3])).toBe('camera.not_measuring');
  // What was filmed before it began stays closed.
  office.clock.at = NOW + 8_000;
  expect((await admin.call('POST', at('measuring'), {})).statusCode).toBe(201);
  office.clock.at = NOW + 60_000;
  expect(await code(ids[1])).toBe('camera.not_measuring');
  expect(office.recorder.asked.length).toBe(asked);
  expect(await watched()).toEqual([]);
  for (const id of ids.slice(2, 8)) expect((await open(id)).statusCode).toBe(200);
  expect((await open(ids[2])).statusCode).toBe(200);
  expect(await code(ids[8])).toBe('camera.not_measuring');
  expect((await admin.call('GET', at('frames'))).json().measuring.left).toBe(0);
  const views = await watched();
  expect(views.length).toBe(6);
  expect(views[0]).toMatchObject({
    ...{ picture: 'measuring', viewer: 'Người quantri', caseNumber: null, caseType: null },
    ...{ counter: '1', camera: 'Quầy 1' },
    ...{ at: NOW + 60_000, from: NOW + 28_000, to: NOW + 28_000 },
  });
  // Over by itself; four in a day.
  for (const later of [16, 32, 48]) {
    office.clock.at = NOW + later * 60_000;
    admin = await office.login('quantri');
    expect(await code(ids[4])).toBe('camera.not_measuring');
    expect((await admin.call('POST', at('measuring'), {})).statusCode).toBe(201);
  }
  office.clock.at = NOW + 64 * 60_000;
  expect((await admin.call('POST', at('measuring'), {})).json().code).toBe('camera.measured_often');
});

test('still frames are a few an hour, and the officer on duty there reads who saw them', async () => {
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  const db = new Database(join(office.data, 'hub.sqlite'));
  db.prepare(
    `INSERT INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, started_event, ended_at)
     VALUES ('d1','d',?,?,'CB001','u',?,1,?)`,
  ).run(counter, officer, NOW - 3_600_000, NOW + 2 * 3_600_000);
  await saveUser(office.admin, {
    ...{ id: null, actor: 'test' },
    value: {
      username: 'quantri2',
      name: 'Người quantri2',
      roles: ['admin'],
      active: true,
      password: PASSWORD,
    },
  });
  const watched = async () =>
    (await (await office.officer(counter, 'CB001')).call('GET', '/api/v1/station/watched')).json().views;
  const take = () => admin.call('POST', at('stills'));
  const code = async () => (await take()).json().code;
  const asked = () => office.recorder.asked.length;
  let last = '';
  for (let n = 0; n < 6; n += 1) {
    office.clock.at += 60_000;
    last = (await take()).json().id;
  }
  const before = asked();
  expect(await code()).toBe('camera.stills_often');
  // The camera was not asked for it.
  expect(asked()).toBe(before);
  // Whoever had it taken saw it then; another person sees it when they look, once.
  const other = await office.login('quantri2');
  office.clock.at += 60_000;
  for (const who of [admin, other, other])
    expect((await who.call('GET', at(`stills/${last}`))).rawPayload).toEqual(JPEG);
  const views = await watched();
  expect(views).toHaveLength(7);
  expect(views[0]).toMatchObject({
    ...{ picture: 'still', viewer: 'Người quantri2', caseNumber: null, caseType: null, counter: '1' },
    ...{ at: NOW + 7 * 60_000, from: NOW + 6 * 60_000, to: NOW + 6 * 60_000 },
  });
  expect(views.slice(1).map((each: { viewer: string }) => each.viewer)).toEqual(
    Array(6).fill('Người quantri'),
  );
  // Another person has their own; approved, the camera counts among those that need none.
  const theirs = (await other.call('POST', at('stills'))).json().id;
  expect((await other.call('POST', at(`stills/${theirs}/approve`), word)).json().code).toBe(
    'camera.still_unseen',
  );
  await other.call('GET', at(`stills/${theirs}`));
  expect((await other.call('POST', at(`stills/${theirs}/approve`), word)).statusCode).toBe(204);
  for (let n = 0; n < 6; n += 1) expect((await take()).statusCode).toBe(201);
  expect(await code()).toBe('camera.stills_often');
  office.clock.at += 3_600_001;
  admin = await office.login('quantri');
  expect((await take()).statusCode).toBe(201);
  // What was taken while the machine's clock stood ahead is of no hour of now.
  const now = office.clock.at;
  office.clock.at += 30 * 86_400_000;
  admin = await office.login('quantri');
  for (let n = 0; n < 6; n += 1) expect((await take()).statusCode).toBe(201);
  expect(await code()).toBe('camera.stills_often');
  office.clock.at = now + 1;
  admin = await office.login('quantri');
  expect((await take()).statusCode).toBe(201);
  // Nobody was on duty.
  db.prepare('UPDATE duty SET ended_at = ?').run(NOW);
  expect(await watched()).toEqual([]);
  db.close();
});

test('who looks at a still frame stands in the log, and without that row no picture leaves', async () => {
  office.recorder.picture = { ok: true, jpeg: JPEG.toString('base64') };
  const { id } = (await admin.call('POST', at('stills'))).json();
  const looked = await admin.call('GET', at(`stills/${id}`));
  expect(looked.rawPayload).toEqual(JPEG);
  expect((await office.storage.access.audit({ before: null, limit: 1 }))[0]).toMatchObject({
    ...{ actor: 'user:quantri', action: 'camera.still_seen', object: `camera:${camera}` },
  });
  await withoutLog(office, async () => {
    const refused = await admin.call('GET', at(`stills/${id}`));
    expect(refused.statusCode).toBe(500);
    expect(refused.rawPayload.includes(JPEG)).toBe(false);
  });
});

test('cameras that announce themselves are listed, with those that are here already marked', async () => {
  office.recorder.found = null;
  expect((await admin.call('POST', '/api/v1/admin/cameras/discover')).json().code).toBe(
    'footage.recorder_away',
  );
  const found = [
    { address: 'http://192.0.2.10:80/onvif/device_service', name: 'Quầy <b>1</b>' },
    { address: 'http://192.0.2.11:80/onvif/device_service', name: '' },
  ];
  office.recorder.found = { found, code: null };
  expect((await admin.call('POST', '/api/v1/admin/cameras/discover')).json().found).toEqual([
    { ...found[0], known: true },
    { ...found[1], known: false },
  ]);
});

test('the hub’s clock is there for whoever films it', async () => {
  const answer = await office.app.inject({ method: 'GET', url: '/api/v1/clock' });
  expect([answer.json(), answer.headers['cache-control']]).toEqual([{ at: NOW }, 'no-store']);
});
