/**
 * Purpose: the list of events that an epoch lacks where it ends: what a kiosk states and cannot send any more (a tail that
 *   fails its hash there, an epoch it deleted as safe before this hub was set back), and what becomes of that list when
 *   the chain grows into it. Nobody waits for what is listed.
 * Refuses: to list what is held, or one number twice.
 * Document: hub-server/DESIGN.md, "Inbox" and "Recovering".
 */
import { sendableTo } from '@hailong/shared/edge/hello.ts';
import type { StatedHead } from '@hailong/shared/protocol/edge.ts';
import type { LostTail } from '../ports/inbox.ts';
import type { InboxState } from '../ports/inbox-state.ts';
import { genesisOf, type InboxRules } from './inbox-rules.ts';

/** What of the stated epochs cannot come any more. */
export const lostOf = (epochs: readonly StatedHead[]): LostTail[] =>
  epochs.flatMap((one) => {
    const to = sendableTo(one);
    return to < one.seq ? [{ epoch: one.epoch, from: to + 1, to: one.seq }] : [];
  });

/** Lists what is neither held nor listed yet. An epoch of which nothing is held begins with its gap; it is not suspended. */
export function listLost(
  state: InboxState,
  rules: InboxRules,
  device: string,
  lost: readonly LostTail[],
  at: number,
): void {
  for (const { epoch, from, to } of lost) {
    const row = state.epoch(device, epoch);
    const listed = row?.gapped ? state.gapsOf(row.id).map((gap) => gap.to) : [];
    const missing = {
      epoch,
      from: Math.max(from, (row?.headSeq ?? 0) + 1, ...listed.map((end) => end + 1)),
      to,
    };
    // Beside the chain it is held too.
    if (missing.from > to || (row && state.branchesAt(row.id, to).length > 0)) continue;
    if (!row) {
      const hash = genesisOf(rules, device, epoch);
      state.newEpoch(device, epoch, { seq: 0, hash }, false);
    }
    const { id } = row ?? state.epoch(device, epoch)!;
    state.addGap(id, missing.from, to, at);
    state.raiseAlarm(device, 'gap', missing, at);
  }
}

/** Events first … last come behind the head: gaps listed there give way to them. True: some lack was not listed before. */
export function closeBehind(
  state: InboxState,
  epochId: number,
  headSeq: number,
  { first, last, at }: { readonly first: number; readonly last: number; readonly at: number },
): boolean {
  const behind = state.gapsOf(epochId).filter((gap) => gap.from > headSeq);
  let unlisted = first - headSeq - 1;
  for (const gap of behind) {
    unlisted -= Math.max(0, Math.min(gap.to, first - 1) - gap.from + 1);
    state.shrinkGap(epochId, gap.from, gap.from - 1);
  }
  if (first > headSeq + 1) state.addGap(epochId, headSeq + 1, first - 1, at);
  for (const gap of behind)
    if (gap.to > last) state.addGap(epochId, Math.max(gap.from, last + 1), gap.to, at);
  return unlisted > 0;
}
