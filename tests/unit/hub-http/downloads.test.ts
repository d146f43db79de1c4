/* Footage that browsers may not play, as a film by the same expiring address: policy, case, row first; the bytes by range. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransactionId } from '@hailong/shared/ids.ts';
import type { ClipAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { box, fragment, header } from '../../support/tiny-fmp4.ts';
import { type Caller, NOW, type Office, openOffice } from './office.ts';

const transactionId = randomUUID() as TransactionId;
const [first, second, plain] = [randomUUID(), randomUUID(), randomUUID()];
const head = header(1_000);
const index = box('mfra', Buffer.alloc(4));
const FILM = Buffer.concat([
  head,
  fragment(1, 0, 'hình-một'),
  fragment(2, 2_000, 'hình-hai'),
  fragment(3, 4_000, 'hình-ba'),
]);
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;

beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  const root = join(office.data, 'footage');
  mkdirSync(root, { recursive: true });
  writeFileSync(
    join(root, 'a.mp4'),
    Buffer.concat([head, fragment(1, 0, 'hình-một'), fragment(2, 2_000, 'hình-hai'), index]),
  );
  writeFileSync(join(root, 'b.mp4'), Buffer.concat([head, fragment(1, 0, 'hình-ba'), index]));
  office.footage.folder = root;
  office.core.transactions.set(transactionId, {
    ...{ transactionId, counter: { id: seeded.counters[0], number: '1', name: 'Hộ tịch' } },
    officer: { id: seeded.officers[0], code: 'CB001', name: 'Trần Thị Lan' },
    ...{ procedure: null, stage: 'reception', dossierCodes: ['H21.27-261120-0043'], queueNumber: 'A012' },
    ...{ prompt: null, openedAt: NOW as UtcMs, finishedAt: (NOW + 8_000) as UtcMs },
    ...{ outcome: 'completed', state: 'closed' },
  });
  const of = (segmentId: string, file: string, from: number) => ({
    ...{ segmentId, file, bytes: 100, sha256: 'a'.repeat(64), wallFrom: from, wallTo: from + 4_000 },
  });
  const segments = [of(first, 'a.mp4', NOW), of(second, 'b.mp4', NOW + 4_000)];
  office.footage.clips.set(`${transactionId} ${seeded.cameraId}`, {
    ...{ counterId: seeded.counters[0], window: { from: NOW, to: NOW + 8_000 } },
    clip: {
      ...{ cameraId: seeded.cameraId, playFrom: 0, durationSeconds: 8, pieces: [], gaps: [] },
      ...{ state: 'ready', codec: 'hevc' },
    },
    segments: [...segments, of(plain, 'c.mp4', NOW + 8_000)],
    // A camera's name is somebody's words, and may be none of a file.
    cameraName: '../../Quầy "5"\r\nX: <img onerror>',
    downloads: [
      {
        ...{ from: NOW, to: NOW + 8_000 },
        segments: segments.map((each, i) => ({ ...each, offsetMs: 4_000 * i })),
      },
    ],
    playlist: () => '#EXTM3U',
  });
});
afterAll(() => office.close());

async function open(caller: Caller): Promise<{ id: string; number: string }> {
  return (
    await caller.call('POST', '/api/v1/cases', {
      ...{ type: 'verification', documentNumber: 'QĐ-12/2026', purpose: 'Xác minh đánh giá' },
      ...{ transactionId, disputed: false },
    })
  ).json();
}
async function offered(caller: Caller, caseId: string): Promise<ClipAnswer['downloads']> {
  const answer = await caller.call('POST', `/api/v1/cases/${caseId}/clips`, { cameraId: seeded.cameraId });
  return (answer.json() as ClipAnswer).downloads;
}
const newest = async () => (await office.storage.access.audit({ before: null, limit: 1 }))[0];

it('is one film of whole segments, after a row that names each of them; a broken line goes on', async () => {
  const inspector = await office.login('thanhtra');
  const held = await open(inspector);
  const [part, ...more] = await offered(inspector, held.id);
  expect([part?.from, part?.to, part?.bytes, more]).toEqual([NOW, NOW + 8_000, 200, []]);
  expect((await newest())?.action).toBe('footage.ticket');
  const address = String(part?.address);
  const whole = await inspector.call('GET', address);
  expect([whole.statusCode, whole.headers['content-type'], whole.headers['cache-control']]).toEqual([
    ...[200, 'video/mp4', 'no-store'],
  ]);
  expect(whole.rawPayload).toEqual(FILM);
  expect(await newest()).toMatchObject({
    ...{ action: 'footage.downloaded', actor: 'user:thanhtra', object: `download:${first}` },
  });
  const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
  const row = db.prepare("SELECT body FROM audit_log WHERE action = 'footage.downloaded'").get();
  db.close();
  expect(JSON.parse((row as { body: string }).body)).toMatchObject({
    ...{ from: NOW, to: NOW + 8_000, segments: [first, second], camera: seeded.cameraId },
  });
  const disposition = String(whole.headers['content-disposition']);
  expect(disposition).toMatch(
    /^attachment; filename="[A-Za-z0-9._-]+\.mp4"; filename\*=UTF-8''[^"\r\n<>/]+$/,
  );
  expect(decodeURIComponent(disposition.split("''")[1] ?? '')).toBe(
    `${held.number} Quầy 5 X img onerror 20261120 100000.mp4`,
  );
  for (const [from, to] of [
    [0, 9],
    [head.length - 1, head.length + 90],
    [FILM.length - 5, FILM.length - 1],
  ] as const) {
    const range = await inspector.call('GET', address, undefined, { range: `bytes=${from}-${to}` });
    expect([range.statusCode, range.headers['content-range']]).toEqual([
      ...[206, `bytes ${from}-${to}/${FILM.length}`],
    ]);
    expect(range.rawPayload).toEqual(FILM.subarray(from, to + 1));
  }
  // One row a ticket: the ranges above are the same act.
  const rows = await office.storage.access.audit({ before: null, limit: 20 });
  expect(rows.filter(({ action }) => action === 'footage.downloaded')).toHaveLength(1);
});

it('goes on under an address whose first segment the camera’s clock has moved into the film, or out of it', async () => {
  const inspector = await office.login('thanhtra');
  const [part] = await offered(inspector, (await open(inspector)).id);
  const address = String(part?.address);
  const moved = async (id: string) => {
    const answer = await inspector.call('GET', address.replace(first, id));
    return answer.statusCode === 200 ? answer.rawPayload : answer.json().code;
  };
  expect(await moved(second)).toEqual(FILM);
  const before = '019aaaaa-0000-7000-8000-0000000000aa';
  expect(await moved(before)).toBe('footage.missing');
  const db = openWriter(office.data);
  db.prepare(
    `INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256, codec, flags)
     VALUES (?,?,'r','a.mp4',0,4000,?,1,9,'x','hevc','[]')`,
  ).run(before, seeded.cameraId, NOW);
  db.close();
  expect(await moved(before)).toEqual(FILM);
  // The row says what was sent, not what the address names.
  const rows = await office.storage.access.audit({ before: null, limit: 20 });
  const downloads = rows.filter(({ action }) => action === 'footage.downloaded').map(({ object }) => object);
  expect(new Set(downloads)).toEqual(new Set([`download:${first}`]));
});

it('of two films is the one that begins next by time, whatever id a crash gave the one left out', async () => {
  const inspector = await office.login('thanhtra');
  const key = `${transactionId} ${seeded.cameraId}`;
  const view = office.footage.clips.get(key)!;
  const [whole] = view.downloads;
  const [one, two] = whole!.segments;
  office.footage.clips.set(key, {
    ...view,
    downloads: [
      { from: NOW, to: NOW + 4_000, segments: [one!] },
      { from: NOW + 4_000, to: NOW + 8_000, segments: [{ ...two!, offsetMs: 0 }] },
    ],
  });
  const [part] = await offered(inspector, (await open(inspector)).id);
  // Minted long after, and filmed before both.
  const late = 'fffffff0-0000-7000-8000-0000000000aa';
  const db = openWriter(office.data);
  db.prepare(
    `INSERT INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at, arrival_mono_ms, bytes, sha256, codec, flags)
     VALUES (?,?,'q','a.mp4',0,4000,?,1,9,'x','hevc','["recovered"]')`,
  ).run(late, seeded.cameraId, NOW + 60_000);
  db.prepare(
    `INSERT INTO run_mapping (run, camera_id, version, method, offset_ms, latency_ms, bound_ms) VALUES ('q',?,1,'min-arrival',?,0,10)`,
  ).run(seeded.cameraId, NOW - 2_000);
  db.close();
  const answer = await inspector.call('GET', String(part?.address).replace(first, late));
  expect(answer.rawPayload).toEqual(
    Buffer.concat([head, fragment(1, 0, 'hình-một'), fragment(2, 2_000, 'hình-hai')]),
  );
  office.footage.clips.set(key, view);
});

it('that has grown since has a row of its own, which names all that left', async () => {
  const inspector = await office.login('thanhtra');
  const key = `${transactionId} ${seeded.cameraId}`;
  const view = office.footage.clips.get(key)!;
  const [whole] = view.downloads;
  const shorter = { ...whole!, to: NOW + 4_000, segments: whole!.segments.slice(0, 1) };
  office.footage.clips.set(key, { ...view, downloads: [shorter] });
  const [part] = await offered(inspector, (await open(inspector)).id);
  const since = (await newest())!.seq;
  const named = () => {
    const db = new Database(join(office.data, 'hub.sqlite'), { readonly: true });
    const rows = db.prepare(
      "SELECT object, body FROM audit_log WHERE action = 'footage.downloaded' AND seq > ?",
    );
    const all = rows.all(since) as { object: string; body: string }[];
    db.close();
    return all.map(({ object, body }) => [object, JSON.parse(body).segments]);
  };
  await inspector.call('GET', String(part?.address));
  office.footage.clips.set(key, view);
  const again = await inspector.call('GET', String(part?.address));
  expect(again.rawPayload).toEqual(FILM);
  await inspector.call('GET', String(part?.address), undefined, { range: 'bytes=0-9' });
  expect(named()).toEqual([
    [`download:${first}`, [first]],
    [`download:${first}`, [first, second]],
  ]);
});

it('sends no byte when the row cannot be written', async () => {
  const inspector = await office.login('thanhtra');
  const [part] = await offered(inspector, (await open(inspector)).id);
  const cases: { -readonly [K in 'recordAccess']: (typeof office.storage.cases)[K] } = office.storage.cases;
  const record = cases.recordAccess;
  cases.recordAccess = () => Promise.reject(new Error('the disk is full'));
  const answer = await inspector.call('GET', String(part?.address));
  cases.recordAccess = record;
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    ...[500, 'application/json; charset=utf-8'],
  ]);
});

it('asks the policy of the clip: own session, open case, time; and what the page plays is no download', async () => {
  const inspector = await office.login('thanhtra');
  const held = await open(inspector);
  const [part] = await offered(inspector, held.id);
  const address = String(part?.address);
  const code = async (caller: Caller, of = address) => {
    const answer = await caller.call('GET', of);
    return answer.statusCode === 200 ? 200 : answer.json().code;
  };
  expect(await code(await office.login('thanhtra'))).toBe('access.refused');
  expect(await code(await office.login('thanhtra2'))).toBe('access.refused');
  expect(await code(await office.login('quantri'))).toBe('access.refused');
  expect(await code(inspector, address.replace(first, plain))).toBe('footage.no_download');
  expect(await code(inspector, address.replace(first, randomUUID()))).toBe('footage.missing');
  await inspector.call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
  expect(await code(inspector)).toBe('request.not_found');
  await inspector.call('PATCH', `/api/v1/cases/${held.id}`, { status: 'open' });
  expect(await code(inspector)).toBe(200);
  office.clock.at += 29 * 60_000;
  await inspector.call('GET', `/api/v1/cases/${held.id}`);
  office.clock.at += 60_000;
  expect(await code(inspector)).toBe('request.not_found');
  office.clock.at = NOW;
});
