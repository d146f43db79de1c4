/*
 * Released samples of the event form and of the agent–hub wire: exact bytes, hashes and messages that every later
 * version must still read. A sample is never edited; a new form is a new file.
 */
import {
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readBatch, signedHead } from '@hailong/shared/edge/batch.ts';
import { chainHash, encodeEvent, fromHex, genesisHash, readEvent, toHex } from '@hailong/shared/edge/event.ts';
import { type EventType, eventBody, HUB_ONLY, KIOSK_ONLY } from '@hailong/shared/model/event.ts';
import { deviceToHub, enrolAnswer, enrolRequest, hubToDevice, intent } from '@hailong/shared/protocol/edge.ts';
import { describe, expect, it } from 'vitest';

const sha256 = (...parts: readonly Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
/** DER of X25519 keys is these and the 32 raw bytes. */
const X25519_PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex');
const X25519_PUBLIC = Buffer.from('302a300506032b656e032100', 'hex');
const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const samples = (name: string) =>
  readdirSync(folder(name))
    .sort()
    .map((file) => [file, JSON.parse(readFileSync(`${folder(name)}/${file}`, 'utf8'))] as const);
const typesOf = (options: readonly { shape: { type: { value: string } } }[]) =>
  options.map((option) => option.shape.type.value);

const chains = [
  ['chain', samples('chain')],
  ['hub-chain', samples('hub-chain')],
] as const;

describe.each(chains)('%s', (_folder, chain) => {
  it.each(chain)('%s reads, hashes and would be written the same', (_file, sample) => {
    const bytes = new TextEncoder().encode(sample.bytes);
    expect(toHex(chainHash(sha256, fromHex(sample.prevHash), bytes))).toBe(sample.hash);
    const read = readEvent(bytes);
    expect(read).toMatchObject({ ok: true, event: { seq: sample.seq } });
    if (read.ok) expect(new TextDecoder().decode(encodeEvent(read.event))).toBe(sample.bytes);
  });

  it('is one chain from its genesis', () => {
    const [, first] = chain[0]!;
    expect(toHex(genesisHash(sha256, first.device, first.epoch))).toBe(first.prevHash);
    for (const [index, [, sample]] of chain.entries())
      if (index > 0) expect(sample.prevHash).toBe(chain[index - 1]![1].hash);
  });
});

describe('the chains together', () => {
  it('have a sample of every type, each in a chain that may state it', () => {
    const types = chains.map(([, chain]) => chain.map(([, { bytes }]) => JSON.parse(bytes).body.type as EventType));
    expect([...new Set(types.flat())].sort()).toEqual(typesOf(eventBody.options as never).sort());
    const [kiosk, hub] = types as [EventType[], EventType[]];
    expect(kiosk.filter((type) => HUB_ONLY.has(type))).toEqual([]);
    expect(hub.filter((type) => KIOSK_ONLY.has(type))).toEqual([]);
  });
});

describe('the wire', () => {
  const wire = samples('edge');
  const of = (direction: string) => wire.filter(([, sample]) => sample.direction === direction);
  const forms = {
    'hub-to-device': hubToDevice,
    'device-to-hub': deviceToHub,
    'enrol-request': enrolRequest,
    'enrol-answer': enrolAnswer,
  };

  it.each(wire.filter(([, sample]) => sample.direction in forms))('%s is read unchanged', (_file, sample) => {
    const form = forms[sample.direction as keyof typeof forms];
    expect(form.parse(sample.message)).toEqual(sample.message);
  });

  it('has a sample of every message and every intent', () => {
    const types = (direction: string) => [...new Set(of(direction).map(([, sample]) => sample.message.type))].sort();
    expect(types('hub-to-device')).toEqual(typesOf(hubToDevice.options as never).sort());
    expect(types('device-to-hub')).toEqual(typesOf(deviceToHub.options as never).sort());
    const kinds = of('hub-to-device').flatMap(([, { message }]) => (message.type === 'intent' ? [message.intent.kind] : []));
    expect([...new Set(kinds)].sort()).toEqual(intent.options.map((option) => option.shape.kind.value).sort());
  });

  it.each(of('hub-to-device').filter(([, { boxPrivate }]) => boxPrivate))('%s: the verifier opens for its box alone', (_file, sample) => {
    const { revision, officers } = sample.message;
    const [{ profile, verifier }] = officers;
    const [sealed, scalar] = [Buffer.from(verifier, 'base64url'), Buffer.from(sample.boxPrivate, 'base64url')];
    const [from, iv, tag] = [sealed.subarray(0, 32), sealed.subarray(32, 44), sealed.subarray(-16)];
    const open = (officer: string) => {
      const key = { format: 'der', type: 'pkcs8' } as const;
      const privateKey = createPrivateKey({ ...key, key: Buffer.concat([X25519_PRIVATE, scalar]) });
      const publicKey = createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([X25519_PUBLIC, from]) });
      const box = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(X25519_PUBLIC.length);
      const salt = Buffer.concat([from, box]);
      const secret = hkdfSync('sha256', diffieHellman({ privateKey, publicKey }), salt, 'hailong-pin-v1', 32);
      const decipher = createDecipheriv('aes-256-gcm', Buffer.from(secret), iv);
      decipher.setAAD(Buffer.from(`hailong-pin-v1\n${sample.device}\n${officer}\n${revision}\n`)).setAuthTag(tag);
      return Buffer.concat([decipher.update(sealed.subarray(44, -16)), decipher.final()]).toString();
    };
    expect(open(profile.id)).toBe(sample.opens);
    expect(() => open(officers[1].profile.id)).toThrow();
  });

  it.each(of('batch'))('%s: the exact frame is read, and the bytes its head is signed over', (_file, sample) => {
    const read = readBatch(Buffer.from(sample.frame, 'base64'));
    expect(read.ok).toBe(true);
    if (!read.ok) return;
    expect(new TextDecoder().decode(signedHead(read.header))).toBe(sample.signed);
    const hash = read.events.reduce((at, bytes) => chainHash(sha256, at, bytes), fromHex(read.header.prevHash));
    expect(toHex(hash)).toBe(read.header.head.hash);
  });
});
