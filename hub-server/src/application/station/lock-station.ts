/**
 * A station is left for a moment or for lunch, and woken by the PIN of the same officer. See hub-server/DESIGN.md, "Locked,
 * away, handed over". Refuses: lunch while somebody is served or called; a PIN that is another's.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId, OfficerId } from '@hailong/shared/ids.ts';
import type { LockedLogin } from '../../domain/access/policy-law.ts';
import type { LockedFor } from '../ports/access.ts';
import type { WebParts } from '../web-parts.ts';
import { checkPin } from './check-pin.ts';

export async function lockStation(
  parts: WebParts,
  input: { sessionId: string; officerId: string; counterId: CounterId; why: LockedFor },
): Promise<void> {
  const { sessionId, officerId, counterId, why } = input;
  if (why === 'lunch') await pause(parts, counterId, officerId);
  const at = parts.clock.now();
  await parts.storage.access.lockSession({
    ...{ sessionId, why, at },
    audit: {
      ...{ at, actor: `officer:${officerId}`, action: 'station.locked', object: `session:${sessionId}` },
      reason: why,
    },
  });
  // What spoke for the officer says nothing more; the page comes back as the station's.
  parts.told.sessionsEnded([sessionId]);
}

async function pause({ core }: WebParts, counterId: CounterId, officerId: string): Promise<void> {
  const { duty, officerId: onDuty, transaction, pending } = await core.counter(counterId);
  if (duty?.state !== 'started' || onDuty !== officerId) throw new CodedError('intent.no_duty');
  if (transaction?.state === 'serving' || pending.some(({ kind }) => kind === 'transaction.open'))
    throw new CodedError('intent.busy');
  const asked = await core.pauseDuty({ counterId, dutyId: duty.id, reason: 'lunch' });
  if (!asked.ok) throw new CodedError(asked.code);
}

export async function unlockStation(
  parts: WebParts,
  input: { stationId: string; counterId: CounterId; locked: LockedLogin; pin: string },
): Promise<void> {
  const { stationId, counterId, locked, pin } = input;
  const { sessionId, officerId, why } = locked;
  const officer = await parts.storage.directory.profile({ id: officerId as OfficerId });
  const held = await checkPin(parts, { stationId, staffCode: officer?.code ?? '', pin });
  const at = parts.clock.now();
  await parts.storage.access.unlockSession({
    ...{ sessionId, at },
    audit: {
      ...{
        at,
        actor: `officer:${held.profile.id}`,
        action: 'station.unlocked',
        object: `session:${sessionId}`,
      },
      reason: null,
    },
  });
  const { duty, officerId: onDuty } = await parts.core.counter(counterId);
  // What the device answers stands on the desk; somebody else's duty is none of this login's.
  if (why === 'lunch' && duty?.state === 'started' && onDuty === officerId)
    await parts.core.resumeDuty({ counterId, dutyId: duty.id });
  parts.told.sessionsEnded([`station:${stationId}`]);
}
