/**
 * How much later a hold ends than what it is of: the most that its camera was ever said or measured to delay. A clip looks as far as the
 * latency of its own time, so never farther; a measurement that says more moves what is held already. See hub-server/DESIGN.md, "Holds".
 */
import { type Db, one, run } from '../../op.ts';

/** Of a `camera c`, ms. */
export const WIDEST_LATENCY = 'max(c.latency_ms, c.widest_latency_ms)';

const widestOf = (db: Db, cameraId: string): number =>
  one<{ ms: number }>(db, `SELECT ${WIDEST_LATENCY} AS ms FROM camera c WHERE c.id = ?`, cameraId)?.ms ?? 0;

/** What `change` lets the camera's widest latency grow by, its living holds end later by. */
export function widenHolds(db: Db, cameraId: string, change: () => void): void {
  const before = widestOf(db, cameraId);
  change();
  const grown = widestOf(db, cameraId) - before;
  if (grown > 0)
    run(
      db,
      'UPDATE footage_hold SET to_at = to_at + ? WHERE camera_id = ? AND ended_at IS NULL',
      ...[grown, cameraId],
    );
}
