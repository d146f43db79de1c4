/** Rows of cameras and their dated maps to counters: a map is ended, never removed. */

import type { CounterId } from '@hailong/shared/ids.ts';
import type { Camera } from '@hailong/shared/model/directory.ts';
import type { CameraSecret } from '../../../application/ports/directory.ts';
import { type Db, many, run } from '../op.ts';

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

export function saveCamera(
  db: Db,
  input: { camera: Camera; sealedPassword: string | null; create: boolean; demo: boolean; at: number },
): void {
  const { camera, sealedPassword, create, demo, at } = input;
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
  else
    run(
      db,
      `UPDATE camera SET name = ?, address = ?, user = ?, retention_days = ?, latency_ms = ?, via = ?, active = ?,
       password = ifnull(?, password) WHERE id = ?`,
      ...values,
      camera.active ? 1 : 0,
      sealedPassword,
      camera.id,
    );
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
  for (const counter of new Set(camera.counterIds))
    if (!held.includes(counter))
      run(
        db,
        'INSERT OR REPLACE INTO camera_counter (camera_id, counter_id, from_at) VALUES (?,?,?)',
        camera.id,
        counter,
        at,
      );
}
