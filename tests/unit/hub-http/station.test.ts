/** A station: enrolment, the officer's PIN, next and finish, the pushed state. No level ever goes there. */
import { randomUUID } from 'node:crypto';
import type { TransactionId } from '@hailong/shared/ids.ts';
import { readNextCode } from '@hailong/shared/model/next-code.ts';
import type { TransactionAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { issueEnrolCode } from '../../../hub-server/src/application/kiosks/enrol.ts';
import { Caller, NOW, type Office, openOffice, PIN } from './office.ts';

let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
const MINUTE = 60_000;
beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
});
afterAll(() => office.close());
/** Throttles of the test before have passed, and nobody is on duty. */
beforeEach(() => {
  office.clock.at += 60 * MINUTE;
  office.core.views.clear();
});

const served = (counter: 0 | 1): TransactionAnswer => ({
  transactionId: randomUUID() as TransactionId,
  counter: { id: seeded.counters[counter], number: String(counter + 1), name: 'Quầy' },
  officer: { id: seeded.officers[0], code: 'CB001', name: 'Trần Thị Lan' },
  procedure: null,
  stage: 'reception',
  dossierCodes: ['H21.27-261120-0043'],
  queueNumber: 'A012',
  openedAt: NOW as UtcMs,
  finishedAt: null,
  outcome: null,
  prompt: null,
  state: 'serving',
});

describe('enrolment', () => {
  it('takes a code once, in any spelling, within ten minutes', async () => {
    const issue = () =>
      issueEnrolCode(office.admin, { counterId: seeded.counters[0], kind: 'station', actor: 'test' });
    const { code } = await issue();
    const caller = new Caller(office.app);
    const typed = code.toLowerCase().replaceAll('-', ' ');
    const answer = await caller.call('POST', '/api/v1/station/enrol', { code: typed });
    expect(answer.json()).toMatchObject({
      enrolled: true,
      counter: { number: '1' },
      officer: null,
      duty: null,
    });
    expect(answer.cookies[0]).toMatchObject({
      name: '__Host-hailong-station',
      httpOnly: true,
      sameSite: 'Strict',
    });
    const again = await new Caller(office.app).call('POST', '/api/v1/station/enrol', { code });
    expect([again.statusCode, again.json().code]).toEqual([403, 'enrol.code_unknown']);
    const late = await issue();
    office.clock.at += 10 * MINUTE;
    expect(
      (await new Caller(office.app).call('POST', '/api/v1/station/enrol', { code: late.code })).statusCode,
    ).toBe(403);
  });
  it('a kiosk’s code enrols no station; guessing is throttled', async () => {
    const { code } = await issueEnrolCode(office.admin, {
      counterId: seeded.counters[0],
      kind: 'kiosk',
      actor: 'test',
    });
    const caller = new Caller(office.app);
    expect((await caller.call('POST', '/api/v1/station/enrol', { code })).statusCode).toBe(403);
    let last = 0;
    for (let n = 0; n < 40; n += 1)
      last = (await caller.call('POST', '/api/v1/station/enrol', { code: `WRONG-${n}-0000` })).statusCode;
    expect(last).toBe(429);
  });
  it('an unknown browser sees only that it is not enrolled', async () => {
    const answer = await new Caller(office.app).call('GET', '/api/v1/station');
    expect(answer.json()).toMatchObject({ enrolled: false, counter: null, csrfToken: '', procedures: [] });
  });
  it('revoking ends station and login at once', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const admin = await office.login('quantri');
    const { items } = (await admin.call('GET', '/api/v1/admin/devices')).json();
    const station = items.findLast((each: { kind: string }) => each.kind === 'station');
    expect((await admin.call('POST', `/api/v1/admin/devices/${station.id}/revoke`)).statusCode).toBe(200);
    expect((await officer.call('GET', '/api/v1/station')).json().enrolled).toBe(false);
    expect((await officer.call('POST', '/api/v1/station/next', {})).statusCode).toBe(401);
    expect((await admin.call('POST', `/api/v1/admin/devices/${station.id}/revoke`)).statusCode).toBe(404);
  });
});

