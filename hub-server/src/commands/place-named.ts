/** Places as people name them at the command line. Refuses: an unknown one, an ambiguous number. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CounterId, UnitId } from '@hailong/shared/ids.ts';
import type { AdminParts } from '../application/web-parts.ts';

/** By id, or by the number on its sign when only one counter has it. */
export async function counterNamed(parts: AdminParts, text: string): Promise<CounterId> {
  const counters = await parts.storage.directory.counters();
  const byId = counters.find((each) => each.id === text);
  if (byId) return byId.id;
  const byNumber = counters.filter((each) => each.number.toUpperCase() === text.toUpperCase());
  if (byNumber.length !== 1 || !byNumber[0])
    throw new CodedError('reference.unknown', `counter ${text}${byNumber.length > 1 ? ' (several)' : ''}`);
  return byNumber[0].id;
}

/** By id or code. */
export async function unitNamed(parts: AdminParts, text: string): Promise<UnitId> {
  const units = await parts.storage.directory.units();
  const found = units.find(({ id, code }) => id === text || code.toUpperCase() === text.toUpperCase());
  if (!found) throw new CodedError('reference.unknown', `unit ${text}`);
  return found.id;
}
