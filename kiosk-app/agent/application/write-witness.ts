/**
 * Purpose: what this device bears witness of, as JSON Lines that a verifier outside the hub can check: who it is, the
 *   last checkpoint it accepted, and the hash of every event it ever chained; signed over all of it.
 * Refuses: contents: no event's bytes, no name, no level leaves the machine here.
 * Document: shared/PROTOCOL.md, "Witness file".
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { DeviceIdentity, Enrolment } from './ports.ts';

export const WITNESS_FORM = 'hailong-witness-v1';

export interface WitnessSource {
  /** Oldest first; every epoch, with its head as it stands now. */
  epochs(): readonly { readonly epoch: EpochId; readonly head: number }[];
  /** Hashes of the events 1…head. */
  hashes(epoch: EpochId, head: number): Iterable<Sha256Hex>;
}

export interface WitnessParts {
  readonly identity: DeviceIdentity;
  readonly enrolment: Enrolment;
  readonly lineage: string | null;
  readonly checkpoint: Checkpoint | null;
  readonly at: number;
  readonly source: WitnessSource;
  /** A running SHA-256 over everything that was written. */
  readonly digest: { update(text: string): unknown; digest(): Uint8Array };
}

/** The file in pieces, so that no epoch has to fit into memory twice. */
export function* witnessText(parts: WitnessParts): Generator<string, { epochs: number; events: number }> {
  const { identity, enrolment, lineage, checkpoint, at, source, digest } = parts;
  const said = (text: string): string => {
    digest.update(text);
    return text;
  };
  const head = {
    witness: WITNESS_FORM,
    device: identity.device,
    publicKey: identity.publicKey,
    hubKey: enrolment.hubKey,
    certificate: enrolment.certificate,
    ...{ at, lineage, checkpoint },
  };
  yield said(`${JSON.stringify(head)}\n`);
  let events = 0;
  const epochs = source.epochs();
  for (const { epoch, head } of epochs) {
    yield said(`{"epoch":"${epoch}","first":1,"hashes":[`);
    let between = '';
    for (const hash of source.hashes(epoch, head)) {
      yield said(`${between}"${hash}"`);
      between = ',';
      events += 1;
    }
    yield said(']}\n');
  }
  const sha256 = toHex(digest.digest());
  const sig = identity.sign(new TextEncoder().encode(`${WITNESS_FORM}\n${sha256}\n`));
  yield `${JSON.stringify({ sha256, sig })}\n`;
  return { epochs: epochs.length, events };
}