describe('login', () => {
  it('starts the duty and shows the officer', async () => {
    const officer = await office.officer(seeded.counters[0], 'cb001 ');
    expect(office.core.told.at(-1)).toMatchObject({
      verb: 'startDuty',
      input: { counterId: seeded.counters[0], profile: { code: 'CB001', unitName: 'Bộ phận Một cửa' } },
    });
    const shown = (await officer.call('GET', '/api/v1/station')).json();
    expect(shown).toMatchObject({ officer: { name: 'Trần Thị Lan' }, duty: { state: 'started' } });
    expect(shown.procedures).toHaveLength(1);
    expect((await officer.call('DELETE', '/api/v1/station/login')).json()).toMatchObject({
      officer: null,
      duty: null,
    });
    expect(office.core.told.at(-1)).toMatchObject({ verb: 'endDuty' });
    expect((await officer.call('POST', '/api/v1/station/next', {})).statusCode).toBe(403);
  });
  it('answers a wrong PIN and an unknown code alike, and waits after five', async () => {
    const station = await office.station(seeded.counters[0]);
    const attempt = (staffCode: string, pin: string) =>
      station.call('POST', '/api/v1/station/login', { staffCode, pin });
    const wrong = await attempt('CB001', '0000');
    const unknown = await attempt('CB999', PIN);
    expect([wrong.statusCode, wrong.body]).toEqual([unknown.statusCode, unknown.body]);
    expect(wrong.json().code).toBe('access.wrong_pin');
    for (let n = 0; n < 4; n += 1) await attempt('CB001', '0000');
    expect((await attempt('CB001', PIN)).statusCode).toBe(429);
    // The throttle is the officer's: another station of the office does not get round it, another officer may work.
    const other = await office.station(seeded.counters[1]);
    expect(
      (await other.call('POST', '/api/v1/station/login', { staffCode: 'CB001', pin: PIN })).statusCode,
    ).toBe(429);
    expect((await attempt('CB002', PIN)).statusCode).toBe(200);
    office.clock.at += 5 * MINUTE;
    expect((await attempt('CB001', PIN)).statusCode).toBe(200);
  });
  it('another officer taking the counter leaves the first login without its work', async () => {
    const first = await office.officer(seeded.counters[0], 'CB001');
    await office.officer(seeded.counters[0], 'CB002');
    expect((await first.call('GET', '/api/v1/station')).json()).toMatchObject({
      officer: { code: 'CB001' },
      duty: null,
      transaction: null,
    });
  });
  it('a deactivated officer is out', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const admin = await office.login('quantri');
    const { unitId } = seeded;
    const change = { code: 'CB001', name: 'Trần Thị Lan', position: 'x', unitId, active: false };
    await admin.call('PUT', `/api/v1/admin/officers/${seeded.officers[0]}`, change);
    expect(office.core.told.at(-1)).toEqual({ verb: 'officerChanged', input: seeded.officers[0] });
    expect((await officer.call('GET', '/api/v1/station')).json().officer).toBeNull();
    await admin.call('PUT', `/api/v1/admin/officers/${seeded.officers[0]}`, { ...change, active: true });
  });
});

