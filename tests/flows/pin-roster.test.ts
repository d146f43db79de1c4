/*
 * Purpose: what a real hub tells a device about PINs: verifiers that open with the device's own key and for nothing else,
 * none without a box, another text at each change; and what it makes of a lock-out that the device reports.
 */
import {
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  scryptSync,
} from 'node:crypto';
import { join } from 'node:path';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { HubToDevice, RosterEntry } from '@hailong/shared/protocol/edge.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askRunningHub } from '../../hub-server/src/adapters/operator-socket.ts';
import { EdgeClient, enrolOverHttp } from '../support/edge-client.ts';
import { type DemoSetup, StationClient, setupDemoHub, startHub } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { newPlace, type Place, TestDevice } from '../support/test-device.ts';

type Roster = Extract<HubToDevice, { type: 'roster' }>;
const X25519 = Buffer.from('302a300506032b656e032100', 'hex');

let folder: TempFolder;
let hub: { program: Program; url: string };
let setup: DemoSetup;
let device: TestDevice;
let place: Place;

beforeAll(async () => {
  folder = await tempFolder('pin-roster');
  setup = await setupDemoHub(folder.path);
  hub = await startHub(folder.path);
  device = new TestDevice();
  place = { ...newPlace(), counter: setup.counters[0]!.id };
  const asked = { verb: 'enrol-code', kind: 'kiosk', counter: setup.counters[0]!.number } as const;
  const answer = await askRunningHub(folder.path, asked);
  const [line] = (answer?.ok ? answer.value : []) as { code: string }[];
  expect((await enrolOverHttp(hub.url, device, String(line?.code))).status).toBe(200);
});
afterAll(async () => {
  await hub.program.stop();
  await folder[Symbol.asyncDispose]();
});

const rawOf = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(X25519.length);

function boxOf(target: TestDevice) {
  const { privateKey } = generateKeyPairSync('x25519');
  const raw = rawOf(privateKey);
  const key = raw.toString('base64url');
  const sig = target.signText(`hailong-box-v1\n${target.device}\n${key}\n`);
  return { privateKey, raw, stated: { key, sig } };
}

/** As shared/PROTOCOL.md writes it down. */
function opened(
  { privateKey, raw }: Pick<ReturnType<typeof boxOf>, 'privateKey' | 'raw'>,
  sealed: string,
  [id, officer, revision]: readonly [device: string, officer: string, revision: number],
): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const from = bytes.subarray(0, 32);
  const publicKey = createPublicKey({ key: Buffer.concat([X25519, from]), format: 'der', type: 'spki' });
  const secret = diffieHellman({ privateKey, publicKey });
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.concat([from, raw]), 'hailong-pin-v1', 32));
  const opener = createDecipheriv('aes-256-gcm', key, bytes.subarray(32, 44));
  opener.setAAD(Buffer.from(`hailong-pin-v1\n${id}\n${officer}\n${revision}\n`));
  opener.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([opener.update(bytes.subarray(44, -16)), opener.final()]).toString('utf8');
}

function isPin(verifier: string, pin: string): boolean {
  const [scheme, n, r, p, salt, key] = verifier.split('$');
  expect([scheme, Number(n) <= 32_768, Number(r) <= 8, p]).toEqual(['scrypt', true, true, '1']);
  const cost = { N: Number(n), r: Number(r), p: 1, maxmem: 64 * 1024 * 1024 };
  const found = scryptSync(pin, Buffer.from(salt!, 'base64url'), 32, cost);
  return found.toString('base64url') === key;
}

const entryOf = (roster: Roster, code: string): RosterEntry =>
  roster.officers.find(({ profile }) => profile.code === code)!;

test('without a box a device is told who may be on show, and nobody’s PIN', async () => {
  const line = await EdgeClient.greet(hub.url, device, [device.start(place)]);
  const roster = await line.first('roster');
  expect(roster.officers.length).toBeGreaterThan(1);
  expect(roster.officers.every(({ verifier }) => verifier === null)).toBe(true);
  line.close();
});

