/**
 * Purpose: a box is an X25519 key pair; what is sealed to its public half is opened by who holds the private one: a sender's
 *   key made for the occasion, AES-256-GCM, and both public keys in the key's derivation, so that it opens for that pair only.
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
export type SealBytes = (
  text: string,
  additional?: Uint8Array,
) => { readonly from: Buffer; readonly iv: Buffer; readonly body: Buffer };

/** Texts sealed by one of these share the sender's key, each with an iv of its own. */
export function sealerTo(box: Buffer, info: string): SealBytes {
  const { privateKey } = generateKeyPairSync('x25519');
  const from = rawBox(privateKey);
  const key = sharedKey({ privateKey, publicKey: boxOf(box) }, from, box, info);
  return (text, additional = new Uint8Array(0)) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(additional);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return { from, iv, body };
  };
}

/** Seals the verifiers of one roster for one device; `box` raw, base64url. Null: nothing can be sealed to that box. */
export function sealRoster(
  device: string,
  box: string,
): ((officer: string, revision: number, verifier: string) => string) | null {
  try {
    const seal = sealerTo(Buffer.from(box, 'base64url'), PIN_INFO);
    return (officer, revision, verifier) => {
      const { from, iv, body } = seal(verifier, verifierData(device, officer, revision));
      return Buffer.concat([from, iv, body]).toString('base64url');
    };
  } catch {
    return null;
  }
}
