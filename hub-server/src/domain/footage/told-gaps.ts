/**
 * Purpose: which of several reasons holds at a moment, the same for a clip and for a camera's day: of one layer the claim that began
 * last, a lower layer only where no higher one says anything. Pure.
 * Refuses: a gap without a told end beyond footage that came after it; whoever would tell its end may have lost its index.
 */
import type { Interval } from './window.ts';

/** A mapping moves by less, so that footage which begins so far behind the beginning of a gap came after it, ms. */
const BEHIND_MS = 500;

interface ToldGap {
  readonly from: number;
  readonly to: number | null;
}

/** An open gap says that nothing was filmed since: the first footage behind it, kept or not, ends it; `until` any other. */
export function endedByFootage<G extends ToldGap>(
  gaps: readonly G[],
  footage: readonly { readonly from: number }[],
  until: number,
): (G & { readonly to: number })[] {
  const begins = footage.map(({ from }) => from).sort((a, b) => a - b);
  return gaps.map((gap) => {
    if (gap.to !== null) return { ...gap, to: gap.to };
    const next = begins.find((from) => from > gap.from + BEHIND_MS) ?? until;
    return { ...gap, to: Math.min(next, until) };
  });
}

/** Claims of one layer without overlap, in order: where several hold, the one that began last. */
export function flatten<C extends Interval>(claims: readonly C[]): C[] {
  const out: C[] = [];
  const open: C[] = [];
  let at = Number.NEGATIVE_INFINITY;
  const advance = (until: number): void => {
    for (let top = open.at(-1); top !== undefined && at < until; top = open.at(-1)) {
      const end = Math.min(top.to, until);
      if (end > at) out.push({ ...top, from: at, to: end });
      at = Math.max(at, end);
      if (top.to <= at) open.pop();
    }
  };
  for (const claim of [...claims].sort((a, b) => a.from - b.from || a.to - b.to)) {
    advance(claim.from);
    at = Math.max(at, claim.from);
    open.push(claim);
  }
  advance(Number.POSITIVE_INFINITY);
  return out;
}

/** Layers from the highest on, laid over each other: no overlap, in order. */
export function layered<C extends Interval>(layers: readonly (readonly C[])[]): C[] {
  let out: C[] = [];
  for (const layer of layers) {
    const more = flatten(layer.filter(({ from, to }) => to > from)).flatMap((claim) => {
      const parts: C[] = [];
      let at = claim.from;
      for (const each of out) {
        if (each.to <= at || each.from >= claim.to) continue;
        if (each.from > at) parts.push({ ...claim, from: at, to: each.from });
        at = each.to;
      }
      if (at < claim.to) parts.push({ ...claim, from: at });
      return parts;
    });
    out = [...out, ...more].sort((a, b) => a.from - b.from);
  }
  return out;
}
