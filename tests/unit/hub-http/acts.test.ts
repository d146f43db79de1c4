/** Acts of two people: never one person, never twice, judged as things stand when they happen. */
import { randomUUID } from 'node:crypto';
import type { TransactionId } from '@hailong/shared/ids.ts';
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userOfToken } from '../../../hub-server/src/application/accounts/personal-tokens.ts';
import { saveUser } from '../../../hub-server/src/application/directory/save-directory.ts';
import { operateActs } from '../../../hub-server/src/commands/operate-acts.ts';
import {
  ACT_RULES,
  type ActPerson,
  judgeApproval,
  judgeRefusal,
} from '../../../hub-server/src/domain/access/act-law.ts';
import { type Caller, NOW, type Office, openOffice, PASSWORD } from './office.ts';

let office: Office;
const transactionId = randomUUID() as TransactionId;
const HOUR = 3_600_000;

beforeAll(async () => {
  office = await openOffice();
  const seeded = await office.seed();
  office.core.transactions.set(transactionId, {
    ...{ transactionId, counter: { id: seeded.counters[0], number: '1', name: 'Hộ tịch' } },
    officer: { id: seeded.officers[0], code: 'CB001', name: 'Trần Thị Lan' },
    ...{ procedure: null, stage: 'reception', dossierCodes: [], queueNumber: null, prompt: null },
    ...{ openedAt: NOW as UtcMs, finishedAt: (NOW + 60_000) as UtcMs, outcome: 'completed', state: 'closed' },
  });
});
afterAll(() => office.close());
beforeEach(() => {
  office.clock.at = NOW;
});

async function openCase(caller: Caller, type = 'verification'): Promise<string> {
  const answer = await caller.call('POST', '/api/v1/cases', {
    ...{ type, documentNumber: 'QĐ-12/2026', purpose: 'Xác minh đánh giá không hài lòng' },
    ...{ transactionId, disputed: false },
  });
  return answer.json().id;
}
const wider = (caseId: string, from = NOW - 2 * HOUR, to = NOW - HOUR) => ({
  ...{ kind: 'wider-interval', body: { caseId, from, to }, reason: 'Người dân nói đã đến từ sớm' },
});
const ask = (caller: Caller, body: object) => caller.call('POST', '/api/v1/acts', body);
const approve = (caller: Caller, id: string) => caller.call('POST', `/api/v1/acts/${id}/approve`, {});
const refuse = (caller: Caller, id: string) =>
  caller.call('POST', `/api/v1/acts/${id}/refuse`, { reason: 'Không đủ căn cứ' });
const rows = async (act: string) =>
  (await office.storage.access.audit({ before: null, limit: 200 })).filter(
    ({ action, object }) => action === `act.${act}` && object.startsWith('case:'),
  );

