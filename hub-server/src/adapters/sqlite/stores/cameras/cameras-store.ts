/**
 * Checks, still frames, clocks and latencies of cameras on SQLite. See hub-server/DESIGN.md, "Onboarding a camera".
 * Refuses: a history without bounds: still frames that wait end, clocks are thinned, latencies are few by nature.
 */
import type { CameraPage, ClockSample, HeldLatency } from '@hailong/shared/protocol/cameras.ts';
import type { CamerasPort } from '../../../../application/ports/cameras.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { widenHolds } from '../holds/hold-latency.ts';
import { appendAudit } from '../log/audit.ts';
import { judge, noteUnapproved, standingOf } from './camera-alarms.ts';
import { loginOps } from './camera-login.ts';
import { endMeasuring, measuring } from './camera-measuring.ts';
import { hasOpened, stills } from './camera-stills.ts';

const DAY_MS = 86_400_000;
const WAITS_MS = 3_600_000;
const CLOCK_WHOLE_MS = 31 * DAY_MS;
const CLOCK_KEPT_MS = 400 * DAY_MS;
/** A page shows so many; a poll each quarter of an hour makes 3,000 a month. */
const CLOCK_SHOWN = 3_500;
const STILLS_SHOWN = 12;
const LATENCIES_SHOWN = 20;

const LATENCIES = `SELECT at, by, latency_ms AS latencyMs, measured_ms AS measuredMs, error_ms AS errorMs,
  shown_at AS shownAt, frame_at AS frameAt, segment_id AS segmentId, run, mapping_version AS mappingVersion,
  mapping_bound_ms AS mappingBoundMs FROM camera_latency WHERE camera_id = ? ORDER BY at DESC LIMIT ?`;

export function datedLatencies(db: Db, cameraId: string): { at: number; latencyMs: number }[] {
  return many(db, 'SELECT at, latency_ms AS latencyMs FROM camera_latency WHERE camera_id = ?', cameraId);
}

type StillRow = CameraPage['stills'][number];
interface CameraRow {
  readonly id: CameraPage['id'];
  readonly name: string;
  readonly address: string;
  readonly active: number;
  readonly latencyMs: number;
}
interface CheckRow {
  readonly at: number;
  readonly by: string;
  readonly result: string;
}

function stillsOf(db: Db, cameraId: string): StillRow[] {
  const waiting = many<StillRow>(
    db,
    `SELECT id, sha256, taken_at AS takenAt, taken_by AS takenBy, NULL AS approvedAt, NULL AS approvedBy
     FROM camera_still_waiting WHERE camera_id = ?`,
    cameraId,
  );
  const approved = many<StillRow>(
    db,
    `SELECT id, sha256, taken_at AS takenAt, taken_by AS takenBy, approved_at AS approvedAt, approved_by AS approvedBy
     FROM camera_still WHERE camera_id = ? ORDER BY approved_at DESC LIMIT ?`,
    ...[cameraId, STILLS_SHOWN],
  );
  return [...waiting, ...approved];
}

function checkOf(db: Db, cameraId: string): CameraPage['check'] {
  const row = one<CheckRow>(db, 'SELECT at, by, result FROM camera_check WHERE camera_id = ?', cameraId);
  if (row === undefined) return null;
  const result = JSON.parse(row.result) as { ok: boolean; code?: string; advice?: string[] };
  const codes = result.ok ? (result.advice ?? []) : [result.code ?? ''];
  return { at: row.at as ClockSample['at'], by: row.by, ok: result.ok, codes, result };
}

