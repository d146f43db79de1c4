/**
 * The hub's public key as the package carries it: PEM, so that openssl reads it, in one exact form, so that no changed
 * byte passes unseen. Its digits are what people compare with the printed ones.
 * Refuses: any other key, any other spelling of it.
 */
import { type Sha256, toHex } from '../edge/event.ts';
import { fromBase64, fromBase64Url, toBase64, toBase64Url } from '../log/base64.ts';

/** DER of an Ed25519 public key is this and the 32 raw bytes. */
const SPKI = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);
const HEAD = '-----BEGIN PUBLIC KEY-----\n';
const TAIL = '\n-----END PUBLIC KEY-----\n';

/** `publicKey`: 32 raw bytes, base64url. */
export function formatHubKey(publicKey: string): string {
  const raw = fromBase64Url(publicKey);
  if (raw?.length !== 32) throw new RangeError('no Ed25519 public key');
  const der = new Uint8Array(SPKI.length + raw.length);
  der.set(SPKI);
  der.set(raw, SPKI.length);
  return `${HEAD}${toBase64(der)}${TAIL}`;
}

/** The raw key, base64url; null: not this form. */
export function readHubKey(pem: string): string | null {
  if (!pem.startsWith(HEAD) || !pem.endsWith(TAIL)) return null;
  const der = fromBase64(pem.slice(HEAD.length, -TAIL.length));
  if (der?.length !== SPKI.length + 32 || !SPKI.every((byte, i) => der[i] === byte)) return null;
  return toBase64Url(der.subarray(SPKI.length));
}

/** Hash of the raw key, hex: also the name of the hub's own chain. */
export function hubOf(sha256: Sha256, publicKey: string): string {
  return toHex(sha256(fromBase64Url(publicKey) ?? new Uint8Array(0)));
}

/** 32 hexadecimal digits (128 bits) in groups of four: what is printed and compared. */
export function keyDigits(hub: string): string {
  return (hub.slice(0, 32).match(/.{4}/g) ?? []).join(' ');
}

/** What a person typed of them, or the whole hash; null: neither. */
export function readKeyDigits(text: string): string | null {
  const digits = text.replace(/[\s:.-]/g, '').toLowerCase();
  return /^[0-9a-f]{32}([0-9a-f]{32})?$/.test(digits) ? digits : null;
}
