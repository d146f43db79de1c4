/** Holds that lapsed under a clock which stood ahead live again once it was set back. See hub-server/DESIGN.md, "Holds". */
import { type Db, many, run } from '../../op.ts';
import { appendAudit } from '../log/audit.ts';

export function reviveHolds(db: Db, at: number): void {
  const wrong = many<{ request: string; object: string; until: number }>(
    db,
    `SELECT request, max(until) AS until FROM footage_hold
     WHERE ended_at > ? AND ended_by IS NULL AND until > ? GROUP BY request ORDER BY request`,
    ...[at, at],
  );
  for (const { request, until } of wrong) {
    run(
      db,
      'UPDATE footage_hold SET ended_at = NULL WHERE request = ? AND ended_at > ? AND ended_by IS NULL AND until > ?',
      ...[request, at, at],
    );
    appendAudit(db, {
      ...{ at, actor: 'hub', action: 'hold.renewed', object: `hold:${request}`, reason: null },
      body: { hold: request, until },
    });
  }
}
