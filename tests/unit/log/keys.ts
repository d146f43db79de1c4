/* Real Ed25519 and SHA-256 for the log's tests: what the programs themselves hand to shared/src/log. */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Sha256 } from '@hailong/shared/edge/event.ts';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import { signCheckpoint, type VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { SignedStatement, Succession } from '@hailong/shared/protocol/edge.ts';

export const sha256: Sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();

const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
export interface TestKey {
  readonly publicKey: string;
  sign(bytes: Uint8Array): string;
}
export function makeKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  return {
    publicKey: raw.toString('base64url'),
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64url'),
  };
}

export const verifyKey: VerifySignature = (publicKey, bytes, sig) => {
  const key = createPublicKey({
    key: Buffer.concat([SPKI, Buffer.from(publicKey, 'base64url')]),
    ...{ format: 'der', type: 'spki' },
  });
  return verify(null, bytes, key, Buffer.from(sig, 'base64url'));
};

export function checkpointOf(key: TestKey, origin: string, size: number, root: Uint8Array): Checkpoint {
  const head = { origin, size, root: toHex(root) };
  return { ...head, text: signCheckpoint({ ...head, extensions: ['enrolSerial 3'] }, key, sha256) };
}

export function statementOf(key: TestKey, said: Succession): SignedStatement {
  const bytes = Buffer.from(JSON.stringify(said));
  return { bytes: bytes.toString('base64url'), sig: key.sign(bytes) };
}
