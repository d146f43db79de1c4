/**
 * How cameras let us in, so that whoever takes an address over is not sent more: DESIGN.md, "Recording". What is seen is kept without a
 * row of the log; that a camera asked for more, and what a person decided then, are rows.
 */
import type { LoginSeen } from '@hailong/shared/protocol/cameras.ts';
import type { CamerasPort } from '../../../../application/ports/cameras.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';

/** Since when a camera asks for what it never needed; null: it does not, or a person has decided. */
export const basicRefusedAt = (db: Db, cameraId: string): number | null =>
  one<{ at: number }>(
    db,
    'SELECT at FROM camera_basic_refused WHERE camera_id = ? AND decided_at IS NULL',
    cameraId,
  )?.at ?? null;

function forget(db: Db, cameraId: string): void {
  run(db, 'DELETE FROM camera_login WHERE camera_id = ?', cameraId);
  run(db, 'DELETE FROM camera_basic_refused WHERE camera_id = ?', cameraId);
}

/** At another address it may be another camera. Before the row is changed. */
export function forgetLogin(db: Db, cameraId: string, address: string): void {
  if (one(db, 'SELECT 1 FROM camera WHERE id = ? AND address <> ?', cameraId, address)) forget(db, cameraId);
}

type LoginOps = Pick<
  CamerasPort,
  'logins' | 'noteLogin' | 'noteBasicRefused' | 'noteRecording' | 'decideLogin'
>;

/** `judge` opens and clears a camera's alarms. */
export const loginOps = (judge: (db: Db, cameraId: string, at: number) => number): Store<LoginOps> => ({
  logins: read((db) => {
    const seen: Record<string, LoginSeen[]> = {};
    for (const row of many<{ cameraId: string; seen: LoginSeen }>(
      db,
      'SELECT camera_id AS cameraId, seen FROM camera_login ORDER BY camera_id, seen',
    ))
      seen[row.cameraId] = [...(seen[row.cameraId] ?? []), row.seen];
    return seen;
  }),
  noteLogin: write(
    (db, { cameraId, address, seen, at }) =>
      run(
        db,
        `INSERT INTO camera_login (camera_id, seen, at) SELECT id, ?, ? FROM camera WHERE id = ? AND address = ?
         ON CONFLICT DO NOTHING`,
        ...[seen, at, cameraId, address],
      ) > 0,
  ),
  noteBasicRefused: write((db, { cameraId, at }) => {
    const camera = one<{ address: string }>(db, 'SELECT address FROM camera WHERE id = ?', cameraId);
    // Also where a person has decided: the camera goes on asking, each 30 s, and after each start of recorder or hub.
    if (
      camera === undefined ||
      run(
        db,
        'INSERT INTO camera_basic_refused (camera_id, at) VALUES (?,?) ON CONFLICT DO NOTHING',
        ...[cameraId, at],
      ) === 0
    )
      return null;
    judge(db, cameraId, at);
    appendAudit(db, {
      ...{ at, actor: 'hub', action: 'camera.basic_refused', object: `camera:${cameraId}`, reason: null },
      body: { address: camera.address },
    });
    return null;
  }),
  noteRecording: write((db, { cameraId }) => {
    run(db, 'DELETE FROM camera_basic_refused WHERE camera_id = ? AND decided_at IS NOT NULL', ...[cameraId]);
    return null;
  }),
  decideLogin: write((db, { cameraId, allow, audit }) => {
    if (!one(db, 'SELECT 1 FROM camera WHERE id = ?', cameraId)) return 'gone';
    if (allow) forget(db, cameraId);
    else run(db, 'UPDATE camera_basic_refused SET decided_at = ? WHERE camera_id = ?', audit.at, cameraId);
    judge(db, cameraId, audit.at);
    appendAudit(db, audit);
    return 'decided';
  }),
});
