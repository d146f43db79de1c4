/**
 * What of a camera's day is recorded and why the rest is not; who looked stands in the log first. No picture leaves here.
 * Refuses: a camera nobody knows, a day that no calendar has. See hub-server/DESIGN.md, "Coverage".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { CoverageAnswer } from '@hailong/shared/protocol/coverage.ts';
import { type UtcMs, vietnamDayBounds } from '@hailong/shared/time.ts';
import { totalsOf } from '../../domain/footage/coverage-day.ts';
import type { AdminParts } from '../web-parts.ts';

export async function showCoverage(
  { storage, clock }: Pick<AdminParts, 'storage' | 'clock'>,
  asked: {
    readonly cameraId: CameraId;
    readonly day: string;
    readonly actor: string;
    readonly readerId: string;
    /** Nobody records now. */
    readonly recorderAway: boolean;
  },
): Promise<CoverageAnswer> {
  const { cameraId, day, actor, readerId, recorderAway } = asked;
  const bounds = vietnamDayBounds(day);
  if (bounds === null) throw new CodedError('request.invalid', day);
  const now = clock.now();
  await storage.access.record({
    audit: {
      at: now,
      actor,
      action: 'footage.coverage',
      object: `camera:${cameraId}`,
      reason: null,
      body: { day },
    },
  });
  const held = await storage.coverage.day({ cameraId, ...bounds, now, recorderAway, readerId });
  if (!held) throw new CodedError('reference.unknown', `camera ${cameraId}`);
  const { name, spans, latencies, clock: told } = held;
  return {
    ...{ camera: { id: cameraId, name }, day },
    ...{ from: bounds.from as UtcMs, to: bounds.to as UtcMs },
    ...{ spans, totals: totalsOf(spans), latencies, clock: told },
  };
}
