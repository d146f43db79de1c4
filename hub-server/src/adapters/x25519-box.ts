/**
 * Purpose: a box is an X25519 key pair; what is sealed to its public half is opened by who holds the private one. Each text
 *   has a sender's key of its own, AES-256-GCM, and both public keys in the key's derivation, so that it opens for that pair only.
 * Refuses: a public key that leads to no secret (of low order), by throwing. Documents: hub-server/DESIGN.md, "Keys and secrets";
 *   shared/PROTOCOL.md, "Roster".
 */
import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { verifierData } from '@hailong/shared/edge/hello.ts';

const PIN_INFO = 'hailong-pin-v1';
/** DER of X25519 keys is these and the 32 raw bytes. */
const X25519_PRIVATE = Buffer.from('302e020100300506032b656e04220420', 'hex');
const X25519_PUBLIC = Buffer.from('302a300506032b656e032100', 'hex');

export const rawBox = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(X25519_PUBLIC.length);

export const boxOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([X25519_PUBLIC, raw]), format: 'der', type: 'spki' });

export const boxFromSeed = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([X25519_PRIVATE, seed]), format: 'der', type: 'pkcs8' });

export function sharedKey(
  ends: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  from: Buffer,
  box: Buffer,
  info: string,
): Buffer {
  return Buffer.from(hkdfSync('sha256', diffieHellman(ends), Buffer.concat([from, box]), info, 32));
}

/** `body`: the encrypted text and its tag. */
export function sealBytes(
  box: Buffer,
  text: string,
  info: string,
  additional: Uint8Array = new Uint8Array(0),
): { readonly from: Buffer; readonly iv: Buffer; readonly body: Buffer } {
  const { privateKey } = generateKeyPairSync('x25519');
  const from = rawBox(privateKey);
  const iv = randomBytes(12);
  const cipher = createCipheriv(
    'aes-256-gcm',
    sharedKey({ privateKey, publicKey: boxOf(box) }, from, box, info),
    iv,
  );
  cipher.setAAD(additional);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { from, iv, body };
}

/** For whom and for which roster a verifier is sealed. */
export interface SealedFor {
  readonly device: string;
  /** Raw X25519 public key, base64url. */
  readonly box: string;
  readonly officer: string;
  readonly revision: number;
}

/** As it stands in a roster; null: nothing can be sealed to this box. */
export function sealVerifier({ device, box, officer, revision }: SealedFor, verifier: string): string | null {
  try {
    const additional = verifierData(device, officer, revision);
    const { from, iv, body } = sealBytes(Buffer.from(box, 'base64url'), verifier, PIN_INFO, additional);
    return Buffer.concat([from, iv, body]).toString('base64url');
  } catch {
    return null;
  }
}
