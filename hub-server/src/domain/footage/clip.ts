/**
 * A clip is a view over segments, not a copy: which segments show a window, what is covered, which gaps are left and
 * why, and where playback starts. Pure. Refuses: to hide a gap, to invent a reason (`unknown` where nothing was
 * recorded about it), to place a segment whose time nobody knows. See hub-server/DESIGN.md, "Footage".
 */
import { withoutSpans } from '@hailong/shared/evidence/spans.ts';
import { type CoverageReason, DELETED_AS } from '@hailong/shared/protocol/coverage.ts';
import type { GapReason, RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';
import { areTold, type Deletion } from './deletion.ts';
import { placeSegments } from './place-segments.ts';
import { stallsIn } from './stalls.ts';
import { endedByFootage, flatten, layered } from './told-gaps.ts';
import type { Interval } from './window.ts';

/** `deletion` null: its file is kept. */
export type HeldSegment = Segment & { readonly deletion: Deletion | null };
export interface HeldGap {
  readonly from: number;
  readonly to: number | null;
  readonly reason: GapReason;
}
export interface CameraMaterial {
  readonly latencyMs: number;
  /** Measured ones; each holds from its date on. */
  readonly latencies?: readonly { readonly at: number; readonly latencyMs: number }[];
  readonly segments: readonly HeldSegment[];
  /** Newest version per run. */
  readonly mappings: readonly RunMapping[];
  readonly gaps: readonly HeldGap[];
  /** When the camera was first pointed at a counter: before that there was nothing to record. */
  readonly configuredFrom?: number;
  /** Its first footage or gap ever: until then no recorder had taken it up. */
  readonly heardFrom?: number;
}
export interface Piece {
  readonly segment: HeldSegment;
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly wallFrom: number;
  readonly wallTo: number;
}
export interface Gone extends Deletion {
  readonly segment: string;
}
export interface Gap extends Interval {
  readonly reason: GapReason | CoverageReason;
  /** Of files that went, in order: which, when, and who asked. */
  readonly deletions?: readonly Gone[];
  /** The map once said that the camera saw the counter then: when that was taken out, and by whom. */
  readonly unmapped?: { readonly at: number; readonly by: string | null };
}
export interface Clip {
  readonly state: 'ready' | 'partial' | 'missing' | 'pending';
  readonly pieces: readonly Piece[];
  readonly covered: readonly Interval[];
  readonly gaps: readonly Gap[];
  /** Seconds of the playlist at which the asked time lies. */
  readonly playFrom: number;
  readonly durationSeconds: number;
  /** A frame's true time lies in [wall − before, wall + after], ms. */
  readonly boundBeforeMs: number;
  readonly boundAfterMs: number;
  readonly codec: string | null;
}

/** Adjacent segments meet within this; less is the muxer's rounding, not a gap. */
export const SEAM_MS = 500;
/** A segment closes, is hashed and told within this; before that its absence means nothing yet. */
export const SETTLE_MS = 20_000;
/** In order; what meets within a seam is one. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const out: { from: number; to: number }[] = [];
  for (const each of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && each.from - last.to <= SEAM_MS) last.to = Math.max(last.to, each.to);
    else out.push({ from: each.from, to: each.to });
  }
  return out;
}

/** What of `window` none of `covered` (merged, in order) covers. */
function uncovered(window: Interval, covered: readonly Interval[]): Interval[] {
  const out: Interval[] = [];
  let at = window.from;
  for (const each of covered) {
    if (each.from - at > SEAM_MS) out.push({ from: at, to: each.from });
    at = Math.max(at, each.to);
  }
  if (window.to - at > SEAM_MS) out.push({ from: at, to: window.to });
  return out;
}

/** Splits a hole by the reasons recorded for its parts, in order and without overlap. */
function explain(hole: Interval, reasons: readonly Gap[]): Gap[] {
  const out: Gap[] = [];
  let at = hole.from;
  for (const each of reasons) {
    const [from, to] = [Math.max(at, each.from), Math.min(hole.to, each.to)];
    if (to <= from) continue;
    if (from - at > SEAM_MS) out.push({ from: at, to: from, reason: 'unknown' });
    out.push({ ...each, from: from - at > SEAM_MS ? from : at, to });
    at = to;
  }
  if (hole.to - at > SEAM_MS || out.length === 0) out.push({ from: at, to: hole.to, reason: 'unknown' });
  return out;
}

/** `asked` is the time at which playback should start; `now` tells what cannot be there yet. */
export function buildClip(material: CameraMaterial, window: Interval, asked: number, now: number): Clip {
  const placed = placeSegments(material);
  // A frame of true time T stands at a wall time in [T − bound, T + latency + bound].
  const inside = placed.filter(
    ({ from, to, boundMs, latencyMs }) =>
      to > window.from - boundMs && from < Math.min(now, window.to + latencyMs + boundMs),
  );
  // Each is looked for as far as it could lie; what is shown is as uncertain as what is inside.
  const shown = inside.length > 0 ? inside : placed;
  const bounds = {
    boundMs: shown.reduce((most, each) => Math.max(most, each.boundMs), 0),
    latencyMs: shown.length === 0 ? material.latencyMs : Math.max(...shown.map((each) => each.latencyMs)),
  };
  const kept = inside.filter((each) => each.segment.deletion === null);

  const pieces: Piece[] = [];
  let seconds = 0;
  for (const each of kept) {
    const durationSeconds = (each.segment.mediaEndMs - each.segment.mediaStartMs) / 1000;
    pieces.push({
      ...{ segment: each.segment, startSeconds: seconds, durationSeconds },
      ...{ wallFrom: each.from, wallTo: each.to },
    });
    seconds += durationSeconds;
  }
  const clipped = (each: Interval): Interval => ({
    from: Math.max(each.from, window.from),
    to: Math.min(each.to, window.to),
  });
  const told = endedByFootage(material.gaps, placed, Number.POSITIVE_INFINITY);
  // A silence may run over the window's edge: it is looked for in what is kept, not in what is asked.
  const whole = merge(kept);
  const covered = withoutSpans(whole, stallsIn(whole, told))
    .map(clipped)
    .filter((each) => each.to > each.from);
  const holes = uncovered(window, covered);
  const tail = holes.at(-1);
  const waits =
    tail !== undefined &&
    tail.to >= window.to &&
    now < window.to + SETTLE_MS &&
    !told.some((gap) => gap.from < tail.to && gap.to > tail.from);
  const known = waits ? holes.slice(0, -1) : holes;
  const { configuredFrom, heardFrom } = material;
  const around: Gap[] = [];
  if (configuredFrom !== undefined && configuredFrom > window.from)
    around.push({ from: window.from, to: configuredFrom, reason: 'not-configured' });
  if (configuredFrom !== undefined && heardFrom !== undefined)
    around.push({ from: configuredFrom, to: heardFrom, reason: 'recorder-down' });
  const gone = deletedOf(inside);
  const reasons = layered<Gap>([gone, told, around]);
  const gaps = known.flatMap((hole) => explain(hole, reasons));
  const state = waits
    ? 'pending'
    : covered.length === 0
      ? 'missing'
      : gaps.length === 0
        ? 'ready'
        : 'partial';
  return {
    ...{ state, pieces, covered, gaps, durationSeconds: seconds },
    playFrom: playFrom(pieces, asked),
    boundBeforeMs: bounds.latencyMs + bounds.boundMs,
    boundAfterMs: bounds.boundMs,
    codec: kept[0]?.segment.codec ?? null,
  };
}

/**
 * The same as if nothing had been deleted since. What stays when all around it goes is held, and a hold tells of a bad rating or
 * a case: who may not know of those is answered by this.
 */
export const asRecorded = <M extends Pick<CameraMaterial, 'segments'>>(material: M): M => ({
  ...material,
  segments: material.segments.map((segment) => ({ ...segment, deletion: null })),
});

/** Files that went in one go, one after the other, are one gap; of two of one time the one that began last says why. */
function deletedOf(placed: readonly (Interval & { readonly segment: HeldSegment })[]): Gap[] {
  const gone = placed.flatMap(({ from, to, segment: { deletion, id } }) =>
    deletion === null || to <= from ? [] : [{ from, to, deletion: { ...deletion, segment: id } }],
  );
  const out: { from: number; to: number; reason: CoverageReason; deletions: Gone[] }[] = [];
  const named = new Set<string>();
  for (const { from, to, deletion } of flatten(gone)) {
    const [last, before] = [out.at(-1), out.at(-1)?.deletions.at(-1)];
    if (last && before && from - last.to <= SEAM_MS && areTold(before, deletion)) {
      last.to = to;
      if (!named.has(deletion.segment)) last.deletions.push(deletion);
    } else out.push({ from, to, reason: DELETED_AS[deletion.reason], deletions: [deletion] });
    named.add(deletion.segment);
  }
  // Wholly behind another one that went the same way: it went, too.
  for (const { from, to, deletion } of gone) {
    if (named.has(deletion.segment)) continue;
    const gap = out.find(
      (each) => each.from < to && each.to > from && each.deletions.some((other) => areTold(other, deletion)),
    );
    gap?.deletions.push(deletion);
  }
  return out;
}

/** The playlist second that shows `asked`, or the first one after it where that moment is not covered. */
export function playFrom(pieces: readonly Piece[], asked: number): number {
  for (const piece of pieces) {
    if (asked < piece.wallFrom) return piece.startSeconds;
    if (asked < piece.wallTo) return piece.startSeconds + (asked - piece.wallFrom) / 1000;
  }
  return 0;
}
