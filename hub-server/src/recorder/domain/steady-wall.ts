/**
 * Purpose: one wall time for all footage of this process: boot time and an offset that follows the machine's wall clock
 * slowly. A step of that clock is believed once it has stood long enough; until then footage keeps its place. Pure.
 * Refuses: to move footage because somebody set the clock and set it back. See hub-server/DESIGN.md, "Recording".
 */
export interface SteadyWall {
  /** Wall − monotonic as believed, ms. */
  readonly offsetMs: number;
  readonly atMonoMs: number;
  /** Another offset, seen since: believed when it stays. */
  readonly doubt: { readonly offsetMs: number; readonly sinceMonoMs: number } | null;
}

/** Farther off than what slewing explains: somebody set the clock, ms. */
export const STEP_MS = 500;
/** A step that stands for so long is the right time, ms. */
export const BELIEVED_AFTER_MS = 600_000;
/** What NTP slews by, and what is followed, parts per million. */
const SLEW_PPM = 500;

export function steadyFrom(wallMs: number, monoMs: number): SteadyWall {
  return { offsetMs: wallMs - monoMs, atMonoMs: monoMs, doubt: null };
}

export function watchWall(
  steady: SteadyWall,
  wallMs: number,
  monoMs: number,
): { readonly steady: SteadyWall; readonly event: 'stepped' | 'believed' | 'back' | null } {
  const raw = wallMs - monoMs;
  const apart = raw - steady.offsetMs;
  if (Math.abs(apart) <= STEP_MS) {
    const most = (Math.max(0, monoMs - steady.atMonoMs) * SLEW_PPM) / 1_000_000;
    const offsetMs = steady.offsetMs + Math.min(most, Math.max(-most, apart));
    const event = steady.doubt === null ? null : 'back';
    return { steady: { offsetMs, atMonoMs: monoMs, doubt: null }, event };
  }
  const { doubt } = steady;
  if (doubt === null || Math.abs(raw - doubt.offsetMs) > STEP_MS) {
    const begun = { offsetMs: raw, sinceMonoMs: monoMs };
    return { steady: { ...steady, atMonoMs: monoMs, doubt: begun }, event: 'stepped' };
  }
  if (monoMs - doubt.sinceMonoMs < BELIEVED_AFTER_MS)
    return { steady: { ...steady, atMonoMs: monoMs }, event: null };
  return { steady: steadyFrom(wallMs, monoMs), event: 'believed' };
}