describe('a locked station', () => {
  const known = ['officer', 'duty', 'transaction', 'lastRefusal', 'lastClosed'] as const;
  const silent = (shown: Record<string, unknown>) => {
    for (const part of known) expect(shown[part]).toBeNull();
    expect([shown['pending'], shown['procedures'], shown['reasons']]).toEqual([[], [], []]);
    expect(shown).toMatchObject({
      enrolled: true,
      counter: { number: '1' },
      today: { served: 0, prompted: 0 },
    });
  };

  it('learns counter and device only, and does nothing, until the PIN of the same officer', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const own = served(0);
    office.core.transactions.set(own.transactionId, own);
    const locked = await officer.call('POST', '/api/v1/station/lock');
    expect(locked.statusCode).toBe(200);
    silent(locked.json());
    expect(locked.json().locked).toBe(true);
    silent((await officer.call('GET', '/api/v1/station')).json());
    const told = office.core.told.length;
    for (const [method, path, body] of [
      ['POST', '/api/v1/station/next', {}],
      ['POST', '/api/v1/station/finish', { transactionId: own.transactionId, outcome: 'completed' }],
      ['POST', '/api/v1/station/lock', undefined],
      ['POST', '/api/v1/station/lunch', undefined],
      ['DELETE', '/api/v1/station/login', undefined],
      ['GET', '/api/v1/station/totals', undefined],
      ['GET', `/api/v1/transactions/${own.transactionId}`, undefined],
    ] as const)
      expect([path, (await officer.call(method, path, body)).statusCode]).toEqual([path, 403]);
    expect(office.core.told).toHaveLength(told);
    const wrong = await officer.call('POST', '/api/v1/station/unlock', { pin: '0000' });
    expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'access.wrong_pin']);
    silent((await officer.call('GET', '/api/v1/station')).json());
    const back = await officer.call('POST', '/api/v1/station/unlock', { pin: PIN });
    expect(back.json()).toMatchObject({
      locked: false,
      officer: { code: 'CB001' },
      duty: { state: 'started' },
    });
    // The duty went on: neither a pause nor its end was asked for.
    expect(office.core.told).toHaveLength(told);
    expect((await officer.call('POST', '/api/v1/station/next', {})).statusCode).toBe(202);
    expect((await officer.call('POST', '/api/v1/station/unlock', { pin: PIN })).statusCode).toBe(403);
  });
  it('shares the throttle of logins: five wrong PINs shut out login and unlock alike', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB002');
    await officer.call('POST', '/api/v1/station/lock');
    for (let n = 0; n < 5; n += 1) await officer.call('POST', '/api/v1/station/unlock', { pin: '0000' });
    const answers = [
      await officer.call('POST', '/api/v1/station/unlock', { pin: PIN }),
      await officer.call('POST', '/api/v1/station/login', { staffCode: 'CB002', pin: PIN }),
    ];
    expect(answers.map((each) => each.statusCode)).toEqual([429, 429]);
    office.clock.at += 5 * MINUTE;
    expect((await officer.call('POST', '/api/v1/station/unlock', { pin: PIN })).statusCode).toBe(200);
  });
  it('ends the socket that spoke for the officer, and one that was opened while it was locked', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const open = async () => {
      const socket = await office.app.injectWS('/api/v1/station/live', { headers: officer.headers() });
      const heard: { officer: unknown; locked: boolean }[] = [];
      const ended = new Promise<number>((resolve) => socket.on('close', resolve));
      socket.on('message', (data) => heard.push(JSON.parse(String(data)).station));
      await expect.poll(() => heard.length).toBeGreaterThan(0);
      return { heard, ended };
    };
    const awake = await open();
    await officer.call('POST', '/api/v1/station/lock');
    expect(await awake.ended).toBe(4401);
    expect(awake.heard.every((each) => !each.locked)).toBe(true);
    const resting = await open();
    expect(resting.heard).toMatchObject([{ locked: true, officer: null }]);
    await officer.call('POST', '/api/v1/station/unlock', { pin: PIN });
    expect(await resting.ended).toBe(4401);
  });
  it('lunch pauses the duty and coming back resumes it; nobody is left at the desk', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const view = await office.core.counter(seeded.counters[0]);
    const waiting = { intentId: randomUUID(), kind: 'transaction.open', transactionId: null, since: NOW };
    for (const busy of [{ transaction: served(0) }, { pending: [waiting] }]) {
      office.core.views.set(seeded.counters[0], { ...view, ...busy } as never);
      const answer = await officer.call('POST', '/api/v1/station/lunch');
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'intent.busy']);
      expect((await officer.call('GET', '/api/v1/station')).json().locked).toBe(false);
    }
    office.core.views.set(seeded.counters[0], view);
    expect((await officer.call('POST', '/api/v1/station/lunch')).json().locked).toBe(true);
    const dutyId = view.duty?.id;
    expect(office.core.told.at(-1)).toMatchObject({ verb: 'pauseDuty', input: { dutyId, reason: 'lunch' } });
    await officer.call('POST', '/api/v1/station/unlock', { pin: PIN });
    expect(office.core.told.at(-1)).toMatchObject({ verb: 'resumeDuty', input: { dutyId } });
  });
});

