/**
 * Purpose: silences inside footage. A camera that pauses for some seconds ends no run: its file goes on, and the player
 * shows the last picture for so long. That time is missing, though a segment spans it. Pure.
 * Refuses: a silence that is not wholly between pictures of kept footage; that one is a gap like any other.
 */
import type { GapReason } from '@hailong/shared/protocol/footage.ts';
import type { Interval } from './window.ts';

interface ToldGap {
  readonly from: number;
  readonly to: number | null;
  readonly reason: GapReason;
}

/** `kept`: merged, in order. */
export function stallsIn(kept: readonly Interval[], gaps: readonly ToldGap[]): Interval[] {
  return gaps.flatMap(({ from, to, reason }) =>
    reason === 'camera-silent' && to !== null && kept.some((each) => each.from < from && to < each.to)
      ? [{ from, to }]
      : [],
  );
}
