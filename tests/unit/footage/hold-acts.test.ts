/* A hold by hand and the end of any hold take two people; the list says whose it is, and of a denunciation not to everybody. */
import { randomUUID } from 'node:crypto';
import type { HoldAnswer, HoldList } from '@hailong/shared/protocol/holds.ts';
import type Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { momentOf } from '../../../hub-server/src/commands/hold.ts';
import { operate } from '../../../hub-server/src/commands/operate.ts';
import { type Caller, NOW, type Office, openOffice } from '../hub-http/office.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let db: Database.Database;
let [first, second, admin]: Caller[] = [];

beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  db = openWriter(office.data);
  db.exec(`UPDATE camera_counter SET from_at = ${NOW - 30 * DAY}`);
});
afterAll(async () => {
  db.close();
  await office.close();
});
beforeEach(async () => {
  office.clock.at = NOW;
  [first, second, admin] = await Promise.all(['thanhtra', 'thanhtra2', 'quantri'].map(office.login));
});

const add = (more: object = {}) => ({
  kind: 'hold-add',
  body: {
    ...{
      cameraId: seeded.cameraId,
      from: NOW - 2 * HOUR,
      to: NOW - HOUR,
      until: NOW + 60 * DAY,
      caseId: null,
    },
    ...more,
  },
  reason: 'Toà án yêu cầu giữ lại',
});
const HOLD_LIST = { verb: 'hold-list', kind: null, after: null } as const;
const ask = (caller: Caller | undefined, request: object) => caller!.call('POST', '/api/v1/acts', request);
const approve = (caller: Caller | undefined, id: string) =>
  caller!.call('POST', `/api/v1/acts/${id}/approve`, {});
const list = async (caller: Caller | undefined) =>
  ((await caller!.call('GET', '/api/v1/holds')).json() as { holds: HoldAnswer[] }).holds;
const told = async () => (await office.storage.holds.orders({ at: office.clock.at })).holds;
const until = async (days: number) => {
  office.clock.at += days * DAY;
  await office.storage.holds.lapse({ at: office.clock.at });
};

it('is placed and ended by two people, told to the recorder after each, and lapses at its date', async () => {
  expect((await ask(first, add({ until: NOW }))).json().code).toBe('hold.interval');
  expect((await ask(first, add({ to: NOW + 40 * DAY }))).json().code).toBe('hold.interval');
  expect((await ask(first, add({ cameraId: randomUUID() }))).json().code).toBe('reference.unknown');
  const act = (await ask(first, add())).json();
  // Nobody agrees to an id: what it is about stands there by its name.
  expect(act.about).toEqual({
    ...{ cameras: ['Quầy 1'], from: NOW - 2 * HOUR, to: NOW - HOUR, counter: null, officers: [] },
  });
  expect(await told()).toEqual([]);
  const before = office.recorder.holds;
  expect((await approve(first, act.id)).json().code).toBe('access.two_people');
  expect((await approve(admin, act.id)).statusCode).toBe(200);
  expect(office.recorder.holds).toBe(before + 1);
  // What the camera delays lies behind the interval.
  expect(await told()).toEqual([{ camera: seeded.cameraId, from: NOW - 2 * HOUR, to: NOW - HOUR + 2_000 }]);
  expect(await list(second)).toMatchObject([
    {
      ...{ id: act.id, kind: 'manual', state: 'living', owner: 'Người thanhtra, Người quantri', case: null },
      ...{ until: NOW + 60 * DAY, reason: 'Toà án yêu cầu giữ lại', cameras: [{ name: 'Quầy 1' }] },
    },
  ]);
  const end = { kind: 'hold-end', body: { hold: act.id }, reason: 'Toà án đã trả hồ sơ' };
  const ending = (await ask(second, end)).json();
  expect(ending.about).toMatchObject({ cameras: ['Quầy 1'], from: NOW - 2 * HOUR });
  expect((await approve(first, ending.id)).statusCode).toBe(200);
  expect(await told()).toEqual([]);
  expect((await list(first))[0]).toMatchObject({
    state: 'ended',
    endedBy: ['Người thanhtra2', 'Người thanhtra'],
  });
  expect((await ask(second, end)).statusCode).toBe(404);

  const another = (await ask(admin, add({ until: NOW + 2 * DAY }))).json();
  await approve(first, another.id);
  await until(3);
  expect(await told()).toEqual([]);
  const log = await office.storage.access.audit({ before: null, limit: 40 });
  expect(log.filter(({ action }) => action.startsWith('hold.')).map(({ action }) => action)).toEqual([
    ...['hold.lapsed', 'hold.placed', 'hold.ended', 'hold.placed'],
  ]);
});

