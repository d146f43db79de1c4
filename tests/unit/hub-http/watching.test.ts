/**
 * Who may open which footage, who learns of it and when: identities × own and foreign case × before and after × types. Storage is
 * real; what there is of footage is given, since here only the doors are tried.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CounterId, TransactionId } from '@hailong/shared/ids.ts';
import type { ActList } from '@hailong/shared/protocol/acts.ts';
import type { AuditAnswer, CaseAnswer, CaseType } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportCase } from '../../../hub-server/src/application/evidence/export-case.ts';
import { operateActs } from '../../../hub-server/src/commands/operate-acts.ts';
import { operateClip } from '../../../hub-server/src/commands/operate-clip.ts';
import { type Caller, NOW, type Office, openOffice, withoutLog } from './office.ts';

const TYPES: readonly CaseType[] = ['verification', 'feedback', 'complaint', 'appeal', 'denunciation'];
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
const transactionId = randomUUID() as TransactionId;
const segmentId = randomUUID();
const callers: Record<string, Caller> = {};
const WIDER_FROM = NOW - 4 * HOUR;

/** A transaction of CB001 at counter 1, and who was on duty where, as the projections would hold them. */
function project(): void {
  const db = new Database(join(office.data, 'hub.sqlite'));
  const [first, second] = seeded.officers;
  db.prepare(
    `INSERT INTO service_transaction (id, counter_id, officer_id, officer_code, queue_number, opened_at, opened_event,
       opened_bound, finished_at, finished_bound) VALUES (?,?,?,'CB001','A012',?,1,40,?,40)`,
  ).run(transactionId, seeded.counters[0], first, NOW, NOW + MINUTE);
  const duty = db.prepare(
    `INSERT INTO duty (id, device, counter_id, officer_id, officer_code, unit_id, started_at, ended_at, started_event)
     VALUES (?,'d',?,?,'x','u',?,?,1)`,
  );
  // CB002 sat there in the morning, CB001 since.
  duty.run(randomUUID(), seeded.counters[0], second, NOW - 5 * HOUR, NOW - 2 * HOUR);
  duty.run(randomUUID(), seeded.counters[0], first, NOW - 2 * HOUR, null);
  db.close();
}

beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  project();
  const root = join(office.data, 'footage');
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'a.mp4'), 'picture');
  office.footage.folder = root;
  office.core.transactions.set(transactionId, {
    ...{ transactionId, counter: { id: seeded.counters[0], number: '1', name: 'Hộ tịch' } },
    officer: { id: seeded.officers[0], code: 'CB001', name: 'Trần Thị Lan' },
    ...{ procedure: null, stage: 'reception', dossierCodes: ['H21.27-261120-0043'], queueNumber: 'A012' },
    ...{ prompt: null, openedAt: NOW as UtcMs, finishedAt: (NOW + MINUTE) as UtcMs },
    ...{ outcome: 'completed', state: 'closed' },
  });
  const clip = (from: number, to: number) => ({
    ...{ counterId: seeded.counters[0], window: { from, to } },
    clip: {
      ...{ cameraId: seeded.cameraId, playFrom: 0, durationSeconds: 4, pieces: [], gaps: [] },
      ...{ state: 'ready' as const, codec: 'h264' },
    },
    segments: [
      { segmentId, file: 'a.mp4', bytes: 7, sha256: 'a'.repeat(64), wallFrom: from, wallTo: from + 4_000 },
    ],
    ...{ downloads: [], cameraName: 'Quầy 1' },
    playlist: (address: (id: string) => string) => `#EXTM3U\n${address(segmentId)}`,
  });
  const of = (key: string, from: number, to: number) =>
    office.footage.clips.set(`${key} ${seeded.cameraId}`, clip(from, to));
  of(transactionId, NOW, NOW + MINUTE);
  of(`${transactionId} ${WIDER_FROM}`, WIDER_FROM, WIDER_FROM + HOUR);
  of(`${seeded.counters[0]} ${WIDER_FROM}`, WIDER_FROM, WIDER_FROM + HOUR);
  office.footage.lanes = {
    ...{ window: { from: NOW as UtcMs, to: (NOW + MINUTE) as UtcMs }, duty: null, prompt: null },
    ...{ presses: [], kioskBoundMs: 40, served: { begin: 'recorded', end: 'recorded' }, opensBy: null },
    cameras: [
      {
        ...{ id: seeded.cameraId, name: 'Camera 1', codec: 'h264', state: 'ready', covered: [], gaps: [] },
        ...{ boundBeforeMs: 2_300, boundAfterMs: 300 },
      },
    ],
  };
  for (const [name, made] of Object.entries({
    assignee: office.login('thanhtra'),
    inspector: office.login('thanhtra2'),
    head: office.login('truong'),
    admin: office.login('quantri'),
    filmed: office.officer(seeded.counters[0], 'CB001'),
    colleague: office.officer(seeded.counters[1], 'CB002'),
    station: office.station(seeded.counters[0]),
  }))
    callers[name] = await made;
});
afterAll(() => office.close());
beforeEach(() => {
  office.clock.at = NOW + 2 * MINUTE;
});

