/*
 * Purpose: the keys of a history. In most histories a signature is a keyed stand-in: a short hash over a secret and the
 * bytes, which nobody who has not the secret can make, at a hundredth of the cost. In one of a thousand they are Ed25519.
 * Both refuse a signature over other bytes and one of another key.
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { hex32 } from './prng.ts';

const scratch = Buffer.allocUnsafe(65_536);
/** SHA-256 over the concatenation; hardly anything here is long, so one buffer serves all. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return digest(parts[0]!);
  let length = 0;
  for (const part of parts) length += part.byteLength;
  if (length > scratch.byteLength) return digest(Buffer.concat(parts));
  let at = 0;
  for (const part of parts) {
    scratch.set(part, at);
    at += part.byteLength;
  }
  return digest(scratch.subarray(0, length));
}
/** By way of a text: half as dear as a buffer of its own for each. */
const digest = (bytes: Uint8Array): Uint8Array => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

export interface KeyPair {
  /** Raw public key, base64url of 32 bytes. */
  readonly publicKey: string;
  /** SHA-256 of the raw public key, hex. */
  readonly id: string;
  sign(bytes: Uint8Array): string;
}

export interface Keyring {
  readonly real: boolean;
  /** A key from 32 bytes of hex. */
  make(seedHex: string): KeyPair;
  verify(publicKey: string, bytes: Uint8Array, sig: string): boolean;
}

const idOf = (publicKey: string): string => hash('sha256', Buffer.from(publicKey, 'base64url'), 'hex');

/** FNV-1a over two lanes: enough to tell two texts apart, which is all that a stand-in is asked for. */
function tag(secret: number, bytes: Uint8Array): string {
  let one = 0x811c9dc5 ^ secret;
  let other = 0x01000193 + secret;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    one = Math.imul(one ^ byte, 0x01000193);
    other = (Math.imul(other, 31) + byte) | 0;
  }
  // As long as a real one: some readers look at that first.
  return hex32(one) + hex32(other) + FILLER;
}
const FILLER = 'A'.repeat(70);

export function standInKeys(): Keyring {
  const secrets = new Map<string, number>();
  return {
    real: false,
    make(seedHex) {
      const publicKey = Buffer.from(seedHex, 'hex').toString('base64url');
      const secret = Number.parseInt(seedHex.slice(0, 8), 16);
      secrets.set(publicKey, secret);
      return { publicKey, id: idOf(publicKey), sign: (bytes) => tag(secret, bytes) };
    },
    verify(publicKey, bytes, sig) {
      const secret = secrets.get(publicKey);
      return secret !== undefined && tag(secret, bytes) === sig;
    },
  };
}

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export function realKeys(): Keyring {
  const publics = new Map<string, KeyObject>();
  const publicOf = (publicKey: string): KeyObject => {
    let key = publics.get(publicKey);
    if (!key) {
      const raw = Buffer.from(publicKey, 'base64url');
      key = createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' });
      publics.set(publicKey, key);
    }
    return key;
  };
  return {
    real: true,
    make(seedHex) {
      const der = Buffer.concat([PKCS8, Buffer.from(seedHex, 'hex')]);
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
      const publicKey = raw.toString('base64url');
      return {
        publicKey,
        id: idOf(publicKey),
        sign: (bytes) => sign(null, bytes, key).toString('base64url'),
      };
    },
    verify: (publicKey, bytes, sig) =>
      verify(null, bytes, publicOf(publicKey), Buffer.from(sig, 'base64url')),
  };
}
