/**
 * Footage of a transaction or an interval as the inspector's pages see it (core-port.ts). Who may look is decided by the caller
 * before it asks; here only what there is. Refuses: to place a transaction whose kiosk clock was never anchored (a stated
 * interval is of the hub's own clock and needs no kiosk); any file of a turn that is still served, which would be watching a counter.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { ClipGap } from '@hailong/shared/protocol/coverage.ts';
import type { ClipAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { asRecorded, type Clip, type Gap, type Piece } from '../../domain/footage/clip.ts';
import { downloadsOf } from '../../domain/footage/downloads.ts';
import { buildPlaylist } from '../../domain/footage/playlist.ts';
import type { ClipSegment, ClipSummaryCamera, FootageSubject, FootageViews } from '../core-port.ts';
import type { CameraAt } from '../ports/footage.ts';
import type { ViewsPort } from '../ports/views.ts';
import { type ClipLook, clipAt, type Placed, type PlaceParts, placeFootage } from './place-footage.ts';

export interface FootageViewParts extends PlaceParts {
  readonly views: Pick<ViewsPort, 'lanes' | 'dutyAt'>;
  /** Absolute folder of the segments; null until a recorder said hello. */
  root(): string | null;
}

function toldGap({ from, to, reason, deletions, unmapped }: Gap): ClipGap {
  const [first] = deletions ?? [];
  const gone = first && { deletedAt: first.at as UtcMs, deletedBy: first.by };
  const out = unmapped && { unmappedAt: unmapped.at as UtcMs, unmappedBy: unmapped.by };
  return { from: from as UtcMs, to: to as UtcMs, reason, ...gone, ...out };
}

const segmentOf = ({ segment, wallFrom, wallTo }: Piece): ClipSegment => ({
  ...{ segmentId: segment.id, file: segment.file, bytes: segment.bytes, sha256: segment.sha256 },
  ...{ wallFrom, wallTo },
});

export function createFootageViews(parts: FootageViewParts): FootageViews {
  const { views } = parts;
  const place = (subject: FootageSubject) => placeFootage(parts, subject);
  const clipOf = async (placed: Placed, camera: CameraAt): Promise<Clip> =>
    (await clipAt(parts, placed, camera)).clip;

  return {
    root: () => parts.root(),
    async summary(id, of) {
      const placed = await place({ transactionId: id, interval: null });
      if (!placed) return [];
      const isAll = of !== 'recorded';
      const look: ClipLook = isAll ? { keptFor: of.keptFor } : { of: asRecorded };
      return Promise.all(
        placed.cameras
          .filter(({ seen }) => isAll || seen.length > 0)
          .map(async (each): Promise<ClipSummaryCamera> => {
            // Who set a map right is for whoever has a case.
            const camera = isAll ? each : { ...each, takenOut: [] };
            const { state, gaps } = (await clipAt(parts, placed, camera, look)).clip;
            return { cameraId: camera.id as CameraId, name: camera.name, state, gaps: gaps.map(toldGap) };
          }),
      );
    },
    async timeline(subject) {
      const placed = await place(subject);
      if (!placed) return null;
      const { lanes, served, window, counterId } = placed;
      return {
        window,
        opensBy: placed.opensBy,
        served: served && { begin: served.begin, end: served.end },
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
              ...{ covered: clip.covered, gaps: clip.gaps.map(toldGap) },
            };
          }),
        ),
      } as unknown as Omit<TimelineAnswer, 'case' | 'transaction' | 'ratings'>;
    },
    async clip(subject, cameraId) {
      const placed = await place(subject);
      const camera = placed?.cameras.find((each) => each.id === cameraId);
      if (!placed || !camera) return null;
      if (placed.opensBy !== null) throw new CodedError('footage.still_served');
      const clip = await clipOf(placed, camera);
      if (clip.pieces.length === 0 || clip.state === 'missing') return null;
      return {
        counterId: placed.counterId,
        window: placed.window,
        clip: {
          ...{ cameraId, playFrom: clip.playFrom, durationSeconds: clip.durationSeconds, state: clip.state },
          ...{ gaps: clip.gaps.map(toldGap), codec: clip.codec ?? 'other' },
          pieces: clip.pieces.map((piece) => ({
            segmentId: piece.segment.id,
            startSeconds: piece.startSeconds,
            durationSeconds: piece.durationSeconds,
            wallFrom: piece.wallFrom,
          })),
        } as unknown as Omit<ClipAnswer, 'playlist' | 'expiresAt' | 'watermark'>,
        segments: clip.pieces.map(segmentOf),
        cameraName: camera.name,
        downloads: downloadsOf(clip.pieces).map(({ pieces, from, to }) => ({
          ...{ from, to },
          segments: pieces.map((piece) => ({
            ...segmentOf(piece),
            offsetMs: piece.segment.mediaStartMs - (pieces[0]?.segment.mediaStartMs ?? 0),
          })),
        })),
        playlist: (address) => buildPlaylist(clip.pieces, address),
      };
    },
  };
}
