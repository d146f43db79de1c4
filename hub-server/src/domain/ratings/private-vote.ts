/** When a vote by the private route is in time, said once by the hub's clock. Pure. */
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';

/** One phone may send so many votes for one rating; all but the first count for nothing. */
export const VOTES_OF_ONE_MAX = 5;

export function voteInTime(when: {
  readonly at: number;
  /** What a ticket says; null: typed code. */
  readonly until: number | null;
  /** Effective; null: the rating's opening has not come yet, as from a kiosk that is offline. */
  readonly openedAt: number | null;
}): boolean {
  const { at, until, openedAt } = when;
  if (until !== null && at > until) return false;
  return openedAt === null || at <= openedAt + PRIVATE_VALID_MS;
}
