/**
 * Typed codes of the private route: ten letters made of the hub's key and a number, so that they are told again without
 * being kept; the database holds hashes. Refuses: nothing. See hub-server/DESIGN.md, "Private votes".
 */
import { type Sha256, toHex } from '@hailong/shared/edge/event.ts';

/** Crockford's base32: no I, L, O, U. 50 bits. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LETTERS = 10;

export interface SlipCode {
  readonly code: string;
  /** SHA-256 of the code, as rating.opened carries it. */
  readonly slip: string;
}
export interface SlipCodes {
  ofKiosk(device: string, number: number): SlipCode;
  /** Of a rating that the hub's own chain opens. */
  ofRating(rating: string): SlipCode;
  slipOf(code: string): string;
}

const utf8 = new TextEncoder();

/** Ed25519 signs the same bytes the same way: what only the key can sign is a secret that needs no place of its own. */
export function createSlipCodes(signer: { sign(bytes: Uint8Array): string }, sha256: Sha256): SlipCodes {
  const secret = utf8.encode(signer.sign(utf8.encode('hailong-slip-v1\n')));
  const slipOf = (code: string): string => toHex(sha256(utf8.encode(code)));
  const codeOf = (label: string): SlipCode => {
    const bits = sha256(secret, utf8.encode(`\n${label}\n`));
    const code = Array.from(bits.subarray(0, CODE_LETTERS), (byte) => LETTERS[byte & 31]).join('');
    return { code, slip: slipOf(code) };
  };
  return {
    ofKiosk: (device, number) => codeOf(`${device} ${number}`),
    ofRating: (rating) => codeOf(`rating ${rating}`),
    slipOf,
  };
}
