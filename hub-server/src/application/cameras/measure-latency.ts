/**
 * How far a camera's picture stands behind the event: it films the page with the hub's clock, a recorded picture is opened,
 * and what it shows is compared with where the run's mapping places it. Dated: it holds from now on, never before.
 * Refuses: pictures outside one's own open measuring, from before it began, or more than a few (this is no way to look at
 * footage); times that no camera can show. See hub-server/DESIGN.md, "Onboarding a camera".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { HeldLatency, Measuring, RecentFrames } from '@hailong/shared/protocol/cameras.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { actorOf } from '../../domain/access/policy-law.ts';
import { measureLatency } from '../../domain/footage/camera-standing.ts';
import type { RecorderControl } from '../core-port.ts';
import type { User } from '../footage/open-case.ts';
import type { RecordedFrame } from '../ports/cameras.ts';
import type { AdminParts } from '../web-parts.ts';
import { pictureOf } from './approve-still.ts';
import { cameraNamed } from './check-camera.ts';

export async function beginMeasuring(parts: AdminParts, user: User, cameraId: string): Promise<Measuring> {
  const camera = await cameraNamed(parts, cameraId);
  const begun = await parts.storage.cameras.beginMeasuring({
    ...{ id: parts.secrets.id(), cameraId: camera.id, byId: user.userId },
    audit: {
      ...{ at: parts.clock.now(), actor: actorOf(user), action: 'camera.measuring' },
      ...{ object: `camera:${camera.id}`, reason: null },
    },
  });
  if (begun === 'busy') throw new CodedError('request.conflict', 'somebody else measures it');
  if (begun === 'often') throw new CodedError('camera.measured_often');
  return begun;
}

export function recentFrames(parts: AdminParts, user: User, cameraId: string): Promise<RecentFrames> {
  return parts.storage.cameras.recentFrames({ cameraId, byId: user.userId, at: parts.clock.now() });
}

interface OfFrame {
  readonly cameraId: string;
  readonly segmentId: string;
}

async function frameOf(parts: AdminParts, user: User, of: OfFrame): Promise<RecordedFrame> {
  const { cameraId, segmentId } = of;
  const asked = { cameraId, segmentId, byId: user.userId, at: parts.clock.now() };
  const frame = await parts.storage.cameras.frame(asked);
  if (!frame) throw new CodedError('camera.not_measuring');
  return frame;
}

/** The log's row and the officer's stand before the picture leaves. */
export async function openFrame(
  parts: AdminParts,
  recorder: RecorderControl,
  user: User,
  of: OfFrame,
): Promise<Buffer> {
  const { cameraId, segmentId } = of;
  const frame = await frameOf(parts, user, of);
  const seen = await parts.storage.cameras.recordLook({
    ...{ cameraId, segmentId, viewer: { id: user.userId, name: user.name }, frameAt: frame.at },
    audit: {
      ...{ at: parts.clock.now(), actor: actorOf(user), action: 'camera.frame_opened' },
      ...{ object: `camera:${cameraId}`, reason: null, body: { segmentId, frameAt: frame.at } },
    },
  });
  if (!seen) throw new CodedError('camera.not_measuring');
  return pictureOf(recorder, { kind: 'file', file: frame.file });
}

export async function saveLatency(
  parts: AdminParts,
  user: User,
  input: OfFrame & { readonly shownAt: number; readonly errorMs: number },
): Promise<HeldLatency> {
  const { cameraId, segmentId, shownAt, errorMs } = input;
  const actor = actorOf(user);
  const frame = await frameOf(parts, user, input);
  const measured = measureLatency({ frameAt: frame.at, boundMs: frame.boundMs, shownAt, errorMs });
  if (measured === null) throw new CodedError('camera.latency_implausible', `${frame.at - shownAt} ms`);
  const at = parts.clock.now();
  const id = parts.secrets.id();
  const latency = {
    ...{ at, by: actor, ...measured, errorMs, shownAt: shownAt as UtcMs, frameAt: frame.at as UtcMs },
    ...{ segmentId, run: frame.run, mappingVersion: frame.mappingVersion, mappingBoundMs: frame.boundMs },
  } as HeldLatency;
  await parts.storage.cameras.saveLatency({
    ...{ id, cameraId, byId: user.userId, latency },
    audit: {
      ...{ at, actor, action: 'camera.latency_measured', object: `camera_latency:${id}`, reason: null },
      body: { cameraId, ...latency },
    },
  });
  // A clip of what is held now ends later, and so does the hold.
  await parts.told?.recorder.holdsChanged();
  return latency;
}
