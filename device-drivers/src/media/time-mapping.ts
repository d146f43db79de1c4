/**
 * Purpose: from media time to wall time, per run: offset = smallest (arrival − media end) of a sliding window, since a
 * line of ffmpeg's list can come late but never early. Monotonic time measures; wall time is read once per best sample.
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

interface Sample {
  readonly residual: number;
  readonly wallMinusMono: number;
}

export interface RunClock {
  observe(segment: ClosedSegment): Estimate;
  /** The clock of a run that continues this one without a break: media time there = media time here − `shiftMs`. */
  continued(shiftMs: number): RunClock;
}

interface Known {
  readonly samples: readonly Sample[];
  readonly count: number;
  readonly last: { readonly offsetMs: number; readonly atMonoMs: number } | null;
}

export function createRunClock(known: Known = { samples: [], count: 0, last: null }): RunClock {
  let { samples, count, last } = known;
  return {
    observe(segment) {
      const sample = {
        residual: segment.arrivalMonoMs - segment.mediaEndMs,
        wallMinusMono: segment.arrivalAt - segment.arrivalMonoMs,
      };
      samples = [...samples, sample].slice(-WINDOW);
      count += 1;
      const best = samples.reduce((one, two) => (two.residual < one.residual ? two : one));
      const wanted = best.residual + best.wallMinusMono;
      let offsetMs = wanted;
      if (last !== null && count > SETTLED) {
        const passed = Math.max(0, segment.arrivalMonoMs - last.atMonoMs);
        const step = Math.ceil((passed * SLOPE_PPM) / 1_000_000);
        offsetMs = Math.min(Math.max(wanted, last.offsetMs - step), last.offsetMs + step);
      }
      last = { offsetMs: Math.round(offsetMs), atMonoMs: segment.arrivalMonoMs };
      const behind = Math.round(Math.abs(wanted - offsetMs));
      return { offsetMs: last.offsetMs, boundMs: (EARLY_BOUNDS_MS[count - 1] ?? BOUND_MS) + behind };
    },
    continued(shiftMs) {
      return createRunClock({
        samples: samples.map((one) => ({ ...one, residual: one.residual + shiftMs })),
        count,
        last: last === null ? null : { ...last, offsetMs: last.offsetMs + shiftMs },
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
