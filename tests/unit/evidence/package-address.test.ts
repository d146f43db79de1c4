/*
 * The address of a package: it ends by the clock, opens for its own session alone, and no copy leaves without its row of the log. A person who
 * is no inspector any more collects nothing, by page or by command.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saveUser } from '../../../hub-server/src/application/directory/save-directory.ts';
import { operateActs } from '../../../hub-server/src/commands/operate-acts.ts';
import { type Caller, NOW, type Office, openOffice } from '../hub-http/office.ts';
import { type WrittenPackage, writtenPackage } from './written-package.ts';

const MINUTE = 60_000;

let office: Office;
let counterId: string;
let asker: Caller;
let second: Caller;
let kept: WrittenPackage;
let url: string;

beforeAll(async () => {
  office = await openOffice();
  counterId = (await office.seed()).counters[0];
  [asker, second] = [await office.login('thanhtra'), await office.login('thanhtra2')];
});
afterAll(() => office.close());
beforeEach(async () => {
  office.clock.at = NOW;
  kept = await writtenPackage(office, asker, second, counterId);
  url = (await asker.call('POST', `/api/v1/packages/${kept.id}/address`, {})).json().url;
});

const get = (range?: string, by: Caller = asker) =>
  by.call('GET', url, undefined, range === undefined ? {} : { range });
/** What the log says left, in order. */
function downloads(): { actor: string; bytes: [number, number] }[] {
  const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
  const rows = db
    .prepare(
      `SELECT actor, json_extract(body, '$.bytes') AS bytes FROM audit_log
       WHERE action = 'evidence.downloaded' AND json_extract(body, '$.package') = ? ORDER BY seq`,
    )
    .all(kept.id) as { actor: string; bytes: string }[];
  db.close();
  return rows.map(({ actor, bytes }) => ({ actor, bytes: JSON.parse(bytes) }));
}

describe('an address', () => {
  it('ends after half an hour', async () => {
    office.clock.at = NOW + 30 * MINUTE - 1;
    expect((await get()).statusCode).toBe(200);
    office.clock.at = NOW + 30 * MINUTE;
    expect((await get()).statusCode).toBe(404);
    expect(downloads()).toHaveLength(1);
  });

  it('opens for its own session alone, also for the same person', async () => {
    for (const name of ['thanhtra', 'thanhtra2']) {
      const other = await office.login(name);
      expect((await get(undefined, other)).statusCode).toBe(403);
    }
    expect(downloads()).toEqual([]);
  });

  it('has a row of the log for each whole copy', async () => {
    const whole = await get();
    const total = whole.rawPayload.length;
    await get();
    await get('bytes=0-');
    expect(downloads()).toEqual([1, 2, 3].map(() => ({ actor: 'user:thanhtra', bytes: [0, total] })));
  });

  it('goes on under one row in pieces, and lets no more than one archive leave under it', async () => {
    const total = Number((await get('bytes=0-9')).headers['content-range']?.toString().split('/')[1]);
    for (let at = 10; at < total; at += 50)
      expect((await get(`bytes=${at}-${at + 49}`)).statusCode).toBe(206);
    expect(downloads()).toEqual([{ actor: 'user:thanhtra', bytes: [0, 10] }]);
    // All but the first byte again, and again.
    await get('bytes=1-');
    await get('bytes=1-');
    expect(downloads().slice(1)).toEqual([1, 2].map(() => ({ actor: 'user:thanhtra', bytes: [1, total] })));
    // What cannot be met is no byte.
    expect((await get(`bytes=${total}-`)).statusCode).toBe(416);
    expect(downloads()).toHaveLength(3);
  });
});

describe('whoever is no inspector any more', () => {
  it('collects nothing, by page or by command', async () => {
    const found = await office.storage.access.userByName({ username: 'thanhtra' });
    if (!found) throw new Error('no user');
    const asRole = (role: 'admin' | 'inspector') =>
      saveUser(office.admin, {
        ...{ id: found.id, actor: 'test' },
        value: { username: 'thanhtra', name: found.name, roles: [role], active: true },
      } as never);
    const { number } = (await office.storage.cases.case({ id: kept.caseId })) as { number: string };
    await asRole('admin');
    try {
      const [issued] = await operateActs(office.admin, {
        ...{ verb: 'token-issue', user: 'thanhtra', name: 'x', scopes: ['export'], days: 1 },
      });
      const by = await office.login('thanhtra');
      expect((await by.call('POST', `/api/v1/packages/${kept.id}/address`, {})).statusCode).toBe(403);
      const collect = operateActs(office.admin, {
        ...{ verb: 'evidence-export', token: String(issued?.['token']), case: number, again: false },
        ...{ purpose: 'Giao Thanh tra', legalBasis: 'Điều 12 Quyết định 45', interval: null },
      });
      await expect(collect).rejects.toMatchObject({ code: 'access.refused' });
      expect(downloads()).toEqual([]);
    } finally {
      await asRole('inspector');
      asker = await office.login('thanhtra');
    }
  });
});