describe('hand-over', () => {
  const handOver = (caller: Caller) =>
    caller.call('POST', '/api/v1/station/login', { staffCode: 'CB002', pin: PIN });
  const who = async (caller: Caller) => (await caller.call('GET', '/api/v1/station')).json().officer?.code;
  /** The same browser before the answer came: what its old login may. */
  const still = (caller: Caller) => {
    const before = new Caller(office.app);
    for (const [name, value] of caller.cookies) before.cookies.set(name, value);
    before.csrf = caller.csrf;
    return before;
  };

  it('ends the first login only once the device has made the second duty a fact', async () => {
    const caller = await office.officer(seeded.counters[0], 'CB001');
    const before = still(caller);
    const answer = { state: 'pending' as 'pending' | 'accepted', code: null };
    office.core.dutyAnswer = answer;
    const asked = handOver(caller);
    await expect.poll(() => office.core.dutyIntents.size).toBeGreaterThan(1);
    const first = await before.call('GET', '/api/v1/station');
    // Its view is the counter's by now, its login lives.
    expect(first.json()).toMatchObject({ officer: { code: 'CB001' } });
    answer.state = 'accepted';
    const lastTold = () => {
      office.timers.pass(1_000);
      return office.core.told.at(-1)?.verb;
    };
    await expect.poll(lastTold).toBe('startDuty');
    const poll = setInterval(() => office.timers.pass(1_000), 5);
    expect((await asked).json()).toMatchObject({ officer: { code: 'CB002' } });
    clearInterval(poll);
    expect(await who(caller)).toBe('CB002');
    expect(await who(before)).toBeUndefined();
    office.core.dutyAnswer = { state: 'accepted', code: null };
  });
  it('leaves the first login when the device refuses, or somebody is at the desk', async () => {
    const caller = await office.officer(seeded.counters[0], 'CB001');
    office.core.dutyAnswer = { state: 'refused', code: 'kiosk.no_config' };
    expect((await handOver(caller)).json().code).toBe('kiosk.no_config');
    office.core.dutyAnswer = { state: 'expired', code: 'intent.expired' };
    expect((await handOver(caller)).json().code).toBe('intent.expired');
    office.core.dutyAnswer = { state: 'accepted', code: null };
    expect(await who(caller)).toBe('CB001');
    const view = await office.core.counter(seeded.counters[0]);
    office.core.views.set(seeded.counters[0], { ...view, transaction: served(0) });
    const told = office.core.told.length;
    expect((await handOver(caller)).json().code).toBe('intent.busy');
    expect(office.core.told).toHaveLength(told);
  });
  it('takes a locked station, too', async () => {
    const caller = await office.officer(seeded.counters[0], 'CB001');
    await caller.call('POST', '/api/v1/station/lock');
    expect((await handOver(caller)).json()).toMatchObject({ locked: false, officer: { code: 'CB002' } });
    expect(await who(caller)).toBe('CB002');
  });
});

