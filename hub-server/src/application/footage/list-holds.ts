/** Every hold that lives and those that ended lately. Never asked for an officer: they see their own request's date alone. */
import type { HoldAnswer } from '@hailong/shared/protocol/holds.ts';
import type { AdminParts } from '../web-parts.ts';

export function listHolds(
  { storage, clock }: Pick<AdminParts, 'storage' | 'clock'>,
  readerId: string,
): Promise<readonly HoldAnswer[]> {
  return storage.holds.list({ readerId, at: clock.now() });
}
