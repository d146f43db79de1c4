/**
 * Purpose: which footage may go, why, and in which order, pure: by age what is reported and unheld; for space first the
 * oldest that is reported, then the oldest that is not, then what nobody can place, in order of recording; held footage never, nor
 * what may be held wherever it can lie.
 * Refuses: anything while the hub has not told holds and reports on this line. See hub-server/DESIGN.md, "Retention".
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { DeletionReason, ReportedCamera } from '@hailong/shared/protocol/footage.ts';
import { BOUND_IN_MARGIN_MS, type Hold, heldIntervals, type IsHeld, isIn } from './holds.ts';

export interface Dated {
  readonly camera: CameraId;
  readonly bytes: number;
  readonly wallFrom: number;
  readonly wallTo: number;
  /** False: nobody can say when it was filmed. */
  readonly placed?: boolean;
  /** What its place may be wrong by, ms. */
  readonly boundMs?: number;
}

/** What the hub told on this line. */
export interface Orders {
  /** When the hub looked, by a clock that nobody sets ahead: nothing gets old faster. */
  readonly at: number;
  readonly isHeld: IsHeld;
  readonly held: readonly Hold[];
  /** Up to there every kiosk that sees what this camera sees has told its facts, so that a bad rating could place its hold. */
  readonly isReported: (segment: Dated) => boolean;
}

export function ordersOf(
  holds: readonly Hold[],
  reported: { readonly at: number; readonly cameras: readonly ReportedCamera[] },
): Orders {
  const merged = heldIntervals(holds);
  const byCamera = new Map<CameraId, { from: number; to: number }[]>();
  for (const { camera, unreported } of reported.cameras) {
    const list: { from: number; to: number }[] = [];
    for (const each of [...unreported].sort((a, b) => a.from - b.from)) {
      const [last, to] = [list.at(-1), each.to ?? Number.POSITIVE_INFINITY];
      if (last && each.from <= last.to) last.to = Math.max(last.to, to);
      else list.push({ from: each.from, to });
    }
    byCamera.set(camera, list);
  }
  const isWaiting = isIn(byCamera);
  return {
    at: reported.at,
    isHeld: isIn(merged),
    held: [...merged.values()].flat(),
    // What was filmed after the hub looked, nobody has judged yet.
    isReported: ({ camera, wallFrom, wallTo }) =>
      wallTo < reported.at && !isWaiting(camera, wallFrom, wallTo),
  };
}

/** What one round over all segments, oldest first, takes. */
export interface Round {
  readonly reason: DeletionReason;
  readonly wantedBytes: number;
  takes(segment: Dated): boolean;
  /** Of what is not placed, and of nothing else. */
  readonly ofUnplaced?: true;
}

/** As far as it may lie. */
function widened<S extends Dated>(segment: S): S {
  const moreMs = Math.max(0, (segment.boundMs ?? 0) - BOUND_IN_MARGIN_MS);
  return { ...segment, wallFrom: segment.wallFrom - moreMs, wallTo: segment.wallTo + moreMs };
}

/** Older than its camera keeps. A segment that nobody has reported on yet stays, however old. */
export function ageRound(orders: Orders, before: number): Round {
  return {
    ...{ reason: 'expired', wantedBytes: Number.POSITIVE_INFINITY },
    takes(segment) {
      const { camera, wallFrom, wallTo } = widened(segment);
      return (
        wallTo < before && orders.isReported(widened(segment)) && !orders.isHeld(camera, wallFrom, wallTo)
      );
    },
  };
}

/** For space: the second round begins only where the first left something wanted. */
export function spaceRound(orders: Orders, wantedBytes: number, round: 'reported' | 'unreported'): Round {
  return {
    ...{ reason: round === 'reported' ? 'budget' : 'budget-unreported', wantedBytes },
    takes(segment) {
      const { camera, wallFrom, wallTo } = widened(segment);
      return (
        orders.isReported(widened(segment)) === (round === 'reported') &&
        !orders.isHeld(camera, wallFrom, wallTo)
      );
    },
  };
}

/**
 * The last round for space. What is not placed lies behind `since`, or where the hub had the same wrong clock, at the time it claims:
 * a hold of its camera there may be of it.
 */
export function unplacedRound(orders: Orders, wantedBytes: number, since: number): Round {
  return {
    ...{ reason: 'budget-unreported', wantedBytes, ofUnplaced: true },
    takes: ({ camera, wallFrom, wallTo }) =>
      !orders.isHeld(camera, since, Number.POSITIVE_INFINITY) && !orders.isHeld(camera, wallFrom, wallTo),
  };
}

/** Segments of one page that go, until enough has gone. */
export function takeFrom<S extends Dated>(
  page: readonly S[],
  round: Round,
  freed: number,
): { readonly going: readonly S[]; readonly freed: number } {
  const going: S[] = [];
  let sum = freed;
  for (const segment of page) {
    if (sum >= round.wantedBytes) break;
    if ((segment.placed === false) !== (round.ofUnplaced === true) || !round.takes(segment)) continue;
    going.push(segment);
    sum += segment.bytes;
  }
  return { going, freed: sum };
}
