/**
 * A kiosk's enrolment: a one-time code for its own key. The answer carries the keys it pins and a statement signed by
 * the hub, with which a restored hub can admit it again. Refuses: a wrong, used or expired code, a revoked key.
 */

import type { EnrolAnswer, enrolRequest } from '@hailong/shared/protocol/edge.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { z } from 'zod';
import type { Outcomes } from '../core-port.ts';
import type { LiveBus } from '../live-bus.ts';
import type { DeviceLinks } from '../ports/device-links.ts';
import type { DevicesPort } from '../ports/devices.ts';
import type { IdentityPort } from '../ports/identity.ts';
import type { Secrets } from '../ports/secrets.ts';

export interface EnrolParts {
  readonly devices: DevicesPort;
  readonly identity: Pick<IdentityPort, 'identity'>;
  readonly secrets: Pick<Secrets, 'hashCode'>;
  readonly signer: { sign(bytes: Uint8Array): string };
  readonly deviceIdOf: (rawPublicKey: Uint8Array) => string;
  readonly links: Pick<DeviceLinks, 'standingsChanged' | 'end' | 'recoveryChanged'>;
  readonly bus: LiveBus;
  readonly clock: Clock;
}

const utf8 = new TextEncoder();

export async function enrolDevice(
  parts: EnrolParts,
  asked: z.infer<typeof enrolRequest>,
): Promise<Outcomes<EnrolAnswer>> {
  const identity = await parts.identity.identity();
  if (!identity) return { ok: false, code: 'enrol.code_unknown' };
  const publicKey = new Uint8Array(Buffer.from(asked.publicKey, 'base64url'));
  const device = parts.deviceIdOf(publicKey);
  const at = parts.clock.now();
  const result = await parts.devices.enrol({
    ...{ codeHash: parts.secrets.hashCode(asked.code), device, publicKey, build: asked.build, at },
  });
  if (!result.ok) return result;
  const bytes = utf8.encode(
    JSON.stringify({
      ...{ v: 'hailong-enrol-v1', device, counter: result.counterId, serial: result.serial, at },
      publicKey: asked.publicKey,
    }),
  );
  parts.bus.counter(result.counterId);
  if (result.replaced !== null) {
    parts.links.end(result.replaced, 'device.revoked');
    await parts.links.recoveryChanged();
  }
  // An older kiosk of this counter is superseded from now on, and hears it at once.
  await parts.links.standingsChanged(result.counterId);
  return {
    ok: true,
    value: {
      ...{ device, counterId: result.counterId, hubKey: identity.hubKey, recoveryKey: identity.recoveryKey },
      enrolSerial: result.serial,
      checkpoint: result.checkpoint,
      certificate: { bytes: Buffer.from(bytes).toString('base64url'), sig: parts.signer.sign(bytes) },
    } as EnrolAnswer,
  };
}
