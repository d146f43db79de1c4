/*
 * The printed instructions alone, by the machine's own coreutils and openssl: keys of another kind that end in the office's
 * own bytes, names of two lines, links in place of the list. A small folder of our own: a whole package is in evidence.test.ts.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  generatePrimeSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyDigits } from '@hailong/shared/evidence/hub-key.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GUIDE_COMMANDS } from '../../hub-server/src/evidence/guide.ts';
import { ALIKE } from '../prove/evidence/mutate.ts';
import { byHand } from '../prove/evidence/verifiers.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const ED25519_BYTES = 32;
let folder: TempFolder;
let hub: KeyObject;
let raw: Buffer;
let digits: string;

const hex = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const pemOf = (key: KeyObject): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();

beforeAll(async () => {
  folder = await tempFolder('by-hand');
  // RSA needs an odd exponent, and the forger's is to end in this key.
  do {
    hub = generateKeyPairSync('ed25519').privateKey;
    raw = createPublicKey(hub).export({ type: 'spki', format: 'der' }).subarray(-ED25519_BYTES);
  } while ((raw.at(-1) ?? 0) % 2 === 0);
  digits = keyDigits(hex(raw));
});
afterAll(() => folder.remove());

/** `key` signs a folder with its own public key and one file in it. */
function signedFolder(name: string, key: KeyObject, said = 'as it was'): string {
  const path = join(folder.path, name);
  mkdirSync(join(path, 'media'), { recursive: true });
  const files = { 'hub.pub': pemOf(key), 'media/a.mp4': said };
  const sums = Object.entries(files)
    .map(([file, text]) => `${hex(text)}  ${file}\n`)
    .join('');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  writeFileSync(join(path, 'SHA256SUMS'), sums);
  const digest = key.asymmetricKeyType === 'rsa' ? 'sha256' : null;
  writeFileSync(join(path, 'SHA256SUMS.sig'), sign(digest, Buffer.from(sums), key));
  return path;
}

function inverse(of: bigint, modulus: bigint): bigint | null {
  let [a, b, x, y] = [modulus, of % modulus, 0n, 1n];
  while (b > 0n) {
    const whole = a / b;
    [a, b, x, y] = [b, a - whole * b, y, x - whole * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : null;
}

/** An RSA key whose DER ends in those bytes: they are the low bytes of its public exponent. */
function rsaEndingIn(bytes: Buffer): KeyObject {
  const e = BigInt(`0x01${bytes.toString('hex')}`);
  for (;;) {
    const [p, q] = [generatePrimeSync(1024, { bigint: true }), generatePrimeSync(1024, { bigint: true })];
    const d = inverse(e, (p - 1n) * (q - 1n));
    const qi = inverse(q, p);
    if (d === null || qi === null) continue;
    const jwk = Object.fromEntries(
      Object.entries({ n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi }).map(
        ([name, value]) => {
          const digits = value.toString(16);
          return [name, Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex').toString('base64url')];
        },
      ),
    );
    return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' });
  }
}

describe('by the printed commands', () => {
  it('what the hub signed is good, and nothing that was changed or signed by another', async () => {
    expect(await byHand(signedFolder('own', hub), GUIDE_COMMANDS, digits)).toBe(true);
    const changed = signedFolder('changed', hub);
    writeFileSync(join(changed, 'media/a.mp4'), 'as it was not');
    expect(await byHand(changed, GUIDE_COMMANDS, digits)).toBe(false);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    expect(await byHand(signedFolder('stranger', stranger), GUIDE_COMMANDS, digits)).toBe(false);
  });

  it('a key of another kind that ends in the printed one has signed nothing', async () => {
    const forger = rsaEndingIn(raw);
    const der = createPublicKey(forger).export({ type: 'spki', format: 'der' });
    expect(der.subarray(-ED25519_BYTES).equals(raw)).toBe(true);
    expect(await byHand(signedFolder('forged', forger, 'as the forger has it'), GUIDE_COMMANDS, digits)).toBe(
      false,
    );
  });

  it('a name of two lines is one name too many', async () => {
    const more = signedFolder('two-lines', hub);
    mkdirSync(join(more, '\n.'));
    writeFileSync(join(more, '\n.', 'media'), 'x');
    expect(await byHand(more, GUIDE_COMMANDS, digits)).toBe(false);
  });

  it.each(Object.entries(ALIKE))('%s: no name hides behind another', async (name, make) => {
    const more = signedFolder(`alike-${name.replaceAll(' ', '-')}`, hub);
    make(more);
    expect(await byHand(more, GUIDE_COMMANDS, digits)).toBe(false);
  });

  it.each(['SHA256SUMS', 'SHA256SUMS.sig', 'hub.pub'])('%s is no link', async (name) => {
    const linked = join(folder.path, `linked-${name}`);
    cpSync(signedFolder(`before-${name}`, hub), linked, { recursive: true });
    renameSync(join(linked, name), join(folder.path, `away-${name}`));
    symlinkSync(join(folder.path, `away-${name}`), join(linked, name));
    expect(await byHand(linked, GUIDE_COMMANDS, digits)).toBe(false);
  });
});
