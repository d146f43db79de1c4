/** Every hold that lives and those that ended lately, a page at a time. Never asked for an officer: they see their own request's date alone. */
import type { HoldKind, HoldList } from '@hailong/shared/protocol/holds.ts';
import type { AdminParts } from '../web-parts.ts';

export function listHolds(
  { storage, clock }: Pick<AdminParts, 'storage' | 'clock'>,
  readerId: string,
  asked: { readonly kind: HoldKind | null; readonly after: string | null; readonly limit: number },
): Promise<HoldList> {
  const { kind, after, limit } = asked;
  return storage.holds.list({ readerId, at: clock.now(), kind, after, limit });
}
