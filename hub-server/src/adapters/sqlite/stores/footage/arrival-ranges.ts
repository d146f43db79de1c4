/**
 * Where segments of a time are looked for by their arrival. An arrival is what the recorder's machine said of the time; where that was
 * wrong, footage lies so far beside it: kept by run (`run_arrival`), since each start of such a machine is wrong in its own way, and
 * asked only for runs that reach into the time. See hub-server/DESIGN.md, "Recording".
 */
import type { RunMapping, Segment } from '@hailong/shared/protocol/footage.ts';
import { type Db, many, one, run } from '../../op.ts';

/**
 * Arrival follows filming by the segment's length and lateness; looked around generously, filtered by mapping. A run that lies no
 * more than a minute beside its arrivals, which are kept to half a minute, is found by this alone.
 */
export const AROUND_MS = 120_000;
/** As `run_beside` has it: the index is used for no other words. */
const BESIDE = 'camera_id = @camera AND beside_ms NOT BETWEEN -60000 AND 60000';

export interface ArrivalRange {
  readonly from: number;
  readonly to: number;
}

/** A segment found again is not looked for by arrival. */
export function noteSegment(
  db: Db,
  { camera, run: of, mediaStartMs, mediaEndMs, arrivalAt, flags }: Segment,
): void {
  if (flags.includes('recovered')) return;
  run(
    db,
    `INSERT INTO run_arrival (run, minute, camera_id, media_from_ms, media_until_ms, offset_ms)
     VALUES (@run, @minute, @camera, @mediaStartMs, @mediaEndMs,
       (SELECT offset_ms FROM run_mapping WHERE run = @run ORDER BY version DESC LIMIT 1))
     ON CONFLICT DO UPDATE SET media_from_ms = min(media_from_ms, excluded.media_from_ms),
       media_until_ms = max(media_until_ms, excluded.media_until_ms)`,
    { run: of, minute: Math.trunc((arrivalAt - mediaEndMs) / 60_000), camera, mediaStartMs, mediaEndMs },
  );
}

/** A run that is placed, or placed anew. */
export function noteMapping(db: Db, { run: of }: Pick<RunMapping, 'run'>): void {
  run(
    db,
    `UPDATE run_arrival SET offset_ms = (SELECT offset_ms FROM run_mapping WHERE run = @run ORDER BY version DESC LIMIT 1)
     WHERE run = @run`,
    { run: of },
  );
}

/** Apart from each other. */
export function arrivalRanges(db: Db, camera: string, from: number, to: number): ArrivalRange[] {
  const beside = many<{ ms: number }>(
    db,
    `SELECT DISTINCT beside_ms AS ms FROM run_arrival INDEXED BY run_beside
     WHERE ${BESIDE} AND offset_ms + media_until_ms >= @from AND offset_ms + media_from_ms <= @to`,
    { camera, from: from - AROUND_MS, to: to + AROUND_MS },
  );
  const out: { from: number; to: number }[] = [];
  const all = [0, ...beside.map(({ ms }) => ms)].map((ms) => ({
    from: from - ms - AROUND_MS,
    to: to - ms + AROUND_MS,
  }));
  for (const each of all.sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else out.push(each);
  }
  return out;
}

/** From the first to the last, no later than `until`, of what is placed beside its arrivals; null: nothing is. */
export function placedBeside(db: Db, camera: string, until: number): ArrivalRange | null {
  const { from, to } = one<{ from: number | null; to: number }>(
    db,
    `SELECT min(offset_ms + media_from_ms) AS "from", min(max(offset_ms + media_until_ms), @until) AS "to"
     FROM run_arrival AS a INDEXED BY run_beside
     WHERE ${BESIDE} AND offset_ms + media_from_ms <= @until AND 'unplaced' <>
       (SELECT method FROM run_mapping WHERE run = a.run ORDER BY version DESC LIMIT 1)`,
    { camera, until },
  )!;
  return from === null ? null : { from, to };
}
