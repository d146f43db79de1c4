/**
 * Purpose: the device's own Ed25519 key, made on this machine and never leaving it; the device is named by its hash.
 * Refuses: a key file of another kind; it is written 0600 and synced before anything is signed with it.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { CodedError } from '@hailong/shared/errors.ts';
import type { DeviceId } from '@hailong/shared/ids.ts';
import type { DeviceKey, VerifySignature } from '../../application/ports.ts';
import { replaceFile } from '../replace-file.ts';

/** DER of an Ed25519 public key is this and the 32 raw bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

export function loadDeviceKey(file: string): DeviceKey {
  const key = readKey(file) ?? makeKey(file);
  chmodSync(file, 0o600);
  return identityOf(key, file);
}

/** The key that is there; null: none. */
export function readDeviceKey(file: string): DeviceKey | null {
  const key = readKey(file);
  return key && identityOf(key, file);
}

function identityOf(key: KeyObject, file: string): DeviceKey {
  if (key.asymmetricKeyType !== 'ed25519') throw new CodedError('device.bad_signature', file);
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  return {
    device: createHash('sha256').update(raw).digest('hex') as DeviceId,
    publicKey: raw.toString('base64url'),
    sign: (bytes) => sign(null, bytes, key).toString('base64url'),
    derive: (purpose) => new Uint8Array(hkdfSync('sha256', seedOf(key), '', purpose, 32)),
  };
}

/** The private key itself: the last 32 bytes of its DER. */
const seedOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'pkcs8' }).subarray(-32);

export const verifyEd25519: VerifySignature = (hubKey, bytes, sig) => {
  const raw = Buffer.from(hubKey, 'base64url');
  if (raw.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
  return verify(null, bytes, key, Buffer.from(sig, 'base64url'));
};

function readKey(file: string): KeyObject | null {
  try {
    return createPrivateKey(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  replaceFile(file, String(privateKey.export({ format: 'pem', type: 'pkcs8' })));
  return privateKey;
}
