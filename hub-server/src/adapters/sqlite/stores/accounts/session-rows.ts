/** Ending sessions, from whichever store takes their ground away. */
import { type Db, many } from '../../op.ts';

/** Ends what matches and answers the ids, so that their sockets can be closed after the commit. */
export function endSessions(
  db: Db,
  column: 'subject_id' | 'station_id',
  value: string,
  at: number,
): string[] {
  return many<{ id: string }>(
    db,
    `UPDATE session SET ended_at = ? WHERE ${column} = ? AND ended_at IS NULL RETURNING id`,
    at,
    value,
  ).map((row) => row.id);
}
