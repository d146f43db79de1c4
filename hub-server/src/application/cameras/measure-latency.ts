/**
 * How far a camera's picture stands behind the event: it films the page with the hub's clock, a recorded picture is opened,
 * and what it shows is compared with where the run's mapping places it. Dated: it holds from now on, never before.
 * Refuses: pictures older than some minutes (this is no way to look at footage), and times that no camera can show.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { HeldLatency, RecentFrames } from '@hailong/shared/protocol/cameras.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { measureLatency } from '../../domain/footage/camera-standing.ts';
import type { RecorderControl } from '../core-port.ts';
import type { RecordedFrame } from '../ports/cameras.ts';
import type { Act, AdminParts } from '../web-parts.ts';
import { pictureOf } from './approve-still.ts';

/** Long enough to walk from the camera to the desk. */
export const RECENT_MS = 15 * 60_000;

export async function recentFrames(parts: AdminParts, cameraId: string): Promise<RecentFrames> {
  const since = parts.clock.now() - RECENT_MS;
  return { frames: [...(await parts.storage.cameras.recentFrames({ cameraId, since }))] };
}

async function frameOf(parts: AdminParts, cameraId: string, segmentId: string): Promise<RecordedFrame> {
  const frame = await parts.storage.cameras.frame({ cameraId, segmentId });
  if (!frame || frame.at < parts.clock.now() - RECENT_MS) throw new CodedError('request.not_found', 'frame');
  return frame;
}

/** The log's row stands before the picture leaves. */
export async function openFrame(
  parts: AdminParts,
  recorder: RecorderControl,
  { cameraId, segmentId, actor }: Act & { readonly cameraId: string; readonly segmentId: string },
): Promise<Buffer> {
  const frame = await frameOf(parts, cameraId, segmentId);
  await parts.storage.access.record({
    audit: {
      ...{ at: parts.clock.now(), actor, action: 'camera.frame_opened', object: `camera:${cameraId}` },
      ...{ reason: null, body: { segmentId, frameAt: frame.at } },
    },
  });
  return pictureOf(recorder, { kind: 'file', file: frame.file });
}

export async function saveLatency(
  parts: AdminParts,
  input: Act & {
    readonly cameraId: string;
    readonly segmentId: string;
    readonly shownAt: number;
    readonly errorMs: number;
  },
): Promise<HeldLatency> {
  const { cameraId, segmentId, shownAt, errorMs, actor } = input;
  const frame = await frameOf(parts, cameraId, segmentId);
  const measured = measureLatency({ frameAt: frame.at, boundMs: frame.boundMs, shownAt, errorMs });
  if (measured === null) throw new CodedError('camera.latency_implausible', `${frame.at - shownAt} ms`);
  const at = parts.clock.now();
  const id = parts.secrets.id();
  const latency = {
    ...{ at, by: actor, ...measured, errorMs, shownAt: shownAt as UtcMs, frameAt: frame.at as UtcMs },
    ...{ segmentId, run: frame.run, mappingVersion: frame.mappingVersion, mappingBoundMs: frame.boundMs },
  } as HeldLatency;
  await parts.storage.cameras.saveLatency({
    ...{ id, cameraId, latency },
    audit: {
      ...{ at, actor, action: 'camera.latency_measured', object: `camera_latency:${id}`, reason: null },
      body: { cameraId, ...latency },
    },
  });
  // A clip of what is held now ends later, and so does the hold.
  await parts.told?.recorder.holdsChanged();
  return latency;
}
