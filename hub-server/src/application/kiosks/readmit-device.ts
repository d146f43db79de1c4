/**
 * Purpose: admits again a kiosk that this data has forgotten, since it was set back: the kiosk shows the enrolment
 *   certificate that this hub's key once signed. Whether it had been revoked meanwhile nobody here can know, so it is
 *   listed until two people have confirmed it.
 * Refuses: a certificate of another key, device or form, and one whose owner cannot sign the hello.
 * Document: hub-server/DESIGN.md, "Recovering".
 */
import { signedHello } from '@hailong/shared/edge/hello.ts';
import { counterId } from '@hailong/shared/ids.ts';
import { fromBase64Url } from '@hailong/shared/log/base64.ts';
import type { VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { DeviceToHub } from '@hailong/shared/protocol/edge.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { z } from 'zod';
import type { DevicesPort } from '../ports/devices.ts';
import type { KeyedDevice } from '../ports/inbox.ts';

export interface ReadmitParts {
  readonly devices: Pick<DevicesPort, 'readmit'>;
  /** Raw Ed25519, base64url. */
  readonly hubKey: string;
  readonly verify: VerifySignature;
  readonly deviceIdOf: (rawPublicKey: Uint8Array) => string;
  readonly clock: Pick<Clock, 'now'>;
}

const certificate = z.object({
  v: z.literal('hailong-enrol-v1'),
  device: z.string(),
  counter: counterId,
  serial: z.int().min(1),
  publicKey: z.string(),
});

export async function readmitDevice(
  parts: ReadmitParts,
  hello: Extract<DeviceToHub, { type: 'hello' }>,
  nonce: string,
): Promise<KeyedDevice | null> {
  const held = hello.certificate;
  const bytes = held ? fromBase64Url(held.bytes) : null;
  if (!held || !bytes || !parts.verify(parts.hubKey, bytes, held.sig)) return null;
  const said = certificate.safeParse(parse(bytes));
  if (!said.success || said.data.device !== hello.device) return null;
  const publicKey = fromBase64Url(said.data.publicKey);
  if (publicKey?.length !== 32 || parts.deviceIdOf(publicKey) !== hello.device) return null;
  if (!parts.verify(said.data.publicKey, signedHello(hello.device, nonce), hello.sig)) return null;
  await parts.devices.readmit({
    ...{ device: hello.device, publicKey, counterId: said.data.counter, serial: said.data.serial },
    at: parts.clock.now(),
  });
  return { counterId: said.data.counter, publicKey, revoked: false, serial: said.data.serial };
}

/** Whether its certificate tells of a later enrolment than this data knows: it was moved to another counter since. */
export function enrolledLater(hello: Extract<DeviceToHub, { type: 'hello' }>, serial: number): boolean {
  const bytes = hello.certificate ? fromBase64Url(hello.certificate.bytes) : null;
  const said = bytes ? certificate.safeParse(parse(bytes)) : null;
  return said?.success === true && said.data.serial > serial;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}
