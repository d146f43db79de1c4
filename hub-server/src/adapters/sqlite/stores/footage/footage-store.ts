/** Footage facts. Each is idempotent by its own id and by the recorder's cursor, so a resend changes nothing. */
import type {
  DeletionReason,
  FootageFact,
  GapReason,
  RunMapping,
  SegmentDeleted,
} from '@hailong/shared/protocol/footage.ts';
import type { FootagePort } from '../../../../application/ports/footage.ts';
import type { HeldGap, HeldSegment } from '../../../../domain/footage/clip.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { datedLatencies } from '../cameras/cameras-store.ts';
import { secretHolds, secretlyKept } from '../holds/secret-holds.ts';
import { appendAudit } from '../log/audit.ts';
import { getMeta, setMeta } from '../meta.ts';
import { AROUND_MS, arrivalRanges, noteMapping, noteSegment } from './arrival-ranges.ts';
import { camerasAt } from './cameras-at.ts';
import { type Alarm, applyDeletion, noteAlarms } from './deletion-rows.ts';
import { placedEdges } from './placed-edges.ts';

function apply(db: Db, fact: Exclude<FootageFact, SegmentDeleted>): void {
  switch (fact.kind) {
    case 'segment.closed': {
      const s = fact.segment;
      run(
        db,
        `INSERT OR IGNORE INTO segment (id, camera_id, run, file, media_start_ms, media_end_ms, arrival_at,
           arrival_mono_ms, bytes, sha256, codec, flags, init_bytes) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
        ...[s.id, s.camera, s.run, s.file, s.mediaStartMs, s.mediaEndMs, s.arrivalAt],
        ...[s.arrivalMonoMs, s.bytes, s.sha256, s.codec, JSON.stringify(s.flags), s.initBytes],
      );
      noteSegment(db, s);
      return;
    }
    case 'run.mapped': {
      const m = fact.mapping;
      run(
        db,
        `INSERT OR IGNORE INTO run_mapping (run, version, camera_id, method, offset_ms, latency_ms, bound_ms)
         VALUES (?,?,?,?,?,?,?)`,
        ...[m.run, m.version, m.camera, m.method, m.offsetMs, m.latencyMs, m.boundMs],
      );
      noteMapping(db, m);
      return;
    }
    case 'gap.recorded':
      // Told when it begins, again when it ends, and when the recorder's clock turns out to have been wrong.
      run(
        db,
        `INSERT INTO footage_gap (id, camera_id, from_at, to_at, reason) VALUES (?,?,?,?,?)
         ON CONFLICT (id) DO UPDATE SET from_at = excluded.from_at, to_at = coalesce(excluded.to_at, to_at),
           reason = excluded.reason`,
        ...[fact.gap.id, fact.gap.camera, fact.gap.from, fact.gap.to, fact.gap.reason],
      );
      return;
    case 'clock.stepped':
      run(
        db,
        `INSERT INTO clock_step (id, from_at, to_at, shift_ms) VALUES (?,?,?,?) ON CONFLICT (id) DO UPDATE SET
           from_at = excluded.from_at, to_at = coalesce(excluded.to_at, to_at), shift_ms = excluded.shift_ms`,
        ...[fact.step.id, fact.step.from, fact.step.to, fact.step.shiftMs],
      );
  }
}

function cursorOf(db: Db, recorder: string): number {
  return (
    one<{ cursor: number }>(db, 'SELECT cursor FROM recorder_cursor WHERE recorder = ?', recorder)?.cursor ??
    0
  );
}

type SegmentRow = Omit<HeldSegment, 'flags' | 'deletion' | 'initBytes'> & {
  flags: string;
  deletedAt: number | null;
  deletedReason: DeletionReason | null;
  deletedBy: string | null;
  initBytes: number | null;
};
const SEGMENT = `SELECT id, camera_id AS camera, run, file, media_start_ms AS mediaStartMs, media_end_ms AS mediaEndMs,
  arrival_at AS arrivalAt, arrival_mono_ms AS arrivalMonoMs, bytes, sha256, codec, flags,
  init_bytes AS initBytes, deleted_at AS deletedAt, deleted_reason AS deletedReason, deleted_by AS deletedBy FROM segment`;

/**
 * Found again after a crash: when they were filmed is said by their run's mapping alone, and without one by nobody. One step of the
 * index a run, then only what can lie in the window.
 */
function recoveredAround(db: Db, cameraId: string, from: number, to: number): SegmentRow[] {
  return many<SegmentRow>(
    db,
    `WITH RECURSIVE runs (run) AS (
       SELECT min(run) FROM segment INDEXED BY segment_recovered WHERE camera_id = :camera AND flags LIKE '%recovered%'
       UNION ALL
       SELECT (SELECT min(run) FROM segment INDEXED BY segment_recovered
               WHERE camera_id = :camera AND flags LIKE '%recovered%' AND run > runs.run)
       FROM runs WHERE runs.run IS NOT NULL)
     SELECT s.* FROM runs JOIN run_mapping m ON m.run = runs.run
       AND m.version = (SELECT max(version) FROM run_mapping WHERE run = runs.run)
     JOIN (${SEGMENT} INDEXED BY segment_recovered) s ON s.camera = :camera AND s.run = runs.run
       AND s.flags LIKE '%recovered%' AND s.mediaEndMs BETWEEN :from - m.offset_ms AND :to - m.offset_ms`,
    { camera: cameraId, from: from - AROUND_MS, to: to + AROUND_MS },
  );
}

/** Key of `meta`: the limits of space as the log said them last. */
const LIMITS = 'footage.limits';

export const footageStore: Store<FootagePort> = {
  cursor: read(cursorOf),
  record: write((db, { recorder, facts }) => {
    let cursor = cursorOf(db, recorder);
    const alarms = new Map<string, Alarm>();
    for (const each of facts) {
      if (each.cursor <= cursor) continue;
      if (each.fact.kind === 'segment.deleted') {
        const alarm = applyDeletion(db, each.fact);
        if (alarm !== null) alarms.set(each.fact.id, alarm);
      } else apply(db, each.fact);
      cursor = each.cursor;
    }
    run(
      db,
      'INSERT INTO recorder_cursor (recorder, cursor) VALUES (?,?) ON CONFLICT DO UPDATE SET cursor = excluded.cursor',
      ...[recorder, cursor],
    );
    noteAlarms(db, alarms);
    return cursor;
  }),
  noteLimits: write((db, { limits: { budgetBytes, floorBytes, holdReserveBytes }, at }) => {
    const body = { budgetBytes, floorBytes, holdReserveBytes };
    if (getMeta(db, LIMITS) === JSON.stringify(body)) return null;
    setMeta(db, LIMITS, JSON.stringify(body));
    appendAudit(db, {
      ...{ at, actor: 'recorder', action: 'footage.limits', object: 'footage', reason: null, body },
    });
    return null;
  }),
  camerasOf: read(camerasAt),
  material: read((db, { cameraId, from, to, keptFor }) => {
    const rows = [
      ...arrivalRanges(db, cameraId, from, to).flatMap((range) =>
        many<SegmentRow>(
          db,
          `${SEGMENT} INDEXED BY segment_by_arrival WHERE camera_id = ? AND arrival_at BETWEEN ? AND ? AND flags NOT LIKE '%recovered%'`,
          ...[cameraId, range.from, range.to],
        ),
      ),
      ...recoveredAround(db, cameraId, from, to),
    ];
    const runs = [...new Set(rows.map((row) => row.run))];
    const mappings = runs.flatMap((each) =>
      many<RunMapping>(
        db,
        `SELECT run, camera_id AS camera, version, method, offset_ms AS offsetMs, latency_ms AS latencyMs,
                bound_ms AS boundMs FROM run_mapping WHERE run = ? ORDER BY version DESC LIMIT 1`,
        each,
      ),
    );
    const { configured, gap } = one<Record<'configured' | 'gap', number | null>>(
      db,
      `SELECT (SELECT min(from_at) FROM camera_counter WHERE camera_id = @camera) AS configured,
         (SELECT min(from_at) FROM footage_gap WHERE camera_id = @camera) AS gap`,
      { camera: cameraId },
    )!;
    const heard = [placedEdges(db, cameraId, to)?.from ?? null, gap].filter((each) => each !== null);
    const segments = rows.map(
      ({ initBytes, deletedAt, deletedReason, deletedBy, ...row }) =>
        ({
          ...row,
          flags: JSON.parse(row.flags),
          deletion:
            deletedAt === null ? null : { at: deletedAt, reason: deletedReason ?? 'lost', by: deletedBy },
          ...(initBytes === null ? {} : { initBytes }),
        }) as HeldSegment,
    );
    const holds = keptFor ? secretHolds(db, cameraId, keptFor.readerId) : null;
    const kept = holds === null ? [] : segments.filter(({ deletion }) => deletion === null);
    const gone = holds && secretlyKept({ segments: kept, mappings }, holds, keptFor?.now ?? 0);
    return {
      ...(configured === null ? {} : { configuredFrom: configured }),
      ...(heard.length === 0 ? {} : { heardFrom: Math.min(...heard) }),
      latencies: datedLatencies(db, cameraId),
      latencyMs:
        one<{ latency_ms: number }>(db, 'SELECT latency_ms FROM camera WHERE id = ?', cameraId)?.latency_ms ??
        2_000,
      segments: gone?.size
        ? segments.map((each) => ({ ...each, deletion: gone.get(each) ?? each.deletion }))
        : segments,
      mappings,
      gaps: many<HeldGap & { reason: GapReason }>(
        db,
        `SELECT from_at AS "from", to_at AS "to", reason FROM footage_gap
         WHERE camera_id = ? AND from_at < ? AND (to_at IS NULL OR to_at > ?) ORDER BY from_at`,
        ...[cameraId, to, from],
      ),
    };
  }),
};
