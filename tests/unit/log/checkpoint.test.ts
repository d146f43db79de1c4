/* The signed note: what is written reads back, any changed byte is refused, nothing throws. */
import { toHex } from '@hailong/shared/edge/event.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '@hailong/shared/log/base64.ts';
import {
  extensionOf,
  fingerprint,
  keyId,
  logOrigin,
  openCheckpoint,
  readCheckpoint,
  signCheckpoint,
} from '@hailong/shared/log/checkpoint.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkpointOf, makeKey, sha256, verifyKey } from './keys.ts';

const key = makeKey();
const origin = logOrigin('ab'.repeat(32), 'l-019');
const root = sha256(Uint8Array.of(7));
const note = checkpointOf(key, origin, 15_368_405, root).text;

describe('base64', () => {
  it('is strict and turns back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
        expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      }),
    );
    for (const bad of [
      'A',
      'AB',
      'AB=',
      'AB===',
      'AAB=',
      'A===',
      'AA==A',
      'A-==',
      '====',
      'AAAA\n',
      'AAAA====',
    ])
      expect(fromBase64(bad)).toBeNull();
    for (const bad of ['A', 'AB', 'AAB', 'AA==', 'A+AA', 'AA ']) expect(fromBase64Url(bad)).toBeNull();
  });
});

describe('a checkpoint', () => {
  it('is a C2SP note: origin, size, root, extensions, and a signature by the key of that name', () => {
    expect(note).toMatch(
      /^hailong\/abababababababab\/l-019\n15368405\n[A-Za-z0-9+/]{43}=\nenrolSerial 3\n\n\u2014 hailong\/abababababababab\/l-019 [A-Za-z0-9+/]{91}=\n$/,
    );
    const body = openCheckpoint(note, key.publicKey, verifyKey, sha256);
    expect(body).toEqual({ origin, size: 15_368_405, root: toHex(root), extensions: ['enrolSerial 3'] });
    expect(body && extensionOf(body, 'enrolSerial')).toBe('3');
    expect(body && extensionOf(body, 'enrol')).toBeNull();
  });

  it('names keys as the published note does', () => {
    const held = fromBase64('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')!;
    expect(toHex(keyId(sha256, 'PeterNeumann', held.slice(1)))).toBe('c74f20a3');
  });

  it('is refused with any byte changed, dropped or added', () => {
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.integer({ min: 0, max: 0x2fff }), (at, code) => {
        const letter = String.fromCharCode(code);
        const rest = note.slice(at + 1);
        if (letter !== note[at])
          expect(
            openCheckpoint(note.slice(0, at) + letter + rest, key.publicKey, verifyKey, sha256),
          ).toBeNull();
        expect(openCheckpoint(note.slice(0, at) + rest, key.publicKey, verifyKey, sha256)).toBeNull();
        expect(
          openCheckpoint(note.slice(0, at) + letter + note.slice(at), key.publicKey, verifyKey, sha256),
        ).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is refused under another key, and passes over a line of somebody else', () => {
    expect(openCheckpoint(note, makeKey().publicKey, verifyKey, sha256)).toBeNull();
    const line = `\u2014 witness ${toBase64(new Uint8Array(68))}\n`;
    expect(openCheckpoint(note + line, key.publicKey, verifyKey, sha256)?.size).toBe(15_368_405);
    const [text] = note.split('\n\n') as [string];
    expect(openCheckpoint(`${text}\n\n${line}`, key.publicKey, verifyKey, sha256)).toBeNull();
  });

  it('is not read from what has another form', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => !readCheckpoint(text).ok));
    const forms = (from: RegExp | string, to: string) => readCheckpoint(note.replace(from, to)).ok;
    expect(readCheckpoint(note).ok).toBe(true);
    expect(forms('15368405', '015368405')).toBe(false);
    expect(forms('15368405', '9007199254740993')).toBe(false);
    expect(forms('15368405', '-1')).toBe(false);
    expect(forms('enrolSerial 3', 'enrolSerial\u00003')).toBe(false);
    expect(forms('enrolSerial 3', Array.from({ length: 11 }, () => 'x').join('\n'))).toBe(false);
    expect(forms('enrolSerial 3', 'x'.repeat(201))).toBe(false);
    expect(readCheckpoint(note.padEnd(3_000, 'x')).ok).toBe(false);
    expect(readCheckpoint('').ok).toBe(false);
  });

  it('is not made in a form it would not read', () => {
    const body = { origin, size: 1, root: toHex(root), extensions: [] };
    expect(() => signCheckpoint({ ...body, origin: 'two words' }, key, sha256)).toThrow();
    expect(() => signCheckpoint({ ...body, origin: 'a+b' }, key, sha256)).toThrow();
    expect(() => signCheckpoint({ ...body, extensions: ['two\nlines', ''] }, key, sha256)).toThrow();
    expect(() => signCheckpoint(body, { ...key, sign: () => 'AAAA' }, sha256)).toThrow();
  });

  it('has a fingerprint of thirty digits that changes with each part', () => {
    const head = { origin, size: 4, root: toHex(root) };
    const all = [
      head,
      { ...head, origin: `${origin}x` },
      { ...head, size: 5 },
      { ...head, root: toHex(sha256(root)) },
    ].map((each) => fingerprint(sha256, each));
    expect(all[0]).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(new Set(all).size).toBe(4);
  });
});
