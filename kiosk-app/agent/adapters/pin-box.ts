/**
 * Purpose: the device's box for PIN verifiers, X25519, made of its signing key and kept nowhere: whoever copies the
 *   database has verifiers that nothing opens. A PIN is computed by scrypt off the event loop.
 * Refuses: a verifier of another device, officer or revision, and one costlier than the protocol allows; the work is done
 *   all the same, so that the answer takes as long.
 * Document: shared/PROTOCOL.md, "Roster".
 */
import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  type ScryptOptions,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { signedBox, verifierData } from '@hailong/shared/edge/hello.ts';
import type { DeviceKey, SealedVerifier, VerifyPin } from '../application/ports.ts';

/** DER of X25519 keys: these and the 32 raw bytes. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const [FROM_BYTES, IV_BYTES, TAG_BYTES, KEY_BYTES] = [32, 12, 16, 32];
const PIN_INFO = 'hailong-pin-v1';
const MEMORY_MAX = 64 * 1024 * 1024;
/** As the hub makes them: what is computed where there is no verifier. */
const USUAL: ScryptOptions = { N: 32_768, r: 8, p: 1, maxmem: MEMORY_MAX };

interface Opened {
  readonly cost: ScryptOptions;
  readonly salt: Buffer;
  readonly key: Buffer;
}
const NOBODY: Opened = { cost: USUAL, salt: Buffer.alloc(16), key: Buffer.alloc(KEY_BYTES) };

export interface PinBox {
  /** As the hello states it. */
  readonly stated: { readonly key: string; readonly sig: string };
  readonly verify: VerifyPin;
}

export function openPinBox(identity: DeviceKey): PinBox {
  const secret = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, identity.derive('hailong-pin-box-v1')]),
    format: 'der',
    type: 'pkcs8',
  });
  const raw = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  const key = raw.toString('base64url');
  return {
    stated: { key, sig: identity.sign(signedBox(identity.device, key)) },
    async verify(verifier, pin) {
      const opened = verifier && readVerifier(openSealed(secret, raw, identity.device, verifier));
      const { cost, salt, key: wanted } = opened ?? NOBODY;
      const found = await derived(pin, salt, cost);
      return timingSafeEqual(found, wanted) && opened !== null;
    },
  };
}

/** Null: not sealed to this box, or for something else. */
function openSealed(
  secret: KeyObject,
  box: Buffer,
  device: string,
  { sealed, officer, revision }: SealedVerifier,
): string | null {
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const from = bytes.subarray(0, FROM_BYTES);
    const iv = bytes.subarray(FROM_BYTES, FROM_BYTES + IV_BYTES);
    const publicKey = createPublicKey({
      key: Buffer.concat([SPKI_PREFIX, from]),
      format: 'der',
      type: 'spki',
    });
    const shared = diffieHellman({ privateKey: secret, publicKey });
    const key = Buffer.from(hkdfSync('sha256', shared, Buffer.concat([from, box]), PIN_INFO, KEY_BYTES));
    const opener = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES });
    opener.setAAD(verifierData(device, officer, revision));
    opener.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = bytes.subarray(FROM_BYTES + IV_BYTES, -TAG_BYTES);
    return Buffer.concat([opener.update(text), opener.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function readVerifier(text: string | null): Opened | null {
  const [scheme, n, r, p, salt, key] = (text ?? '').split('$');
  const [N, blocks] = [Number(n), Number(r)];
  const isAllowed = N <= 32_768 && blocks <= 8 && Number(p) === 1 && Number.isInteger(Math.log2(N)) && N > 1;
  if (scheme !== 'scrypt' || !salt || !key || !isAllowed) return null;
  const wanted = Buffer.from(key, 'base64url');
  if (wanted.length !== KEY_BYTES) return null;
  return {
    cost: { N, r: blocks, p: 1, maxmem: MEMORY_MAX },
    salt: Buffer.from(salt, 'base64url'),
    key: wanted,
  };
}

const derived = (pin: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(pin.normalize('NFKC'), salt, KEY_BYTES, cost, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
