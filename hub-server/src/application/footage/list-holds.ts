/** Every hold that lives and those that ended lately, a page at a time. Never asked for an officer: they see their own request's date alone. */
import type { HoldKind, HoldList } from '@hailong/shared/protocol/holds.ts';
import type { HoldPage } from '../ports/holds.ts';
import type { AdminParts } from '../web-parts.ts';

type Parts = Pick<AdminParts, 'storage' | 'clock'>;

interface Asked {
  readonly kind: HoldKind | null;
  readonly after: string | null;
  readonly limit: number;
}

/** Counted over all pages. */
export async function listHolds(parts: Parts, readerId: string, asked: Asked): Promise<HoldList> {
  const { count, ...page } = await listHoldsOn(parts, readerId, { ...asked, isCounted: true });
  return { ...page, count: count ?? { living: 0, ended: 0 } };
}

/** Whoever reads every page counts once. */
export function listHoldsOn(
  { storage, clock }: Parts,
  readerId: string,
  asked: Asked & { readonly isCounted: boolean },
): Promise<HoldPage> {
  return storage.holds.list({ readerId, at: clock.now(), ...asked });
}
