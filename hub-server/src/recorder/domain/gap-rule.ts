/**
 * Which holes count, and what a fault means for the footage that is missing: pure rules. Shorter than the tolerance is
 * no gap: segment borders are known to some tens of milliseconds only.
 */
import type { GapReason } from '@hailong/shared/protocol/footage.ts';

/** Two neighbouring segments of one run differ by less; a lost keyframe interval is longer. Ms. */
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

/** What a code of shared/src/errors.ts means for footage. */
export function reasonOf(code: string | null): GapReason {
  switch (code) {
    case 'camera.auth_refused':
    case 'camera.basic_refused':
    case 'camera.address_refused':
    case 'camera.redirected':
    case 'camera.no_tcp':
      return 'refused';
    case 'camera.wrong_codec':
      return 'wrong-codec';
    case 'camera.silent':
      return 'camera-silent';
    case 'camera.clock_reset':
      return 'clock-reset';
    case 'ffmpeg.missing':
    case 'ffmpeg.failed':
      return 'recorder-down';
    case 'program.disk_full':
      return 'disk-full';
    default:
      return 'camera-down';
  }
}
