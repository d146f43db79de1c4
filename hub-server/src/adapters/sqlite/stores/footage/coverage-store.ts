/** A camera's day out of the covering index of segments: folded here, so that 21,600 rows never cross a thread. */
import type { ClockSample, HeldLatency } from '@hailong/shared/protocol/cameras.ts';
import { CLOCK_DAYS } from '@hailong/shared/protocol/coverage.ts';
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';
import type { CoveragePort } from '../../../../application/ports/coverage.ts';
import { latenciesOver } from '../../../../domain/footage/camera-standing.ts';
import type { HeldGap } from '../../../../domain/footage/clip.ts';
import {
  type CoverageMaterial,
  type CoverageSegment,
  coverDay,
} from '../../../../domain/footage/coverage-day.ts';
import { type Db, many, one, read, type Store } from '../../op.ts';
import { secretHolds, secretlyKept } from '../holds/secret-holds.ts';
import { arrivalRanges } from './arrival-ranges.ts';
import { placedEdges } from './placed-edges.ts';

/** Far below a seam: rounding of media times. */
const JOIN_MS = 50;
/** Of one pass of retention. */
const HOUR_MS = 3_600_000;
const CLOCK_MS = CLOCK_DAYS * 24 * HOUR_MS;
const COLUMNS = `run, media_start_ms AS mediaStartMs, media_end_ms AS mediaEndMs, arrival_at AS arrivalAt, flags,
  deleted_at AS deletedAt, deleted_reason AS deletedReason, deleted_by AS deletedBy`;

type Row = Omit<CoverageSegment, 'flags'> & { readonly flags: string };

function rowsOf(db: Db, cameraId: string, from: number, to: number): Row[] {
  return [
    ...arrivalRanges(db, cameraId, from, to).flatMap((range) =>
      many<Row>(
        db,
        `SELECT ${COLUMNS} FROM segment INDEXED BY segment_by_arrival
         WHERE camera_id = ? AND arrival_at BETWEEN ? AND ? AND flags NOT LIKE '%recovered%'`,
        ...[cameraId, range.from, range.to],
      ),
    ),
    // Found again after a crash: their arrival says nothing about when they were filmed.
    ...many<Row>(
      db,
      `SELECT ${COLUMNS} FROM segment INDEXED BY segment_recovered
       WHERE camera_id = ? AND flags LIKE '%recovered%'`,
      cameraId,
    ),
  ];
}

const withFlags = (row: Row): CoverageSegment => ({ ...row, flags: JSON.parse(row.flags) });

/** As one reader may see it: what only a hold of another's denunciation keeps has gone by the rule around it. */
function seenBy(
  db: Db,
  cameraId: string,
  rows: readonly Row[],
  readerId: string,
  now: number,
): readonly Row[] {
  const holds = secretHolds(db, cameraId, readerId);
  if (holds === null) return rows;
  const kept = rows.filter(({ deletedAt }) => deletedAt === null).map((row) => ({ ...withFlags(row), row }));
  const gone = secretlyKept({ segments: kept, mappings: mappingsOf(db, kept) }, holds, now);
  if (gone.size === 0) return rows;
  const byRow = new Map([...gone].map(([{ row }, deletion]) => [row, deletion]));
  return rows.map((row) => {
    const deletion = byRow.get(row);
    return deletion === undefined
      ? row
      : { ...row, deletedAt: deletion.at, deletedReason: deletion.reason, deletedBy: deletion.by };
  });
}

/** Files that follow each other in one run, all kept or all gone for one reason, are one stretch: a handful a day to fold. */
function joined(rows: readonly Row[]): Row[] {
  const out: { -readonly [K in keyof Row]: Row[K] }[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    const space = last === undefined ? Number.NaN : row.mediaStartMs - last.mediaEndMs;
    if (last?.run === row.run && space >= 0 && space <= JOIN_MS && goneAlike(last, row)) {
      last.mediaEndMs = row.mediaEndMs;
      last.arrivalAt = row.arrivalAt;
    } else out.push({ ...row });
  }
  return out;
}

