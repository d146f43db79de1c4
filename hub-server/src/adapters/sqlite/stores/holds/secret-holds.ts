/**
 * Holds of denunciations around a time of a camera, for a reader who is not their assignee, and what was filmed beside them: so that no page
 * shows by what is left where they lie. See hub-server/DESIGN.md, "Coverage".
 */
import type { DeletionReason, RunMapping } from '@hailong/shared/protocol/footage.ts';
import { withPlaces } from '../../../../domain/footage/clock-step.ts';
import type { Deletion } from '../../../../domain/footage/deletion.ts';
import { placeSegments, type TimedSegment } from '../../../../domain/footage/place-segments.ts';
import {
  type Beside,
  blocksOf,
  goneUnheld,
  type SecretHolds,
} from '../../../../domain/footage/unheld-look.ts';
import type { Interval } from '../../../../domain/footage/window.ts';
import { type Db, many, one } from '../../op.ts';
import { clockSteps } from '../cameras/clock-step-rows.ts';
import { DAY_MS } from './hold-rows.ts';

/** A camera that filmed nothing for so long says nothing of how the rules went there. */
const BESIDE_MS = 7 * DAY_MS;
/** Arrival follows filming by the segment's length and lateness. */
const LATE_MS = 20_000;

interface HoldRow extends Interval {
  readonly secret: 0 | 1;
}
interface BesideRow {
  readonly at: number | null;
  readonly reason: DeletionReason | null;
  readonly by: string | null;
}

/** What was lost went by no rule. */
function besideOf(db: Db, cameraId: string, range: Interval, order: 'ASC' | 'DESC'): Beside | null {
  const row = one<BesideRow>(
    db,
    `SELECT deleted_at AS at, deleted_reason AS reason, deleted_by AS by FROM segment INDEXED BY segment_by_arrival
     WHERE camera_id = ? AND arrival_at BETWEEN ? AND ? AND flags NOT LIKE '%recovered%' AND deleted_reason IS NOT 'lost'
     ORDER BY arrival_at ${order} LIMIT 1`,
    ...[cameraId, range.from, range.to],
  );
  if (!row) return null;
  const { at, reason, by } = row;
  return { deletion: at === null || reason === null ? null : { at, reason, by } };
}

/** Null: this reader may know of all that is held. */
export function secretHolds(db: Db, cameraId: string, readerId: string): SecretHolds | null {
  // Most often there is none: cases are few, and holds are many.
  const isSecret = one(
    db,
    `SELECT 1 FROM case_file c JOIN footage_hold h ON h.subject = c.id AND h.kind IN ('case', 'manual')
     WHERE c.type = 'denunciation' AND c.assignee_id <> ? AND h.camera_id = ? AND h.ended_at IS NULL LIMIT 1`,
    ...[readerId, cameraId],
  );
  if (!isSecret) return null;
  const living = many<HoldRow>(
    db,
    `SELECT h.from_at AS "from", h.to_at AS "to", c.type IS 'denunciation' AND c.assignee_id <> ? AS secret
     FROM footage_hold h LEFT JOIN case_file c ON h.kind IN ('case', 'manual') AND c.id = h.subject
     WHERE h.camera_id = ? AND h.ended_at IS NULL`,
    ...[readerId, cameraId],
  );
  const all = withPlaces(living, clockSteps(db));
  const [secret, told] = [all.filter((each) => each.secret === 1), all.filter((each) => each.secret === 0)];
  const { days } = one<{ days: number }>(
    db,
    'SELECT retention_days AS days FROM camera WHERE id = ?',
    cameraId,
  )!;
  return {
    ...{ secret, told, keepsMs: days * DAY_MS },
    blocks: blocksOf({ secret, told }).map(({ from, to }) => ({
      ...{ from, to },
      before: besideOf(db, cameraId, { from: from - BESIDE_MS, to: from }, 'DESC'),
      after: besideOf(db, cameraId, { from: to + LATE_MS, to: to + BESIDE_MS }, 'ASC'),
    })),
  };
}

/** Of kept segments, those that this reader is to see as gone. */
export function secretlyKept<S extends TimedSegment>(
  { segments, mappings }: { readonly segments: readonly S[]; readonly mappings: readonly RunMapping[] },
  holds: SecretHolds,
  now: number,
): ReadonlyMap<S, Deletion> {
  const out = new Map<S, Deletion>();
  for (const place of placeSegments({ latencyMs: 0, segments, mappings })) {
    const deletion = goneUnheld(place, holds, now);
    if (deletion !== null) out.set(place.segment, deletion);
  }
  return out;
}
