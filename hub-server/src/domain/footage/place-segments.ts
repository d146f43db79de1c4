/**
 * Where segments lie on the wall clock: by the newest mapping of their run, else by arrival alone. Pure.
 * Refuses: to place a recovered segment that has no mapping: its arrival says nothing about when it was filmed.
 * See hub-server/DESIGN.md, "Footage".
 */
import type { RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';
import type { Interval } from './window.ts';

/** Bound of a segment placed by its arrival alone: lines came up to 7.7 s late (hub-server/DESIGN.md, "Recording"). */
const UNMAPPED_BOUND_MS = 8_000;

export type TimedSegment = Pick<Segment, 'run' | 'mediaStartMs' | 'mediaEndMs' | 'arrivalAt' | 'flags'>;
export interface Placed<S extends TimedSegment> extends Interval {
  readonly segment: S;
  readonly boundMs: number;
  readonly latencyMs: number;
}

/** In order of their beginning. */
export function placeSegments<S extends TimedSegment>(material: {
  readonly latencyMs: number;
  readonly segments: readonly S[];
  /** Newest version per run. */
  readonly mappings: readonly Pick<RunMapping, 'run' | 'offsetMs' | 'boundMs' | 'latencyMs'>[];
}): Placed<S>[] {
  const byRun = new Map(material.mappings.map((mapping) => [mapping.run, mapping]));
  const placed: Placed<S>[] = [];
  for (const segment of material.segments) {
    const mapping = byRun.get(segment.run);
    if (mapping)
      placed.push({
        segment,
        from: mapping.offsetMs + segment.mediaStartMs,
        to: mapping.offsetMs + segment.mediaEndMs,
        boundMs: mapping.boundMs,
        latencyMs: mapping.latencyMs,
      });
    else if (!segment.flags.includes('recovered'))
      placed.push({
        segment,
        from: segment.arrivalAt - (segment.mediaEndMs - segment.mediaStartMs),
        to: segment.arrivalAt,
        boundMs: UNMAPPED_BOUND_MS,
        latencyMs: material.latencyMs,
      });
  }
  return placed.sort((a, b) => a.from - b.from);
}
