/**
 * Purpose: the hub dates turns by its clock as it stood, the recorder places footage by what it came to believe of that clock. Where the
 * two part, what shows a turn lies so far beside it: its window and its holds cover both places. Pure.
 * Refuses: to look around by more than an hour: a turn that far beside its footage cannot be placed. See hub-server/DESIGN.md, "Footage".
 */

/** What the hub dated in between may lie `shiftMs` from there; `to` null: this goes on. */
export interface ClockStep {
  readonly from: number;
  readonly to: number | null;
  readonly shiftMs: number;
}

export const BESIDE_MAX_MS = 3_600_000;

const touches = ({ from, to }: ClockStep, begin: number, end: number): boolean =>
  from <= end && (to === null || to >= begin);

/** To be added to a turn's bound; null: it cannot be placed. `steps` in order. */
export function besideBy(steps: readonly ClockStep[], begin: number, end: number): number | null {
  const places = withPlaces([{ from: begin, to: end }], steps);
  const ms = Math.max(...places.map(({ from, to }) => Math.max(begin - from, to - end)));
  return ms > BESIDE_MAX_MS ? null : ms;
}

/**
 * Each hold, and where else what it is of may lie: all the way there, or where that is far, there. What has moved may move again; `steps`
 * in order.
 */
export function withPlaces<H extends { readonly from: number; readonly to: number }>(
  holds: readonly H[],
  steps: readonly ClockStep[],
): H[] {
  return holds.flatMap((hold) =>
    steps.reduce<H[]>(
      (places, step) =>
        places.concat(
          places
            .filter(({ from, to }) => touches(step, from, to))
            .map((place) => ({ ...place, ...beside(place, step.shiftMs) })),
        ),
      [hold],
    ),
  );
}

function beside({ from, to }: { readonly from: number; readonly to: number }, by: number) {
  return Math.abs(by) <= BESIDE_MAX_MS
    ? { from: Math.max(0, from + Math.min(0, by)), to: to + Math.max(0, by) }
    : { from: Math.max(0, from + by), to: Math.max(0, to + by) };
}