const goneAlike = (a: Row, b: Row): boolean =>
  a.flags === b.flags &&
  (a.deletedAt === null) === (b.deletedAt === null) &&
  a.deletedReason === b.deletedReason &&
  a.deletedBy === b.deletedBy &&
  Math.abs((a.deletedAt ?? 0) - (b.deletedAt ?? 0)) < HOUR_MS;

function mappingsOf(db: Db, segments: readonly CoverageSegment[]): RunMapping[] {
  return [...new Set(segments.map(({ run }) => run))].flatMap((run) =>
    many<RunMapping>(
      db,
      `SELECT run, camera_id AS camera, version, method, offset_ms AS offsetMs, latency_ms AS latencyMs,
              bound_ms AS boundMs FROM run_mapping WHERE run = ? ORDER BY version DESC LIMIT 1`,
      run,
    ),
  );
}

/** The first and the last moment anything is known of, whatever day is asked. */
function knownOf(
  db: Db,
  cameraId: string,
  now: number,
): Pick<CoverageMaterial, 'knownFrom' | 'heardFrom' | 'knownUntil'> {
  const placed = placedEdges(db, cameraId, now);
  const ends = one<Record<'map' | 'gap' | 'told', number | null>>(
    db,
    `SELECT (SELECT min(from_at) FROM camera_counter WHERE camera_id = @camera) AS map,
       (SELECT min(from_at) FROM footage_gap WHERE camera_id = @camera) AS gap,
       (SELECT max(ifnull(to_at, from_at)) FROM footage_gap WHERE camera_id = @camera) AS told`,
    { camera: cameraId },
  )!;
  const earliest = (...moments: readonly (number | null)[]) => {
    const told = moments.filter((each) => each !== null);
    return told.length === 0 ? null : Math.min(...told);
  };
  return {
    knownFrom: earliest(placed?.from ?? null, ends.map, ends.gap),
    heardFrom: earliest(placed?.from ?? null, ends.gap),
    knownUntil: Math.max(placed?.until ?? 0, ends.told ?? 0),
  };
}

export const coverageStore: Store<CoveragePort> = {
  day: read((db, { cameraId, from, to, now, recorderAway, readerId }) => {
    const camera = one<{ name: string; latencyMs: number }>(
      db,
      'SELECT name, latency_ms AS latencyMs FROM camera WHERE id = ?',
      cameraId,
    );
    if (!camera) return null;
    const rows = seenBy(db, cameraId, rowsOf(db, cameraId, from, to), readerId, now);
    const segments = joined(rows).map(withFlags);
    const material: CoverageMaterial = {
      ...{ latencyMs: camera.latencyMs, segments, mappings: mappingsOf(db, segments) },
      gaps: many<HeldGap>(
        db,
        `SELECT from_at AS "from", to_at AS "to", reason FROM footage_gap
         WHERE camera_id = ? AND from_at < ? AND (to_at IS NULL OR to_at > ?) ORDER BY from_at`,
        ...[cameraId, to, from],
      ),
      ...knownOf(db, cameraId, now),
    };
    const latencies = many<HeldLatency>(
      db,
      `SELECT at, by, latency_ms AS latencyMs, measured_ms AS measuredMs, error_ms AS errorMs,
         mapping_bound_ms AS mappingBoundMs FROM camera_latency WHERE camera_id = ?`,
      cameraId,
    );
    return {
      ...{ name: camera.name, spans: coverDay(material, { from, to }, now, recorderAway) },
      latencies: latenciesOver({ from, to: Math.min(to, now) }, camera.latencyMs, latencies),
      clock: many<ClockSample>(
        db,
        `SELECT at, offset_ms AS offsetMs FROM camera_clock
         WHERE camera_id = ? AND at >= ? AND at < ? ORDER BY at`,
        ...[cameraId, to - CLOCK_MS, to],
      ),
    };
  }),
};