test('a verifier opens for its device, officer and revision alone, and is another one after a change', async () => {
  const [officer, colleague] = [setup.officers[0]!, setup.officers[1]!];
  const box = boxOf(device);
  const line = await EdgeClient.greet(hub.url, device, [device.start(place)], null, { box: box.stated });
  const roster = await line.first('roster');
  expect(roster.validMs).toBe(30 * 86_400_000);
  const { revision } = roster;
  const { profile, verifier } = entryOf(roster, officer.code);
  const verifierText = opened(box, verifier!, [device.device, profile.id, revision]);
  expect(isPin(verifierText, officer.pin)).toBe(true);
  expect(isPin(verifierText, '0000')).toBe(false);
  expect(JSON.stringify(roster)).not.toContain(verifierText.slice(-20));

  const other = boxOf(device);
  const elsewhere = 'ab'.repeat(32);
  for (const [with_, bound] of [
    [other, [device.device, profile.id, revision]],
    [box, [elsewhere, profile.id, revision]],
    [box, [device.device, colleague.id, revision]],
    [box, [device.device, profile.id, revision + 1]],
  ] as const)
    expect(() => opened(with_, verifier!, bound)).toThrow();

  // Whatever changes in the directory, also this very PIN: the roster comes again under another revision.
  const admin = new StationClient(hub.url);
  const { username, password } = setup.users.find(({ roles }) => roles.includes('admin'))!;
  expect((await admin.call('POST', '/api/v1/session', { username, password })).status).toBe(200);
  const { body } = await admin.call<{ items: Record<string, unknown>[] }>('GET', '/api/v1/admin/officers');
  const { id: _, photo, ...held } = body.items.find(({ id }) => id === officer.id)!;
  const saved = await admin.call('PUT', `/api/v1/admin/officers/${officer.id}`, { ...held, pin: '86420' });
  expect(saved.status).toBe(200);
  const next = await line.first('roster', (message) => message.revision > revision);
  const settings = { walkup: null, lastMonth: null, languages: [], pinDays: 14, voices: false };
  expect((await admin.call('PUT', '/api/v1/admin/kiosk-settings', settings)).status).toBe(200);
  await line.first('roster', (message) => message.validMs === 14 * 86_400_000);
  const now = opened(box, entryOf(next, officer.code).verifier!, [device.device, profile.id, next.revision]);
  expect([isPin(now, '86420'), isPin(now, officer.pin)]).toEqual([true, false]);
  line.close();
});

test('a box that the device did not sign is refused; one to which nothing can be sealed gets no verifier', async () => {
  const forged = boxOf(new TestDevice());
  const client = await EdgeClient.open(hub.url);
  const { nonce } = await client.first('challenge');
  const sig = device.signText(`hailong-hello-v1\n${device.device}\n${nonce}\n`);
  const hello = { type: 'hello', protocol: 1, device: device.device, sig, epochs: [], checkpoint: null };
  client.send({ ...hello, box: forged.stated });
  expect(await client.first('error')).toMatchObject({ code: 'device.bad_signature' });
  await client.over();

  const key = Buffer.alloc(32).toString('base64url');
  const nothing = { key, sig: device.signText(`hailong-box-v1\n${device.device}\n${key}\n`) };
  const line = await EdgeClient.greet(hub.url, device, [device.start(place)], null, { box: nothing });
  expect((await line.first('roster')).officers.every(({ verifier }) => verifier === null)).toBe(true);
  line.close();
});

test('a lock-out at the kiosk stands in the log by codes, once, and marks the device', async () => {
  const chain = device.start(place);
  const locked: EventBody = {
    ...{ type: 'pin.locked', officerCode: setup.officers[0]!.code, failures: 5, waitMs: 300_000 },
  } as EventBody;
  device.append(chain, locked);
  const line = await EdgeClient.greet(hub.url, device, [chain]);
  for (const times of [1, 2]) {
    line.sendBytes(device.batch(chain));
    await poll(() => line.messages.filter(({ type }) => type === 'verdicts').length === times, {
      what: 'the verdict',
    });
  }
  line.close();
  const db = new Database(join(folder.path, 'hub.sqlite'), { readonly: true });
  const rows = db.prepare("SELECT object, body FROM audit_log WHERE action = 'device.pin_locked'").all();
  const alarm = db.prepare('SELECT alarm FROM device WHERE id = ?').pluck().get(device.device);
  db.close();
  expect(rows).toEqual([{ object: `device:${device.device}`, body: expect.any(String) }]);
  expect(JSON.parse((rows[0] as { body: string }).body)).toEqual({
    ...{ officerCode: setup.officers[0]!.code, failures: 5, epoch: chain.epoch, seq: 2 },
  });
  expect(alarm).toBe('pin_locked');
});

test('a hub served in the clear off loopback tells nobody’s PIN, sealed or not', async () => {
  const box = boxOf(device);
  const sealed = await EdgeClient.greet(hub.url, device, [device.start(place)], null, { box: box.stated });
  expect((await sealed.first('roster')).officers.some(({ verifier }) => verifier !== null)).toBe(true);
  sealed.close();

  await hub.program.stop();
  const { port } = new URL(hub.url);
  const open = ['--host', '0.0.0.0', '--insecure', '--port', port, '--json'];
  hub.program = startProgram(hubBin, ['serve', '--data', folder.path, ...open]);
  await hub.program.line('listening');
  const line = await EdgeClient.greet(hub.url, device, [device.start(place)], null, { box: box.stated });
  const { officers } = await line.first('roster');
  expect(officers.length).toBeGreaterThan(1);
  expect(officers.every(({ verifier }) => verifier === null)).toBe(true);
  line.close();
});
