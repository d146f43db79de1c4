/**
 * Footage of a transaction as the inspector's pages see it (core-port.ts). Who may look is decided by the caller before
 * it asks; here only what there is. Refuses: to place a transaction whose kiosk clock was never anchored.
 */
import type { CameraId } from '@hailong/shared/ids.ts';
import type { ClipAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { buildClip, type Clip } from '../../domain/footage/clip.ts';
import { buildPlaylist } from '../../domain/footage/playlist.ts';
import { type Interval, PADDING_MS, transactionWindow } from '../../domain/footage/window.ts';
import type { ClipSummaryCamera, FootageViews } from '../core-port.ts';
import type { CameraAt, FootagePort } from '../ports/footage.ts';
import type { TransactionLanes, ViewsPort } from '../ports/views.ts';

export interface FootageViewParts {
  readonly views: Pick<ViewsPort, 'lanes'>;
  readonly footage: FootagePort;
  readonly clock: Clock;
  /** Absolute folder of the segments; null until a recorder said hello. */
  root(): string | null;
}

interface Placed {
  readonly lanes: TransactionLanes;
  readonly boundMs: number | null;
  readonly window: Interval;
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

export function createFootageViews(parts: FootageViewParts): FootageViews {
  const { views, footage, clock } = parts;

  async function place(id: string): Promise<Placed | null> {
    const lanes = await views.lanes(id);
    if (!lanes) return null;
    const now = clock.now();
    const { boundMs } = lanes;
    const window = transactionWindow({ openedAt: lanes.openedAt, endedAt: endOf(lanes) }, boundMs ?? 0, now);
    return {
      lanes,
      boundMs,
      window,
      now,
      cameras: await footage.camerasOf({ counterId: lanes.counterId, ...window }),
    };
  }

  async function clipOf(placed: Placed, camera: CameraAt): Promise<Clip> {
    if (placed.boundMs === null) return NOTHING;
    const material = await footage.material({ cameraId: camera.id, ...placed.window });
    return buildClip(material, placed.window, placed.lanes.openedAt - PADDING_MS, placed.now);
  }

  return {
    root: () => parts.root(),
    async summary(id) {
      const placed = await place(id);
      if (!placed) return [];
      return Promise.all(
        placed.cameras.map(async (camera): Promise<ClipSummaryCamera> => {
          const { state, gaps } = await clipOf(placed, camera);
          return { cameraId: camera.id as CameraId, name: camera.name, state, gaps: [...gaps] };
        }),
      );
    },
    async timeline(id) {
      const placed = await place(id);
      if (!placed) return null;
      const { lanes, window, boundMs } = placed;
      return {
        window,
        duty: lanes.duty,
        prompt: lanes.prompt,
        presses: lanes.presses,
        kioskBoundMs: boundMs,
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
    async clip(id, cameraId) {
      const placed = await place(id);
      const camera = placed?.cameras.find((each) => each.id === cameraId);
      if (!placed || !camera) return null;
      const clip = await clipOf(placed, camera);
      if (clip.pieces.length === 0 || clip.state === 'missing') return null;
      return {
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
        segments: clip.pieces.map(({ segment }) => ({
          ...{ segmentId: segment.id, file: segment.file, bytes: segment.bytes },
        })),
        playlist: (address) => buildPlaylist(clip.pieces, address),
      };
    },
  };
}
