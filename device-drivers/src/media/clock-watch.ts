/**
 * Purpose: does a camera's media time still keep step with this machine's clock? Pure, fed with each closed segment.
 * The residual (arrival − media end) has a floor and single lines that come late under load (4 s and more are normal);
 * a reset camera clock lifts the floor for good or falls below what any line can come early by.
 * Refuses: ending a run for one late line. See hub-server/DESIGN.md, "Recording".
 */
/** A lasting change of the residual by more than this ends the run, ms. */
export const CLOCK_JUMP_MS = 500;
/** Relative rate of camera and machine clock that ends the run, parts per million. */
export const RATE_MAX_PPM = 500;

/** A line never comes early: after so many of them the floor is known, and only a leap falls below it. */
const FLOOR_KNOWN = 7;
/** Media time cannot run ahead of the run itself by more than what a camera kept to send first, ms. */
const KEPT_BEFORE_MS = 4_000;
/** The floor must stay lifted for this many segments: 12 s of segments of 4 s. */
const PERSISTENT = 3;
/** Residuals looked back on for the floor: 2 minutes. */
const WINDOW = 30;
/** The rate is judged between floors of windows at least this far apart. */
const RATE_SPAN_MS = 600_000;

export interface ClockWatch {
  /** When the run was launched, monotonic ms; null: not told. */
  readonly launchedAt: number | null;
  readonly residuals: readonly number[];
  /** Floor of the first full window and when it was full, monotonic ms. */
  readonly anchor: { readonly floor: number; readonly at: number } | null;
}

export type ClockVerdict = 'steady' | 'jumped' | 'drifting';

export const freshClockWatch = (launchedAt: number | null): ClockWatch => ({
  ...{ launchedAt, residuals: [], anchor: null },
});

interface Arrived {
  readonly arrivalMonoMs: number;
  readonly mediaEndMs: number;
}

/** The latest media time that this segment can truly end at: the wall had not come further. */
export function endByWall({ residuals, launchedAt }: ClockWatch, arrived: Arrived): number {
  const floor = residuals.length > 0 ? Math.min(...residuals) : launchedAt;
  return floor === null ? arrived.mediaEndMs : Math.min(arrived.mediaEndMs, arrived.arrivalMonoMs - floor);
}

export function watchClock(
  watch: ClockWatch,
  segment: Arrived,
): { readonly watch: ClockWatch; readonly verdict: ClockVerdict } {
  const residual = segment.arrivalMonoMs - segment.mediaEndMs;
  const residuals = [...watch.residuals, residual].slice(-WINDOW);
  const next: ClockWatch = { ...watch, residuals };
  if (watch.launchedAt !== null && residual < watch.launchedAt - KEPT_BEFORE_MS)
    return { watch: next, verdict: 'jumped' };
  const recent = residuals.slice(-PERSISTENT);
  const before = residuals.slice(0, -PERSISTENT);
  if (before.length > 0) {
    if (Math.min(...recent) - Math.min(...before) > CLOCK_JUMP_MS) return { watch: next, verdict: 'jumped' };
    if (watch.residuals.length >= FLOOR_KNOWN && residual < Math.min(...watch.residuals) - CLOCK_JUMP_MS)
      return { watch: next, verdict: 'jumped' };
    const falling = [before[before.length - 1] as number, ...recent];
    if (falling.every((one, i) => i === 0 || one < (falling[i - 1] as number) - CLOCK_JUMP_MS))
      return { watch: next, verdict: 'jumped' };
  }
  if (residuals.length < WINDOW) return { watch: next, verdict: 'steady' };
  const floor = Math.min(...residuals);
  const anchor = watch.anchor ?? { floor, at: segment.arrivalMonoMs };
  const span = segment.arrivalMonoMs - anchor.at;
  const ppm = span < RATE_SPAN_MS ? 0 : (Math.abs(floor - anchor.floor) / span) * 1_000_000;
  return { watch: { ...watch, residuals, anchor }, verdict: ppm > RATE_MAX_PPM ? 'drifting' : 'steady' };
}