describe('an act of two people', () => {
  it('waits, is listed for the other person, and happens once with both names', async () => {
    const [first, second, admin] = [
      await office.login('thanhtra'),
      await office.login('thanhtra2'),
      await office.login('quantri'),
    ];
    const id = await openCase(first);
    const asked = await ask(first, wider(id));
    expect(asked.statusCode).toBe(201);
    expect(asked.json()).toMatchObject({ state: 'pending', mine: true, mayDecide: false, result: null });
    // The same again is the same.
    expect((await ask(first, wider(id))).json().id).toBe(asked.json().id);
    for (const other of [second, admin]) {
      const { acts } = (await other.call('GET', '/api/v1/acts')).json() as { acts: ActAnswer[] };
      expect(acts.find((each) => each.id === asked.json().id)).toMatchObject({
        ...{ mine: false, mayDecide: true, askedBy: { username: 'thanhtra', name: 'Người thanhtra' } },
      });
    }
    expect((await approve(first, asked.json().id)).json().code).toBe('access.two_people');
    // Another login of the same person is the same person.
    expect((await approve(await office.login('thanhtra'), asked.json().id)).json().code).toBe(
      'access.two_people',
    );
    const both = await Promise.all([approve(second, asked.json().id), approve(admin, asked.json().id)]);
    expect(both.map((each) => each.statusCode).sort()).toEqual([200, 409]);
    expect(both.find((each) => each.statusCode === 409)?.json().code).toBe('act.decided');
    expect(both.find((each) => each.statusCode === 200)?.json()).toMatchObject({
      ...{ state: 'approved', result: { interval: asked.json().id } },
    });
    expect((await rows('approved')).length).toBe(1);
    expect((await rows('asked')).length).toBe(1);
  });

  it('is refused by the other person or withdrawn by the first, and then over', async () => {
    const [first, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
    const id = await openCase(first);
    const one = (await ask(first, wider(id))).json().id;
    expect((await refuse(second, one)).json()).toMatchObject({
      ...{ state: 'refused', decidedBy: { username: 'thanhtra2' }, decidedReason: 'Không đủ căn cứ' },
    });
    expect((await approve(second, one)).json().code).toBe('act.decided');
    const two = (await ask(first, wider(id))).json().id;
    expect(two).not.toBe(one);
    expect((await refuse(first, two)).json().state).toBe('withdrawn');
    expect((await refuse(await office.login('truong'), two)).statusCode).toBe(403);
  });

  it('is judged as things stand when it happens', async () => {
    const [first, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
    const id = await openCase(first);
    const act = (await ask(first, wider(id))).json().id;
    await first.call('PATCH', `/api/v1/cases/${id}`, { status: 'closed' });
    expect((await approve(second, act)).json().code).toBe('footage.case_required');
    await first.call('PATCH', `/api/v1/cases/${id}`, { status: 'open' });
    const users = await office.storage.access.users();
    const { id: userId, username, name } = users.find((each) => each.username === 'thanhtra')!;
    const save = (roles: ('inspector' | 'head')[]) =>
      saveUser(office.admin, { id: userId, value: { username, name, roles, active: true }, actor: 'test' });
    await save(['head']);
    expect((await approve(second, act)).json().code).toBe('act.asker_gone');
    await save(['inspector']);
    office.clock.at = NOW + ACT_RULES['wider-interval'].livesMs;
    const late = await office.login('thanhtra2');
    expect((await approve(late, act)).json().code).toBe('act.expired');
    expect(await office.storage.acts.lapse({ at: office.clock.at })).toBeGreaterThan(0);
    expect((await rows('expired')).length).toBeGreaterThan(0);
    expect((await approve(late, act)).json().code).toBe('act.decided');
  });

  it('is of one’s own open case and a bounded time', async () => {
    const [first, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
    const id = await openCase(first);
    expect((await ask(second, wider(id))).statusCode).toBe(403);
    expect((await ask(await office.login('quantri'), wider(id))).statusCode).toBe(403);
    for (const [from, to] of [
      [NOW - HOUR, NOW - HOUR],
      [NOW - 5 * HOUR, NOW],
      [NOW, NOW + HOUR],
    ] as const)
      expect((await ask(first, wider(id, from, to))).json().code).toBe('footage.interval');
    expect((await ask(first, wider(randomUUID()))).statusCode).toBe(404);
    expect((await ask(first, { ...wider(id), extra: 1 })).statusCode).toBe(400);
  });

  it('of a denunciation is told to inspectors alone, and its words to no log', async () => {
    const [first, admin] = [await office.login('thanhtra'), await office.login('quantri')];
    const act = (await ask(first, wider(await openCase(first, 'denunciation')))).json();
    const seen = (await admin.call('GET', '/api/v1/acts')).json() as { acts: ActAnswer[] };
    expect(seen.acts.some((each) => each.id === act.id)).toBe(false);
    expect((await approve(admin, act.id)).statusCode).toBe(403);
    expect((await approve(await office.login('thanhtra2'), act.id)).json().state).toBe('approved');
    const logged = [...(await rows('asked')), ...(await rows('approved'))];
    expect(logged.filter(({ object }) => object === act.object).map(({ reason }) => reason)).toEqual([
      null,
      null,
    ]);
    const legalBasis = 'Đơn tố cáo của ông Bí Mật';
    const caseId = await openCase(first, 'denunciation');
    const asked = { kind: 'evidence-export', body: { caseId, legalBasis }, reason: 'Giao Thanh tra' };
    const made = (await ask(first, asked)).json();
    expect((await approve(await office.login('thanhtra2'), made.id)).json().state).toBe('approved');
    const all = [...(await rows('asked')), ...(await rows('approved'))];
    expect(all.filter(({ object }) => object === made.object)).toHaveLength(2);
    expect(JSON.stringify(all)).not.toContain('Bí Mật');
  });
});

describe('personal tokens', () => {
  const of = async (caller: Caller, scopes: string[]) =>
    (await caller.call('POST', '/api/v1/tokens', { name: 'máy của tôi', scopes, days: 30 })).json();
  const run = (asked: Parameters<typeof operateActs>[1]) => operateActs(office.admin, asked);
  const refused = (asked: Parameters<typeof operateActs>[1]) =>
    run(asked).then(
      () => 'done',
      (error) => (error as { code: string }).code,
    );

  it('name the actor of a command: the second person approves with another one', async () => {
    const [first, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
    const act = (await ask(first, wider(await openCase(first)))).json().id;
    const [mine, other, narrow] = [
      await of(first, ['acts']),
      await of(second, ['acts', 'footage']),
      await of(second, ['hold']),
    ];
    expect(await refused({ verb: 'act-approve', id: act, token: mine.token })).toBe('access.two_people');
    for (const token of [narrow.token, `hlt_${'x'.repeat(43)}`, 'x', ''])
      expect(await refused({ verb: 'act-approve', id: act, token })).toBe('access.token');
    const listed = await run({ verb: 'act-list', token: other.token });
    expect(listed.some((each) => each['id'] === act && each['mayDecide'] === true)).toBe(true);
    const [done] = await run({ verb: 'act-approve', id: act, token: other.token });
    expect(done).toMatchObject({ state: 'approved', decidedBy: { username: 'thanhtra2' } });
    expect(await run({ verb: 'act-list', token: null })).toEqual(expect.any(Array));
    // It is no key of the interface.
    const script = await second.call('GET', '/api/v1/acts', undefined, {
      authorization: `Bearer ${other.token}`,
    });
    expect(script.statusCode).toBe(401);
  });

  it('that were revoked since ask for nothing any more, and stand in nobody’s way', async () => {
    const [first, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
    const user = (await office.storage.access.users()).find((each) => each.username === 'thanhtra')!;
    const stolen = await of(first, ['hold']);
    const request = wider(await openCase(first), NOW - 4 * HOUR, NOW - 3 * HOUR);
    const asked = await office.storage.acts.ask({
      ...{ id: randomUUID(), userId: user.id, via: `token:${stolen.id}`, request: request as never, at: NOW },
    });
    const shown = async () =>
      (await second.call('GET', '/api/v1/acts')).json().acts.find((each: ActAnswer) => each.id === asked.id);
    expect(await shown()).toMatchObject({ state: 'pending', mayDecide: true });
    await run({ verb: 'token-revoke', id: stolen.id });
    expect(await shown()).toBeUndefined();
    expect((await approve(second, asked.id)).json().code).toBe('act.asker_gone');
    const again = (await ask(first, request)).json();
    expect(again.id).not.toBe(asked.id);
    expect((await approve(second, again.id)).json().state).toBe('approved');
  });

  it('are noted as used also where the first word is that it goes on; then once in ten minutes', async () => {
    const first = await office.login('thanhtra');
    const { id, token } = await of(first, ['hold']);
    const list = () => userOfToken(office.admin, token, 'hold', true);
    const usedAt = async () =>
      ((await first.call('GET', '/api/v1/tokens')).json().tokens as { id: string; usedAt: number }[]).find(
        (each) => each.id === id,
      )?.usedAt;
    expect(await usedAt()).toBeNull();
    await list();
    expect(await usedAt()).toBe(NOW);
    office.clock.at = NOW + 60_000;
    await list();
    expect(await usedAt()).toBe(NOW);
    office.clock.at = NOW + 600_000;
    await list();
    expect(await usedAt()).toBe(NOW + 600_000);
    office.clock.at = NOW;
  });

  it('end: by their person, by the operator, by their day, with the person’s rights', async () => {
    const [first, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
    const list = (token: string) => refused({ verb: 'act-list', token });
    const [a, b, c] = [await of(first, ['acts']), await of(first, ['acts']), await of(first, ['acts'])];
    expect(await list(a.token)).toBe('done');
    expect((await second.call('DELETE', `/api/v1/tokens/${a.id}`)).statusCode).toBe(404);
    expect((await first.call('DELETE', `/api/v1/tokens/${a.id}`)).statusCode).toBe(204);
    expect(await list(a.token)).toBe('access.token');
    await run({ verb: 'token-revoke', id: b.id });
    expect(await list(b.token)).toBe('access.token');
    const issued = await run({ verb: 'token-issue', user: 'ThanhTra', name: 'x', scopes: ['acts'], days: 1 });
    const own = (await first.call('GET', '/api/v1/tokens')).json().tokens as { id: string; usedAt: number }[];
    expect(own.map((each) => each.id)).toContain(issued[0]?.['id']);
    expect(JSON.stringify(own)).not.toContain('hlt_');
    office.clock.at = NOW + 86_400_000;
    expect(await list(String(issued[0]?.['token']))).toBe('access.token');
    office.clock.at = NOW;
    expect(await list(c.token)).toBe('done');
    const user = (await office.storage.access.users()).find((each) => each.username === 'thanhtra')!;
    const { username, name, roles } = user;
    const value = { username, name, roles: [...roles], active: true, password: PASSWORD };
    await saveUser(office.admin, { id: user.id, value, actor: 'test' });
    expect(await list(c.token)).toBe('access.token');
  });
});

describe('the law', () => {
  const person = fc.record({
    userId: fc.constantFrom('1', '2', '3'),
    username: fc.constantFrom('lan', 'LAN', 'nam'),
    name: fc.constantFrom('Trần Thị Lan', 'tran thi lan', 'Trần  Thị Lan ', 'Phạm Nam'),
    roles: fc.subarray(['admin', 'inspector', 'head'] as const),
    active: fc.boolean(),
    via: fc.constantFrom('s1', 's2', 'token:1'),
    own: fc.boolean(),
  });
  const act = fc.record({
    kind: fc.constant('wider-interval' as const),
    state: fc.constantFrom('pending', 'approved', 'refused', 'withdrawn', 'expired' as const),
    expiresAt: fc.constantFrom(0, 100),
    secret: fc.boolean(),
  });
  it('lets nothing happen that one person did, or that anybody may not', () => {
    fc.assert(
      fc.property(act, fc.option(person), fc.option(person), (pending, asker, approver) => {
        if (judgeApproval(pending, asker, approver, 50) !== null) return;
        const [a, b] = [asker as ActPerson, approver as ActPerson];
        expect(a.userId).not.toBe(b.userId);
        expect(a.via).not.toBe(b.via);
        expect(a.username.toLowerCase()).not.toBe(b.username.toLowerCase());
        expect(a.name.replace(/\s+/g, ' ').trim()).not.toBe(b.name.replace(/\s+/g, ' ').trim());
        expect([a.own, b.own]).toEqual([true, true]);
        expect([a.active, b.active, pending.state, pending.expiresAt]).toEqual([true, true, 'pending', 100]);
        expect(a.roles).toContain('inspector');
        expect(b.roles.some((role) => role === 'inspector' || (role === 'admin' && !pending.secret))).toBe(
          true,
        );
      }),
    );
  });
  it('lets it be ended by whoever asked or may approve, once', () => {
    fc.assert(
      fc.property(act, person, fc.option(person), (pending, asker, by) => {
        const judged = judgeRefusal(pending, asker.userId, by, 50);
        if (judged !== 'refused' && judged !== 'withdrawn') return;
        expect([pending.state, pending.expiresAt, by?.active]).toEqual(['pending', 100, true]);
        expect(judged === 'withdrawn').toBe(by?.userId === asker.userId);
      }),
    );
  });
});
