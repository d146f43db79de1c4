/**
 * Randomness, hashes of secrets and minted ids, behind one interface. What a hub hands out is random and kept only as
 * its SHA-256: a copied database opens nothing. Enrolment codes are 80 bits in letters that are not confused.
 */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v7 } from 'uuid';
import type { Secrets } from '../application/ports/secrets.ts';

/** Crockford's base32: no I, L, O, U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_LETTERS = 16;

export function createSecrets(): Secrets {
  return {
    id: () => v7(),
    token: () => randomBytes(32).toString('base64url'),
    hash: (text) => hash('sha256', text, 'hex'),
    derived: (secret, label) => createHmac('sha256', secret).update(label).digest('base64url'),
    same: (a, b) => {
      const [left, right] = [hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer')];
      return timingSafeEqual(left, right);
    },
    code: () => {
      const letters = [...randomBytes(CODE_LETTERS)].map((byte) => LETTERS[byte & 31]).join('');
      return letters.replace(/(.{4})(?=.)/g, '$1-');
    },
    hashCode: (code) =>
      hash('sha256', `hailong-enrol-v1\n${code.toUpperCase().replace(/[^0-9A-Z]/g, '')}`, 'hex'),
  };
}
