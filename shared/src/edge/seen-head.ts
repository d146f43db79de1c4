/**
 * Purpose: a head as the hub names it, beside what the device itself holds there.
 * Refuses: nothing. Document: shared/PROTOCOL.md, "The line".
 */
import type { EpochId, Sha256Hex } from '../ids.ts';

/** As it comes in `welcome`, `have` and `verdicts` (protocol/edge.ts, `heldHead`). */
export interface WireHead {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Sha256Hex;
  readonly beside?: readonly { readonly seq: number; readonly hash: Sha256Hex }[] | undefined;
}

export interface SeenHead {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Sha256Hex;
  /** Hash of our own event at that number; null: we hold none. */
  readonly ours: Sha256Hex | null;
  /** Up to this number our bytes lie whole at the hub, on a branch beside its chain; 0: on none. */
  readonly beside: number;
}

/** `hashAt` reads our own chain; null: nothing there. */
export function seenHead(
  { epoch, seq, hash, beside = [] }: WireHead,
  hashAt: (epoch: EpochId, seq: number) => Sha256Hex | null,
): SeenHead {
  const own = beside.filter((branch) => hashAt(epoch, branch.seq) === branch.hash);
  return {
    ...{ epoch, seq, hash },
    ours: seq === 0 ? null : hashAt(epoch, seq),
    beside: Math.max(0, ...own.map((branch) => branch.seq)),
  };
}
