/**
 * Purpose: of which time of a camera's footage a kiosk has not told its facts yet, so that a bad rating of then could not have
 * placed its hold. A chain has no holes: a kiosk has reported everything before its newest anchor at the hub, but for what
 * lies aside uncounted (aside-rule.ts). Pure.
 * Refuses: to wait for what two people ended or a hand-over replaced, and for counters without an agent.
 * See hub-server/DESIGN.md, "Retention".
 */
import type { Between } from './aside-rule.ts';
import type { Interval } from './window.ts';

/** A turn is rated hours after its beginning at the latest: nobody serves one citizen for longer than a duty. */
export const REPORT_MARGIN_MS = 12 * 3_600_000;

export interface CounterSeen {
  readonly cameraId: string;
  readonly counterId: string;
  readonly from: number;
  readonly to: number | null;
}
/** A kiosk at a counter, as long as it stood there. */
export interface KioskAt {
  readonly counterId: string;
  readonly from: number;
  /** Moved or revoked; null: it still stands there. */
  readonly to: number | null;
  /** Its newest anchor in chain order that lies before now; null: none. */
  readonly newestAnchor: number | null;
  /** Its oldest event that is kept but not counted (suspended); null: none. */
  readonly asideSince: number | null;
}
/** Events that came and count nowhere yet: what a kiosk told while it stood at a counter, or what names that counter. */
export interface AsideAt extends Between {
  readonly counterId: string;
  readonly from: number;
  /** Null: it still stands there. */
  readonly to: number | null;
}
/** Two people ended the waiting for a counter up to then. */
export interface Ended {
  readonly counterId: string;
  readonly upTo: number;
}

export interface Unreported {
  readonly from: number;
  readonly to: number | null;
}

/** Per camera that waits for a kiosk. Kiosks that are written off or handed over are left out by whoever asks. */
export function unreportedOf(
  seen: readonly CounterSeen[],
  kiosks: readonly KioskAt[],
  aside: readonly AsideAt[],
  ended: readonly Ended[],
): ReadonlyMap<string, readonly Unreported[]> {
  const upTo = new Map(ended.map((each) => [each.counterId, each.upTo]));
  const waits = new Map<string, Unreported[]>();
  const wait = (counterId: string, begins: number, until: number | null): void => {
    const since = Math.max(begins, upTo.get(counterId) ?? Number.NEGATIVE_INFINITY);
    if (until !== null && until <= since) return;
    waits.set(counterId, [...(waits.get(counterId) ?? []), { from: since, to: until }]);
  };
  for (const { counterId, from, to, newestAnchor, asideSince } of kiosks) {
    const reported = Math.min(newestAnchor ?? from, asideSince ?? Number.POSITIVE_INFINITY);
    // It left, and told what it had to tell after that.
    if (to !== null && reported >= to) continue;
    wait(counterId, Math.max(from, reported) - REPORT_MARGIN_MS, to === null ? null : to + REPORT_MARGIN_MS);
  }
  for (const { counterId, from, to, after, before } of aside) {
    const end = Math.min(to ?? Number.POSITIVE_INFINITY, before ?? Number.POSITIVE_INFINITY);
    const until = end === Number.POSITIVE_INFINITY ? null : end + REPORT_MARGIN_MS;
    wait(counterId, Math.max(from, after ?? from) - REPORT_MARGIN_MS, until);
  }
  const byCamera = new Map<string, Unreported[]>();
  for (const { cameraId, counterId, from, to } of seen)
    for (const each of waits.get(counterId) ?? []) {
      const part = clip(each, { from, to: to ?? Number.POSITIVE_INFINITY });
      if (part) byCamera.set(cameraId, [...(byCamera.get(cameraId) ?? []), part]);
    }
  return byCamera;
}

function clip(each: Unreported, to: Interval): Unreported | null {
  const from = Math.max(0, each.from, to.from);
  const end = Math.min(each.to ?? Number.POSITIVE_INFINITY, to.to);
  if (end <= from) return null;
  return { from, to: end === Number.POSITIVE_INFINITY ? null : end };
}

/** In order, apart, and no more than `most`: where there are more, the smallest spaces wait as well. */
export function mergedUnreported(list: readonly Unreported[], most: number): Unreported[] {
  const sorted = [...list].sort((a, b) => a.from - b.from);
  for (let spaceMs = 0; ; spaceMs = Math.max(1_000, 2 * spaceMs)) {
    const out: { from: number; to: number | null }[] = [];
    for (const each of sorted) {
      const last = out.at(-1);
      if (last && (last.to === null || each.from - last.to <= spaceMs))
        last.to = last.to === null || each.to === null ? null : Math.max(last.to, each.to);
      else out.push({ ...each });
    }
    if (out.length <= most) return out;
  }
}