describe('next and finish', () => {
  it.each([
    [undefined, [], null],
    ['  ', [], null],
    ['a012', [], 'A012'],
    ['5-12', [], '5-12'],
    ['h21.27-261120-0043', ['H21.27-261120-0043'], null],
    ['261120-0043', ['261120-0043'], null],
    ['000.00.16/2026', ['000.00.16/2026'], null],
  ])('%s', async (code, dossierCodes, queueNumber) => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const answer = await officer.call('POST', '/api/v1/station/next', { code });
    expect(answer.statusCode).toBe(202);
    expect(office.core.told.at(-1)?.input).toMatchObject({ dossierCodes, queueNumber, officerCode: 'CB001' });
  });
  it('refuses what is neither', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const answer = await officer.call('POST', '/api/v1/station/next', { code: 'mã gì đây?' });
    expect([answer.statusCode, answer.json().where[0].path]).toEqual([400, 'code']);
    expect(readNextCode('x'.repeat(60)).kind).toBe('invalid');
  });
  it('finishes only its own counter’s transaction', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const [own, other] = [served(0), served(1)];
    for (const each of [own, other]) office.core.transactions.set(each.transactionId, each);
    const finish = (transactionId: string) =>
      officer.call('POST', '/api/v1/station/finish', { transactionId, outcome: 'completed' });
    expect((await finish(own.transactionId)).statusCode).toBe(202);
    expect((await finish(other.transactionId)).json().code).toBe('intent.unknown_transaction');
    expect((await finish(randomUUID())).json().code).toBe('intent.unknown_transaction');
    expect((await officer.call('GET', `/api/v1/transactions/${other.transactionId}`)).statusCode).toBe(403);
  });
  it('ends whom it serves and calls the next by one key, in this order, and ends nobody for a bad code', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const own = served(0);
    office.core.transactions.set(own.transactionId, own);
    const finish = { transactionId: own.transactionId, outcome: 'no_show', reason: 'goi_ba_lan' };
    const told = office.core.told.length;
    const bad = await officer.call('POST', '/api/v1/station/next', { code: 'mã gì đây?', finish });
    expect([bad.statusCode, office.core.told.length]).toEqual([400, told]);
    const answer = await officer.call('POST', '/api/v1/station/next', { code: 'a013', finish });
    expect(answer.statusCode).toBe(202);
    const { intentId, finished } = answer.json();
    expect(finished).toMatchObject({ transactionId: own.transactionId });
    expect(new Set([intentId, finished.intentId]).size).toBe(2);
    expect(office.core.told.slice(told)).toMatchObject([
      { verb: 'finishTransaction', input: finish },
      { verb: 'openTransaction', input: { queueNumber: 'A013' } },
    ]);
    const theirs = { ...served(0), officer: { id: seeded.officers[1], code: 'CB002', name: 'Phạm Văn Nam' } };
    office.core.transactions.set(theirs.transactionId, theirs);
    const refused = await officer.call('POST', '/api/v1/station/next', {
      finish: { transactionId: theirs.transactionId, outcome: 'completed' },
    });
    expect([refused.statusCode, office.core.told.length]).toEqual([403, told + 2]);
  });
  it('names the reasons for outcomes that ask nobody', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const { reasons } = (await officer.call('GET', '/api/v1/station')).json();
    expect(reasons.filter((each: { outcome: string }) => each.outcome === 'no_show')[0]).toMatchObject({
      key: 'goi_ba_lan',
    });
    const key = new Caller(office.app, seeded.key.key);
    expect((await key.call('GET', '/api/v1/reasons')).json()).toEqual({ reasons });
  });
  it('decides nothing about a colleague’s transaction at the same counter', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const theirs = { ...served(0), officer: { id: seeded.officers[1], code: 'CB002', name: 'Phạm Văn Nam' } };
    office.core.transactions.set(theirs.transactionId, theirs);
    const { transactionId } = theirs;
    const told = office.core.told.length;
    const answers = [
      await officer.call('POST', '/api/v1/station/finish', { transactionId, outcome: 'no_show' }),
      await officer.call('POST', `/api/v1/transactions/${transactionId}/finish`, { outcome: 'no_show' }),
    ];
    expect(answers.map((each) => [each.statusCode, each.json().code])).toEqual([
      [403, 'access.refused'],
      [403, 'access.refused'],
    ]);
    expect(office.core.told).toHaveLength(told);
  });
});