it('ends an automatic hold for good, and hides a denunciation’s from everybody but its assignee', async () => {
  const turn = '019aaaaa-0000-7000-8000-00000000c001';
  db.prepare(
    `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, stage, queue_number, opened_at, opened_event,
       opened_bound, finished_at, finished_bound, month) VALUES (?,?,?,'CB','reception','A011',?,1,50,?,50,'2026-11')`,
  ).run(turn, seeded.counters[0], seeded.officers[0], NOW - HOUR, NOW - HOUR / 2);
  const { id: assignee } = (await office.storage.access.users()).find(
    ({ username }) => username === 'thanhtra',
  )!;
  const id = randomUUID();
  db.prepare(
    `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
       disputed, opened_at) VALUES (?,'TC-2026-0001','denunciation','x','x',?,?,'An','open',0,?)`,
  ).run(id, turn, assignee, NOW);
  const keep = () => office.storage.holds.keep({ at: office.clock.at });
  await keep();
  const of = async (caller: Caller | undefined) =>
    (await list(caller)).find((each) => each.id === `case:${id}`);
  expect(await of(first)).toMatchObject({
    secret: false,
    owner: 'An',
    case: { number: 'TC-2026-0001' },
    transactionId: turn,
  });
  for (const other of [second, admin])
    expect(await of(other)).toMatchObject({
      secret: true,
      owner: null,
      case: null,
      transactionId: null,
      until: null,
      cameras: [],
      from: null,
      to: null,
    });
  // Whoever asks for its end would read what it is about.
  for (const other of [second, admin])
    expect(
      (await ask(other, { kind: 'hold-end', body: { hold: `case:${id}` }, reason: 'Đầy ổ đĩa rồi' })).json()
        .code,
    ).toBe('access.refused');
  const ending = await ask(first, {
    kind: 'hold-end',
    body: { hold: `case:${id}` },
    reason: 'Không còn cần nữa',
  });
  expect((await approve(admin, ending.json().id)).statusCode).toBe(403);
  expect((await approve(second, ending.json().id)).statusCode).toBe(200);
  await keep();
  expect((await of(first))?.state).toBe('ended');
  // The clock was set back since: what lapsed in a year to come lives again.
  expect((await told()).filter(({ from }) => from !== NOW - 2 * HOUR)).toEqual([]);
});

/** Made by its person in a session of their own: one by the hub's shell would be nobody's word. */
const tokenOf = async (user: string, scopes: readonly string[]): Promise<string> => {
  const own = await office.login(user);
  return (await own.call('POST', '/api/v1/tokens', { name: 'dòng lệnh', scopes, days: 1 })).json().token;
};

it('is asked for and listed by token, in Vietnam’s time', async () => {
  const of = (user: string, scope: 'hold' | 'acts') => tokenOf(user, [scope]);
  expect(momentOf('from', '2026-11-20T08:30')).toBe(Date.UTC(2026, 10, 20, 1, 30));
  expect(momentOf('from', '2026-11-20T08:30:00+07:00')).toBe(Date.UTC(2026, 10, 20, 1, 30));
  expect(momentOf('until', '2026-11-20')).toBe(Date.UTC(2026, 10, 20, 17));
  for (const bad of ['20/11/2026', '2026-02-30', '1', 'now']) expect(() => momentOf('to', bad)).toThrow();
  const [asked] = await operate(office.admin, null, office.footage, {
    ...{ verb: 'hold-add', camera: 'Quầy 1', from: (NOW - HOUR) as never, to: NOW as never },
    ...{
      until: (NOW + DAY) as never,
      case: null,
      reason: 'Theo công văn 12',
      token: await of('thanhtra', 'hold'),
    },
  });
  expect(asked).toMatchObject({ event: 'act', state: 'pending', kind: 'hold-add' });
  // A head makes none; one that the hub's shell made has its person's rights and no more.
  const [given] = await operate(office.admin, null, office.footage, {
    ...{ verb: 'token-issue', user: 'truong', name: 'dòng lệnh', scopes: ['hold'], days: 1 },
  });
  await expect(
    operate(office.admin, null, office.footage, { ...HOLD_LIST, token: String(given?.['token']) }),
  ).rejects.toMatchObject({ code: 'access.refused' });
  const done = await operate(office.admin, null, office.footage, {
    ...{ verb: 'act-approve', id: String(asked?.['id']), token: await of('quantri', 'acts') },
  });
  expect(done[0]).toMatchObject({ state: 'approved' });
  const lines = await operate(office.admin, null, office.footage, {
    ...HOLD_LIST,
    token: await of('quantri', 'hold'),
  });
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'hold', id: asked?.['id'], state: 'living' }),
  );
  const [waiting] = await operate(office.admin, null, office.footage, {
    ...{
      verb: 'counter-reported',
      counter: '1',
      upTo: null,
      reason: 'Thiết bị đã hỏng hẳn',
      token: await of('thanhtra', 'hold'),
    },
  });
  await operate(office.admin, null, office.footage, {
    ...{ verb: 'act-approve', id: String(waiting?.['id']), token: await of('thanhtra2', 'acts') },
  });
  expect(db.prepare('SELECT counter_id, up_to FROM counter_reported').all()).toEqual([
    { counter_id: seeded.counters[0], up_to: NOW },
  ]);
});

