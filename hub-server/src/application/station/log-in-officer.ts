/**
 * Purpose: an officer's login at an enrolled station: the station is the first factor, the PIN the second. It sends
 * `duty.start`; the duty becomes true when the counter's device commits it, or at once where the hub keeps the counter. Over
 * another officer's login that runs or rests here, that one ends only once the new duty is a fact.
 * Refuses: with one answer for an unknown code, a wrong PIN and an officer without one.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId, DutyId, IntentId, OfficerId } from '@hailong/shared/ids.ts';
import type { WebParts } from '../web-parts.ts';
import { checkPin } from './check-pin.ts';

export interface OpenedDuty {
  readonly token: string;
  readonly sessionId: string;
  readonly officerId: OfficerId;
  readonly dutyId: DutyId;
}

export async function logInOfficer(
  parts: WebParts,
  input: {
    stationId: string;
    counterId: CounterId;
    staffCode: string;
    pin: string;
    /** Whose login runs or rests at this station. */
    over: string | null;
    /** Ends when the device has made it a fact; throws its refusal. */
    admitted(intentId: IntentId): Promise<void>;
  },
): Promise<OpenedDuty> {
  const { storage, secrets, clock, core } = parts;
  const held = await checkPin(parts, input);
  const handsOver = input.over !== null && input.over !== held.profile.id;
  // A turn ends by an act of its own; until then the device would hold the other officer's login back.
  if (handsOver && (await core.counter(input.counterId)).transaction?.state === 'serving')
    throw new CodedError('intent.busy');
  const started = await core.startDuty({ counterId: input.counterId, profile: held.profile });
  if (!started.ok) throw new CodedError(started.code);
  if (handsOver) await input.admitted(started.value.intentId);
  const [token, sessionId, at] = [secrets.token(), secrets.id(), clock.now()];
  const { dutyId } = started.value;
  const { ended } = await storage.access.openOfficerSession({
    sessionId,
    tokenHash: secrets.hash(token),
    stationId: input.stationId,
    officerId: held.profile.id,
    dutyId,
    at,
    audit: {
      at,
      actor: `officer:${held.profile.id}`,
      action: 'duty.login',
      object: `duty:${dutyId}`,
      reason: null,
      body: { station: input.stationId, counter: input.counterId },
    },
  });
  parts.told.sessionsEnded(ended);
  return { token, sessionId, officerId: held.profile.id, dutyId };
}

/** Ends the duty and the session; a device that is away learns of it when it is back, if the intent lives. */
export async function logOutOfficer(
  parts: WebParts,
  input: { sessionId: string; counterId: CounterId; officerId: string; dutyId: string | null },
): Promise<void> {
  const at = parts.clock.now();
  const asked = await parts.core.endDuty({
    counterId: input.counterId,
    dutyId: input.dutyId as DutyId | null,
  });
  if (!asked.ok && asked.code !== 'intent.no_duty') throw new CodedError(asked.code);
  await parts.storage.access.endSession({
    sessionId: input.sessionId,
    at,
    audit: {
      at,
      actor: `officer:${input.officerId}`,
      action: 'duty.logout',
      object: `duty:${input.dutyId ?? '-'}`,
      reason: null,
    },
  });
  parts.told.sessionsEnded([input.sessionId]);
}