describe('own totals', () => {
  it('are the blocks of this officer, newest first, and say nothing of what waits', async () => {
    const [lan, nam] = seeded.officers;
    const monday = Date.UTC(2026, 10, 15, 23, 0, 0);
    const db = new Database(databaseFile(office.data));
    const add = db.prepare(
      `INSERT INTO own_total_block (officer_id, from_cut, to_cut, minimum, l1, l2, l3, l4, l5)
       VALUES (?,?,?,5,?,0,0,0,?)`,
    );
    add.run(lan, null, monday - 7 * 86_400_000, 1, 4);
    add.run(nam, null, monday, 5, 1);
    add.run(lan, monday - 7 * 86_400_000, monday, 2, 9);
    db.close();
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const answer = await officer.call('GET', '/api/v1/station/totals');
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(answer.json()).toEqual({
      minimum: 5,
      nextAt: monday + 7 * 86_400_000,
      blocks: [
        {
          ...{ from: monday - 7 * 86_400_000, to: monday, n: 11 },
          levels: { 1: 2, 2: 0, 3: 0, 4: 0, 5: 9 },
        },
        {
          ...{ from: null, to: monday - 7 * 86_400_000, n: 5 },
          levels: { 1: 1, 2: 0, 3: 0, 4: 0, 5: 4 },
        },
      ],
    });
    const station = await office.station(seeded.counters[0]);
    expect((await station.call('GET', '/api/v1/station/totals')).statusCode).toBe(403);
    const head = await office.login('truong');
    expect((await head.call('GET', '/api/v1/station/totals')).statusCode).toBe(403);
  });
});

describe('live', () => {
  it('pushes what the station shows at every change, without a level, and ends with the login', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const socket = await office.app.injectWS('/api/v1/station/live', { headers: officer.headers() });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    office.core.changed(seeded.counters[0]);
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    const view = await office.core.counter(seeded.counters[0]);
    office.core.views.set(seeded.counters[0], { ...view, transaction: served(0) });
    office.core.changed(seeded.counters[1]);
    office.core.changed(seeded.counters[0]);
    await expect.poll(() => heard.at(-1)).toContain('H21.27-261120-0043');
    expect(JSON.parse(heard.at(-1)!)).toMatchObject({
      type: 'station',
      station: { transaction: { queueNumber: 'A012' } },
    });
    expect(heard.join()).not.toMatch(/"level|"overall|"effective|"vote/);
    // The same again is nothing: that a push comes would tell as much as what it says.
    const before = heard.length;
    for (let n = 0; n < 5; n += 1) office.core.changed(seeded.counters[0]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toHaveLength(before);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await officer.call('DELETE', '/api/v1/station/login');
    expect(await closed).toBe(4401);
  });
  it('pushes by the clock when a prompt is over, and by nothing before', async () => {
    const officer = await office.officer(seeded.counters[0], 'CB001');
    const socket = await office.app.injectWS('/api/v1/station/live', { headers: officer.headers() });
    const heard: string[] = [];
    socket.on('message', (data) => heard.push(String(data)));
    await expect.poll(() => heard.length).toBe(1);
    const rating = { ...served(0), state: 'rating' as const };
    const view = await office.core.counter(seeded.counters[0]);
    const until = office.clock.at + 33_000;
    office.core.views.set(seeded.counters[0], { ...view, transaction: rating, until });
    office.core.changed(seeded.counters[0]);
    await expect.poll(() => heard.length).toBe(2);
    await expect.poll(() => office.timers.count).toBe(1);
    // Nobody says that something changed: the time alone does.
    office.core.views.set(seeded.counters[0], { ...view, transaction: null, until: null });
    office.timers.pass(32_999);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toHaveLength(2);
    office.timers.pass(1);
    await expect.poll(() => heard.length).toBe(3);
    expect(JSON.parse(heard[2]!)).toMatchObject({ station: { transaction: null } });
    office.core.views.set(seeded.counters[0], { ...view, transaction: rating, until: until + 60_000 });
    office.core.changed(seeded.counters[0]);
    await expect.poll(() => office.timers.count).toBe(1);
    socket.terminate();
    await expect.poll(() => office.timers.count).toBe(0);
  });
});
