/**
 * Purpose: the hello with which a kiosk opens its line: who it is, the heads of its chains, the checkpoint it holds.
 * Refuses: nothing. Document: shared/PROTOCOL.md, "The line".
 */
import { signedHello } from '@hailong/shared/edge/hello.ts';
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import { type DeviceToHub, EDGE_PROTOCOL, type StatedHead } from '@hailong/shared/protocol/edge.ts';
import type { DeviceIdentity, Enrolment, HeldEpoch, Settings } from './ports.ts';

export interface HelloParts {
  readonly identity: DeviceIdentity;
  readonly certificate: Enrolment['certificate'];
  readonly settings: Settings;
  /** Where verifiers of PINs may be sealed to; absent: none is checked here. */
  readonly box?: { readonly key: string; readonly sig: string };
}

/** `epochs` oldest first; the message names the newest first. `nonce`: of the hub's challenge. */
export function helloOf(
  { identity, certificate, settings, box }: HelloParts,
  held: {
    readonly epochs: readonly HeldEpoch[];
    readonly hasMore: boolean;
    readonly checkpoint: Checkpoint | null;
  },
  nonce: string,
): DeviceToHub {
  const { device } = identity;
  const lineage = settings.read('lineage');
  return {
    type: 'hello',
    protocol: EDGE_PROTOCOL,
    device,
    sig: identity.sign(signedHello(device, nonce)),
    epochs: [...held.epochs].reverse().map(stated),
    ...(held.hasMore ? { more: true } : {}),
    checkpoint: held.checkpoint,
    certificate,
    ...(typeof lineage === 'string' ? { lineage } : {}),
    ...(box ? { box } : {}),
  };
}

export const stated = ({ epoch, head, hash, acknowledged, floor, last }: HeldEpoch): StatedHead => ({
  ...{ epoch, seq: head, hash, acknowledged },
  ...(floor > 1 ? { floor } : {}),
  ...(last < head ? { last } : {}),
});
