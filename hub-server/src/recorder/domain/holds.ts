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

/** Latency 2 s and twice a recovered mapping's bound, rounded up, ms. */
export const HOLD_MARGIN_MS = 10_000;

export type IsHeld = (camera: CameraId, wallFrom: number, wallTo: number) => boolean;

export function holdsOf(holds: readonly Hold[]): IsHeld {
  const byCamera = new Map<string, { from: number; to: number }[]>();
  for (const hold of [...holds].sort((a, b) => a.from - b.from)) {
    const list = byCamera.get(hold.camera) ?? [];
    const last = list.at(-1);
    if (last && hold.from <= last.to) last.to = Math.max(last.to, hold.to);
    else list.push({ from: hold.from, to: hold.to });
    byCamera.set(hold.camera, list);
  }
  return (camera, wallFrom, wallTo) => {
    const list = byCamera.get(camera);
    if (!list) return false;
    const from = wallFrom - HOLD_MARGIN_MS;
    const to = wallTo + HOLD_MARGIN_MS;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.to ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    const next = list[low];
    return next !== undefined && next.from <= to;
  };
}
