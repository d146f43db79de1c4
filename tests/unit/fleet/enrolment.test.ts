/* A kiosk is let in by whoever compared its digits; a code is its first key's; a broken kiosk is replaced in one operation. */
import { hash } from 'node:crypto';
import { deviceFingerprint } from '@hailong/shared/edge/device-fingerprint.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deviceIdOf } from '../../../hub-server/src/adapters/keys.ts';
import { createSecrets } from '../../../hub-server/src/adapters/secrets.ts';
import {
  askWriteOff,
  decideByFingerprint,
  decideEnrolment,
  rosterLines,
  waitingEnrolments,
} from '../../../hub-server/src/application/kiosks/decide-enrolment.ts';
import { TestDevice } from '../../support/test-device.ts';
import { NOW, openLog } from '../hub-log/kit.ts';

const MINUTE = 60_000;
let hub: Awaited<ReturnType<typeof openLog>>;
let parts: Parameters<typeof waitingEnrolments>[0];
let counterId: string;
beforeEach(async () => {
  hub = await openLog();
  parts = { storage: hub.storage, clock: hub.clock, told: null, deviceIdOf } as never;
  counterId = crypto.randomUUID();
  const unit = crypto.randomUUID();
  hub.raw((db) => {
    db.prepare("INSERT INTO unit (id, code, name) VALUES (?, 'DD', 'Đất đai')").run(unit);
    db.prepare(
      "INSERT INTO counter (id, number, name, unit_id, active) VALUES (?, '5', 'Hộ tịch', ?, 1)",
    ).run(...[counterId, unit]);
  });
});
afterEach(() => hub.close());

async function code(replaces: string | null = null): Promise<string> {
  const codeHash = hash('sha256', crypto.randomUUID(), 'hex');
  const audit = {
    at: NOW,
    actor: 'An',
    action: 'enrol.code_issued',
    object: 'counter',
    reason: null,
  } as const;
  const issued = await hub.storage.access.issueEnrolCode({
    ...{ codeHash, kind: 'kiosk', counterId: counterId as never, expiresAt: NOW + 10 * MINUTE, asks: true },
    ...{ replaces, audit },
  });
  if (!issued) throw new Error('not issued');
  return codeHash;
}
const bring = ({ device, publicKey }: TestDevice, codeHash: string, at = NOW) =>
  hub.storage.devices.enrol({ codeHash, device, publicKey, build: 'test', at });
const WAITING = { ok: false, code: 'enrol.waiting' };
const UNKNOWN = { ok: false, code: 'enrol.code_unknown' };

test('codes hold 80 random bits', () => {
  const codes = new Set(Array.from({ length: 500 }, () => createSecrets().code()));
  expect(codes.size).toBe(500);
  for (const each of codes) expect(each).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test('it waits, is approved by its digits, is let in once, and stands in the roster with who and when', async () => {
  const kiosk = new TestDevice();
  const codeHash = await code();
  expect(await bring(kiosk, codeHash)).toEqual(WAITING);
  expect(await bring(kiosk, codeHash, NOW + 2_000)).toEqual(WAITING);
  const fingerprint = deviceFingerprint(kiosk.device);
  expect(await waitingEnrolments(parts)).toMatchObject([{ fingerprint, counter: '5', contested: false }]);
  hub.clock.at = NOW + 60_000;
  const said = await decideByFingerprint(parts, {
    fingerprint: fingerprint.slice(0, 9),
    approve: true,
    by: 'Bình',
  });
  expect(said).toMatchObject({ event: 'approved', device: kiosk.device });
  expect(await waitingEnrolments(parts)).toEqual([]);
  expect(await bring(kiosk, codeHash, NOW + 61_000)).toMatchObject({ ok: true, counterId, replaced: null });
  expect(await bring(kiosk, codeHash, NOW + 62_000)).toEqual(UNKNOWN);
  expect(await rosterLines(parts)).toMatchObject([
    {
      counter: '5',
      fingerprint,
      approvedBy: 'Bình',
      approvedAt: NOW + 60_000,
      enrolledAt: NOW + 61_000,
      open: 0,
    },
  ]);
  expect(hub.rows().map(({ action }) => action)).toEqual(
    expect.arrayContaining(['enrol.code_issued', 'enrol.approved', 'device.enrolled']),
  );
});

test('a second key on the code is not let in, and whoever decides is told of it', async () => {
  const [ours, other] = [new TestDevice(), new TestDevice()];
  const codeHash = await code();
  await bring(ours, codeHash);
  expect(await bring(other, codeHash)).toEqual(UNKNOWN);
  const [asked] = await waitingEnrolments(parts);
  expect(asked).toMatchObject({ device: ours.device, contested: true });
  await decideEnrolment(parts, { id: asked!.id, approve: true, by: 'An' });
  expect(await bring(other, codeHash)).toEqual(UNKNOWN);
  expect(await bring(ours, codeHash)).toMatchObject({ ok: true });
});

test('refused, or nobody decided within ten minutes: it is void; nothing is decided twice', async () => {
  const kiosk = new TestDevice();
  const refused = await code();
  await bring(kiosk, refused);
  const [asked] = await waitingEnrolments(parts);
  await decideEnrolment(parts, { id: asked!.id, approve: false, by: 'An' });
  expect(await bring(kiosk, refused)).toEqual({ ok: false, code: 'enrol.refused' });
  await expect(decideEnrolment(parts, { id: asked!.id, approve: true, by: 'An' })).rejects.toMatchObject({
    code: 'request.conflict',
  });
  const late = await code();
  await bring(kiosk, late, NOW + 9 * MINUTE);
  expect(await bring(kiosk, late, NOW + 18 * MINUTE)).toEqual(WAITING);
  expect(await bring(kiosk, late, NOW + 19 * MINUTE)).toEqual(UNKNOWN);
});

test('a broken kiosk is replaced: the old one ends with it, and what it still held stays open for two people', async () => {
  const old = await hub.enrolled(counterId);
  const status = JSON.stringify({
    ...{ build: 'test', panel: 'none', unsynced: 7, oldestUnsyncedMs: 1, screens: 0, configRevision: 0 },
    diskFreeBytes: null,
  });
  await hub.storage.devices.said({ device: old.device, at: NOW, build: 'test', status });
  const fresh = new TestDevice();
  const codeHash = await code(old.device);
  await bring(fresh, codeHash);
  const [asked] = await waitingEnrolments(parts);
  expect(asked).toMatchObject({ replaces: old.device });
  await decideEnrolment(parts, { id: asked!.id, approve: true, by: 'An' });
  expect(await bring(fresh, codeHash)).toMatchObject({ ok: true, replaced: old.device });
  const lines = await rosterLines(parts);
  expect(lines).toMatchObject([
    { device: fresh.device, revokedAt: null },
    { device: old.device, revokedAt: NOW, open: 7 },
  ]);
  expect(hub.rows().find(({ action }) => action === 'device.revoked')).toMatchObject({
    actor: 'An',
    reason: `device:${fresh.device}`,
  });
  const ask = (by: string) => askWriteOff(parts, { device: old.device, by, reason: 'ổ đĩa hỏng' });
  expect(await ask('An')).toBe('asked');
  expect(await ask('an ')).toBe('asked');
  expect(await ask('Bình')).toBe('done');
  expect((await rosterLines(parts))[1]).toMatchObject({ open: 0 });
  await expect(ask('Bình')).rejects.toMatchObject({ code: 'request.conflict' });
});

test('only a kiosk of that counter can be replaced', async () => {
  const elsewhere = await hub.enrolled();
  await expect(code(elsewhere.device)).rejects.toThrow('not issued');
});
