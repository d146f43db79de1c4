/** The real router × every kind of caller, from the one policy table. A row forgotten here cannot exist: it is walked. */
import { randomUUID } from 'node:crypto';
import type { TransactionId } from '@hailong/shared/ids.ts';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installGuard } from '../../../hub-server/src/adapters/http/guard.ts';
import { OPTIONAL, POLICY, type PolicyRow } from '../../../hub-server/src/adapters/http/policy.ts';
import type { WebParts } from '../../../hub-server/src/application/web-parts.ts';
import type { Who } from '../../../hub-server/src/domain/access/policy-law.ts';
import { Caller, type Office, ORIGIN, openOffice } from './office.ts';

let office: Office;
const callers = new Map<string, { caller: () => Promise<Caller>; is: readonly Who[] }>();

beforeAll(async () => {
  office = await openOffice();
  const { counters, key } = await office.seed();
  callers.set('anonymous', { caller: async () => new Caller(office.app), is: [] });
  callers.set('station', { caller: () => office.station(counters[0]), is: ['station'] });
  callers.set('officer', { caller: () => office.officer(counters[0], 'CB001'), is: ['officer', 'station'] });
  for (const [name, role] of [
    ['quantri', 'admin'],
    ['thanhtra', 'inspector'],
    ['truong', 'head'],
  ] as const)
    callers.set(role, { caller: () => office.login(name), is: [role] });
  callers.set('apiKey', { caller: async () => new Caller(office.app, key.key), is: ['apiKey'] });
});
afterAll(() => office.close());

const ACCESS = [
  'access.login_required',
  'access.refused',
  'access.csrf',
  'access.origin',
  'access.station_unknown',
];
const id = randomUUID();
const PARAMS: Record<string, string> = {
  ':sha256': 'a'.repeat(64),
  ':ticket': 'a'.repeat(43),
  ':file': `${id}.mp4`,
  ':list': 'units',
  ':id': id,
  '*': 'none.js',
};
const urlOf = (row: PolicyRow) => row.path.replace(/:\w+|\*/g, (name) => PARAMS[name] as string);
const walked = POLICY.filter((row) => !OPTIONAL.has(`${row.method} ${row.path}`));
const open = (row: PolicyRow) => row.who.includes('public');

