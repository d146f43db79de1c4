/**
 * Once a minute: the chains that grew and the footage that came since the last time become `log.heads` rows. Each is
 * marked in the same transaction, so that nothing is committed to twice or never. Nothing of this runs per event.
 */
import { toHex } from '@hailong/shared/edge/event.ts';
import { appendLeaf, EMPTY_RANGE, leafHash, rootOfRange } from '@hailong/shared/log/merkle.ts';
import {
  type CameraRoot,
  HEADS_MAX,
  type HeadsBody,
  type LoggedHead,
  type MappingLeaf,
  mappingLeafText,
  type SegmentLeaf,
  segmentLeafText,
} from '../../../../domain/audit/log-leaf.ts';
import { sha256 } from '../../../sha256.ts';
import { type Db, many, run, sql } from '../../op.ts';
import { appendAudit } from './audit.ts';

const utf8 = new TextEncoder();

export const SEGMENT_LEAVES = `SELECT camera_id AS camera, id, run, media_start_ms AS mediaStartMs,
  media_end_ms AS mediaEndMs, bytes, sha256 FROM segment WHERE logged_in IS ? ORDER BY camera_id, id`;
export const MAPPING_LEAVES = `SELECT camera_id AS camera, run, version, method, offset_ms AS offsetMs,
  latency_ms AS latencyMs, bound_ms AS boundMs FROM run_mapping WHERE logged_in IS ? ORDER BY camera_id, run, version`;

/** One tree a camera, over rows that come grouped by camera; they are read one after another and never held. */
export function rootsByCamera<Row extends { readonly camera: string }>(
  rows: Iterable<Row>,
  textOf: (row: Row) => string,
): CameraRoot[] {
  const roots: CameraRoot[] = [];
  let camera: string | null = null;
  let range = EMPTY_RANGE;
  const close = (): void => {
    if (camera !== null) roots.push([camera, range.size, toHex(rootOfRange(sha256, range))]);
    range = EMPTY_RANGE;
  };
  for (const row of rows) {
    if (row.camera !== camera) {
      close();
      camera = row.camera;
    }
    range = appendLeaf(sha256, range, leafHash(sha256, utf8.encode(textOf(row)))).range;
  }
  close();
  return roots;
}

interface HeadRow {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly head_seq: number;
  readonly head_hash: Uint8Array;
}

/** Rows appended: 0 when no chain grew and no footage came. */
export function appendHeads(db: Db, at: number): number {
  const heads = many<HeadRow>(
    db,
    'SELECT id, device, epoch, head_seq, head_hash FROM device_epoch WHERE head_seq > logged_seq ORDER BY id',
  );
  const segments = rootsByCamera(
    sql(db, SEGMENT_LEAVES).iterate(null) as Iterable<SegmentLeaf & { camera: string }>,
    segmentLeafText,
  );
  const mappings = rootsByCamera(
    sql(db, MAPPING_LEAVES).iterate(null) as Iterable<MappingLeaf & { camera: string }>,
    mappingLeafText,
  );
  if (heads.length === 0 && segments.length === 0 && mappings.length === 0) return 0;
  let rows = 0;
  for (let from = 0; rows === 0 || from < heads.length; from += HEADS_MAX) {
    const first = rows === 0;
    const body: HeadsBody = {
      heads: heads
        .slice(from, from + HEADS_MAX)
        .map((row): LoggedHead => [row.device, row.epoch, row.head_seq, toHex(row.head_hash)]),
      segments: first ? segments : [],
      mappings: first ? mappings : [],
    };
    const seq = appendAudit(db, {
      ...{ at, actor: 'hub', action: 'log.heads', object: 'log', reason: null, body },
    });
    if (first) {
      run(db, 'UPDATE segment SET logged_in = ? WHERE logged_in IS NULL', seq);
      run(db, 'UPDATE run_mapping SET logged_in = ? WHERE logged_in IS NULL', seq);
    }
    rows++;
  }
  for (const row of heads)
    run(db, 'UPDATE device_epoch SET logged_seq = ? WHERE id = ?', row.head_seq, row.id);
  return rows;
}
