/**
 * Purpose: enrolment codes, stations, API keys: what a machine is admitted with. Each secret is shown once.
 * Refuses: a used, expired or unknown code, with one answer; guessing, by the throttle.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId } from '@hailong/shared/ids.ts';
import type { EnrolCodeAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import type { ThrottleKey } from '../../domain/access/throttle.ts';
import type { AdminParts } from '../web-parts.ts';

const CODE_LIVES_MS = 10 * 60_000;

export async function issueEnrolCode(
  parts: AdminParts,
  input: {
    counterId: CounterId;
    kind: 'kiosk' | 'station';
    actor: string;
    /** A person compares the kiosk's fingerprint before it is let in. */
    asks?: boolean;
    /** Ends with the new one's enrolment; its last count stays open. */
    replaces?: string | null;
  },
): Promise<{ code: string; expiresAt: UtcMs; log: EnrolCodeAnswer['log'] }> {
  const { secrets, clock, storage } = parts;
  const [code, at] = [secrets.code(), clock.now()];
  const expiresAt = (at + CODE_LIVES_MS) as UtcMs;
  const { counterId, kind, actor, asks = false, replaces = null } = input;
  const issued = await storage.access.issueEnrolCode({
    codeHash: secrets.hashCode(code),
    kind,
    counterId,
    expiresAt,
    asks: asks && kind === 'kiosk',
    replaces: kind === 'kiosk' ? replaces : null,
    audit: {
      at,
      actor,
      action: 'enrol.code_issued',
      object: `counter:${counterId}`,
      reason: null,
      body: { kind, ...(asks ? { asks } : {}), ...(replaces === null ? {} : { replaces }) },
    },
  });
  if (!issued) throw new CodedError('reference.unknown', replaces === null ? 'counter' : 'counter, device');
  // The kiosk gets this very checkpoint, so that what its screen shows can be compared with what stands beside the code.
  const checkpoint = await parts.logSealer.seal();
  if (checkpoint) await storage.log.bindCode({ codeHash: secrets.hashCode(code), checkpoint });
  const log = checkpoint && { size: checkpoint.size, fingerprint: parts.logSealer.fingerprint(checkpoint) };
  return { code, expiresAt, log };
}

export async function enrolStation(
  parts: AdminParts,
  input: { code: string; address: string },
): Promise<{ token: string; stationId: string; counterId: CounterId }> {
  const { secrets, clock, storage } = parts;
  const at = clock.now();
  const keys: ThrottleKey[] = [{ scope: 'place', key: `enrol:${input.address}` }];
  if (!(await storage.access.admitAttempt({ keys, at }))) throw new CodedError('request.too_many');
  const [token, stationId] = [secrets.token(), secrets.id()];
  const enrolled = await storage.access.redeemStationCode({
    codeHash: secrets.hashCode(input.code),
    at,
    stationId,
    tokenHash: secrets.hash(token),
    audit: { at, actor: `station:${stationId}`, action: 'station.enrolled', object: '', reason: null },
  });
  if (!enrolled) throw new CodedError('enrol.code_unknown');
  await storage.access.takeBackAttempt({ keys });
  return { token, stationId, counterId: enrolled.counterId };
}

export async function createApiKey(
  parts: AdminParts,
  input: {
    name: string;
    counterIds: readonly string[] | null;
    readsRatings: boolean;
    actor: string;
    demo?: boolean;
  },
): Promise<{ id: string; key: string }> {
  const { secrets, clock, storage } = parts;
  const [id, key, at] = [secrets.id(), `hlk_${secrets.token()}`, clock.now()];
  await storage.access.createApiKey({
    id,
    name: input.name,
    keyHash: secrets.hash(key),
    counterIds: input.counterIds,
    readsRatings: input.readsRatings,
    at,
    demo: input.demo ?? false,
    audit: {
      at,
      actor: input.actor,
      action: 'api_key.created',
      object: `api-key:${id}`,
      reason: null,
      body: { name: input.name, counterIds: input.counterIds, readsRatings: input.readsRatings },
    },
  });
  return { id, key };
}
