/**
 * Intervals of footage that no rule may delete, per camera, merged for fast asking. Pure.
 * A segment is held when it comes near a hold: its wall time is known only within its mapping's bound and latency.
 */
import type { CameraId } from '@hailong/shared/ids.ts';

export interface Hold {
  readonly camera: CameraId;
  readonly from: number;
  readonly to: number;
}

/** Twice a recovered mapping's bound, rounded up, ms; what a camera delays is in the hold itself. */
export const HOLD_MARGIN_MS = 10_000;
/** A mapping's bound up to which that is enough, ms. */
export const BOUND_IN_MARGIN_MS = 4_000;

export type IsHeld = (camera: CameraId, wallFrom: number, wallTo: number) => boolean;

/** In order, with their margin, no two touching. */
export function heldIntervals(holds: readonly Hold[]): ReadonlyMap<CameraId, readonly Hold[]> {
  const byCamera = new Map<CameraId, { camera: CameraId; from: number; to: number }[]>();
  for (const { camera, from, to } of [...holds].sort((a, b) => a.from - b.from)) {
    const list = byCamera.get(camera) ?? [];
    const last = list.at(-1);
    if (last && from - HOLD_MARGIN_MS <= last.to) last.to = Math.max(last.to, to + HOLD_MARGIN_MS);
    else list.push({ camera, from: from - HOLD_MARGIN_MS, to: to + HOLD_MARGIN_MS });
    byCamera.set(camera, list);
  }
  return byCamera;
}

export function isIn(byCamera: ReadonlyMap<CameraId, readonly { from: number; to: number }[]>): IsHeld {
  return (camera, wallFrom, wallTo) => {
    const list = byCamera.get(camera);
    if (!list) return false;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.to ?? 0) < wallFrom) low = middle + 1;
      else high = middle;
    }
    const next = list[low];
    return next !== undefined && next.from <= wallTo;
  };
}

export const holdsOf = (holds: readonly Hold[]): IsHeld => isIn(heldIntervals(holds));