it('is for an own case by its number, on the page and by command; for anybody else there is no such case', async () => {
  const user = (await office.storage.access.users()).find(({ username }) => username === 'thanhtra')!;
  const id = randomUUID();
  db.prepare(
    `INSERT INTO case_file (id, number, type, document_number, purpose, transaction_id, assignee_id, assignee_name, status,
       disputed, opened_at) VALUES (?,'KN-2026-0044','complaint','x','x','',?,'Người thanhtra','open',0,?)`,
  ).run(id, user.id, NOW);
  expect((await ask(second, add({ caseId: id }))).json().code).toBe('reference.unknown');
  expect((await ask(second, add({ caseId: randomUUID() }))).json().code).toBe('reference.unknown');
  const token = (username: string) => tokenOf(username, ['hold', 'acts']);
  const asked = {
    verb: 'hold-add' as const,
    ...{ camera: 'Quầy 1', from: (NOW - HOUR) as never, to: NOW as never },
    ...{ until: (NOW + DAY) as never, case: ' kn-2026-0044', reason: 'Theo công văn 12' },
  };
  await expect(
    operate(office.admin, null, office.footage, { ...asked, token: await token('thanhtra2') }),
  ).rejects.toMatchObject({ code: 'request.not_found' });
  const [act] = await operate(office.admin, null, office.footage, {
    ...asked,
    token: await token('thanhtra'),
  });
  expect(act).toMatchObject({ object: 'case:KN-2026-0044', body: { caseId: id } });
  expect((await approve(second, String(act?.['id']))).statusCode).toBe(200);
  expect((await list(admin)).find((each) => each.id === act?.['id'])).toMatchObject({
    ...{ case: { id, number: 'KN-2026-0044' }, owner: 'Người thanhtra, Người thanhtra2', until: NOW + DAY },
  });
});

it('lists every hold there is, a page at a time: what two people decided first, however many ratings came later', async () => {
  const add = db.prepare(
    `INSERT INTO footage_hold (id, request, kind, subject, camera_id, from_at, to_at, asked_by, asked_at, until, ended_at)
     VALUES (?,?,?,?,?,1,2,'hub',?,?,?)`,
  );
  const one = (id: string, kind: string, askedAt: number, endedAt: number | null = null) =>
    add.run(`${id}/k`, id, kind, null, seeded.cameraId, askedAt, NOW + DAY, endedAt);
  db.exec('DELETE FROM footage_hold');
  db.transaction(() => {
    for (let n = 0; n < 2_500; n += 1) one(`rating:${n}`, 'rating', NOW - (n % 7));
  })();
  one('court', 'manual', NOW - 700 * DAY);
  one('gone', 'manual', NOW, NOW - DAY);
  one('long gone', 'manual', NOW, NOW - 31 * DAY);
  const page = async (query: string) =>
    (await first!.call('GET', `/api/v1/holds${query}`)).json() as HoldList;
  const seen: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { holds, count, next }: HoldList = await page(
      after === '' ? '' : `?after=${encodeURIComponent(after)}`,
    );
    expect(count).toEqual({ living: 2_501, ended: 1 });
    seen.push(...holds.map(({ id }) => id));
    after = next;
  }
  expect([seen[0], seen.at(-1), seen.length, new Set(seen).size]).toEqual(['court', 'gone', 2_502, 2_502]);
  const { holds, count, next } = await page('?kind=manual');
  expect([holds.map(({ id }) => id), count, next]).toEqual([
    ['court', 'gone'],
    { living: 1, ended: 1 },
    null,
  ]);
  for (const bad of ['?kind=x', '?after=x'])
    expect((await first!.call('GET', `/api/v1/holds${bad}`)).statusCode).toBe(400);
});
