/**
 * Base64 of the log's texts: standard with padding inside a signed note (C2SP), url-safe without padding everywhere
 * else on our wires. Strict: one text per byte string, so that no changed character passes unseen.
 * Refuses: other alphabets, missing or extra padding, bits past the end. See shared/PROTOCOL.md, "Log".
 */
const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function encode(bytes: Uint8Array, alphabet: string): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0];
    const bits = (a << 16) | (b << 8) | c;
    const digits = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < digits; k++) out += alphabet[(bits >> (18 - 6 * k)) & 63];
  }
  return out;
}

/** Value of a digit by its character code; 255: none. */
function digitsOf(alphabet: string): Uint8Array {
  const digits = new Uint8Array(128).fill(255);
  for (let digit = 0; digit < 64; digit++) digits[alphabet.charCodeAt(digit)] = digit;
  return digits;
}
const STANDARD_DIGITS = digitsOf(STANDARD);
const URL_SAFE_DIGITS = digitsOf(URL_SAFE);

function decode(text: string, digits: Uint8Array): Uint8Array | null {
  if (text.length % 4 === 1) return null;
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = digits[text.charCodeAt(i)] ?? 255;
    if (digit === 255) return null;
    bits = ((bits << 6) | digit) & 0xffffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[at++] = (bits >> held) & 255;
    }
  }
  return (bits & ((1 << held) - 1)) === 0 ? out : null;
}

export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD);
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const bare = text.replace(/={1,2}$/, '');
  return Math.ceil(bare.length / 4) * 4 === text.length ? decode(bare, STANDARD_DIGITS) : null;
}

export const toBase64Url = (bytes: Uint8Array): string => encode(bytes, URL_SAFE);
export const fromBase64Url = (text: string): Uint8Array | null => decode(text, URL_SAFE_DIGITS);
