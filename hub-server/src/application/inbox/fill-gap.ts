/**
 * Purpose: events of a listed gap that turn up after all. They enter the chain where their hashes lead to the event
 *   behind the gap, which covers everything before it: that is proof. So a gap is filled from its end; what came before
 *   the proof lies on a branch and is taken over with it.
 * Refuses: what does not lead on, or, at the gap's beginning, does not follow from what is held there.
 * Document: hub-server/DESIGN.md, "Inbox".
 */
import { sameBytes } from '../../domain/transactions/chain-judge.ts';
import type { ChainGap, InboxState } from '../ports/inbox-state.ts';
import { genesisOf, type InboxRules } from './inbox-rules.ts';

/** Consecutive events of one epoch with their hashes. */
export interface HashedLine {
  readonly device: string;
  readonly epoch: string;
  readonly firstSeq: number;
  /** Hash of `firstSeq` − 1. */
  readonly prevHash: Uint8Array;
  readonly events: readonly Uint8Array[];
  readonly hashes: readonly Uint8Array[];
}
/** An event for the chain; `branch`: it is held aside under that number. */
export interface FoundEvent {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly prev: Uint8Array;
  readonly branch: number | null;
}

/** What of the epoch's gaps this line proves, in order of number; the gaps are made smaller by it. */
export function fillGaps(
  state: InboxState,
  rules: InboxRules,
  line: HashedLine,
  epochId: number,
): readonly FoundEvent[] {
  const last = line.firstSeq + line.events.length - 1;
  const found: FoundEvent[] = [];
  for (const gap of state.gapsOf(epochId)) {
    if (line.firstSeq > gap.to || last < gap.from) continue;
    const proven = provenOf(state, line, epochId, gap);
    const [first] = proven;
    if (
      !first ||
      (first.seq === gap.from && !sameBytes(first.prev, hashBefore(state, rules, line, epochId, gap)))
    )
      continue;
    state.shrinkGap(epochId, gap.from, first.seq - 1);
    found.push(...proven);
  }
  return found;
}

function provenOf(state: InboxState, line: HashedLine, epochId: number, gap: ChainGap): FoundEvent[] {
  const proven: FoundEvent[] = [];
  let wanted = state.prevAt(epochId, gap.to + 1);
  for (let seq = gap.to; seq >= gap.from && wanted !== null; seq--) {
    const event = eventOf(line, seq, wanted) ?? state.asideAt(epochId, seq, wanted);
    if (!event) break;
    proven.unshift({ seq, hash: wanted, ...event });
    wanted = event.prev;
  }
  return proven;
}

function eventOf(
  { firstSeq, prevHash, events, hashes }: HashedLine,
  seq: number,
  wanted: Uint8Array,
): Pick<FoundEvent, 'bytes' | 'prev' | 'branch'> | null {
  const i = seq - firstSeq;
  const [bytes, hash] = [events[i], hashes[i]];
  if (!bytes || !hash || !sameBytes(hash, wanted)) return null;
  return { bytes, prev: i === 0 ? prevHash : hashes[i - 1]!, branch: null };
}

function hashBefore(
  state: InboxState,
  rules: InboxRules,
  { device, epoch }: HashedLine,
  epochId: number,
  { from }: ChainGap,
): Uint8Array {
  const genesis = () => genesisOf(rules, device, epoch);
  return (from === 1 ? genesis() : state.hashAt(epochId, from - 1)) ?? new Uint8Array();
}
