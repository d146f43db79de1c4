/**
 * Where a camera's footage begins and ends by what its runs are mapped to. Its arrivals order the look-ups and say nothing
 * themselves: one from 1970, or from next year, is of a machine whose clock was wrong.
 */
import { type Db, one } from '../../op.ts';
import { AROUND_MS, placedBeside } from './arrival-ranges.ts';

/** No arrival before it is of a right clock. */
const RIGHT_FROM = Date.UTC(2020, 0, 1);

interface Edges {
  readonly from: number;
  readonly until: number;
}

/** `at`: now, or the end of what is asked. Null: no footage has a place. */
export function placedEdges(db: Db, camera: string, at: number): Edges | null {
  const around = at + AROUND_MS;
  const beside = placedBeside(db, camera, around);
  const found = [
    ...[0, RIGHT_FROM, around].map((from) => segmentAt(db, camera, 'ASC', from)),
    ...[Number.MAX_SAFE_INTEGER, around].map((until) => segmentAt(db, camera, 'DESC', until)),
    beside === null ? undefined : { from: beside.from, until: beside.to },
  ].flatMap((edges) => edges ?? []);
  if (found.length === 0) return null;
  return {
    from: Math.min(...found.map(({ from }) => from)),
    until: Math.max(...found.map(({ until }) => until)),
  };
}

/** The next segment by arrival, where its run's newest mapping has it. */
function segmentAt(db: Db, camera: string, order: 'ASC' | 'DESC', arrival: number): Edges | undefined {
  return one<Edges>(
    db,
    `SELECT offset_ms + media_start_ms AS "from", offset_ms + media_end_ms AS until
     FROM (SELECT run, media_start_ms, media_end_ms FROM segment INDEXED BY segment_by_arrival
           WHERE camera_id = ? AND arrival_at ${order === 'ASC' ? '>=' : '<='} ? ORDER BY arrival_at ${order} LIMIT 1) AS next
     JOIN run_mapping AS newest ON newest.run = next.run
     WHERE method <> 'unplaced' AND version = (SELECT max(version) FROM run_mapping WHERE run = next.run)`,
    ...[camera, arrival],
  );
}
