/**
 * Purpose: kiosks that brought a code and wait: who they are by their fingerprint, and a person's word on each; and the
 *   roster of all that were ever let in, as it is printed.
 * Refuses: a fingerprint that fits none or several, a request that somebody decided before.
 * Document: hub-server/DESIGN.md, "Enrolment".
 */
import { deviceFingerprint } from '@hailong/shared/edge/device-fingerprint.ts';
import { CodedError } from '@hailong/shared/errors.ts';
import type { RosterLine, WaitingEnrolment } from '@hailong/shared/protocol/enrolment.ts';
import { statusOf } from '../hub-core.ts';
import type { AdminParts } from '../web-parts.ts';
import { deviceNamed } from './decide-device.ts';

export async function waitingEnrolments(parts: AdminParts): Promise<WaitingEnrolment[]> {
  const rows = await parts.storage.devices.waiting({ at: parts.clock.now() });
  if (rows.length === 0) return [];
  const counters = await parts.storage.directory.counters();
  return rows.map(({ publicKey, contested, ...row }) => {
    const device = parts.deviceIdOf(publicKey);
    return {
      ...{ ...row, device, fingerprint: deviceFingerprint(device), contested: contested === 1 },
      counter: counters.find(({ id }) => id === row.counterId)?.number ?? '?',
    } as WaitingEnrolment;
  });
}

export async function decideEnrolment(
  parts: AdminParts,
  input: { readonly id: string; readonly approve: boolean; readonly by: string },
): Promise<WaitingEnrolment> {
  const { id, approve, by } = input;
  const asked = (await waitingEnrolments(parts)).find((each) => each.id === id);
  if (!asked) throw new CodedError('request.conflict', 'nobody waits');
  const at = parts.clock.now();
  const { device, fingerprint, counterId, contested, replaces } = asked;
  const done = await parts.storage.devices.decideEnrolment({
    ...{ id, approve, by, at },
    audit: {
      ...{ at, actor: by, action: approve ? 'enrol.approved' : 'enrol.refused' },
      ...{ object: `counter:${counterId}`, reason: null, body: { device, fingerprint, contested, replaces } },
    },
  });
  if (!done) throw new CodedError('request.conflict', 'nobody waits');
  return asked;
}

/** At the command line, by what the kiosk's screen shows. */
export async function decideByFingerprint(
  parts: AdminParts,
  input: { readonly fingerprint: string; readonly approve: boolean; readonly by: string },
): Promise<Record<string, unknown>> {
  const digits = (text: string): string => text.toUpperCase().replace(/[^0-9A-F]/g, '');
  const wanted = digits(input.fingerprint);
  const found = (await waitingEnrolments(parts)).filter(
    ({ fingerprint }) => wanted.length >= 8 && digits(fingerprint).startsWith(wanted),
  );
  if (found.length !== 1 || !found[0]) throw new CodedError('reference.unknown', `fingerprint ${wanted}`);
  const done = await decideEnrolment(parts, { ...input, id: found[0].id });
  return { event: input.approve ? 'approved' : 'refused', ...done };
}

export async function rosterLines(parts: AdminParts): Promise<RosterLine[]> {
  return (await parts.storage.devices.roster()).map(({ status, writtenOff, ...row }) => ({
    ...{ ...row, fingerprint: deviceFingerprint(row.device) },
    open: row.revokedAt !== null && writtenOff === null ? (statusOf({ status })?.unsynced ?? 0) : 0,
  })) as RosterLine[];
}

/** On the web the two people are two accounts, each with its own login. */
export async function askWriteOff(
  parts: AdminParts,
  input: { readonly device: string; readonly by: string; readonly reason: string },
): Promise<'asked' | 'done'> {
  const row = await deviceNamed(parts, input.device);
  const state = await parts.storage.devices.askWriteOff({
    ...{ id: row.id, unsynced: statusOf(row)?.unsynced ?? 0, by: input.by, reason: input.reason },
    at: parts.clock.now(),
  });
  if (state === null) throw new CodedError('request.conflict', 'not revoked, or written off before');
  return state;
}
