/** Kept segments as rows, and whether their place is known: by their run's mapping. */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { KeptSegment } from '../application/ports.ts';

export type SegmentRow = {
  row: number;
  id: string;
  camera: string;
  file: string;
  bytes: number;
  wall_from: number;
  wall_to: number;
  placed: number;
  bound_ms: number;
};
export const kept = (row: SegmentRow): KeptSegment => ({
  id: row.id as KeptSegment['id'],
  camera: row.camera as CameraId,
  file: row.file,
  bytes: row.bytes,
  wallFrom: row.wall_from,
  wallTo: row.wall_to,
  row: row.row,
  placed: row.placed === 1,
  boundMs: row.bound_ms,
});
/** Nobody can say when it was filmed: its run is told as unplaced, and not even between which moments. */
export const UNPLACED = `coalesce(json_extract(m.json, '$.method'), '') = 'unplaced' AND coalesce(b.sure, 0) <> 2`;
export const KEPT = `SELECT s.rowid AS row, s.id, s.camera, s.file, s.bytes, s.wall_from, s.wall_to, NOT (${UNPLACED}) AS placed,
    coalesce(json_extract(m.json, '$.boundMs'), 0) AS bound_ms
  FROM segment s LEFT JOIN run_mapping m ON m.run = s.run LEFT JOIN run_boot b ON b.run = s.run`;
/** Filmed under a sure clock, or under an index that did not say. */
export const SURE = 'NOT EXISTS (SELECT 1 FROM run_boot b WHERE b.run = segment.run AND b.sure <> 1)';