const assignee = () => callers['assignee'] as Caller;
async function open(type: CaseType, more: object = { transactionId }): Promise<CaseAnswer> {
  const body = { type, documentNumber: '45/QĐ', purpose: 'Ông Nguyễn Văn Tố cáo việc này', disputed: false };
  const answer = await assignee().call('POST', '/api/v1/cases', { ...body, ...more });
  expect(answer.statusCode).toBe(201);
  return answer.json();
}
const clip = (caller: Caller, id: string, interval?: string) =>
  caller.call('POST', `/api/v1/cases/${id}/clips`, { cameraId: seeded.cameraId, interval });
const seenBy = async (name: string) =>
  (await (callers[name] as Caller).call('GET', '/api/v1/station/watched')).json().views as {
    caseNumber: string;
    viewer: string;
    transactionId: string | null;
  }[];
const rows = async () => await office.storage.access.audit({ before: null, limit: 100 });
async function watch(of: CaseAnswer, interval?: string): Promise<void> {
  const { playlist } = (await clip(assignee(), of.id, interval)).json();
  expect((await assignee().call('GET', playlist)).statusCode).toBe(200);
}

describe('identities × own and foreign case × types', () => {
  it.each(TYPES)('%s: footage, timeline, words and acts are the assignee’s alone', async (type) => {
    const held = await open(type, { transactionId, petitioner: { name: 'Bà Bí Mật', contact: '09…' } });
    const { playlist } = (await clip(assignee(), held.id)).json();
    const file = playlist.replace('playlist.m3u8', `${segmentId}.mp4`);
    const doors: readonly (readonly ['GET' | 'POST' | 'PATCH', string, object?])[] = [
      ['GET', `/api/v1/cases/${held.id}`],
      ['GET', `/api/v1/cases/${held.id}/timeline`],
      ['POST', `/api/v1/cases/${held.id}/clips`, { cameraId: seeded.cameraId }],
      ['POST', `/api/v1/cases/${held.id}/petitioner`, {}],
      ['PATCH', `/api/v1/cases/${held.id}`, { disputed: true }],
      ['GET', playlist],
      ['GET', file],
      ['POST', `/api/v1/cases/${held.id}/tell`, {}],
    ];
    for (const [name, caller] of Object.entries(callers))
      for (const [method, path, body] of doors) {
        const { statusCode, body: text } = await caller.call(method, path, body);
        const own = name === 'assignee';
        const never = path.endsWith('/tell') && type === 'denunciation';
        expect([name, path, statusCode]).toEqual([name, path, own ? (never ? 409 : 200) : 403]);
        if (!own) expect(text).not.toContain('Bí Mật');
      }
  });

  it('nobody else finds the case, and its brought-by name stands nowhere but behind its own door', async () => {
    const held = await open('denunciation', {
      transactionId,
      petitioner: { name: 'Bà Bí Mật', contact: '' },
    });
    for (const name of ['inspector', 'assignee']) {
      const caller = callers[name] as Caller;
      for (const path of [`/api/v1/find?q=${held.number}`, '/api/v1/find?q=A012', '/api/v1/cases']) {
        const { body } = await caller.call('GET', path);
        expect([name, path, body.includes(held.number)]).toEqual([name, path, name === 'assignee']);
        expect(body).not.toContain('Bí Mật');
      }
    }
    const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
    const log = db.prepare(
      "SELECT actor || object || coalesce(reason, '') || coalesce(body, '') AS t FROM audit_log",
    );
    const words = log.pluck().all().join('\n');
    const sealed = db.prepare('SELECT petitioner FROM case_file WHERE id = ?').pluck().get(held.id);
    db.close();
    expect(words).not.toContain('Bí Mật');
    expect(String(sealed)).not.toContain('Bí Mật');
    // The purpose of a denunciation may name somebody; those of other types are in the log.
    const opened = (await rows()).find((row) => row.object === `case:${held.number}`);
    expect([opened?.action, opened?.reason]).toEqual(['case.opened', null]);
    const read = await assignee().call('POST', `/api/v1/cases/${held.id}/petitioner`, {});
    expect(read.json()).toEqual({ petitioner: { name: 'Bà Bí Mật', contact: '' } });
    expect((await rows())[0]).toMatchObject({
      action: 'case.petitioner_read',
      object: `case:${held.number}`,
    });
    const head = await (callers['head'] as Caller).call('GET', '/api/v1/dashboard?month=2026-11&by=counter');
    expect(head.body).not.toContain(held.number);
  });
});

