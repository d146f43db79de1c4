/**
 * Purpose: the epochs for which a kiosk's hello had no room: what the hub holds of each, what is safe, and, while it
 *   recovers, what of them is awaited. Until the last of them came the kiosk is not heard.
 * Refuses: nothing. Document: hub-server/DESIGN.md, "Recovering"; shared/PROTOCOL.md, "The line".
 */
import type { DeviceToHub, HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { GreetParts } from '../kiosks/greet-kiosk.ts';
import type { InboxPort } from '../ports/inbox.ts';
import type { RecoveryPort } from '../ports/recovery.ts';
import { lostOf } from './list-gap.ts';

export interface HearEpochsParts
  extends Pick<GreetParts, 'backups' | 'clock' | 'recovering' | 'recoveryChanged'> {
  readonly inbox: Pick<InboxPort, 'have' | 'lost'>;
  readonly recovery: Pick<RecoveryPort, 'stated'>;
}
type Have = Extract<HubToDevice, { type: 'have' }>;

export async function hearEpochs(
  parts: HearEpochsParts,
  device: string,
  { epochs: stated, more }: Extract<DeviceToHub, { type: 'epochs' }>,
): Promise<Have> {
  const epochs = stated.map((each) => each.epoch);
  const lost = lostOf(stated);
  if (lost.length > 0) await parts.inbox.lost({ device, lost, at: parts.clock.now() });
  const [have, safe] = await Promise.all([
    parts.inbox.have({ device, epochs }),
    parts.backups.safe({ device, epochs }),
  ]);
  if (parts.recovering()) {
    const now = await parts.recovery.stated({ device, epochs: stated, more, at: parts.clock.now() });
    if (now.left) parts.recoveryChanged(now);
  }
  return { type: 'have', have, safe } as Have;
}
