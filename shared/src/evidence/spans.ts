/** Intervals of time in milliseconds: joined, and what they leave open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Adjacent segments meet within this; less is the muxer's rounding, not a gap (hub-server/DESIGN.md, "Footage"). */
export const SEAM_MS = 500;

/** Of footage placed by its arrival alone: lines came up to 7.7 s late (hub-server/DESIGN.md, "Recording"). */
export const ARRIVAL_BOUND_MS = 8_000;

export function mergeSpans(spans: readonly Span[]): Span[] {
  const out: { from: number; to: number }[] = [];
  for (const each of [...spans].sort((one, other) => one.from - other.from)) {
    const last = out.at(-1);
    if (last && each.from - last.to <= SEAM_MS) last.to = Math.max(last.to, each.to);
    else out.push({ from: each.from, to: each.to });
  }
  return out;
}

/** What of `whole` none of `covered` (merged, in order) covers. */
export function uncoveredSpans(whole: Span, covered: readonly Span[]): Span[] {
  const out: Span[] = [];
  let at = whole.from;
  for (const each of covered) {
    if (each.to <= whole.from || each.from >= whole.to) continue;
    if (each.from - at > SEAM_MS) out.push({ from: at, to: each.from });
    at = Math.max(at, each.to);
  }
  if (whole.to - at > SEAM_MS) out.push({ from: at, to: whole.to });
  return out;
}

/** Whether these (merged, in order) leave none of it open; among thousands it looks at a few. */
export function isCovered(whole: Span, covered: readonly Span[]): boolean {
  let [low, high] = [0, covered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((covered[middle]?.to ?? Infinity) <= whole.from) low = middle + 1;
    else high = middle;
  }
  // Merged ones are more than a seam apart, so whoever reaches into the second one leaves a hole before it.
  return uncoveredSpans(whole, covered.slice(low, low + 2)).length === 0;
}

/** What of `whole` is left without these. */
export function withoutSpans(whole: readonly Span[], taken: readonly Span[]): Span[] {
  let left = [...whole];
  for (const each of taken)
    left = left.flatMap((one) =>
      each.to <= one.from || one.to <= each.from
        ? [one]
        : [
            { from: one.from, to: each.from },
            { from: each.to, to: one.to },
          ].filter(({ from, to }) => to > from),
    );
  return left;
}

/** The same but for a seam at either end. */
export const isWithin = (one: Span, other: Span): boolean =>
  Math.abs(one.from - other.from) <= SEAM_MS && Math.abs(one.to - other.to) <= SEAM_MS;
