/**
 * Rows of cameras and their dated maps to counters: a map is ended, or set right by a row of the log; what it said before is kept. What is
 * held follows a map, so whoever changes one goes through mapped-cameras.ts.
 */

import type { CounterId } from '@hailong/shared/ids.ts';
import type { Camera } from '@hailong/shared/model/directory.ts';
import type { ChangeMap, MapRow } from '@hailong/shared/protocol/camera-map.ts';
import type { CameraSecret } from '../../../../application/ports/directory.ts';
import type { AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import { type Db, many, run } from '../../op.ts';
import { widenHolds } from '../holds/hold-latency.ts';
import { judge } from './camera-alarms.ts';
import { forgetLogin } from './camera-login.ts';
import { outdate, viewOf } from './camera-view.ts';

/** Which camera any word of the map ever had at a counter: what is held and waited for follows this, what is shown the present map. */
export const EVER_SEEN = `SELECT camera_id AS cameraId, counter_id AS counterId, from_at AS "from", to_at AS "to" FROM camera_counter
  UNION ALL SELECT camera_id, counter_id, from_at, to_at FROM camera_counter_was`;

type CameraRow = Omit<CameraSecret, 'active' | 'counterIds'> & { active: number };

export function cameras(db: Db): CameraSecret[] {
  const maps = many<{ cameraId: string; counterId: CounterId }>(
    db,
    `SELECT m.camera_id AS cameraId, m.counter_id AS counterId FROM camera_counter m JOIN counter c ON c.id = m.counter_id
     WHERE m.to_at IS NULL ORDER BY length(c.number), c.number`,
  );
  return many<CameraRow>(
    db,
    `SELECT id, name, address, user, password AS sealedPassword, retention_days AS retentionDays,
            latency_ms AS latencyMs, active, via FROM camera ORDER BY name`,
  ).map((row) => ({
    ...row,
    active: row.active === 1,
    counterIds: maps.filter((map) => map.cameraId === row.id).map((map) => map.counterId),
  }));
}

/** Answers the counters that it sees from now on. */
export function writeCamera(
  db: Db,
  input: { camera: Camera; sealedPassword: string | null; create: boolean; demo: boolean; at: number },
): readonly string[] {
  const { camera, sealedPassword, create, demo, at } = input;
  const view = viewOf(db, camera.id);
  const values = [
    ...[camera.name, camera.address, camera.user, camera.retentionDays, camera.latencyMs],
    camera.via ?? null,
  ];
  if (create)
    run(
      db,
      `INSERT INTO camera (name, address, user, retention_days, latency_ms, via, active, id, password, demo)
       VALUES (?,?,?,?,?,?,?,?,?,?)`,
      ...values,
      camera.active ? 1 : 0,
      camera.id,
      sealedPassword ?? '',
      demo ? 1 : 0,
    );
  else {
    forgetLogin(db, camera.id, camera.address);
    widenHolds(db, camera.id, () =>
      run(
        db,
        `UPDATE camera SET name = ?, address = ?, user = ?, retention_days = ?, latency_ms = ?, via = ?, active = ?,
         widest_latency_ms = max(widest_latency_ms, latency_ms), password = ifnull(?, password) WHERE id = ?`,
        ...values,
        camera.active ? 1 : 0,
        sealedPassword,
        camera.id,
      ),
    );
  }
  const held = many<{ counter_id: string }>(
    db,
    'SELECT counter_id FROM camera_counter WHERE camera_id = ? AND to_at IS NULL',
    camera.id,
  ).map((row) => row.counter_id);
  for (const counter of held)
    if (!(camera.counterIds as readonly string[]).includes(counter))
      run(
        db,
        'UPDATE camera_counter SET to_at = ? WHERE camera_id = ? AND counter_id = ? AND to_at IS NULL',
        at,
        camera.id,
        counter,
      );
  const mapped = [...new Set(camera.counterIds)].filter((counter) => !held.includes(counter));
  for (const counter of mapped)
    run(
      db,
      'INSERT OR REPLACE INTO camera_counter (camera_id, counter_id, from_at) VALUES (?,?,?)',
      camera.id,
      counter,
      at,
    );
  outdate(db, camera.id, view);
  // Switched off, or on again.
  judge(db, camera.id, at);
  return mapped;
}

export function cameraMapRows(db: Db, cameraId: string): MapRow[] {
  return many<MapRow>(
    db,
    `SELECT counter_id AS counterId, from_at AS "from", to_at AS "to" FROM camera_counter
     WHERE camera_id = ? ORDER BY from_at DESC, counter_id LIMIT 500`,
    cameraId,
  );
}

/** Of the row of the log of a change. */
type Changing = Pick<AuditEntry, 'at' | 'actor'>;

/** What is held and waited for goes on following it, and whoever looks there reads who changed it last. */
function keepFormer(
  db: Db,
  cameraId: string,
  { counterId, from, to }: MapRow,
  { at, actor }: Changing,
): void {
  run(
    db,
    `INSERT INTO camera_counter_was (camera_id, counter_id, from_at, to_at, changed_at, changed_by) VALUES (?,?,?,?,?,?)
     ON CONFLICT DO UPDATE SET changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    ...[cameraId, counterId, from, to ?? at, at, actor],
  );
}
function takeOut(db: Db, cameraId: string, counterId: string, from: number): void {
  run(
    db,
    'DELETE FROM camera_counter WHERE camera_id = ? AND counter_id = ? AND from_at = ?',
    ...[cameraId, counterId, from],
  );
}

/** The row was never so. */
export function deleteCameraMap(
  db: Db,
  cameraId: string,
  { counterId, from }: { readonly counterId: string; readonly from: number },
  change: Changing,
): 'removed' | 'gone' {
  const held = cameraMapRows(db, cameraId).find((row) => row.counterId === counterId && row.from === from);
  if (!held) return 'gone';
  const view = viewOf(db, cameraId);
  // A row of the very moment at which it was set says nothing.
  if (change.at > from) keepFormer(db, cameraId, held, change);
  takeOut(db, cameraId, counterId, from);
  outdate(db, cameraId, view);
  return 'removed';
}

/** Other rows of the same camera and counter must lie before or behind the changed one. */
export function writeCameraMap(
  db: Db,
  cameraId: string,
  { counterId, was, from, to }: ChangeMap,
  change: Changing,
): 'saved' | 'gone' | 'overlap' {
  const rows = cameraMapRows(db, cameraId).filter((row) => row.counterId === counterId);
  const before = rows.find((row) => row.from === was);
  if (was !== null && !before) return 'gone';
  const others = rows.filter((row) => row.from !== was);
  const end = (at: number | null): number => at ?? Number.POSITIVE_INFINITY;
  if (others.some((row) => row.from < end(to) && end(row.to) > from)) return 'overlap';
  if (before && (before.from < from || end(before.to) > end(to))) keepFormer(db, cameraId, before, change);
  const view = viewOf(db, cameraId);
  takeOut(db, cameraId, counterId, was ?? from);
  run(
    db,
    'INSERT INTO camera_counter (camera_id, counter_id, from_at, to_at) VALUES (?,?,?,?)',
    ...[cameraId, counterId, from, to],
  );
  outdate(db, cameraId, view);
  return 'saved';
}
