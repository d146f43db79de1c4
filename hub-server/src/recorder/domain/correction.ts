/**
 * Purpose: a clock that is believed anew says where footage of this boot lies: what the old clock placed wrongly moves, and nothing
 * that was placed while NTP agreed. What a crystal explains came little by little, so it is shared out over the time since, with
 * a bound that covers both placements; what it does not was wrong all along, or from the step on where NTP had agreed before. Pure.
 * Refuses: to move what an earlier belief, or NTP, has placed. See hub-server/DESIGN.md, "Recording".
 */
export interface Correction {
  /** unsure: nothing was placed by the old clock; all of the boot is now. */
  readonly kind: 'unsure' | 'whole' | 'drift' | 'step';
  readonly ms: number;
  /** The old clock placed footage from then on, or NTP agreed with it last; and it stepped then. Both by itself. */
  readonly sinceWall: number;
  readonly steppedWall: number;
}

/** Crystals of machines are within it, parts per million. */
const DRIFT_PPM = 100;

export function correctionOf(seen: {
  readonly ms: number;
  readonly wasSure: boolean;
  readonly sinceWall: number;
  readonly agreedWall: number | null;
  readonly steppedWall: number;
}): Correction {
  const { ms, wasSure, agreedWall, steppedWall } = seen;
  const since = Math.max(seen.sinceWall, agreedWall ?? Number.NEGATIVE_INFINITY);
  if (!wasSure) return { kind: 'unsure', ms, sinceWall: seen.sinceWall, steppedWall };
  if (Math.abs(ms) <= ((steppedWall - since) * DRIFT_PPM) / 1_000_000)
    return { kind: 'drift', ms, sinceWall: since, steppedWall };
  return { kind: agreedWall === null ? 'whole' : 'step', ms, sinceWall: seen.sinceWall, steppedWall };
}

/** How far what lies between two moments of the old clock moves, and what its place may then be wrong by more than before. */
export function shiftOf(
  { kind, ms, sinceWall, steppedWall }: Correction,
  from: number,
  to: number,
): { readonly ms: number; readonly boundMs: number } {
  if (kind === 'unsure') return { ms, boundMs: 0 };
  if (to <= sinceWall) return { ms: 0, boundMs: 0 };
  if (kind === 'whole' || from >= steppedWall) return { ms, boundMs: 0 };
  if (to > steppedWall) return { ms, boundMs: Math.abs(ms) };
  if (kind === 'step') return { ms: 0, boundMs: 0 };
  const share = Math.max(0, (from + to) / 2 - sinceWall) / (steppedWall - sinceWall);
  return { ms: Math.round(ms * share), boundMs: Math.ceil(Math.abs(ms) * Math.max(share, 1 - share)) };
}