describe('router × identities', () => {
  it.each(['anonymous', 'station', 'officer', 'admin', 'inspector', 'head', 'apiKey'])('%s', async (name) => {
    const { caller: make, is } = callers.get(name)!;
    const wrong: string[] = [];
    let caller = await make();
    for (const row of walked) {
      // A row that ended the login, or moved the officer, must not answer for the rows after it.
      if (row.path.includes('session') || row.path.includes('station')) caller = await make();
      const answer = await caller.call(row.method, urlOf(row), row.method === 'GET' ? undefined : {});
      const code = answer.statusCode >= 400 ? (answer.json() as { code: string }).code : '';
      const expected = open(row) || row.who.some((who) => is.includes(who));
      const refusedAs = is.length === 0 ? 401 : 403;
      const stationOnly = code === 'access.station_unknown' && is.length === 0;
      const good = expected
        ? !ACCESS.includes(code) && answer.statusCode < 500
        : ACCESS.includes(code) && (answer.statusCode === refusedAs || stationOnly);
      if (!good) wrong.push(`${row.method} ${row.path} as ${name}: ${answer.statusCode} ${code}`);
      if (row.method === 'DELETE') caller = await make();
    }
    expect(wrong).toEqual([]);
  });

  it('asks cookie callers for the CSRF token on every change', async () => {
    const made = new Map<string, Caller>();
    for (const row of walked.filter((each) => each.csrf === 'token')) {
      const who = row.who.find((each) => callers.has(each) && each !== 'apiKey') as string;
      const caller = made.get(who) ?? (await callers.get(who)!.caller());
      made.set(who, caller);
      caller.csrf = 'x'.repeat(43);
      const answer = await caller.call(row.method, urlOf(row), {});
      expect([row.path, answer.json().code]).toEqual([row.path, 'access.csrf']);
    }
  });

  it('refuses another Origin wherever something changes or a socket opens', async () => {
    const made = new Map<string, Caller>();
    for (const row of walked.filter((each) => each.csrf !== 'none')) {
      const who = row.who.find((each) => callers.has(each) && each !== 'apiKey') ?? 'anonymous';
      const caller = made.get(who) ?? (await callers.get(who)!.caller());
      made.set(who, caller);
      const payload = row.method === 'GET' ? undefined : {};
      for (const origin of [
        'http://evil.example',
        `${ORIGIN}.evil.example`,
        'null',
        'http://127.0.0.1:8081',
      ]) {
        const answer = await caller.call(row.method, urlOf(row), payload, { origin });
        expect([row.path, answer.json().code]).toEqual([row.path, 'access.origin']);
      }
    }
  });

  it('a cookie beside a wrong Bearer proves nothing', async () => {
    const admin = await office.login('quantri');
    const answer = await admin.call('GET', '/api/v1/admin/units', undefined, {
      authorization: 'Bearer hlk_x',
    });
    expect(answer.statusCode).toBe(401);
  });

  it('a key reads levels only where an administrator said so, and is refused before anything is looked up', async () => {
    const admin = await office.login('quantri');
    const path = '/api/v1/transactions/019aaaaa-0000-7000-8000-00000000dead/ratings';
    for (const [readsRatings, status] of [
      [undefined, 403],
      [false, 403],
      [true, 404],
    ] as const) {
      const made = (await admin.call('POST', '/api/v1/admin/api-keys', { name: 'thử', readsRatings })).json();
      const script = new Caller(office.app, made.key);
      expect((await script.call('GET', path)).statusCode).toBe(status);
      await admin.call('DELETE', `/api/v1/admin/api-keys/${made.id}`);
    }
  });

  it('a key hears what was recorded, never what is still kept', async () => {
    const id = '019aaaaa-0000-7000-8000-0000000000cc' as TransactionId;
    const { core, footage } = office;
    core.transactions.set(id, {
      transactionId: id,
      counter: { id: randomUUID() },
      dossierCodes: [],
    } as never);
    const admin = await office.login('quantri');
    const made = (
      await admin.call('POST', '/api/v1/admin/api-keys', { name: 'thử', readsRatings: true })
    ).json();
    await new Caller(office.app, made.key).call('GET', `/api/v1/transactions/${id}/clip`);
    await (await office.login('thanhtra')).call('GET', `/api/v1/transactions/${id}/clip`);
    expect(footage.summarised).toEqual(['recorded', 'kept']);
    await admin.call('DELETE', `/api/v1/admin/api-keys/${made.id}`);
  });

  it('a revoked key, an ended session are nobody', async () => {
    const admin = await office.login('quantri');
    const made = (await admin.call('POST', '/api/v1/admin/api-keys', { name: 'thử' })).json();
    const script = new Caller(office.app, made.key);
    expect((await script.call('GET', '/api/v1/transactions?dossier=ABC-123')).statusCode).toBe(200);
    await admin.call('DELETE', `/api/v1/admin/api-keys/${made.id}`);
    expect((await script.call('GET', '/api/v1/transactions?dossier=ABC-123')).statusCode).toBe(401);
    expect((await admin.call('DELETE', '/api/v1/session')).statusCode).toBe(204);
    expect((await admin.call('GET', '/api/v1/admin/units')).statusCode).toBe(401);
  });
});

describe('the table itself', () => {
  const parts = {} as WebParts;
  it('a route without a row does not start', () => {
    const app = Fastify();
    installGuard(app, { parts, identify: async () => [], origins: () => [] });
    expect(() => app.get('/api/v1/forgotten', async () => 'x')).toThrow(
      'no policy row for GET /api/v1/forgotten',
    );
  });
  it('a row without a route does not start either', async () => {
    const app = Fastify();
    installGuard(app, { parts, identify: async () => [], origins: () => [] });
    await expect(app.ready()).rejects.toThrow('no route for policy row');
  });
  it('prints as plain rows, one for each method and path', () => {
    const keys = POLICY.map((row) => `${row.method} ${row.path}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(JSON.parse(JSON.stringify(POLICY))).toEqual(POLICY);
  });
  it('no row opens footage to anyone but inspectors, or levels to stations and heads', () => {
    for (const row of POLICY) {
      if (/footage|clips|timeline/.test(row.path))
        expect([row.path, row.who]).toEqual([row.path, ['inspector']]);
      if (/ratings/.test(row.path)) expect(row.who).toEqual(['apiKey', 'inspector']);
    }
  });
});
