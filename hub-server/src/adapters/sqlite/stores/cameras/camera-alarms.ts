/**
 * What of a camera counts now, and which of its alarms are open. Whatever is dated beyond the moment it is judged at was written under a
 * clock that was ahead and says nothing. See hub-server/DESIGN.md, "Onboarding a camera".
 */
import type { ErrorCode } from '@hailong/shared/errors.ts';
import type { CameraStanding } from '@hailong/shared/protocol/cameras.ts';
import { alarmsOf, type CameraCare, dueAt, stateOf } from '../../../../domain/footage/camera-standing.ts';
import { type Db, many, one, run } from '../../op.ts';
import { basicRefusedAt } from './camera-login.ts';

function careOf(db: Db, cameraId: string, now: number): CameraCare {
  const check = one<{ result: string }>(
    db,
    'SELECT result FROM camera_check WHERE camera_id = ? AND outdated = 0',
    cameraId,
  );
  return {
    check: check === undefined ? null : { ok: (JSON.parse(check.result) as { ok: boolean }).ok },
    approvedAt:
      one<{ at: number | null }>(
        db,
        'SELECT max(approved_at) AS at FROM camera_still WHERE camera_id = ? AND approved_at <= ? AND outdated = 0',
        ...[cameraId, now],
      )?.at ?? null,
    unapprovedSince:
      one<{ since: number }>(db, 'SELECT since FROM camera_unapproved WHERE camera_id = ?', cameraId)
        ?.since ?? null,
    clockOffsetMs:
      one<{ offset: number }>(
        db,
        'SELECT offset_ms AS offset FROM camera_clock WHERE camera_id = ? AND at <= ? ORDER BY at DESC LIMIT 1',
        ...[cameraId, now],
      )?.offset ?? null,
    basicRefusedAt: basicRefusedAt(db, cameraId),
  };
}

const isActive = (db: Db, cameraId: string): boolean =>
  one(db, 'SELECT 1 FROM camera WHERE id = ? AND active = 1', cameraId) !== undefined;

const openAlarms = (db: Db, cameraId: string): string[] =>
  many<{ code: string }>(
    db,
    'SELECT code FROM camera_alarm WHERE camera_id = ? AND cleared_at IS NULL ORDER BY code',
    cameraId,
  ).map(({ code }) => code);

export function standingOf(db: Db, cameraId: string, at: number): CameraStanding {
  const care = careOf(db, cameraId, at);
  return { state: stateOf(care, at), dueAt: dueAt(care.approvedAt), alarms: openAlarms(db, cameraId) };
}

/**
 * Opens and clears; how many did. A camera that is switched off has none. `only`: a poll says nothing of what its moment, told by the
 * recorder, may lie before.
 */
export function judge(db: Db, cameraId: string, at: number, only: ErrorCode | null = null): number {
  const of = (code: string): boolean => only === null || code === only;
  const wanted: readonly string[] = isActive(db, cameraId)
    ? alarmsOf(careOf(db, cameraId, at), at).filter(of)
    : [];
  const open = openAlarms(db, cameraId).filter(of);
  let moved = 0;
  for (const code of wanted)
    if (!open.includes(code))
      moved += run(
        db,
        // Opened at that very moment before, by a clock that has been set back since: it goes on.
        `INSERT INTO camera_alarm (camera_id, code, opened_at) VALUES (?,?,?)
         ON CONFLICT DO UPDATE SET cleared_at = NULL`,
        cameraId,
        code,
        at,
      );
  for (const code of open)
    if (!wanted.includes(code))
      moved += run(
        db,
        'UPDATE camera_alarm SET cleared_at = ? WHERE camera_id = ? AND code = ? AND cleared_at IS NULL',
        ...[at, cameraId, code],
      );
  return moved;
}

/** Keeps since when it records without an approved picture. `at` goes on as footage gets old does. */
export function noteUnapproved(db: Db, cameraId: string, at: number): void {
  if (!isActive(db, cameraId) || careOf(db, cameraId, at).approvedAt !== null)
    run(db, 'DELETE FROM camera_unapproved WHERE camera_id = ?', cameraId);
  else
    run(
      db,
      `INSERT INTO camera_unapproved (camera_id, since) VALUES (?,?)
       ON CONFLICT (camera_id) DO UPDATE SET since = min(since, excluded.since)`,
      ...[cameraId, at],
    );
}
