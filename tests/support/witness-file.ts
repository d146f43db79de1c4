/* Purpose: a kiosk's witness file as `hailong-kiosk witness` writes it, out of a TestDevice's memory. */
import { hash } from 'node:crypto';
import { signedWitness } from '@hailong/shared/protocol/witness.ts';
import type { KeptKiosk } from './kept-hub.ts';
import { toHex } from './test-device.ts';

export function witnessFile({ device, enrolled, chains }: KeptKiosk): string {
  const head = {
    ...{ witness: 'hailong-witness-v1', device: device.device, publicKey: device.publicKeyText },
    ...{ hubKey: enrolled.hubKey, certificate: enrolled.certificate, at: device.at, lineage: 'l-test' },
    checkpoint: device.checkpoint,
  };
  const lines = [
    head,
    ...chains.map(({ epoch, hashes }) => ({ epoch, first: 1, hashes: hashes.map(toHex) })),
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const sha256 = hash('sha256', text, 'hex');
  const sig = device.signText(Buffer.from(signedWitness(sha256)).toString('utf8'));
  return `${text}${JSON.stringify({ sha256, sig })}\n`;
}
