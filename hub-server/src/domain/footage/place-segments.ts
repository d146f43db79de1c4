/**
 * Where segments lie on the wall clock: by the newest mapping of their run, else by arrival alone. Pure.
 * Refuses: to place a recovered segment that has no mapping: its arrival says nothing about when it was filmed; and one of a run whose
 * recorder was not sure of its clock.
 * See hub-server/DESIGN.md, "Footage".
 */
import { ARRIVAL_BOUND_MS } from '@hailong/shared/evidence/spans.ts';
import type { RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';
import { latencyAt } from './camera-standing.ts';
import type { Interval } from './window.ts';

export type TimedSegment = Pick<Segment, 'run' | 'mediaStartMs' | 'mediaEndMs' | 'arrivalAt' | 'flags'>;
export interface Placed<S extends TimedSegment> extends Interval {
  readonly segment: S;
  readonly boundMs: number;
  readonly latencyMs: number;
}

/** In order of their beginning. */
export function placeSegments<S extends TimedSegment>(material: {
  readonly latencyMs: number;
  /** Measured ones; each holds from its date on. */
  readonly latencies?: readonly { readonly at: number; readonly latencyMs: number }[];
  readonly segments: readonly S[];
  /** Newest version per run. */
  readonly mappings: readonly (Pick<RunMapping, 'run' | 'offsetMs' | 'boundMs' | 'latencyMs'> &
    Partial<Pick<RunMapping, 'method'>>)[];
}): Placed<S>[] {
  const byRun = new Map(material.mappings.map((mapping) => [mapping.run, mapping]));
  const measured = (from: number) => latencyAt(material.latencies ?? [], from);
  const placed: Placed<S>[] = [];
  for (const segment of material.segments) {
    const mapping = byRun.get(segment.run);
    if (mapping?.method === 'unplaced') continue;
    if (mapping) {
      const from = mapping.offsetMs + segment.mediaStartMs;
      placed.push({
        ...{ segment, from, to: mapping.offsetMs + segment.mediaEndMs, boundMs: mapping.boundMs },
        latencyMs: measured(from) ?? mapping.latencyMs,
      });
    } else if (!segment.flags.includes('recovered')) {
      const from = segment.arrivalAt - (segment.mediaEndMs - segment.mediaStartMs);
      placed.push({
        ...{ segment, from, to: segment.arrivalAt, boundMs: ARRIVAL_BOUND_MS },
        latencyMs: measured(from) ?? material.latencyMs,
      });
    }
  }
  return placed.sort((a, b) => a.from - b.from);
}
