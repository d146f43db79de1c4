/** When a vote by the private route is in time, said once by the hub's clock. Pure. */
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';

/** One phone may send so many votes for one rating; all but the first count for nothing. */
export const VOTES_OF_ONE_MAX = 5;

export function voteInTime(when: {
  readonly at: number;
  /** Of a ticket, counted by the hub; null: typed code. */
  readonly until: number | null;
  /**
   * Effective, and how exact. Null: the rating's opening has not come yet, as from a kiosk that is offline; a null bound: it
   * rests on the kiosk's own clock, which may be off by days. Whoever votes must not pay for either.
   */
  readonly opened: { readonly at: number; readonly bound: number | null } | null;
}): boolean {
  const { at, until, opened } = when;
  if (until !== null && at > until) return false;
  return opened === null || opened.bound === null || at <= opened.at + opened.bound + PRIVATE_VALID_MS;
}
