/**
 * When a camera's footage has a hole, as a pure rule: a gap opens at the end of the last footage when recording ends
 * unrequested, and closes at the start of the next segment. Shorter than the tolerance is no gap: segment borders are
 * known to some tens of milliseconds only.
 */
import type { GapReason } from '@hailong/shared/protocol/footage.ts';

/** Two neighbouring segments of one run differ by less; a lost keyframe interval is longer. */
export const GAP_TOLERANCE_MS = 300;

export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** The hole between the end of known footage and a new segment, or null. */
export function holeBefore(lastEnd: number | null, wallFrom: number): Hole | null {
  if (lastEnd === null || wallFrom - lastEnd <= GAP_TOLERANCE_MS) return null;
  return { from: lastEnd, to: wallFrom };
}

/** What a run's end means for the footage that is missing after it. */
export function reasonAfter(ended: GapReason | null, stoppedByUs: boolean): GapReason {
  if (ended !== null) return ended;
  return stoppedByUs ? 'recorder-down' : 'unknown';
}
