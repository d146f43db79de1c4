/** What a clock that is believed anew makes of mappings and coverage: domain/correction.ts. */
import type { FootageFact, Gap, RunMapping } from '@hailong/shared/protocol/footage.ts';
import { UTC_MS_MAX, type UtcMs } from '@hailong/shared/time.ts';
import { type Correction, shiftOf } from '../domain/correction.ts';
import type { Coverage } from '../domain/coverage-machine.ts';
import type { SavedWall } from '../domain/steady-wall.ts';
import type { Stall } from './ports.ts';

/** What a boot filmed and missed stands elsewhere than it was told to. */
export type PlacedAnew = Correction & {
  /** The clock it is placed by, kept in the same transaction: a recorder that starts again never knows one without the other. */
  readonly wall: SavedWall;
};

/** The same where nothing changes. */
export function placedMapping(
  mapping: RunMapping,
  placing: PlacedAnew,
  from: number,
  to: number,
): RunMapping {
  const { ms, boundMs } = shiftOf(placing, from, to);
  const method = placing.wall.sure && mapping.method === 'unplaced' ? 'min-arrival' : mapping.method;
  if (ms === 0 && boundMs === 0 && method === mapping.method) return mapping;
  return {
    ...{ ...mapping, method, version: mapping.version + 1 },
    ...{ offsetMs: mapping.offsetMs + ms, boundMs: mapping.boundMs + boundMs },
  };
}

/** A moment that the wire carries. */
export const within = (at: number) => Math.min(UTC_MS_MAX, Math.max(0, at)) as UtcMs;

/** Under a clock that was not sure only the gap since older footage was told, which begins where that ended. */
export const movedBy =
  (placing: PlacedAnew) =>
  <T extends number | null>(at: T): T =>
    (placing.kind === 'unsure' || at === null ? at : at + shiftOf(placing, at, at).ms) as T;

export function movedCoverage(coverage: Coverage, move: <T extends number | null>(at: T) => T): Coverage {
  const gap = <G extends Gap | null>(one: G): G =>
    (one === null ? null : { ...one, from: move(one.from), to: move(one.to) }) as G;
  const { lastEnd, open, ended } = coverage;
  return {
    ...{ ...coverage, lastEnd: move(lastEnd), open: gap(open) },
    ended: ended === null ? null : { ...ended, gap: gap(ended.gap) },
  };
}

/** A silence inside a run, where its mapping has it. */
export const silent = ({ camera, offsetMs }: RunMapping, { gap, fromMs, toMs }: Stall): FootageFact => ({
  kind: 'gap.recorded',
  gap: {
    ...{ id: gap, camera, reason: 'camera-silent' },
    ...{ from: (offsetMs + fromMs) as UtcMs, to: (offsetMs + toMs) as UtcMs },
  },
});
