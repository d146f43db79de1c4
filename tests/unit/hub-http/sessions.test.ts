/** Logins: cookies, equal answers, throttles by a clock of our own, idle and absolute ends, the first administrator. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHasher } from '../../../hub-server/src/adapters/password-hasher.ts';
import { countAttempt, THROTTLE_RULES } from '../../../hub-server/src/domain/access/throttle.ts';
import { Caller, type Office, openOffice, PASSWORD } from './office.ts';

let office: Office;
const MINUTE = 60_000;

describe('web sessions', () => {
  beforeAll(async () => {
    office = await openOffice();
    await office.seed();
  });
  afterAll(() => office.close());
  /** Throttles of the test before have passed. */
  beforeEach(() => {
    office.clock.at += 60 * MINUTE;
  });

  it('sets a host-bound cookie and answers without the secret', async () => {
    const caller = new Caller(office.app);
    const answer = await caller.call('POST', '/api/v1/session', { username: 'QuanTri ', password: PASSWORD });
    const [cookie] = answer.cookies;
    expect(cookie).toMatchObject({
      name: '__Host-hailong',
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'Strict',
    });
    expect(cookie!['domain' as keyof typeof cookie]).toBeUndefined();
    expect(answer.body).not.toContain(cookie!.value);
    expect(answer.json().user).toMatchObject({ username: 'quantri', roles: ['admin'] });
    expect((await caller.call('GET', '/api/v1/session')).json().csrfToken).toBe(answer.json().csrfToken);
  });

  it('answers an unknown name, a wrong password and a closed account alike', async () => {
    const admin = await office.login('quantri');
    const { items } = (await admin.call('GET', '/api/v1/admin/users')).json();
    const closed = items.find((each: { username: string }) => each.username === 'truong');
    const head = await office.login('truong');
    await admin.call('PUT', `/api/v1/admin/users/${closed.id}`, { ...closed, id: undefined, active: false });
    expect((await head.call('GET', '/api/v1/session')).statusCode).toBe(401);
    const bodies = new Set<string>();
    for (const [username, password] of [
      ['khong-co', PASSWORD],
      ['thanhtra', 'sai'],
      ['truong', PASSWORD],
    ]) {
      const answer = await new Caller(office.app).call('POST', '/api/v1/session', { username, password });
      bodies.add(`${answer.statusCode} ${answer.body}`);
    }
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).toContain('access.wrong_login');
    await admin.call('PUT', `/api/v1/admin/users/${closed.id}`, { ...closed, id: undefined, active: true });
  });

  it('waits after five wrong attempts, for unknown names too, and opens again by itself', async () => {
    for (const username of ['thanhtra', 'khong-co']) {
      const attempt = (password: string) =>
        new Caller(office.app).call('POST', '/api/v1/session', { username, password });
      for (let n = 0; n < 5; n += 1) expect((await attempt('sai')).statusCode).toBe(401);
      expect((await attempt(PASSWORD)).statusCode).toBe(429);
    }
    office.clock.at += 5 * MINUTE;
    await office.login('thanhtra');
  });

  it('counts attempts that run side by side', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        new Caller(office.app).call('POST', '/api/v1/session', { username: 'truong', password: 'sai' }),
      ),
    );
    expect(answers.filter((each) => each.statusCode === 401)).toHaveLength(5);
    expect(answers.filter((each) => each.statusCode === 429)).toHaveLength(15);
  });

  it('ends when idle, and at the latest after its day', async () => {
    const idle = await office.login('truong');
    office.clock.at += 29 * MINUTE;
    expect((await idle.call('GET', '/api/v1/dashboard')).statusCode).toBe(200);
    office.clock.at += 29 * MINUTE;
    expect((await idle.call('GET', '/api/v1/dashboard')).statusCode).toBe(200);
    office.clock.at += 31 * MINUTE;
    expect((await idle.call('GET', '/api/v1/dashboard')).statusCode).toBe(401);
    const long = await office.login('truong');
    for (let n = 0; n < 28; n += 1) {
      office.clock.at += 25 * MINUTE;
      await long.call('GET', '/api/v1/dashboard');
    }
    office.clock.at += 25 * MINUTE;
    expect((await long.call('GET', '/api/v1/dashboard')).statusCode).toBe(401);
  });

  it('a page asking whether it is logged in does not stay logged in by asking', async () => {
    const head = await office.login('truong');
    for (let n = 0; n < 3; n += 1) {
      office.clock.at += 14 * MINUTE;
      await head.call('GET', '/api/v1/session');
    }
    expect((await head.call('GET', '/api/v1/session')).statusCode).toBe(401);
  });

  it('keeps one administrator', async () => {
    const admin = await office.login('quantri');
    const { items } = (await admin.call('GET', '/api/v1/admin/users')).json();
    const self = items.find((each: { username: string }) => each.username === 'quantri');
    for (const change of [{ active: false }, { roles: ['head'] }]) {
      const answer = await admin.call('PUT', `/api/v1/admin/users/${self.id}`, { ...self, ...change });
      expect(answer.json().code).toBe('access.last_admin');
    }
  });
});

