/**
 * Purpose: footage that only a hold of somebody else's denunciation keeps, as it would look without: by the rule its neighbours went by. What
 * stays when all around it goes says where such a hold lies, and with it which counter and when. Pure.
 * Refuses: to hide what another hold keeps, which everybody may read of; to touch what leaves the hub as evidence. See hub-server/DESIGN.md,
 * "Coverage".
 */
import type { Deletion } from './deletion.ts';
import type { Interval } from './window.ts';

/** As the recorder holds more than was asked: its own bound, and of a mapping what goes beyond (recorder/domain/holds.ts). */
const HOLD_MARGIN_MS = 10_000;
const BOUND_IN_MARGIN_MS = 4_000;

/** What was filmed next to a block of holds: `deletion` null: it is kept, by no hold. */
export interface Beside {
  readonly deletion: Deletion | null;
}
/** As far as holds reach from one into the next. Null beside it: nothing was filmed there. */
export interface HeldBlock extends Interval {
  readonly before: Beside | null;
  readonly after: Beside | null;
}
export interface SecretHolds {
  readonly secret: readonly Interval[];
  /** Those that the reader may know of. */
  readonly told: readonly Interval[];
  readonly blocks: readonly HeldBlock[];
  /** What the camera keeps by age. */
  readonly keepsMs: number;
}
type Place = Interval & { readonly boundMs: number };

const touches = (hold: Interval, { from, to, boundMs }: Place): boolean => {
  const around = HOLD_MARGIN_MS + Math.max(0, boundMs - BOUND_IN_MARGIN_MS);
  return hold.from - around <= to && hold.to + around >= from;
};

/** In order, those that a file could touch both of as one; only those that hold something secret. */
export function blocksOf({ secret, told }: Pick<SecretHolds, 'secret' | 'told'>): Interval[] {
  const out: { from: number; to: number; secret: boolean }[] = [];
  const all = [
    ...secret.map((each) => ({ ...each, secret: true })),
    ...told.map((each) => ({ ...each, secret: false })),
  ];
  for (const each of all.sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && each.from - last.to <= 4 * HOLD_MARGIN_MS) {
      last.to = Math.max(last.to, each.to);
      last.secret ||= each.secret;
    } else out.push({ ...each });
  }
  return out
    .filter((each) => each.secret)
    .map(({ from, to }) => ({ from: from - 2 * HOLD_MARGIN_MS, to: to + 2 * HOLD_MARGIN_MS }));
}

/** By what a kept file would have gone, did its reader's secret not hold it; null: it would be here. */
export function goneUnheld(place: Place, holds: SecretHolds, now: number): Deletion | null {
  if (holds.told.some((hold) => touches(hold, place)) || !holds.secret.some((hold) => touches(hold, place)))
    return null;
  const block = holds.blocks.find(({ from, to }) => from <= place.to && to >= place.from);
  const [before, after] = [block?.before ?? null, block?.after ?? null];
  const [older, newer] = [before?.deletion ?? null, after?.deletion ?? null];
  // When its days were over.
  const due = place.to + holds.keepsMs;
  if (block && older && newer) {
    const share = Math.min(1, Math.max(0, (place.to - block.from) / (block.to - block.from)));
    const at = Math.round(older.at + (newer.at - older.at) * share);
    return { ...(share < 0.5 ? older : newer), at };
  }
  // Rules take the oldest first.
  if (newer) return newer;
  if (older)
    return older.reason !== 'expired' ? older : due < now ? { ...older, at: Math.max(older.at, due) } : null;
  return before === null && due < now ? { at: due, reason: 'expired', by: null } : null;
}
