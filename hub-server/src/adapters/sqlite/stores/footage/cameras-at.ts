/**
 * Purpose: which cameras saw a counter at a time, by the map as it is now, and which it once said and says no more, with whoever took that
 * out: one person sets a map right alone, so what it had said must stay visible. Refuses: nothing; it only reads.
 * Document: hub-server/DESIGN.md, "Cases and who watched".
 */
import type { CameraAt } from '../../../../application/ports/footage.ts';
import { type Db, many } from '../../op.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly latencyMs: number;
  readonly from: number;
  readonly to: number | null;
  /** Null: the map still says so. */
  readonly changedAt: number | null;
  readonly changedBy: string | null;
}

export function camerasAt(
  db: Db,
  { counterId, from, to }: { readonly counterId: string; readonly from: number; readonly to: number },
): CameraAt[] {
  const cameras = new Map<string, CameraAt>();
  for (const row of many<Row>(
    db,
    `SELECT c.id, c.name, c.latency_ms AS latencyMs, m.* FROM (
       SELECT camera_id, from_at AS "from", to_at AS "to", NULL AS changedAt, NULL AS changedBy FROM camera_counter
         WHERE counter_id = :counterId
       UNION ALL SELECT camera_id, from_at, to_at, changed_at, changed_by FROM camera_counter_was
         WHERE counter_id = :counterId) m
     JOIN camera c ON c.id = m.camera_id
     WHERE m."from" <= :to AND (m."to" IS NULL OR m."to" >= :from) ORDER BY c.name, c.id, m."from"`,
    { counterId, from, to },
  )) {
    const { id, name, latencyMs, changedAt } = row;
    const before = cameras.get(id) ?? { id, name, latencyMs, seen: [], takenOut: [] };
    cameras.set(
      id,
      changedAt === null
        ? { ...before, seen: [...before.seen, { from: row.from, to: row.to }] }
        : {
            ...before,
            takenOut: [
              ...before.takenOut,
              { from: row.from, to: row.to ?? to, at: changedAt, by: row.changedBy },
            ],
          },
    );
  }
  return [...cameras.values()];
}
