/**
 * Purpose: recorded pictures opened to measure a camera's latency, the one look at footage outside cases: one person at a time, of what
 * is filmed from then on, a few pictures, each with its row of the log and the look that the officer at the counter reads of.
 * Refuses: everything else. See hub-server/DESIGN.md, "Onboarding a camera".
 */
import type { Measuring } from '@hailong/shared/protocol/cameras.ts';
import type { CamerasPort, RecordedFrame } from '../../../../application/ports/cameras.ts';
import { type Db, many, one, read, run, type Store, write } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';

const DAY_MS = 86_400_000;
/** Long enough to walk to the camera and back to the desk. */
const LASTS_MS = 15 * 60_000;
/** A code is read off one; some are blurred or taken while the page is not in view yet. */
const PICTURES = 6;
/** Of one camera. */
const A_DAY = 4;
const FRAMES_SHOWN = 30;

/** Newest mapping of each segment's run; what was found again after a crash is placed too roughly to measure by. */
const FRAMES = `SELECT s.id AS segmentId, s.file, m.offset_ms + s.media_start_ms AS at, s.run,
    m.version AS mappingVersion, m.bound_ms AS boundMs
  FROM segment s JOIN run_mapping m ON m.run = s.run
    AND m.version = (SELECT max(version) FROM run_mapping WHERE run = s.run)
  WHERE s.camera_id = ? AND s.deleted_at IS NULL AND m.method = 'min-arrival'`;

interface MeasuringRow {
  readonly id: string;
  readonly byId: string;
  readonly begunAt: number;
  readonly until: number;
  readonly seen: number;
}
const openOf = (db: Db, cameraId: string, at: number) =>
  one<MeasuringRow>(
    db,
    `SELECT id, by_id AS byId, begun_at AS begunAt, until_at AS until,
       (SELECT count(*) FROM camera_look WHERE measuring_id = m.id) AS seen
     FROM camera_measuring m WHERE camera_id = ? AND begun_at <= ? AND until_at > ? ORDER BY begun_at DESC LIMIT 1`,
    ...[cameraId, at, at],
  );
function ownOf(db: Db, cameraId: string, byId: string, at: number): MeasuringRow | null {
  const open = openOf(db, cameraId, at);
  return open?.byId === byId ? open : null;
}
const answerOf = ({ until, seen }: MeasuringRow) =>
  ({ until, left: Math.max(0, PICTURES - seen) }) as Measuring;

export function endMeasuring(db: Db, cameraId: string, byId: string, at: number): void {
  run(
    db,
    'UPDATE camera_measuring SET until_at = ? WHERE camera_id = ? AND by_id = ? AND until_at > ?',
    ...[at, cameraId, byId, at],
  );
}

export const measuring: Store<Pick<CamerasPort, 'beginMeasuring' | 'recentFrames' | 'frame' | 'recordLook'>> =
  {
    beginMeasuring: write((db, { id, cameraId, byId, audit }) => {
      const { at } = audit;
      const open = openOf(db, cameraId, at);
      if (open) return open.byId === byId ? answerOf(open) : 'busy';
      const held = one<{ n: number }>(
        db,
        'SELECT count(*) AS n FROM camera_measuring WHERE camera_id = ? AND begun_at > ?',
        ...[cameraId, at - DAY_MS],
      );
      if ((held?.n ?? 0) >= A_DAY) return 'often';
      const until = at + LASTS_MS;
      run(
        db,
        'INSERT INTO camera_measuring (id, camera_id, by_id, begun_at, until_at) VALUES (?,?,?,?,?)',
        ...[id, cameraId, byId, at, until],
      );
      appendAudit(db, { ...audit, body: { id, until, pictures: PICTURES } });
      return { until, left: PICTURES } as Measuring;
    }),
    recentFrames: read((db, { cameraId, byId, at }) => {
      const own = ownOf(db, cameraId, byId, at);
      if (own === null) return { measuring: null, frames: [] };
      // A file arrives after its first picture was taken.
      const frames = many<RecordedFrame>(
        db,
        `${FRAMES} AND s.arrival_at >= ? ORDER BY s.arrival_at DESC LIMIT ${FRAMES_SHOWN}`,
        ...[cameraId, own.begunAt],
      )
        .filter((frame) => frame.at >= own.begunAt)
        .map(({ segmentId, at, boundMs }) => ({ segmentId, at, boundMs }) as never);
      return { measuring: answerOf(own), frames };
    }),
    frame: read((db, { cameraId, segmentId, byId, at }) => {
      const own = ownOf(db, cameraId, byId, at);
      const frame = own && one<RecordedFrame>(db, `${FRAMES} AND s.id = ?`, cameraId, segmentId);
      return frame && frame.at >= own.begunAt ? frame : null;
    }),
    recordLook: write((db, { cameraId, segmentId, viewer, frameAt, audit }) => {
      const own = ownOf(db, cameraId, viewer.id, audit.at);
      if (own === null) return false;
      const again = one(
        db,
        'SELECT 1 FROM camera_look WHERE measuring_id = ? AND segment_id = ?',
        own.id,
        segmentId,
      );
      if (!again && own.seen >= PICTURES) return false;
      run(
        db,
        `INSERT INTO camera_look (measuring_id, segment_id, camera_id, viewer_name, frame_at, at) VALUES (?,?,?,?,?,?)
       ON CONFLICT DO NOTHING`,
        ...[own.id, segmentId, cameraId, viewer.name, frameAt, audit.at],
      );
      appendAudit(db, audit);
      return true;
    }),
  };
