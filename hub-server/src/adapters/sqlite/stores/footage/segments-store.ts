/** Rows of footage for a repair, and for a recorder that has lost its own. See hub-server/DESIGN.md, "Repair". */
import type { SegmentId } from '@hailong/shared/ids.ts';
import type { HeldRow, RunMapping } from '@hailong/shared/protocol/footage.ts';
import type { SegmentsPort } from '../../../../application/ports/segments.ts';
import { withPlaces } from '../../../../domain/footage/clock-step.ts';
import { type Db, many, one, read, type Store } from '../../op.ts';
import { clockSteps } from '../cameras/clock-step-rows.ts';
import { lostSince } from './deletion-rows.ts';

/** Its line comes from ffmpeg right behind its last byte, or some seconds late. */
const WRITTEN_MS = 120_000;
/** As the recorder holds more than was asked: its own bound and latency (recorder/domain/holds.ts). */
const HOLD_MARGIN_MS = 10_000;

interface Row extends Omit<HeldRow['segment'], 'flags' | 'initBytes'> {
  readonly flags: string;
  readonly initBytes: number | null;
  readonly deleted: number;
  readonly lost: number;
}
const ROW = `SELECT id, camera_id AS camera, run, file, media_start_ms AS mediaStartMs, media_end_ms AS mediaEndMs,
  arrival_at AS arrivalAt, arrival_mono_ms AS arrivalMonoMs, bytes, sha256, codec, flags, init_bytes AS initBytes,
  deleted_at IS NOT NULL AS deleted, deleted_reason IS 'lost' AS lost FROM segment`;

function heldRow(db: Db, { deleted, lost, flags, initBytes, ...row }: Row): HeldRow {
  const mapping = one<RunMapping>(
    db,
    `SELECT run, camera_id AS camera, version, method, offset_ms AS offsetMs, latency_ms AS latencyMs, bound_ms AS boundMs
     FROM run_mapping WHERE run = ? ORDER BY version DESC LIMIT 1`,
    row.run,
  );
  const from = mapping
    ? mapping.offsetMs + row.mediaStartMs
    : row.arrivalAt - (row.mediaEndMs - row.mediaStartMs);
  const to = mapping ? mapping.offsetMs + row.mediaEndMs : row.arrivalAt;
  const holds = many<{ from: number; to: number }>(
    db,
    'SELECT from_at AS "from", to_at AS "to" FROM footage_hold WHERE camera_id = ? AND ended_at IS NULL',
    row.camera,
  );
  const isHeld = withPlaces(holds, clockSteps(db)).some(
    (hold) => hold.from <= to + HOLD_MARGIN_MS && hold.to >= from - HOLD_MARGIN_MS,
  );
  return {
    segment: { ...row, flags: JSON.parse(flags), ...(initBytes === null ? {} : { initBytes }) },
    ...{ mapping: mapping ?? null, deleted: deleted === 1, lost: lost === 1 },
    // Nobody can say yet when it was filmed.
    held: isHeld || mapping?.method === 'unplaced',
  } as HeldRow;
}

export const segmentsStore: Store<SegmentsPort> = {
  keptIds: read((db, { after, upTo, limit }) =>
    many<{ id: SegmentId }>(
      db,
      `SELECT id FROM segment WHERE id > ? AND (? IS NULL OR id <= ?) AND deleted_at IS NULL ORDER BY id LIMIT ?`,
      ...[after ?? '', upTo, upTo, limit],
    ).map(({ id }) => id),
  ),
  rowsOf: read((db, { ids }) =>
    many<Row>(db, `${ROW} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`, JSON.stringify(ids)).map(
      (row) => heldRow(db, row),
    ),
  ),
  rowsOfFiles: read((db, { files }) =>
    files.flatMap(({ file, modifiedAt }) => {
      const row = one<Row>(
        db,
        `${ROW} INDEXED BY segment_by_arrival WHERE camera_id = ? AND arrival_at BETWEEN ? AND ? AND file = ?
           AND deleted_reason IS NOT 'lost'
         ORDER BY deleted_at IS NOT NULL, id LIMIT 1`,
        ...[file.split('/')[0], modifiedAt - WRITTEN_MS, modifiedAt + WRITTEN_MS, file],
      );
      return row ? [heldRow(db, row)] : [];
    }),
  ),
  lostSince: read((db, { since }) => lostSince(db, since)),
};
