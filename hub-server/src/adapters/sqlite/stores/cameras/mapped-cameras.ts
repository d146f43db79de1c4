/**
 * Purpose: the one way by which a camera or its map to counters changes: by form, from a list, by command, set right or taken out afterwards
 * (the demo's end its rows with the demo, demo-rows.ts). Its row of the log, and what is held follows it, in one transaction. Refuses: a map that changes without its holds.
 * Document: hub-server/DESIGN.md, "Holds".
 */
import type { ChangeMap } from '@hailong/shared/protocol/camera-map.ts';
import type { AuditEntry } from '../../../../domain/audit/audit-entry.ts';
import type { Db } from '../../op.ts';
import { holdByMap } from '../holds/hold-map.ts';
import { appendAudit } from '../log/audit.ts';
import { deleteCameraMap, writeCamera, writeCameraMap } from './camera-rows.ts';

export function saveCamera(db: Db, input: Parameters<typeof writeCamera>[1], audit: AuditEntry): void {
  const mapped = writeCamera(db, input);
  appendAudit(db, audit);
  for (const counterId of mapped) holdByMap(db, { counterId, from: input.at, to: null }, input.at);
}

export function changeCameraMap(
  db: Db,
  cameraId: string,
  change: ChangeMap,
  audit: AuditEntry,
): ReturnType<typeof writeCameraMap> {
  const result = writeCameraMap(db, cameraId, change, audit);
  if (result !== 'saved') return result;
  appendAudit(db, audit);
  holdByMap(db, change, audit.at);
  return 'saved';
}

/** Its row was never so. What it led to hold stays held. */
export function removeCameraMap(
  db: Db,
  cameraId: string,
  row: Parameters<typeof deleteCameraMap>[2],
  audit: AuditEntry,
): ReturnType<typeof deleteCameraMap> {
  const result = deleteCameraMap(db, cameraId, row, audit);
  if (result === 'removed') appendAudit(db, audit);
  return result;
}
