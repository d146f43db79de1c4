/**
 * Purpose: the recovery key, which lives on paper: its printed form, what it signs (the charter of the hub's key, the
 *   succession of a restore) and the box derived from it, to which backups seal the hub's keys.
 * Refuses: a printed form it cannot read, a sealed text that was not made for it or was changed.
 * Document: hub-server/DESIGN.md, "Keys and secrets", "Backup".
 */
import { createDecipheriv, createPrivateKey, hkdfSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { CodedError } from '@hailong/shared/errors.ts';
import { publicKeyOf, rawPublic, verifyEd25519 } from './keys.ts';
import { boxFromSeed, boxOf, rawBox, sealerTo, sharedKey } from './x25519-box.ts';

const PRINTED = 'hailong-recovery-1:';
const BOX_INFO = 'hailong-recovery-box-v1';
const SEALED_INFO = 'hailong-sealed-v1';
/** DER of a private key is this and the 32 raw bytes. */
const ED25519_PRIVATE = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface RecoveryKey {
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  /** Raw X25519 public key, base64url. */
  readonly box: string;
  /** The form for paper. */
  readonly printed: string;
  sign(bytes: Uint8Array): string;
  /** Says that this hub key, and this box, belong to this recovery key. */
  charterOf(hubKey: string): string;
  open(sealed: string): string;
}

export interface Sealed {
  readonly v: typeof SEALED_INFO;
  /** The sender's X25519 public key, made for this one text. */
  readonly from: string;
  readonly iv: string;
  readonly body: string;
}

function charterBytes(hubKey: string, box: string): Uint8Array {
  return Buffer.from(`hailong-charter-v1\n${hubKey}\n${box}\n`, 'utf8');
}

export function charterHolds(recoveryKey: string, hubKey: string, box: string, charter: string): boolean {
  try {
    const key = publicKeyOf(Buffer.from(recoveryKey, 'base64url'));
    return verifyEd25519(key, charterBytes(hubKey, box), charter);
  } catch {
    return false;
  }
}

/** Seals a text so that only the holder of the recovery key opens it. */
export function sealTo(box: string, text: string): string {
  const { from, iv, body } = sealerTo(Buffer.from(box, 'base64url'), SEALED_INFO)(text);
  const sealed: Sealed = {
    ...{ v: SEALED_INFO, from: from.toString('base64url') },
    ...{ iv: iv.toString('base64url'), body: body.toString('base64url') },
  };
  return `${JSON.stringify(sealed)}\n`;
}

function openWith(privateKey: KeyObject, box: Buffer, sealed: string): string {
  const { v, from, iv, body } = JSON.parse(sealed) as Sealed;
  if (v !== SEALED_INFO) throw new Error(`sealed form ${String(v)}`);
  const sender = Buffer.from(from, 'base64url');
  const bytes = Buffer.from(body, 'base64url');
  const key = sharedKey({ privateKey, publicKey: boxOf(sender) }, sender, box, SEALED_INFO);
  const cipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'));
  cipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString('utf8');
}

function fromSeed(seed: Buffer): RecoveryKey {
  const signing = createPrivateKey({
    key: Buffer.concat([ED25519_PRIVATE, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const boxSeed = Buffer.from(hkdfSync('sha256', seed, Buffer.alloc(0), BOX_INFO, 32));
  const boxKey = boxFromSeed(boxSeed);
  const box = rawBox(boxKey);
  const boxText = box.toString('base64url');
  const signed = (bytes: Uint8Array): string => sign(null, bytes, signing).toString('base64url');
  return {
    publicKey: rawPublic(signing).toString('base64url'),
    box: boxText,
    printed: `${PRINTED}${seed.toString('base64url')}`,
    sign: signed,
    charterOf: (hubKey) => signed(charterBytes(hubKey, boxText)),
    open(sealed) {
      try {
        return openWith(boxKey, box, sealed);
      } catch {
        throw new CodedError('restore.wrong_key');
      }
    },
  };
}

/** A new recovery key: its public parts are kept, the printed form is for paper. */
export function mintRecoveryKey(): RecoveryKey {
  return fromSeed(randomBytes(32));
}

/** As typed or scanned from paper; white space around it does not matter. */
export function readRecoveryKey(printed: string): RecoveryKey {
  const text = printed.trim();
  const seed = Buffer.from(text.slice(PRINTED.length), 'base64url');
  if (!text.startsWith(PRINTED) || seed.byteLength !== 32) throw new CodedError('restore.wrong_key');
  return fromSeed(seed);
}
