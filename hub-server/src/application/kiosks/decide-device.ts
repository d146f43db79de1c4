/** What two people decide about a kiosk, and how an operator finds what is open. */
import { CodedError } from '@hailong/shared/errors.ts';
import { mustBeTwo } from '../../domain/access/two-people.ts';
import { statusOf } from '../hub-core.ts';
import type { DeviceRow } from '../ports/devices.ts';
import type { AdminParts } from '../web-parts.ts';

/** By its whole id or a beginning of it that only one has. */
export async function deviceNamed(parts: AdminParts, text: string): Promise<DeviceRow> {
  const found = (await parts.storage.devices.list()).filter(({ id }) => id.startsWith(text));
  if (text.length < 6 || found.length !== 1 || !found[0])
    throw new CodedError('reference.unknown', `device ${text}`);
  return found[0];
}

/** `open`: events that a revoked kiosk still held when it last spoke, and that nobody has written off. */
export async function listDevices(parts: AdminParts): Promise<Record<string, unknown>[]> {
  const counters = await parts.storage.directory.counters();
  return (await parts.storage.devices.list()).map((row) => {
    const unsynced = statusOf(row)?.unsynced ?? 0;
    return {
      ...{
        event: 'device',
        device: row.id,
        counter: counters.find(({ id }) => id === row.counterId)?.number,
      },
      ...{ counterId: row.counterId, enrolledAt: row.enrolledAt, revokedAt: row.revokedAt },
      ...{ lastSeenAt: row.lastSeenAt, build: row.build, alarm: row.alarm, unsynced },
      open: row.revokedAt !== null && row.writtenOff === null ? unsynced : 0,
      writtenOff: row.writtenOff && JSON.parse(row.writtenOff),
      writeOffAsked: row.writeOffAsked && JSON.parse(row.writeOffAsked),
    };
  });
}

export async function confirmDevice(
  parts: AdminParts,
  input: { readonly device: string; readonly by: readonly string[] },
): Promise<Record<string, unknown>> {
  const { id } = await deviceNamed(parts, input.device);
  if (!(await parts.storage.recovery.confirm({ device: id, by: input.by, at: parts.clock.now() })))
    throw new CodedError('request.conflict', 'nothing to confirm');
  return { event: 'confirmed', device: id, by: input.by };
}

export async function writeOffDevice(
  parts: AdminParts,
  input: { readonly device: string; readonly by: readonly string[]; readonly reason: string },
): Promise<Record<string, unknown>> {
  mustBeTwo(input.by);
  const row = await deviceNamed(parts, input.device);
  const [at, unsynced] = [parts.clock.now(), statusOf(row)?.unsynced ?? 0];
  const { by, reason } = input;
  const done = await parts.storage.devices.writeOff({ ...{ id: row.id, unsynced, by, reason, at } });
  if (!done) throw new CodedError('request.conflict', 'not revoked, or written off before');
  return { event: 'written-off', device: row.id, unsynced, by, reason };
}
