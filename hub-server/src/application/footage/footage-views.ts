/**
 * Footage of a transaction or an interval as the inspector's pages see it (core-port.ts). Who may look is decided by the caller
 * before it asks; here only what there is. Refuses: to place a transaction whose kiosk clock was never anchored; a stated
 * interval is of the hub's own clock and needs no kiosk.
 */
import type { CameraId, CounterId } from '@hailong/shared/ids.ts';
import type { ClipAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { buildClip, type Clip, SEAM_MS } from '../../domain/footage/clip.ts';
import { buildPlaylist } from '../../domain/footage/playlist.ts';
import { type Interval, PADDING_MS, transactionWindow } from '../../domain/footage/window.ts';
import type { ClipSummaryCamera, FootageSubject, FootageViews } from '../core-port.ts';
import type { CameraAt, FootagePort } from '../ports/footage.ts';
import type { TransactionLanes, ViewsPort } from '../ports/views.ts';

export interface FootageViewParts {
  readonly views: Pick<ViewsPort, 'lanes' | 'dutyAt'>;
  readonly footage: Pick<FootagePort, 'camerasOf' | 'material'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Absolute folder of the segments; null until a recorder said hello. */
  root(): string | null;
}

interface Placed {
  /** Null: of an interval alone. */
  readonly lanes: TransactionLanes | null;
  readonly counterId: CounterId;
  /** False: nobody can say when the transaction was. */
  readonly placeable: boolean;
  readonly window: Interval;
  /** Where playback starts. */
  readonly asked: number;
  readonly cameras: readonly CameraAt[];
  readonly now: number;
}

/** The prompt belongs to what is looked at: a dispute is often about it. */
const endOf = (lanes: TransactionLanes): number | null =>
  lanes.finishedAt === null ? null : (lanes.prompt?.to ?? lanes.finishedAt);

const NOTHING: Clip = {
  ...{ state: 'missing', pieces: [], covered: [], gaps: [], playFrom: 0, durationSeconds: 0 },
  ...{ boundBeforeMs: 0, boundAfterMs: 0, codec: null },
};

/** Before and after a camera saw this counter there is nothing of it to see. */
function widen(clip: Clip, seen: Interval, window: Interval): Clip {
  const outside = (from: number, to: number) =>
    to - from > SEAM_MS ? [{ from, to, reason: 'not-configured' as const }] : [];
  const gaps = [...outside(window.from, seen.from), ...clip.gaps, ...outside(seen.to, window.to)];
  return { ...clip, gaps, state: clip.state === 'ready' && gaps.length > 0 ? 'partial' : clip.state };
}

export function createFootageViews(parts: FootageViewParts): FootageViews {
  const { views, footage, clock } = parts;

  async function place(subject: FootageSubject): Promise<Placed | null> {
    const { transactionId, interval } = subject;
    const lanes = transactionId === null ? null : await views.lanes(transactionId);
    if (transactionId !== null && !lanes) return null;
    const now = clock.now();
    const counterId = transactionId === null ? subject.counterId : (lanes?.counterId as CounterId);
    const window =
      interval ??
      transactionWindow(
        { openedAt: (lanes as TransactionLanes).openedAt, endedAt: endOf(lanes as TransactionLanes) },
        lanes?.boundMs ?? 0,
        now,
      );
    const seen = { from: window.from, to: Math.min(window.to, now) };
    return {
      ...{ lanes, counterId, window: seen, now },
      placeable: interval !== null || lanes?.boundMs !== null,
      asked: interval?.from ?? (lanes?.openedAt ?? 0) - PADDING_MS,
      cameras: await footage.camerasOf({ counterId, ...seen }),
    };
  }

  async function clipOf(placed: Placed, camera: CameraAt): Promise<Clip> {
    if (!placed.placeable) return NOTHING;
    const { window, asked, now } = placed;
    const seen = {
      from: Math.max(window.from, camera.seesFrom),
      to: Math.min(window.to, camera.seesTo ?? window.to),
    };
    if (seen.to <= seen.from) return NOTHING;
    const material = await footage.material({ cameraId: camera.id, ...seen });
    return widen(buildClip(material, seen, Math.max(asked, seen.from), now), seen, window);
  }

  return {
    root: () => parts.root(),
    async summary(id) {
      const placed = await place({ transactionId: id, interval: null });
      if (!placed) return [];
      return Promise.all(
        placed.cameras.map(async (camera): Promise<ClipSummaryCamera> => {
          const { state, gaps } = await clipOf(placed, camera);
          return { cameraId: camera.id as CameraId, name: camera.name, state, gaps: [...gaps] };
        }),
      );
    },
    async timeline(subject) {
      const placed = await place(subject);
      if (!placed) return null;
      const { lanes, window, counterId } = placed;
      return {
        window,
        duty: lanes ? lanes.duty : await views.dutyAt({ counterId, ...window }),
        prompt: lanes?.prompt ?? null,
        presses: lanes?.presses ?? [],
        kioskBoundMs: lanes ? lanes.boundMs : 0,
        cameras: await Promise.all(
          placed.cameras.map(async (camera) => {
            const clip = await clipOf(placed, camera);
            return {
              ...{ id: camera.id, name: camera.name, codec: clip.codec, state: clip.state },
              ...{ boundBeforeMs: clip.boundBeforeMs, boundAfterMs: clip.boundAfterMs },
              ...{ covered: clip.covered, gaps: clip.gaps },
            };
          }),
        ),
      } as unknown as Omit<TimelineAnswer, 'case' | 'transaction' | 'ratings'>;
    },
    async clip(subject, cameraId) {
      const placed = await place(subject);
      const camera = placed?.cameras.find((each) => each.id === cameraId);
      if (!placed || !camera) return null;
      const clip = await clipOf(placed, camera);
      if (clip.pieces.length === 0 || clip.state === 'missing') return null;
      return {
        counterId: placed.counterId,
        window: placed.window,
        clip: {
          ...{ cameraId, playFrom: clip.playFrom, durationSeconds: clip.durationSeconds, state: clip.state },
          ...{ gaps: clip.gaps, codec: clip.codec ?? 'other' },
          pieces: clip.pieces.map((piece) => ({
            segmentId: piece.segment.id,
            startSeconds: piece.startSeconds,
            durationSeconds: piece.durationSeconds,
            wallFrom: piece.wallFrom,
          })),
        } as unknown as Omit<ClipAnswer, 'playlist' | 'expiresAt' | 'watermark'>,
        segments: clip.pieces.map(({ segment, wallFrom, wallTo }) => ({
          ...{ segmentId: segment.id, file: segment.file, bytes: segment.bytes, sha256: segment.sha256 },
          ...{ wallFrom, wallTo },
        })),
        playlist: (address) => buildPlaylist(clip.pieces, address),
      };
    },
  };
}
