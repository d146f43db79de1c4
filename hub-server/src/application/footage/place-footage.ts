/**
 * Where the footage of a transaction or an interval lies: its counter, window and cameras, and what each camera has of it. Pages
 * and evidence packages show the same. Refuses: to place a transaction whose kiosk clock was never anchored; a stated
 * interval is of the hub's own clock and needs no kiosk. See hub-server/DESIGN.md, "Footage".
 */
import type { CounterId } from '@hailong/shared/ids.ts';
import type { RunMapping } from '@hailong/shared/protocol/footage.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { CameraMaterial, Clip } from '../../domain/footage/clip.ts';
import { buildSeenClip, seenWithin, unplacedClip, unseenClip } from '../../domain/footage/seen.ts';
import { goesOnUntil, type ServedSpan, servedSpan } from '../../domain/footage/served-span.ts';
import { type Interval, PADDING_MS, transactionWindow } from '../../domain/footage/window.ts';
import type { FootageSubject } from '../core-port.ts';
import type { CameraAt, FootagePort } from '../ports/footage.ts';
import type { TransactionLanes, ViewsPort } from '../ports/views.ts';

export interface PlaceParts {
  readonly views: Pick<ViewsPort, 'lanes'>;
  readonly footage: Pick<FootagePort, 'camerasOf' | 'material'>;
  readonly clock: Pick<Clock, 'now'>;
}

export interface Placed {
  /** Null: of an interval alone. */
  readonly lanes: TransactionLanes | null;
  /** From when to when it was served, and what of that is known. */
  readonly served: ServedSpan | null;
  readonly counterId: CounterId;
  /** False: nobody can say when the transaction was. */
  readonly placeable: boolean;
  /** Still served as far as the hub knows: nothing of it is watched before its end, this at the latest. Null: it may be. */
  readonly opensBy: number | null;
  readonly window: Interval;
  /** Where playback starts. */
  readonly asked: number;
  readonly cameras: readonly CameraAt[];
  readonly now: number;
}

export interface ClipLook {
  readonly of?: (material: CameraMaterial) => CameraMaterial;
  readonly keptFor?: string;
}

export async function placeFootage(
  { views, footage, clock }: PlaceParts,
  subject: FootageSubject,
): Promise<Placed | null> {
  const { transactionId, interval } = subject;
  const lanes = transactionId === null ? null : await views.lanes(transactionId);
  if (transactionId !== null && !lanes) return null;
  const now = clock.now();
  const counterId = transactionId === null ? subject.counterId : (lanes?.counterId as CounterId);
  const served = lanes && servedSpan(lanes.facts);
  const window = interval ?? transactionWindow(served as ServedSpan, lanes?.boundMs ?? 0, now);
  const seen = { from: window.from, to: Math.min(window.to, now) };
  return {
    ...{ lanes, served, counterId, window: seen, now },
    placeable: interval !== null || lanes?.boundMs !== null,
    opensBy:
      interval !== null || !served || lanes.boundMs === null ? null : goesOnUntil(served, lanes.boundMs, now),
    asked: interval?.from ?? (served?.from ?? 0) - PADDING_MS,
    cameras: await footage.camerasOf({ counterId, ...seen }),
  };
}

/** `mappings`: the clocks of its runs. `keptFor`: whoever looks without a case of it. */
export async function clipAt(
  { footage }: Pick<PlaceParts, 'footage'>,
  placed: Placed,
  camera: CameraAt,
  { of = (material) => material, keptFor }: ClipLook = {},
): Promise<{ readonly clip: Clip; readonly mappings: readonly RunMapping[] }> {
  const { window, asked, now } = placed;
  if (!placed.placeable) return { clip: unplacedClip(), mappings: [] };
  const seen = seenWithin(camera.seen, window);
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined)
    return { clip: unseenClip(window, camera.takenOut), mappings: [] };
  const material = await footage.material({
    ...{ cameraId: camera.id, from: first.from, to: last.to },
    ...(keptFor === undefined ? {} : { keptFor: { readerId: keptFor, now } }),
  });
  return {
    clip: buildSeenClip(of(material), window, seen, asked, now, camera.takenOut),
    mappings: material.mappings,
  };
}
