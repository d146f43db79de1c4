/**
 * What a kiosk knows of its own chains, as a file that is checked against a hub: JSON Lines, made by
 * `hailong-kiosk witness`, compared by `hailong-hub verify --witness`. First the head, then one line an epoch with the
 * hash of every event, last the device's signature over all bytes before it.
 * Refuses: other forms. See shared/PROTOCOL.md, "Witness file".
 */
import { z } from 'zod';
import { deviceId, epochId, sha256Hex } from '../ids.ts';
import { utcMs } from '../time.ts';
import { checkpoint, signedStatement } from './edge.ts';

export const WITNESS_VERSION = 'hailong-witness-v1';

export const witnessHead = z.object({
  witness: z.literal(WITNESS_VERSION),
  device: deviceId,
  publicKey: z.string().max(64),
  hubKey: z.string().max(64),
  certificate: signedStatement.nullable(),
  at: utcMs,
  lineage: z.string().max(64).nullable(),
  checkpoint: checkpoint.nullable(),
});
export type WitnessHead = z.infer<typeof witnessHead>;

/** Hash of event `first + i` at `hashes[i]`. */
export const witnessEpoch = z.object({
  epoch: epochId,
  first: z.int().min(1),
  hashes: z.array(sha256Hex),
});
export type WitnessEpoch = z.infer<typeof witnessEpoch>;

export const witnessEnd = z.object({ sha256: sha256Hex, sig: z.string().max(128) });
export type WitnessEnd = z.infer<typeof witnessEnd>;

/** What the device's key signs: `sha256` is that of every byte before the last line, hex. */
export function signedWitness(sha256: string): Uint8Array {
  return new TextEncoder().encode(`${WITNESS_VERSION}\n${sha256}\n`);
}