describe('first set-up', () => {
  beforeEach(async () => {
    office = await openOffice();
  });
  afterEach(() => office.close());
  const request = {
    token: 'tok-0123456789',
    username: 'AnhHai',
    name: 'Anh Hai',
    password: 'mat-khau-that-dai',
    office: { name: 'BPMC xã Thử', place: '', phone: '', retentionDays: 20 },
  };
  it('makes one administrator with the printed token, once', async () => {
    office.setSetupToken(request.token);
    const caller = new Caller(office.app);
    expect((await caller.call('GET', '/api/v1/setup')).json()).toEqual({ needed: true });
    const wrong = await caller.call('POST', '/api/v1/setup', { ...request, token: 'tok-9876543210' });
    expect(wrong.statusCode).toBe(403);
    const made = await caller.call('POST', '/api/v1/setup', request);
    expect(made.json()).toMatchObject({
      user: { username: 'anhhai', roles: ['admin'] },
      office: request.office,
    });
    expect((await caller.call('GET', '/api/v1/admin/office')).json()).toEqual({
      ...request.office,
      privateUrl: null,
    });
    const again = await new Caller(office.app).call('POST', '/api/v1/setup', request);
    expect(again.json().code).toBe('setup.done');
  });
  it('is shut without a token', async () => {
    expect((await new Caller(office.app).call('POST', '/api/v1/setup', request)).statusCode).toBe(403);
  });
});

describe('throttle', () => {
  const rule = THROTTLE_RULES.name;
  it('a refused attempt does not lengthen the wait', () => {
    let state = null as Parameters<typeof countAttempt>[0];
    for (let n = 0; n < rule.attempts; n += 1) state = countAttempt(state, rule, 0).next;
    const refused = countAttempt(state, rule, rule.blockMs - 1);
    expect(refused).toEqual({ admitted: false, next: state });
    expect(countAttempt(refused.next, rule, rule.blockMs).admitted).toBe(true);
  });
  it('forgets a window that passed, and a clock that went back', () => {
    const held = { attempts: 4, windowFrom: 1_000_000, blockedUntil: 0 };
    expect(countAttempt(held, rule, 1_000_000 + rule.windowMs).next.attempts).toBe(1);
    expect(countAttempt(held, rule, 10).next.attempts).toBe(1);
  });
});

describe('hash queue', () => {
  const light = { N: 2 ** 10, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
  it('verifies what it hashed, and nothing else', async () => {
    const hasher = createHasher(light);
    const stored = await hasher.hash('bí mật');
    expect(await hasher.verify('bí mật'.normalize('NFD'), stored)).toBe(true);
    expect(await hasher.verify('bi mat', stored)).toBe(false);
    expect(await hasher.verify('bí mật', null)).toBe(false);
    expect(await hasher.verify('bí mật', 'rubbish')).toBe(false);
  });
  it('refuses more than its bound and works on', async () => {
    const hasher = createHasher(light, 3);
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.verify('x', null)));
    expect(all.filter((each) => each.status === 'rejected')).toHaveLength(3);
    expect(await hasher.verify('x', null)).toBe(false);
  });
});