/** Allowed by the other inspector, and written: the case's own, or of an interval that goes with it. */
async function writePackage(held: CaseAnswer, interval?: { from: number; to: number }): Promise<string> {
  const body = { caseId: held.id, legalBasis: 'Điều 12 Quyết định 45', ...(interval ? { interval } : {}) };
  const request = { kind: 'evidence-export', body, reason: 'Giao Thanh tra' };
  const { id } = (await assignee().call('POST', '/api/v1/acts', request)).json();
  await (callers['inspector'] as Caller).call('POST', `/api/v1/acts/${id}/approve`, {});
  const folder = join(office.data, 'evidence', `${held.number}-${id}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'manifest.json'), '{}');
  const at = office.clock.at;
  await office.storage.evidence.finish({
    ...{ id, at },
    shown: { cameras: [seeded.cameraId], ...(interval ?? { from: NOW, to: NOW + MINUTE }) },
    written: {
      ...{ folder, packageHash: 'a'.repeat(64) as never, spoilt: [] },
      files: [{ path: 'manifest.json', bytes: 2, crc32: 1 }],
    },
    audit: {
      at,
      actor: 'hub',
      action: 'evidence.written',
      object: `case:${held.number}`,
      reason: null,
      body: {},
    },
  });
  return id;
}
async function fetchPackage(id: string): Promise<void> {
  const { url } = (await assignee().call('POST', `/api/v1/packages/${id}/address`, {})).json();
  for (const _ of ['whole', 'a part of it again'])
    expect((await assignee().call('GET', url)).statusCode).toBe(200);
}

describe('the second person', () => {
  const ask = async (kind: string, body: object) => {
    const request = { kind, body, reason: 'Giao Thanh tra xem' };
    const { id } = (await assignee().call('POST', '/api/v1/acts', request)).json();
    const { acts } = (await (callers['inspector'] as Caller).call('GET', '/api/v1/acts')).json() as ActList;
    return acts.find((each) => each.id === id)!;
  };
  const counter = { number: '1', name: 'Hộ tịch' };
  const legalBasis = 'Điều 12 Quyết định 45';
  it.each(TYPES)('%s: reads which footage of whom, in a denunciation not of whom', async (type) => {
    const officers = (name: string) => (type === 'denunciation' ? [] : [name]);
    const held = await open(type);
    expect(await ask('evidence-export', { caseId: held.id, legalBasis })).toMatchObject({
      about: {
        ...{ counter, cameras: ['Quầy 1'], officers: officers('Trần Thị Lan') },
        // With its padding and the kiosk's bound.
        ...{ from: NOW - 10_040, to: NOW + MINUTE + 10_040 },
      },
      reason: 'Giao Thanh tra xem',
    });
    const from = WIDER_FROM;
    const to = from + HOUR;
    // The camera came later, and CB002 sat there.
    const wide = { counter, cameras: [], from, to, officers: officers('Phạm Văn Nam') };
    expect((await ask('wider-interval', { caseId: held.id, from, to })).about).toEqual(wide);
    const interval = { from, to };
    expect((await ask('evidence-export', { caseId: held.id, legalBasis, interval })).about).toEqual(wide);
  });
  it('of a case of an interval too, and by command', async () => {
    const span = { from: WIDER_FROM, to: WIDER_FROM + HOUR };
    const held = await open('complaint', { interval: { counterId: seeded.counters[0], ...span } });
    const act = await ask('evidence-export', { caseId: held.id, legalBasis });
    const about = { counter, cameras: [], officers: ['Phạm Văn Nam'], ...span };
    expect(act.about).toEqual(about);
    const asToken = { name: 'máy', scopes: ['acts'], days: 1 };
    const { token } = (await (callers['inspector'] as Caller).call('POST', '/api/v1/tokens', asToken)).json();
    const listed = await operateActs(office.admin, { verb: 'act-list', token });
    expect(listed.find((each) => each['id'] === act.id)).toMatchObject({ about });
    const [approved] = await operateActs(office.admin, { verb: 'act-approve', id: act.id, token });
    expect(approved).toMatchObject({ state: 'approved', about });
  });
});

describe('whoever takes a package', () => {
  const views = async (name: string, held: CaseAnswer) =>
    (await seenBy(name)).filter((each) => each.caseNumber === held.number);
  it.each(TYPES)('%s: has watched, as the officer filmed learns when and if at all', async (type) => {
    const held = await open(type);
    const id = await writePackage(held);
    const quiet = JSON.stringify(await seenBy('filmed'));
    await fetchPackage(id);
    await fetchPackage(id);
    expect(JSON.stringify(await seenBy('filmed'))).toBe(quiet);
    await assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
    if (type === 'denunciation') expect(JSON.stringify(await seenBy('filmed'))).toBe(quiet);
    else
      expect(await views('filmed', held)).toMatchObject([
        {
          viewer: 'Người thanhtra',
          transactionId,
          counter: '1',
          camera: 'Quầy 1',
          from: NOW,
          to: NOW + MINUTE,
        },
      ]);
    expect(await views('colleague', held)).toEqual([]);
  });
  it('gets it after the case closed too, with a row of the log, while footage and a new package need it open', async () => {
    const held = await open('complaint');
    const id = await writePackage(held);
    const { playlist } = (await clip(assignee(), held.id)).json();
    await assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
    for (const door of [clip(assignee(), held.id), assignee().call('GET', playlist)])
      expect([403, 404, 409]).toContain((await door).statusCode);
    const body = { caseId: held.id, legalBasis: 'Điều 12 Quyết định 45' };
    const again = { kind: 'evidence-export', body, reason: 'Giao Thanh tra' };
    expect((await assignee().call('POST', '/api/v1/acts', again)).json().code).toBe('footage.case_required');
    expect(
      (await (callers['inspector'] as Caller).call('POST', `/api/v1/packages/${id}/address`, {})).statusCode,
    ).toBe(403);
    await fetchPackage(id);
    const [last] = (await rows()).filter(({ object }) => object === `case:${held.number}`);
    expect(last?.action).toBe('evidence.downloaded');
  });
  it('of an interval is told to who was on duty there, and by command as by address', async () => {
    const held = await open('complaint');
    const interval = { from: WIDER_FROM, to: WIDER_FROM + HOUR };
    await writePackage(held, interval);
    const { id: userId } = (await office.storage.access.users()).find(
      ({ username }) => username === 'thanhtra',
    )!;
    const user = { ...{ kind: 'user', userId, username: 'thanhtra', name: 'Người thanhtra' } } as const;
    const take = (take: boolean) =>
      exportCase(
        office.admin,
        { ...user, roles: ['inspector'], sessionId: 'token:1' } as never,
        {
          ...{ case: held.number, purpose: 'Giao Thanh tra', legalBasis: 'Điều 12 Quyết định 45' },
          ...{ again: false, take, interval },
        } as never,
      );
    expect((await take(false)).state).toBe('kept');
    const handedOver = async () =>
      (await rows()).filter(
        (row) => row.action === 'evidence.downloaded' && row.object === `case:${held.number}`,
      );
    expect(await handedOver()).toEqual([]);
    expect((await take(true)).state).toBe('ready');
    expect(await handedOver()).toHaveLength(1);
    expect(await views('colleague', held)).toEqual([]);
    await assignee().call('POST', `/api/v1/cases/${held.id}/tell`, {});
    expect(await views('colleague', held)).toMatchObject([{ transactionId: null, ...interval }]);
    expect(await views('filmed', held)).toEqual([]);
  });
});

describe('the officer filmed', () => {
  it.each(TYPES.slice(0, 3))('%s: sees who watched once told, and before that nothing', async (type) => {
    const held = await open(type);
    const quiet = JSON.stringify(await seenBy('filmed'));
    await watch(held);
    expect(JSON.stringify(await seenBy('filmed'))).toBe(quiet);
    expect((await assignee().call('POST', `/api/v1/cases/${held.id}/tell`, {})).json().toldAt).toBe(
      office.clock.at,
    );
    expect((await rows())[0]?.action).toBe('case.officer_told');
    const seen = (await seenBy('filmed')).find((each) => each.caseNumber === held.number);
    expect(seen).toMatchObject({ caseNumber: held.number, viewer: 'Người thanhtra', transactionId });
    expect((await seenBy('colleague')).some((each) => each.caseNumber === held.number)).toBe(false);
    // Told twice is told once.
    office.clock.at += MINUTE;
    const again = (await assignee().call('POST', `/api/v1/cases/${held.id}/tell`, {})).json();
    expect(again.toldAt).toBe(office.clock.at - MINUTE);
  });
  it.each(TYPES.slice(0, 3))('%s: sees it once closed, and it stays', async (type) => {
    const held = await open(type);
    await watch(held);
    const status = (to: string) => assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status: to });
    await status('closed');
    const has = async () => (await seenBy('filmed')).some((each) => each.caseNumber === held.number);
    expect(await has()).toBe(true);
    await status('open');
    expect(await has()).toBe(true);
  });
  it('never sees a denunciation, watched, closed or reopened', async () => {
    const before = JSON.stringify(await seenBy('filmed'));
    const held = await open('denunciation');
    await watch(held);
    expect((await assignee().call('POST', `/api/v1/cases/${held.id}/tell`, {})).json().code).toBe(
      'case.never_told',
    );
    for (const status of ['closed', 'open', 'closed'])
      await assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status });
    expect(JSON.stringify(await seenBy('filmed'))).toBe(before);
  });
  it('of an interval is whoever was on duty at that counter then', async () => {
    const interval = { counterId: seeded.counters[0], from: WIDER_FROM, to: WIDER_FROM + HOUR };
    const held = await open('complaint', { interval });
    expect(held).toMatchObject({ transactionId: null, interval });
    await watch(held);
    await assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
    const has = async (name: string) =>
      (await seenBy(name)).some((each) => each.caseNumber === held.number && each.transactionId === null);
    expect([await has('colleague'), await has('filmed')]).toEqual([true, false]);
  });
});

describe('an interval', () => {
  it('is one counter’s, an hour at most, and takes the place of a transaction', async () => {
    const body = { type: 'feedback', documentNumber: '1', purpose: 'xem khoảng này', disputed: false };
    const refused = async (more: object) =>
      (await assignee().call('POST', '/api/v1/cases', { ...body, ...more })).json().code;
    const interval = { counterId: seeded.counters[0], from: NOW - HOUR, to: NOW };
    expect(await refused({})).toBe('request.invalid');
    expect(await refused({ transactionId, interval })).toBe('request.invalid');
    expect(await refused({ interval: { ...interval, from: NOW - HOUR - 1 } })).toBe('footage.interval');
    expect(await refused({ interval: { ...interval, to: interval.from } })).toBe('footage.interval');
    expect(await refused({ interval: { ...interval, counterId: randomUUID() as CounterId } })).toBe(
      'reference.unknown',
    );
    // What goes on is not watched: neither its next hour nor its next second.
    for (const to of [office.clock.at + 1, office.clock.at + 59 * MINUTE])
      expect(await refused({ interval: { ...interval, from: office.clock.at - 1_000, to } })).toBe(
        'footage.interval',
      );
  });
  it('adds up to an hour of a counter for one person within a week, and a day takes two', async () => {
    const openedBy = async (name: string, from: number, to: number, counter = 1) => {
      const interval = { counterId: seeded.counters[counter], from, to };
      const body = { type: 'feedback', documentNumber: '1', purpose: 'xem khoảng này', disputed: false };
      const answer = (
        await (await office.login(name)).call('POST', '/api/v1/cases', { ...body, interval })
      ).json();
      return (answer.code ?? 'opened') as string;
    };
    const day = NOW - 20 * HOUR;
    expect(await openedBy('thanhtra2', day, day + 40 * MINUTE)).toBe('opened');
    // Seen already, and a little beside it.
    expect(await openedBy('thanhtra2', day + 10 * MINUTE, day + HOUR)).toBe('opened');
    for (let hour = 1; hour < 10; hour++)
      expect(await openedBy('thanhtra2', day + hour * HOUR, day + (hour + 1) * HOUR)).toBe(
        'footage.interval_sum',
      );
    expect(await openedBy('thanhtra2', day - 1_000, day)).toBe('footage.interval_sum');
    const [closed] = (await (await office.login('thanhtra2')).call('GET', '/api/v1/cases')).json().cases;
    await (await office.login('thanhtra2')).call('PATCH', `/api/v1/cases/${closed.id}`, { status: 'closed' });
    expect(await openedBy('thanhtra2', day + HOUR, day + 2 * HOUR)).toBe('footage.interval_sum');
    // Another counter, another person, another week.
    expect(await openedBy('thanhtra2', day, day + HOUR, 0)).toBe('opened');
    expect(await openedBy('thanhtra', day + HOUR, day + 2 * HOUR)).toBe('opened');
    office.clock.at += 7 * 24 * HOUR;
    expect(await openedBy('thanhtra2', day + HOUR, day + 2 * HOUR)).toBe('opened');
  });
  it('beyond the case’s own is seen after a second person’s word, and by no other case', async () => {
    const [held, other] = [await open('complaint'), await open('complaint')];
    const request = {
      kind: 'wider-interval',
      body: { caseId: held.id, from: WIDER_FROM, to: WIDER_FROM + HOUR },
      reason: 'Người dân nói đã đến từ sớm',
    };
    const act = (await assignee().call('POST', '/api/v1/acts', request)).json();
    expect((await clip(assignee(), held.id, act.id)).json().code).toBe('footage.case_required');
    const timeline = (id: string) =>
      assignee().call('GET', `/api/v1/cases/${id}/timeline?interval=${act.id}`);
    expect((await timeline(held.id)).statusCode).toBe(403);
    await (callers['inspector'] as Caller).call('POST', `/api/v1/acts/${act.id}/approve`, {});
    expect((await timeline(held.id)).json().case.wider).toEqual([
      { id: act.id, from: WIDER_FROM, to: WIDER_FROM + HOUR },
    ]);
    expect((await clip(assignee(), held.id, act.id)).statusCode).toBe(200);
    expect((await clip(assignee(), other.id, act.id)).json().code).toBe('footage.case_required');
    await watch(held, act.id);
    await assignee().call('POST', `/api/v1/cases/${held.id}/tell`, {});
    // CB002 sat there then; the transaction’s own officer did not.
    const told = async (name: string) =>
      (await seenBy(name))
        .filter((each) => each.caseNumber === held.number)
        .map((each) => each.transactionId);
    expect(await told('colleague')).toEqual([null]);
    expect(await told('filmed')).toEqual([]);
  });
});

describe('the command line', () => {
  const token = async (name: string, scopes: string[]) =>
    (await (callers[name] as Caller).call('POST', '/api/v1/tokens', { name: 'máy', scopes, days: 1 })).json()
      .token as string;
  const run = (asked: Partial<Parameters<typeof operateClip>[2]> & { token: string; case: string }) =>
    operateClip(office.admin, office.footage, {
      ...{ verb: 'clip', transaction: transactionId, interval: null, wider: null, ...asked },
    });
  const refused = (asked: Parameters<typeof run>[0]) =>
    run(asked).then(
      () => 'done',
      (error) => (error as { code: string }).code,
    );
  it('prints segments, bounds and gaps after their row, under the same policy', async () => {
    const held = await open('verification');
    const mine = await token('assignee', ['footage']);
    const before = (await rows())[0]?.seq ?? 0;
    const lines = await run({ token: mine, case: ` ${held.number.toLowerCase()}` });
    expect(lines.map((line) => line['event'])).toEqual(['clip', 'camera', 'play', 'segment']);
    expect(lines[0]).toMatchObject({ case: held.number, placed: true, kioskBoundMs: 40 });
    expect(lines[1]).toMatchObject({ boundBeforeMs: 2_300, boundAfterMs: 300, gaps: [] });
    expect(lines[3]).toMatchObject({ segmentId, file: join(office.data, 'footage', 'a.mp4'), bytes: 7 });
    const logged = (await rows()).filter((row) => row.seq > before).map((row) => row.action);
    expect(logged.reverse()).toEqual(['footage.ticket', 'footage.listed']);
    await assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
    expect((await seenBy('filmed')).filter((each) => each.caseNumber === held.number)).toHaveLength(1);
    expect(await refused({ token: mine, case: held.number })).toBe('footage.case_required');
  });
  it('is refused to others, to other cases, to tokens for something else', async () => {
    const held = await open('verification');
    const mine = await token('assignee', ['footage', 'acts']);
    // As if there were none: by number or id nobody but its assignee learns of it.
    const other = await token('inspector', ['footage']);
    for (const named of [held.id, held.number, randomUUID()])
      expect(await refused({ token: other, case: named })).toBe('request.not_found');
    expect(await refused({ token: await token('admin', ['footage']), case: held.id })).toBe('access.refused');
    expect(await refused({ token: await token('assignee', ['acts']), case: held.id })).toBe('access.token');
    expect(await refused({ token: mine, case: held.id, transaction: randomUUID() })).toBe(
      'footage.case_required',
    );
    expect(await refused({ token: mine, case: 'PXM-2026-9999' })).toBe('request.not_found');
    expect(await refused({ token: mine, case: held.id, interval: randomUUID() })).toBe(
      'footage.case_required',
    );
    expect(await operateActs(office.admin, { verb: 'act-list', token: mine })).toEqual(expect.any(Array));
  });
  it('lists more than the case is of once another person approved, and not a path before', async () => {
    const held = await open('complaint');
    const [mine, other] = [await token('assignee', ['footage']), await token('inspector', ['acts'])];
    const wider = { from: WIDER_FROM as UtcMs, to: (WIDER_FROM + HOUR) as UtcMs, reason: 'Xem lúc xếp hàng' };
    const ask = { token: mine, case: held.number, transaction: null, wider };
    expect(await refused({ ...ask, wider: { ...wider, reason: null } })).toBe('request.invalid');
    expect(await refused({ ...ask, wider: { ...wider, to: (WIDER_FROM + 5 * HOUR) as UtcMs } })).toBe(
      'footage.interval',
    );
    expect(await refused({ ...ask, token: await token('inspector', ['footage']) })).toBe('request.not_found');
    const before = (await rows())[0]?.seq ?? 0;
    const [pending, ...more] = await run(ask);
    expect(more).toEqual([]);
    expect(pending).toMatchObject({ event: 'clip', state: 'pending', case: held.number });
    // The same again is the same act, and its own token decides nothing.
    const act = String(pending?.['act']);
    expect((await run(ask))[0]?.['act']).toBe(act);
    const decide = (by: string) => operateActs(office.admin, { verb: 'act-approve', id: act, token: by });
    await expect(decide(mine)).rejects.toMatchObject({ code: 'access.token' });
    await expect(decide(await token('assignee', ['acts']))).rejects.toMatchObject({
      code: 'access.two_people',
    });
    await decide(other);
    const lines = await run({ ...ask, wider: { ...wider, from: (WIDER_FROM + MINUTE) as UtcMs } });
    expect(lines.map((line) => line['event'])).toEqual(['clip', 'camera', 'play', 'segment']);
    expect(lines[0]).toMatchObject({ interval: act, placed: true });
    // Within what the case is of, nobody else is asked.
    const own = { from: (NOW + 1) as UtcMs, to: (NOW + 2) as UtcMs, reason: null };
    expect((await run({ ...ask, wider: own }))[0]).toMatchObject({ interval: null });
    const logged = (await rows()).filter((row) => row.seq > before).map((row) => row.action);
    expect(logged.reverse().filter((action) => !action.startsWith('token.'))).toEqual([
      ...['act.asked', 'act.approved', 'footage.ticket', 'footage.listed'],
      ...['footage.ticket', 'footage.listed'],
    ]);
  });
  it('lists a case of an interval by the case alone', async () => {
    const interval = { counterId: seeded.counters[0], from: WIDER_FROM, to: WIDER_FROM + HOUR };
    const held = await open('complaint', { interval });
    const mine = await token('assignee', ['footage']);
    const lines = await run({ token: mine, case: held.number, transaction: null });
    expect(lines[0]).toMatchObject({ transaction: null, interval: null, placed: true });
    expect(lines.some((line) => line['event'] === 'segment')).toBe(true);
    expect(await refused({ token: mine, case: held.number })).toBe('footage.case_required');
  });
  it('says that a transaction cannot be placed, and gives no file', async () => {
    const held = await open('verification');
    const mine = await token('assignee', ['footage']);
    const lanes = office.footage.lanes;
    office.footage.lanes = lanes && { ...lanes, kioskBoundMs: null };
    const lines = await run({ token: mine, case: held.id });
    office.footage.lanes = lanes;
    expect(lines.map((line) => line['event'])).toEqual(['clip', 'camera']);
    expect(lines[0]).toMatchObject({ placed: false, window: null });
  });
});

describe('the log of a denunciation', () => {
  it('tells anybody but its assignee that a row is there and when, and stays whole itself', async () => {
    const since = (await rows())[0]?.seq ?? 0;
    const held = await open('denunciation', {
      transactionId,
      petitioner: { name: 'Bà Bí Mật', contact: '' },
    });
    await watch(held);
    const { playlist } = (await clip(assignee(), held.id)).json();
    await assignee().call('GET', playlist.replace('playlist.m3u8', `${segmentId}.mp4`));
    await assignee().call('POST', `/api/v1/cases/${held.id}/petitioner`, {});
    await fetchPackage(await writePackage(held));
    const manual = {
      ...{ kind: 'hold-add', reason: 'Giữ cho vụ này thôi' },
      body: { cameraId: seeded.cameraId, from: NOW, to: NOW + HOUR, until: NOW + 40 * HOUR, caseId: held.id },
    };
    const act = (await assignee().call('POST', '/api/v1/acts', manual)).json();
    await (callers['inspector'] as Caller).call('POST', `/api/v1/acts/${act.id}/approve`, {});
    const end = { kind: 'hold-end', body: { hold: act.id }, reason: 'Không cần giữ nữa' };
    const ending = (await assignee().call('POST', '/api/v1/acts', end)).json();
    await (callers['inspector'] as Caller).call('POST', `/api/v1/acts/${ending.id}/approve`, {});
    await assignee().call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
    const other = await open('complaint');
    const whole = (await rows()).filter(({ seq }) => seq > since);
    expect([...new Set(whole.map(({ action }) => action))].sort()).toEqual([
      ...['act.approved', 'act.asked', 'case.changed', 'case.opened', 'case.petitioner_read'],
      ...[
        'evidence.address',
        'evidence.downloaded',
        'evidence.written',
        'footage.playlist',
        'footage.segment',
      ],
      ...['footage.ticket', 'hold.ended', 'hold.placed'],
    ]);
    const admin = (
      await (callers['admin'] as Caller).call('GET', '/api/v1/admin/audit')
    ).json() as AuditAnswer;
    const shown = admin.rows.filter(({ seq }) => seq > since);
    expect(shown.map(({ seq, at }) => [seq, at])).toEqual(whole.map(({ seq, at }) => [seq, at]));
    const [opened, ...ofDenunciation] = shown;
    expect(opened).toMatchObject({ object: `case:${other.number}`, actor: 'user:thanhtra', withheld: false });
    for (const row of ofDenunciation)
      expect(row).toEqual({
        ...{ seq: row.seq, at: row.at, actor: '', action: '', object: '', reason: null, withheld: true },
        ...{ actorName: null, objectName: null },
      });
    const readerId = (await office.storage.access.users()).find(
      ({ username }) => username === 'thanhtra',
    )!.id;
    const own = await office.storage.access.audit({ before: null, limit: 100, readerId });
    expect(own.filter(({ seq }) => seq > since)).toEqual(whole);
  });
});

it('a hold of a denunciation that lives again after a wrong clock is told to nobody else, its intervals’ neither', async () => {
  const held = await open('denunciation');
  const db = new Database(join(office.data, 'hub.sqlite'));
  const [at, interval] = [office.clock.at, randomUUID()];
  for (const request of [`case:${held.id}`, `case:${held.id}/${interval}`])
    db.prepare(
      `INSERT INTO footage_hold (id, request, kind, subject, camera_id, from_at, to_at, asked_by, asked_at, until, ended_at)
       VALUES (?,?,'case',?,?,1,2,'hub',?,?,?)`,
    ).run(`${request}/k`, request, held.id, seeded.cameraId, at, at + 40 * HOUR, at + HOUR);
  db.close();
  await office.storage.holds.keep({ at });
  const read = async (name: string) =>
    ((await (callers[name] as Caller).call('GET', '/api/v1/admin/audit')).json() as AuditAnswer).rows
      .map(({ object }) => object)
      .filter((object) => object.includes(held.id));
  const whole = (await rows()).map(({ object }) => object).filter((object) => object.includes(held.id));
  expect(whole.sort()).toEqual([`hold:case:${held.id}`, `hold:case:${held.id}/${interval}`]);
  expect(await read('admin')).toEqual([]);
});

describe('a row of the log that cannot be written', () => {
  it('lets out no address, no playlist, no byte of a segment and no path at the command line', async () => {
    const held = await open('complaint');
    const { playlist } = (await clip(assignee(), held.id)).json();
    const segment = playlist.replace('playlist.m3u8', `${segmentId}.mp4`);
    const asToken = { name: 'máy', scopes: ['footage'], days: 1 };
    const { token } = (await assignee().call('POST', '/api/v1/tokens', asToken)).json();
    const command = () =>
      operateClip(office.admin, office.footage, {
        ...{
          verb: 'clip',
          token,
          case: held.number,
          transaction: transactionId,
          interval: null,
          wider: null,
        },
      }).then(JSON.stringify, (error) => String(error));
    const shown = /pict|#EXTM3U|a\.mp4|playlist\.m3u8|"segment"/;
    const all = async () => [
      (await clip(assignee(), held.id)).body,
      (await assignee().call('GET', playlist)).body,
      (await assignee().call('GET', segment)).body,
      (await assignee().call('GET', segment, undefined, { range: 'bytes=0-3' })).body,
      await command(),
    ];
    await withoutLog(office, async () => {
      for (const body of await all()) expect(body).not.toMatch(shown);
      const refused = await assignee().call('GET', segment);
      expect([refused.statusCode, refused.json().code]).toEqual([500, 'internal.unexpected']);
    });
    // With the log there, the very same ask is answered: what was refused is the row alone.
    for (const [at, body] of (await all()).entries())
      expect([at, body]).toEqual([at, expect.stringMatching(shown)]);
  });
});

describe('search', () => {
  const find = async (q: string, day?: string) =>
    (
      await assignee().call('GET', `/api/v1/find?q=${encodeURIComponent(q)}${day ? `&day=${day}` : ''}`)
    ).json();
  it('leads from a dossier, a queue number of a day or a case’s number to the transaction', async () => {
    const held = await open('feedback');
    for (const q of ['h21.27-261120-0043', ' a012 '])
      expect(
        (await find(q)).transactions.map((each: { transactionId: string }) => each.transactionId),
      ).toEqual([transactionId]);
    expect((await find('A012', '2026-11-20')).transactions).toHaveLength(1);
    expect((await find('A012', '2026-11-19')).transactions).toEqual([]);
    const byNumber = await find(held.number.toLowerCase());
    expect(byNumber.cases.map((each: CaseAnswer) => each.id)).toEqual([held.id]);
    expect((await find('A012')).cases.map((each: CaseAnswer) => each.id)).toContain(held.id);
  });
});

// The last one: what is named here counts for a week.
it('adds up by what a camera saw, whichever of its counters is named', async () => {
  // Past what was named before.
  office.clock.at += 15 * 24 * HOUR;
  const admin = await office.login('quantri');
  const day = NOW - 100 * HOUR;
  const map = (counter: number, from: number, to: number | null) =>
    admin.call('PUT', `/api/v1/admin/cameras/${seeded.cameraId}/map`, {
      ...{ counterId: seeded.counters[counter], was: null, from, to },
    });
  // It saw both counters, the other one until noon.
  expect((await map(0, day - 4 * HOUR, day + 10 * HOUR)).statusCode).toBeLessThan(300);
  expect((await map(1, day - 4 * HOUR, day + 4 * HOUR)).statusCode).toBeLessThan(300);
  const openedBy = async (from: number, to: number, counter: number, name = 'thanhtra2') => {
    const interval = { counterId: seeded.counters[counter], from, to };
    const body = { type: 'feedback', documentNumber: '1', purpose: 'xem khoảng này', disputed: false };
    const caller = await office.login(name);
    return ((await caller.call('POST', '/api/v1/cases', { ...body, interval })).json().code ??
      'opened') as string;
  };
  expect(await openedBy(day, day + 40 * MINUTE, 0)).toBe('opened');
  // The same pictures count once.
  expect(await openedBy(day, day + HOUR, 1)).toBe('opened');
  expect(await openedBy(day + 5 * HOUR, day + 5 * HOUR + 10 * MINUTE, 0)).toBe('footage.interval_sum');
  // What it did not see of that counter is none of its seconds.
  expect(await openedBy(day + 5 * HOUR, day + 6 * HOUR, 1, 'thanhtra')).toBe('opened');
  expect(await openedBy(day, day + HOUR, 0, 'thanhtra')).toBe('opened');
});