export const camerasStore: Store<CamerasPort> = {
  page: read((db, { cameraId, at }) => {
    const camera = one<CameraRow>(
      db,
      'SELECT id, name, address, active, latency_ms AS latencyMs FROM camera WHERE id = ?',
      cameraId,
    );
    if (camera === undefined) return null;
    const { latencyMs, active, ...named } = camera;
    return {
      ...{ ...named, active: active === 1, standing: standingOf(db, cameraId, at) },
      ...{ check: checkOf(db, cameraId), stills: stillsOf(db, cameraId), configuredLatencyMs: latencyMs },
      clock: many<ClockSample>(
        db,
        'SELECT at, offset_ms AS offsetMs FROM camera_clock WHERE camera_id = ? ORDER BY at DESC LIMIT ?',
        ...[cameraId, CLOCK_SHOWN],
      ).reverse(),
      latencies: many<HeldLatency>(db, LATENCIES, cameraId, LATENCIES_SHOWN),
    };
  }),
  standings: read((db, { at }) =>
    Object.fromEntries(
      many<{ id: string }>(db, 'SELECT id FROM camera').map(({ id }) => [id, standingOf(db, id, at)]),
    ),
  ),
  saveCheck: write((db, { cameraId, result, audit }) => {
    run(
      db,
      `INSERT INTO camera_check (camera_id, at, by, result) VALUES (?,?,?,?) ON CONFLICT (camera_id) DO UPDATE
       SET at = excluded.at, by = excluded.by, result = excluded.result, outdated = 0`,
      ...[cameraId, audit.at, audit.actor, JSON.stringify(result)],
    );
    appendAudit(db, audit);
    return null;
  }),
  ...stills,
  approveStill: write((db, { cameraId, id, byId, audit }) => {
    const waits = 'SELECT 1 FROM camera_still_waiting WHERE camera_id = ? AND id = ?';
    if (one(db, waits, cameraId, id) === undefined) return 'gone';
    if (!hasOpened(db, byId, id)) return 'unseen';
    const content = one<{ cameraId: string; sha256: string; takenAt: number; takenBy: string }>(
      db,
      `INSERT INTO camera_still (id, camera_id, taken_at, taken_by, sha256, bytes, approved_at, approved_by)
       SELECT id, camera_id, taken_at, taken_by, sha256, bytes, ?, ? FROM camera_still_waiting
       WHERE camera_id = ? AND id = ?
       RETURNING camera_id AS cameraId, sha256, taken_at AS takenAt, taken_by AS takenBy`,
      ...[audit.at, audit.actor, cameraId, id],
    );
    if (content === undefined) return 'gone';
    run(db, 'DELETE FROM camera_still_waiting WHERE camera_id = ?', cameraId);
    judge(db, cameraId, audit.at);
    const body = { ...content, approvedAt: audit.at, approvedBy: audit.actor };
    appendAudit(db, { ...audit, object: `camera_still:${id}`, body });
    return 'approved';
  }),
  noteClock: write((db, { cameraId, at, offsetMs }) => {
    if (one(db, 'SELECT 1 FROM camera WHERE id = ?', cameraId) === undefined) return false;
    const added = run(
      db,
      'INSERT INTO camera_clock (camera_id, at, offset_ms) VALUES (?,?,?) ON CONFLICT DO NOTHING',
      ...[cameraId, at, offsetMs],
    );
    return added > 0 && judge(db, cameraId, at, 'camera.clock_off') > 0;
  }),
  ...measuring,
  ...loginOps(judge),
  saveLatency: write((db, { id, cameraId, byId, latency: l, audit }) => {
    run(
      db,
      `INSERT INTO camera_latency (id, camera_id, at, by, latency_ms, measured_ms, error_ms, shown_at, frame_at,
         segment_id, run, mapping_version, mapping_bound_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      ...[id, cameraId, l.at, l.by, l.latencyMs, l.measuredMs, l.errorMs, l.shownAt, l.frameAt],
      ...[l.segmentId, l.run, l.mappingVersion, l.mappingBoundMs],
    );
    widenHolds(db, cameraId, () =>
      run(
        db,
        'UPDATE camera SET widest_latency_ms = max(widest_latency_ms, ?) WHERE id = ?',
        ...[l.latencyMs, cameraId],
      ),
    );
    endMeasuring(db, cameraId, byId, l.at);
    appendAudit(db, audit);
    return null;
  }),
  care: write((db, { at }) => {
    run(db, 'DELETE FROM camera_still_waiting WHERE taken_at < ?', at - WAITS_MS);
    run(db, 'DELETE FROM camera_clock WHERE at < ?', at - CLOCK_KEPT_MS);
    // Of each earlier day the moment at which it was worst stays.
    run(
      db,
      `DELETE FROM camera_clock WHERE at < ? AND (camera_id, at) NOT IN (
         SELECT camera_id, at FROM (SELECT camera_id, at, row_number() OVER (
           PARTITION BY camera_id, at / ${DAY_MS} ORDER BY abs(offset_ms) DESC, at) AS place
           FROM camera_clock WHERE at < ?) WHERE place = 1)`,
      ...[at - CLOCK_WHOLE_MS, at - CLOCK_WHOLE_MS],
    );
    for (const { id } of many<{ id: string }>(db, 'SELECT id FROM camera')) noteUnapproved(db, id, at);
    return many<{ id: string }>(
      db,
      `SELECT id FROM camera WHERE active = 1
       UNION SELECT camera_id FROM camera_alarm WHERE cleared_at IS NULL`,
    ).reduce((moved, { id }) => moved + judge(db, id, at), 0);
  }),
};
