/**
 * Purpose: every moment of a camera's day is recorded or has one reason: a fold over segments, mappings and gaps that
 * divides the day. A silence inside footage wins over it, footage over its deletion, that over a recorded gap, the gap
 * that began last over older ones; one without an end lasts until the next footage.
 * Refuses: overlaps, holes, and invented reasons: what nothing explains is `unknown`, a defect to be looked into.
 * See hub-server/DESIGN.md, "Coverage".
 */
import { type CoverageReason, type CoverageSpan, DELETED_AS } from '@hailong/shared/protocol/coverage.ts';
import type { DeletionReason, GapReason, RunMapping } from '@hailong/shared/protocol/footage.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import { type HeldGap, merge, SEAM_MS, SETTLE_MS } from './clip.ts';
import { placeSegments, type TimedSegment } from './place-segments.ts';
import { stallsIn } from './stalls.ts';
import { endedByFootage, flatten } from './told-gaps.ts';
import type { Interval } from './window.ts';

export interface CoverageSegment extends TimedSegment {
  /** Null: its file is kept. */
  readonly deletedAt: number | null;
  readonly deletedReason: DeletionReason | null;
  /** Who asked for it, when a person did. */
  readonly deletedBy: string | null;
}
export interface CoverageMaterial {
  readonly latencyMs: number;
  readonly segments: readonly CoverageSegment[];
  /** Newest version per run. */
  readonly mappings: readonly RunMapping[];
  readonly gaps: readonly HeldGap[];
  /** Before, there was no such camera; null: nothing was ever heard of it. */
  readonly knownFrom: number | null;
  /** Its first footage or gap: until then no recorder had taken it up; null: none has yet. */
  readonly heardFrom: number | null;
  /** After, nothing has been told yet. */
  readonly knownUntil: number;
}

type Say = Pick<CoverageSpan, 'state' | 'reason' | 'by'> & { readonly at: number | null };
interface Claim extends Interval {
  readonly say: Say;
}

const RECORDED: Say = { state: 'recorded', reason: null, by: null, at: null };
const FUTURE: Say = { state: 'future', reason: null, by: null, at: null };
const PENDING: Say = { state: 'pending', reason: null, by: null, at: null };
const missing = (reason: CoverageReason): Say => ({ state: 'missing', reason, by: null, at: null });
/** A gap that a recorder called `deleted` names no rule: nobody knows which. */
const ofGap = (reason: GapReason): Say => missing(reason === 'deleted' ? 'deleted-lost' : reason);

function ofDeletion({ deletedReason, deletedBy, deletedAt }: CoverageSegment): Say {
  return { ...missing(DELETED_AS[deletedReason ?? 'lost']), by: deletedBy, at: deletedAt };
}

const same = (a: Say, b: Say): boolean =>
  a.state === b.state && a.reason === b.reason && a.by === b.by && dayOf(a.at) === dayOf(b.at);
/** One pass of retention takes minutes: its deletions are one span. */
const dayOf = (at: number | null): string | null => (at === null ? null : vietnamDay(at));

function push(out: { from: number; to: number; say: Say }[], from: number, to: number, say: Say): void {
  if (to <= from) return;
  const last = out.at(-1);
  if (last && last.to === from && same(last.say, say)) last.to = to;
  else out.push({ from, to, say });
}

/** Lays claims (in order, without overlap) into what is still open; answers the whole again, in order. */
function fill(day: readonly (Interval & { say: Say | null })[], claims: readonly Claim[]) {
  const out: (Interval & { say: Say | null })[] = [];
  let next = 0;
  for (const each of day) {
    if (each.say !== null) {
      out.push(each);
      continue;
    }
    let at = each.from;
    while ((claims[next]?.to ?? Number.POSITIVE_INFINITY) <= each.from) next++;
    for (let i = next; i < claims.length; i++) {
      const claim = claims[i] as Claim;
      if (claim.from >= each.to) break;
      const [from, to] = [Math.max(at, claim.from), Math.min(each.to, claim.to)];
      if (from > at) out.push({ from: at, to: from, say: null });
      if (to > from) out.push({ from, to, say: claim.say });
      at = Math.max(at, to);
    }
    if (at < each.to) out.push({ from: at, to: each.to, say: null });
  }
  return out;
}

/** `recorderAway`: nobody is recording now, so that what lies after the last word is its absence. */
export function coverDay(
  material: CoverageMaterial,
  day: Interval,
  now: number,
  recorderAway: boolean,
): CoverageSpan[] {
  const recorded: Claim[] = [];
  const deleted: Claim[] = [];
  const placed = placeSegments(material);
  for (const { from, to, segment } of placed)
    if (segment.deletedAt === null) recorded.push({ from, to, say: RECORDED });
    else deleted.push({ from, to, say: ofDeletion(segment) });
  const told = endedByFootage(material.gaps, placed, now);
  const gaps = told.map(({ from, to, reason }) => ({ from, to, say: ofGap(reason) }));
  const around = [
    {
      ...{ from: Number.NEGATIVE_INFINITY, to: material.knownFrom ?? now },
      say: missing('not-configured'),
    },
    ...(material.knownFrom === null
      ? []
      : [
          {
            ...{ from: material.knownFrom, to: Math.min(now, material.heardFrom ?? now - SETTLE_MS) },
            say: missing('recorder-down'),
          },
        ]),
    { from: now - SETTLE_MS, to: now, say: PENDING },
    { from: now, to: Number.POSITIVE_INFINITY, say: FUTURE },
    ...(recorderAway
      ? [{ from: material.knownUntil, to: now - SETTLE_MS, say: missing('recorder-down') }]
      : []),
  ].sort((a, b) => a.from - b.from);
  const stalls = stallsIn(merge(recorded), material.gaps).map((each) => ({
    ...each,
    say: ofGap('camera-silent'),
  }));
  let spans: (Interval & { say: Say | null })[] = [{ ...day, say: null }];
  for (const layer of [stalls, recorded, deleted, gaps, around])
    spans = fill(spans, flatten(layer.filter((each) => each.to > each.from)));
  return joined(spans);
}

/** Seams of the muxer belong to what lies before them, those of the last seconds too; the rest of what nothing explains is unknown. */
function joined(spans: readonly (Interval & { say: Say | null })[]): CoverageSpan[] {
  const out: { from: number; to: number; say: Say }[] = [];
  for (const [i, { from, to, say }] of spans.entries()) {
    const [before, after] = [out.at(-1)?.say ?? null, spans[i + 1]?.say ?? null];
    const seam = to - from <= SEAM_MS ? (before ?? after) : null;
    // Nothing can still come between two segments that are closed.
    const closed = say === PENDING && before === RECORDED && after === RECORDED;
    push(out, from, to, (closed ? seam : null) ?? say ?? seam ?? missing('unknown'));
  }
  return out.map(({ from, to, say }) => ({ from, to, ...say })) as CoverageSpan[];
}

export interface CoverageTotal {
  readonly state: CoverageSpan['state'];
  readonly reason: CoverageReason | null;
  readonly ms: number;
}

/** How much of the day is what, most first. */
export function totalsOf(spans: readonly CoverageSpan[]): CoverageTotal[] {
  const sums = new Map<string, CoverageTotal>();
  for (const { state, reason, from, to } of spans) {
    const key = `${state}/${reason}`;
    sums.set(key, { state, reason, ms: (sums.get(key)?.ms ?? 0) + to - from });
  }
  return [...sums.values()].sort((a, b) => b.ms - a.ms);
}
