/*
 * The address of a package: it ends by the clock, opens for its own session alone, and no copy leaves without its row of the log. A person who
 * is no inspector any more collects nothing, by page or by command.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { saveUser } from '../../../hub-server/src/application/directory/save-directory.ts';
import { findArchive, keepAwake } from '../../../hub-server/src/application/evidence/hand-over.ts';
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
  asker = await office.login('thanhtra');
  kept = await writtenPackage(office, asker, second, counterId);
  url = (await asker.call('POST', `/api/v1/packages/${kept.id}/address`, {})).json().url;
});

const raw = <T>(act: (db: Database.Database) => T): T => {
  const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
  try {
    return act(db);
  } finally {
    db.close();
  }
};
/** The session that the address was given to. */
function sessionOf() {
  const held = raw((db) =>
    db.prepare('SELECT session_id AS sessionId FROM evidence_ticket WHERE package_id = ?').get(kept.id),
  ) as { sessionId: string };
  return {
    kind: 'user',
    userId: 'x',
    username: 'thanhtra',
    name: 'x',
    roles: ['inspector'],
    ...held,
  } as const;
}
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
  it('that nobody opened ends after half an hour', async () => {
    office.clock.at = NOW + 30 * MINUTE;
    asker = await office.login('thanhtra');
    expect((await get()).statusCode).toBe(404);
    expect(downloads()).toEqual([]);
  });

  it('that was opened goes on for twelve hours, as long as its session is awake', async () => {
    office.clock.at = NOW + 29 * MINUTE;
    const total = (await get()).rawPayload.length;
    // The line broke on a slow way; the page was asked for nothing meanwhile but these bytes.
    for (const minutes of [58, 87, 116]) {
      office.clock.at = NOW + minutes * MINUTE;
      expect((await get(`bytes=${total - 1}-`)).statusCode).toBe(206);
    }
    expect(downloads()[0]).toEqual({ actor: 'user:thanhtra', bytes: [0, total] });
    office.clock.at = NOW + 29 * MINUTE + 12 * 60 * MINUTE;
    const late = await findArchive(office.admin as never, sessionOf(), url.split('/').at(-2) ?? '').catch(
      (error: { code: string }) => error.code,
    );
    expect(late).toBe('request.not_found');
  });

  it('keeps its session awake while bytes leave, and brings back none that was idle', async () => {
    const user = sessionOf();
    const used = () =>
      raw((db) => db.prepare('SELECT used_at FROM session WHERE id = ?').pluck().get(user.sessionId));
    const leaving = keepAwake(office.admin as never, user);
    const before = used();
    office.clock.at = NOW + MINUTE - 1;
    await leaving();
    expect(used()).toBe(before);
    for (const minutes of [1, 20, 45]) {
      office.clock.at = NOW + minutes * MINUTE;
      await leaving();
      expect(used()).toBe(office.clock.at);
    }
    office.clock.at = NOW + 75 * MINUTE;
    await leaving();
    expect(used()).toBe(NOW + 45 * MINUTE);
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

describe('a command', () => {
  const made = async (name: string) =>
    (await asker.call('POST', '/api/v1/tokens', { name, scopes: ['export'], days: 1 })).json().token;
  async function ask(over: Partial<Record<'again' | 'take', boolean>> & { purpose?: string } = {}) {
    const { number } = (await office.storage.cases.case({ id: kept.caseId })) as { number: string };
    const [line] = await operateActs(office.admin, {
      ...{ verb: 'evidence-export', token: await made('x'), case: number, again: false, take: false },
      ...{ purpose: 'Giao Thanh tra', legalBasis: 'Điều 12 Quyết định 45', interval: null, ...over },
    });
    return line;
  }
  const approve = (id: unknown) => second.call('POST', `/api/v1/acts/${id}/approve`, {});
  const pending = () =>
    raw((db) =>
      db
        .prepare("SELECT count(*) FROM two_person_act WHERE object = ? AND state = 'pending'")
        .pluck()
        .get(db.prepare('SELECT object FROM two_person_act WHERE id = ?').pluck().get(kept.id)),
    );

  it('hears of a ready package before anything says that it was taken', async () => {
    expect(await ask()).toMatchObject({ state: 'kept', package: kept.id, name: kept.name });
    expect(downloads()).toEqual([]);
    expect(
      raw((db) => db.prepare('SELECT fetched_at FROM evidence_package WHERE id = ?').pluck().get(kept.id)),
    ).toBeNull();
    expect(await ask({ take: true })).toMatchObject({ state: 'ready', folder: kept.folder });
    const taken = (await office.storage.access.audit({ before: null, limit: 5 })).map(({ action }) => action);
    expect(taken).toContain('evidence.downloaded');
  });

  it('hears why one failed, and asks for another only when told to', async () => {
    const act = String((await ask({ again: true }))?.['act']);
    expect(await ask()).toMatchObject({ state: 'pending', act });
    await approve(act);
    expect(await ask()).toMatchObject({ state: 'writing', package: act });
    await office.storage.evidence.fail({ id: act, code: 'evidence.log_contradicts', detail: 'segment 7' });
    for (const take of [false, true])
      expect(await ask({ take })).toMatchObject({
        ...{ state: 'failed', package: act, code: 'evidence.log_contradicts', detail: 'segment 7' },
      });
    expect(pending()).toBe(0);
    const other = await ask({ again: true });
    expect(other).toMatchObject({ state: 'pending' });
    // Told to run it again once a second person approved.
    expect(await ask()).toEqual(other);
    await approve(other?.['act']);
    expect(await ask()).toMatchObject({ state: 'writing', package: other?.['act'] });
  });

  it('finds each of two packages by what it was asked for', async () => {
    const act = (await ask({ purpose: 'Giao Tòa án' }))?.['act'];
    await approve(act);
    expect(await ask({ purpose: 'Giao Tòa án' })).toMatchObject({ state: 'writing', package: act });
    expect(await ask()).toMatchObject({ state: 'kept', package: kept.id });
    expect(pending()).toBe(0);
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
        ...{
          verb: 'evidence-export',
          token: String(issued?.['token']),
          case: number,
          again: false,
          take: true,
        },
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
