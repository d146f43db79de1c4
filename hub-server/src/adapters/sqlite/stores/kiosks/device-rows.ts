/** Which kiosk a counter has. */
import { type Db, one } from '../../op.ts';

/** The device that gets a counter's intents: the newest enrolled that is not revoked. */
export function deviceOfCounter(db: Db, counterId: string): string | null {
  return (
    one<{ id: string }>(
      db,
      'SELECT id FROM device WHERE counter_id = ? AND revoked_at IS NULL ORDER BY enrol_serial DESC LIMIT 1',
      counterId,
    )?.id ?? null
  );
}
