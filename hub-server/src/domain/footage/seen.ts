/**
 * When a camera saw a counter, by the dated map, and a clip of just those periods: one it left and came back to is shown in two
 * parts, and what lies between is another counter's. Pure.
 * Refuses: a picture of a file that lies wholly between two periods. See hub-server/DESIGN.md, "Cases and who watched".
 */
import { withoutSpans } from '@hailong/shared/evidence/spans.ts';
import {
  buildClip,
  type CameraMaterial,
  type Clip,
  type Gap,
  type Piece,
  playFrom,
  SEAM_MS,
} from './clip.ts';
import type { Interval } from './window.ts';

export interface Period {
  readonly from: number;
  /** Null: still. */
  readonly to: number | null;
}

/** What the map said of a time and says no more: changed when, by whom as the log names actors (null: nobody knows). */
export interface TakenOut extends Interval {
  readonly at: number;
  readonly by: string | null;
}

/** What of these periods lies in the window, in order; those that meet are one. */
export function seenWithin(periods: readonly Period[], window: Interval): Interval[] {
  const out: { from: number; to: number }[] = [];
  for (const each of [...periods].sort((a, b) => a.from - b.from)) {
    const from = Math.max(each.from, window.from);
    const to = Math.min(each.to ?? window.to, window.to);
    if (to <= from) continue;
    const last = out.at(-1);
    if (last && from - last.to <= SEAM_MS) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  return out;
}

const NOTHING: Clip = {
  ...{ state: 'missing', pieces: [], covered: [], gaps: [], playFrom: 0, durationSeconds: 0 },
  ...{ boundBeforeMs: 0, boundAfterMs: 0, codec: null },
};

/** Of a window that nobody can place: neither pictures nor gaps. */
export const unplacedClip = (): Clip => NOTHING;

/** Of a camera that the map no longer has at the counter at all: where it once did, by whom that was changed. */
export const unseenClip = (window: Interval, takenOut: readonly TakenOut[]): Clip => ({
  ...NOTHING,
  gaps: notSeen(window, takenOut),
});

/** A time at which the camera did not see the counter, by what the map once said of its parts; of two changes the later one counts. */
function notSeen(hole: Interval, takenOut: readonly TakenOut[]): Gap[] {
  const gaps: Gap[] = [];
  let left: readonly Interval[] = [hole];
  for (const { from, to, at, by } of [...takenOut].sort((a, b) => b.at - a.at)) {
    for (const part of left) {
      const [begin, end] = [Math.max(part.from, from), Math.min(part.to, to)];
      if (end > begin) gaps.push({ from: begin, to: end, reason: 'not-configured', unmapped: { at, by } });
    }
    left = withoutSpans(left, [{ from, to }]);
  }
  return [...gaps, ...left.map((part): Gap => ({ ...part, reason: 'not-configured' }))].sort(
    (a, b) => a.from - b.from,
  );
}

/** The clip of a window out of what the camera saw of this counter (in order, apart); the rest is `not-configured`. */
export function buildSeenClip(
  material: CameraMaterial,
  window: Interval,
  seen: readonly Interval[],
  asked: number,
  now: number,
  takenOut: readonly TakenOut[] = [],
): Clip {
  if (seen.length === 0) return unseenClip(window, takenOut);
  const parts = seen.map((each) => buildClip(material, each, each.from, now));
  const pieces: Piece[] = [];
  let seconds = 0;
  // The file in which the camera left may be the one in which it came back.
  const shown = new Set<string>();
  for (const piece of parts.flatMap((part) => part.pieces)) {
    if (shown.has(piece.segment.id)) continue;
    shown.add(piece.segment.id);
    pieces.push({ ...piece, startSeconds: seconds });
    seconds += piece.durationSeconds;
  }
  const gaps: Gap[] = [];
  let at = window.from;
  const outside = (to: number) => {
    if (to - at > SEAM_MS) gaps.push(...notSeen({ from: at, to }, takenOut));
  };
  for (const [i, each] of seen.entries()) {
    outside(each.from);
    gaps.push(...(parts[i] as Clip).gaps);
    at = each.to;
  }
  outside(window.to);
  const covered = parts.flatMap((part) => part.covered);
  const begins = seen.find((each) => each.to > asked)?.from ?? asked;
  return {
    ...{ pieces, covered, gaps, durationSeconds: seconds },
    state: stateOf(parts, gaps),
    playFrom: playFrom(pieces, Math.max(asked, begins)),
    boundBeforeMs: Math.max(...parts.map((part) => part.boundBeforeMs)),
    boundAfterMs: Math.max(...parts.map((part) => part.boundAfterMs)),
    codec: parts.find((part) => part.codec !== null)?.codec ?? null,
  };
}

function stateOf(parts: readonly Clip[], gaps: readonly Gap[]): Clip['state'] {
  if (parts.some(({ state }) => state === 'pending')) return 'pending';
  if (parts.every(({ state }) => state === 'missing')) return 'missing';
  return gaps.length === 0 ? 'ready' : 'partial';
}
