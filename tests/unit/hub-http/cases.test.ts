/** Cases and footage: the log row before the address and before the first byte; nobody else's, nothing outside. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraId, TransactionId } from '@hailong/shared/ids.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRange } from '../../../hub-server/src/adapters/http/send-file.ts';
import { caseNumber, caseSeries } from '../../../hub-server/src/domain/cases/case-number.ts';
import { type Caller, NOW, type Office, openOffice } from './office.ts';

let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
const transactionId = randomUUID() as TransactionId;
const [good, linked, above, gone] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
const WHOLE = { begin: 'recorded', end: 'recorded' } as const;
const BYTES = Buffer.from(Array.from({ length: 1000 }, (_, n) => n & 255));

beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  const root = join(office.data, 'footage');
  mkdirSync(join(root, 'cam'), { recursive: true });
  writeFileSync(join(root, 'cam', 'a.mp4'), BYTES);
  writeFileSync(join(office.data, 'secret.mp4'), 'secret');
  symlinkSync(join(office.data, 'secret.mp4'), join(root, 'cam', 'link.mp4'));
  office.footage.folder = root;
  office.core.transactions.set(transactionId, {
    transactionId,
    counter: { id: seeded.counters[0], number: '1', name: 'Hộ tịch' },
    officer: { id: seeded.officers[0], code: 'CB001', name: 'Trần Thị Lan' },
    procedure: null,
    stage: 'reception',
    dossierCodes: ['H21.27-261120-0043'],
    queueNumber: null,
    openedAt: NOW as UtcMs,
    finishedAt: (NOW + 60_000) as UtcMs,
    outcome: 'completed',
    prompt: null,
    state: 'closed',
  });
  const window = { from: NOW as UtcMs, to: (NOW + 60_000) as UtcMs };
  office.footage.lanes = {
    window,
    served: WHOLE,
    opensBy: null,
    duty: null,
    prompt: null,
    presses: [],
    kioskBoundMs: 40,
    cameras: [],
  };
  const more = { sha256: 'a'.repeat(64), wallFrom: NOW, wallTo: NOW + 4_000 };
  const segments = [
    { segmentId: good, file: 'cam/a.mp4', bytes: 1000, ...more },
    { segmentId: linked, file: 'cam/link.mp4', bytes: 6, ...more },
    { segmentId: above, file: '../secret.mp4', bytes: 6, ...more },
    { segmentId: gone, file: 'cam/none.mp4', bytes: 6, ...more },
  ];
  office.footage.clips.set(`${transactionId} ${seeded.cameraId}`, {
    ...{ counterId: seeded.counters[0], window },
    clip: {
      cameraId: seeded.cameraId,
      playFrom: 3,
      durationSeconds: 10,
      pieces: [],
      state: 'ready',
      gaps: [],
      codec: 'h264',
    },
    segments,
    ...{ downloads: [], cameraName: 'Quầy 1' },
    playlist: (address) => ['#EXTM3U', ...segments.map((each) => address(each.segmentId))].join('\n'),
  });
});
afterAll(() => office.close());

const request = () => ({
  type: 'verification',
  documentNumber: 'QĐ-12/2026',
  purpose: 'Xác minh đánh giá không hài lòng',
  transactionId,
  disputed: true,
});
const open = async (caller: Caller) => (await caller.call('POST', '/api/v1/cases', request())).json();
const log = async () =>
  (await office.storage.access.audit({ before: null, limit: 50 })).map((row) => row.action);
const clip = (caller: Caller, id: string) =>
  caller.call('POST', `/api/v1/cases/${id}/clips`, { cameraId: seeded.cameraId });

describe('cases', () => {
  it('are numbered by type and year in Vietnam', async () => {
    const inspector = await office.login('thanhtra');
    const first = await open(inspector);
    expect(first).toMatchObject({ number: 'PXM-2026-0001', status: 'open', disputed: true });
    expect((await open(inspector)).number).toBe('PXM-2026-0002');
    const complaint = await inspector.call('POST', '/api/v1/cases', { ...request(), type: 'complaint' });
    expect([complaint.statusCode, complaint.json().number]).toEqual([201, 'KN-2026-0001']);
    // 31 December, 17:00 UTC is New Year's Day in Vietnam.
    expect(caseNumber(caseSeries('feedback', Date.UTC(2026, 11, 31, 17)), 3)).toBe('PAKN-2027-0003');
    const rows = await office.storage.access.audit({ before: null, limit: 10 });
    expect(rows.find((row) => row.object === 'case:PXM-2026-0001')).toMatchObject({
      action: 'case.opened',
      actor: 'user:thanhtra',
      reason: 'Xác minh đánh giá không hài lòng',
    });
  });
  it('are counted for the month in Vietnam in which they were opened, denunciations never', async () => {
    const [inspector, admin] = [await office.login('thanhtra'), await office.login('quantri')];
    const counted = async (month: string) =>
      (await admin.call('GET', `/api/v1/admin/month-cases?month=${month}`)).json();
    const before = await counted('2026-11');
    expect(before).toEqual({ month: '2026-11', received: 3, mended: 0 });
    await inspector.call('POST', '/api/v1/cases', { ...request(), type: 'denunciation' });
    const { id } = await open(inspector);
    await inspector.call('PATCH', `/api/v1/cases/${id}`, { status: 'closed' });
    expect(await counted('2026-11')).toEqual({ month: '2026-11', received: 4, mended: 1 });
    expect(await counted('2026-10')).toMatchObject({ received: 0, mended: 0 });
    expect((await admin.call('GET', '/api/v1/admin/month-cases?month=2026-13')).statusCode).toBe(400);
  });
  it('need a transaction that exists and a purpose', async () => {
    const inspector = await office.login('thanhtra');
    const unknown = { ...request(), transactionId: randomUUID() };
    expect((await inspector.call('POST', '/api/v1/cases', unknown)).json().code).toBe('reference.unknown');
    expect((await inspector.call('POST', '/api/v1/cases', { ...request(), purpose: 'vì' })).statusCode).toBe(
      400,
    );
  });
  it('belong to their assignee', async () => {
    const own = await open(await office.login('thanhtra'));
    const other = await office.login('thanhtra2');
    for (const path of ['', '/timeline'])
      expect((await other.call('GET', `/api/v1/cases/${own.id}${path}`)).statusCode).toBe(403);
    expect((await other.call('PATCH', `/api/v1/cases/${own.id}`, { status: 'closed' })).statusCode).toBe(403);
    expect((await clip(other, own.id)).statusCode).toBe(403);
    expect((await other.call('GET', '/api/v1/cases')).json()).toEqual({ cases: [] });
  });
  it('show one timeline', async () => {
    const inspector = await office.login('thanhtra');
    const { id } = await open(inspector);
    const timeline = (await inspector.call('GET', `/api/v1/cases/${id}/timeline`)).json();
    expect(timeline).toMatchObject({ case: { id }, transaction: { transactionId }, kioskBoundMs: 40 });
  });
});

describe('footage', () => {
  it('is logged before its address and before its first byte', async () => {
    const inspector = await office.login('thanhtra');
    const { id, number } = await open(inspector);
    const answer = (await clip(inspector, id)).json();
    expect((await log())[0]).toBe('footage.ticket');
    expect(answer.watermark).toBe(`${number} · Người thanhtra · 10:00 20/11/2026`);
    expect(answer.expiresAt).toBe(NOW + 30 * 60_000);
    const playlist = await inspector.call('GET', answer.playlist);
    expect(playlist.headers['content-type']).toBe('application/vnd.apple.mpegurl');
    expect(playlist.headers['cache-control']).toBe('no-store');
    expect((await log())[0]).toBe('footage.playlist');
    const address = playlist.body.split('\n')[1]!;
    const segment = await inspector.call('GET', address);
    expect([segment.statusCode, segment.headers['content-type']]).toEqual([200, 'video/mp4']);
    expect(segment.rawPayload.equals(BYTES)).toBe(true);
    const [row] = await office.storage.access.audit({ before: null, limit: 1 });
    expect(row).toMatchObject({
      action: 'footage.segment',
      object: `segment:${good}`,
      actor: 'user:thanhtra',
    });
    await inspector.call('GET', address, undefined, { range: 'bytes=0-9' });
    expect((await log())[1]).toBe('footage.playlist');
  });
  it('answers ranges', async () => {
    const inspector = await office.login('thanhtra');
    const { playlist } = (await clip(inspector, (await open(inspector)).id)).json();
    const address = playlist.replace('playlist.m3u8', `${good}.mp4`);
    const part = await inspector.call('GET', address, undefined, { range: 'bytes=10-19' });
    expect([part.statusCode, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      'bytes 10-19/1000',
      '10',
    ]);
    expect(part.rawPayload.equals(BYTES.subarray(10, 20))).toBe(true);
    const tail = await inspector.call('GET', address, undefined, { range: 'bytes=-5' });
    expect(tail.rawPayload.equals(BYTES.subarray(995))).toBe(true);
    const none = await inspector.call('GET', address, undefined, { range: 'bytes=1000-' });
    expect([none.statusCode, none.headers['content-range']]).toEqual([416, 'bytes */1000']);
  });
  it.each([
    ['bytes=0-', { from: 0, to: 99 }],
    ['bytes=99-500', { from: 99, to: 99 }],
    ['bytes=-500', { from: 0, to: 99 }],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', 'all'],
    ['bytes=0-1,4-5', 'all'],
    ['items=0-1', 'all'],
    [undefined, 'all'],
  ])('range %s of 100', (header, range) => {
    expect(readRange(header, 100)).toEqual(range);
  });
  it('stays inside its root and its window', async () => {
    const inspector = await office.login('thanhtra');
    const { playlist } = (await clip(inspector, (await open(inspector)).id)).json();
    const get = (file: string) => inspector.call('GET', playlist.replace('playlist.m3u8', file));
    for (const id of [linked, above, gone, randomUUID()]) {
      const answer = await get(`${id}.mp4`);
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'footage.missing']);
    }
    for (const file of [
      '..%2f..%2fsecret.mp4',
      '%2e%2e/secret.mp4',
      'secret.mp4',
      `${good}.mp4%00`,
      `${good}.mp4/x`,
    ])
      expect([400, 404]).toContain((await get(file)).statusCode);
  });
  it('is bound to its session, its time and its open case', async () => {
    const inspector = await office.login('thanhtra');
    const held = await open(inspector);
    const { playlist } = (await clip(inspector, held.id)).json();
    const again = await office.login('thanhtra');
    expect((await again.call('GET', playlist)).statusCode).toBe(403);
    expect((await (await office.login('thanhtra2')).call('GET', playlist)).statusCode).toBe(403);
    expect((await inspector.call('GET', playlist)).statusCode).toBe(200);
    await inspector.call('PATCH', `/api/v1/cases/${held.id}`, { status: 'closed' });
    expect((await inspector.call('GET', playlist)).statusCode).toBe(404);
    expect((await clip(inspector, held.id)).json().code).toBe('footage.case_required');
    await inspector.call('PATCH', `/api/v1/cases/${held.id}`, { status: 'open' });
    expect((await inspector.call('GET', playlist)).statusCode).toBe(200);
    office.clock.at += 29 * 60_000;
    await inspector.call('GET', `/api/v1/cases/${held.id}`);
    office.clock.at += 60_000;
    expect((await inspector.call('GET', playlist)).statusCode).toBe(404);
    office.clock.at = NOW;
  });
  it('says what is missing', async () => {
    const inspector = await office.login('thanhtra');
    const { id } = await open(inspector);
    const answer = await inspector.call('POST', `/api/v1/cases/${id}/clips`, {
      cameraId: randomUUID() as CameraId,
    });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'footage.missing']);
  });
});
