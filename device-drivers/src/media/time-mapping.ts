/**
 * Purpose: from media time to wall time, per run: offset = smallest (arrival − media end) of a sliding window, since a
 * line of ffmpeg's list can come late but never early. Monotonic time measures; the newest wall time places all of it.
 * Refuses: steps: a correction after the first minute is clamped to 500 ppm of the time passed.
 * The camera's own latency cannot be seen from arrivals and is not in here: see `pictureInterval`.
 */
export interface ClosedSegment {
  readonly mediaEndMs: number;
  /** Wall clock, UTC ms, and monotonic clock, ms, at one moment. */
  readonly arrivalAt: number;
  readonly arrivalMonoMs: number;
}

export interface Estimate {
  /** wall = offsetMs + media ms. */
  readonly offsetMs: number;
  /** Half width of what the estimate may be wrong by, without the camera's latency. */
  readonly boundMs: number;
}

/** 5 minutes of segments of 4 s: long enough to hold several prompt lines, short enough to follow a clock. */
const WINDOW = 75;
/** A correction's greatest speed once a run is settled; cameras' crystals are within 100 ppm. */
const SLOPE_PPM = 500;
/** Segments until the offset may only creep. */
const SETTLED = 15;
/** Measured against a burnt-in clock: +152 ms, first segment +192 ms (hub-server/DESIGN.md, "Recording"). */
const BOUND_MS = 300;
/** Until a prompt line is likely to have been among them: half of the lines come within 44 ms, 5 % later than 4 s. */
const EARLY_BOUNDS_MS = [4_000, 2_000, 1_000, 700, 700, 500, 500] as const;

export interface RunClock {
  observe(segment: ClosedSegment): Estimate;
  /** The clock of a run that continues this one without a break: media time there = media time here − `shiftMs`. */
  continued(shiftMs: number): RunClock;
}

interface Known {
  /** Arrival − media end, in monotonic time. */
  readonly residuals: readonly number[];
  readonly count: number;
  readonly last: { readonly residual: number; readonly atMonoMs: number } | null;
}

export function createRunClock(known: Known = { residuals: [], count: 0, last: null }): RunClock {
  let { residuals, count, last } = known;
  return {
    observe({ mediaEndMs, arrivalAt, arrivalMonoMs }) {
      residuals = [...residuals, arrivalMonoMs - mediaEndMs].slice(-WINDOW);
      count += 1;
      const wanted = Math.min(...residuals);
      let residual = wanted;
      if (last !== null && count > SETTLED) {
        const passed = Math.max(0, arrivalMonoMs - last.atMonoMs);
        const step = Math.ceil((passed * SLOPE_PPM) / 1_000_000);
        residual = Math.min(Math.max(wanted, last.residual - step), last.residual + step);
      }
      last = { residual, atMonoMs: arrivalMonoMs };
      const behind = Math.round(Math.abs(wanted - residual));
      return {
        offsetMs: Math.round(residual + (arrivalAt - arrivalMonoMs)),
        boundMs: (EARLY_BOUNDS_MS[count - 1] ?? BOUND_MS) + behind,
      };
    },
    continued(shiftMs) {
      return createRunClock({
        residuals: residuals.map((one) => one + shiftMs),
        count,
        last: last === null ? null : { ...last, residual: last.residual + shiftMs },
      });
    },
  };
}

/** When the picture at `mediaMs` can have been true: the light left between these two moments, UTC ms. */
export function pictureInterval(
  mapping: Estimate & { readonly latencyMs: number },
  mediaMs: number,
): { readonly from: number; readonly to: number } {
  const at = mapping.offsetMs + mediaMs;
  return { from: at - mapping.latencyMs - mapping.boundMs, to: at + mapping.boundMs };
}
