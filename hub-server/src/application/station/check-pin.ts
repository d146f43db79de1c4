/**
 * An officer's PIN at a station, for a login and for waking one that rests: one throttle for both.
 * Refuses: with one answer for an unknown code, a wrong PIN and an officer without one.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ThrottleKey } from '../../domain/access/throttle.ts';
import type { OfficerLogin } from '../ports/directory.ts';
import type { WebParts } from '../web-parts.ts';

export async function checkPin(
  { storage, hasher, clock }: WebParts,
  input: { readonly stationId: string; readonly staffCode: string; readonly pin: string },
): Promise<OfficerLogin> {
  const keys: ThrottleKey[] = [
    { scope: 'name', key: `officer:${input.staffCode}` },
    { scope: 'place', key: `station:${input.stationId}` },
    { scope: 'global', key: 'pin' },
  ];
  if (!(await storage.access.admitAttempt({ keys, at: clock.now() })))
    throw new CodedError('request.too_many');
  const held = await storage.directory.officerLogin({ code: input.staffCode });
  const right = await hasher.verify(input.pin, held?.pinHash ?? null);
  if (!held || !right) throw new CodedError('access.wrong_pin');
  await storage.access.takeBackAttempt({ keys });
  return held;
}
