/**
 * The hub's own keys under D/keys: `hub.key` (Ed25519, signs time anchors, certificates, later checkpoints) and
 * `seal.key` (AES-256, camera passwords at rest). They leave the folder only sealed to the recovery key
 * (`adapters/recovery-key.ts`). Refuses: a key file of another kind. Files 0600, folder 0700.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import type { VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { Sealer } from '../application/ports/secrets.ts';

/** DER of an Ed25519 public key is this and the 32 raw bytes. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SEAL_VERSION = 's1';

export interface HubKeys extends Sealer {
  /** Raw public key, base64url. */
  readonly publicKey: string;
  /** Ed25519 signature, base64url. */
  sign(bytes: Uint8Array): string;
}

export const rawPublic = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);

export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}

/** False also for a signature or key of a wrong form. */
export function verifyEd25519(key: KeyObject, bytes: Uint8Array, sig: string): boolean {
  try {
    return verify(null, bytes, key, Buffer.from(sig, 'base64url'));
  } catch {
    return false;
  }
}

/** Making a key object costs as much as a third of the verification; a kiosk's key comes at every hello. */
const KEYS_HELD_MAX = 8_192;
const heldKeys = new Map<string, KeyObject>();

function keyFrom(publicKey: string): KeyObject | null {
  const held = heldKeys.get(publicKey);
  if (held) return held;
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) return null;
  const key = publicKeyOf(raw);
  if (heldKeys.size >= KEYS_HELD_MAX) heldKeys.clear();
  heldKeys.set(publicKey, key);
  return key;
}

/** The same with everything as text, as `shared/src/log` asks for it. */
export const verifySignature: VerifySignature = (publicKey, bytes, sig) => {
  const key = keyFrom(publicKey);
  return key !== null && verifyEd25519(key, bytes, sig);
};

const SEAL_KEY_BYTES = 32;

/** Written whole and synced before its name exists. */
function writePrivate(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  chmodSync(dirname(file), 0o700);
  const part = `${file}.part`;
  const fd = openSync(part, 'w', 0o600);
  try {
    writeSync(fd, content as string);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(part, file);
  syncDir(dirname(file));
}

/** A name is durable once its folder is. */
function syncDir(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function loadSigningKey(file: string): KeyObject {
  if (!existsSync(file))
    writePrivate(file, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const key = createPrivateKey(readFileSync(file));
  if (key.asymmetricKeyType !== 'ed25519') throw new CodedError('device.bad_signature', file);
  return key;
}

function loadSealKey(file: string): Buffer {
  if (!existsSync(file)) writePrivate(file, randomBytes(SEAL_KEY_BYTES));
  const key = readFileSync(file);
  if (key.length !== SEAL_KEY_BYTES) throw new CodedError('program.keys_lost', file);
  return key;
}

const hubKeyFile = (dataDir: string): string => join(dataDir, 'keys', 'hub.key');
const sealKeyFile = (dataDir: string): string => join(dataDir, 'keys', 'seal.key');

/** The files as they are, for a sealed copy. */
export interface KeyFiles {
  readonly hubKey: string;
  /** base64url. */
  readonly sealKey: string;
}
export function readKeyFiles(dataDir: string): KeyFiles {
  return {
    hubKey: readFileSync(hubKeyFile(dataDir), 'utf8'),
    sealKey: readFileSync(sealKeyFile(dataDir)).toString('base64url'),
  };
}
export function writeKeyFiles(dataDir: string, files: KeyFiles): void {
  writePrivate(hubKeyFile(dataDir), files.hubKey);
  writePrivate(sealKeyFile(dataDir), Buffer.from(files.sealKey, 'base64url'));
}

/** Raw public key (base64url) of a hub.key file's content. */
export function hubPublicKeyOf(pem: string): string {
  return rawPublic(createPrivateKey(pem)).toString('base64url');
}

/**
 * The keys that data was made with. Refuses (`program.keys_lost`): to make others in their place. What kiosks were enrolled
 * with and passwords were sealed by would be gone without a word.
 */
export function heldHubKeys(dataDir: string, publicKey: string): HubKeys {
  const files = [hubKeyFile(dataDir), sealKeyFile(dataDir)];
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) throw new CodedError('program.keys_lost', missing);
  const keys = loadHubKeys(dataDir);
  if (keys.publicKey !== publicKey) throw new CodedError('program.keys_lost', hubKeyFile(dataDir));
  return keys;
}

/** Makes what is not there yet: only where no data names any. */
export function loadHubKeys(dataDir: string): HubKeys {
  const signing = loadSigningKey(hubKeyFile(dataDir));
  const sealing = loadSealKey(sealKeyFile(dataDir));
  return {
    publicKey: rawPublic(signing).toString('base64url'),
    sign: (bytes) => sign(null, bytes, signing).toString('base64url'),
    seal(text) {
      if (text === '') return '';
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${SEAL_VERSION}.${iv.toString('base64url')}.${body.toString('base64url')}`;
    },
    open(sealed) {
      if (sealed === '') return '';
      const [version, iv, body] = sealed.split('.');
      if (version !== SEAL_VERSION || !iv || !body)
        throw new CodedError('internal.unexpected', 'sealed value');
      const bytes = Buffer.from(body, 'base64url');
      const open = createDecipheriv('aes-256-gcm', sealing, Buffer.from(iv, 'base64url'));
      open.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([open.update(bytes.subarray(0, -16)), open.final()]).toString('utf8');
    },
  };
}

/** A device is named by the hash of its raw public key. */
export function deviceIdOf(rawPublicKey: Uint8Array): string {
  return hash('sha256', rawPublicKey, 'hex');
}
