/**
 * The still frame of a camera: taken now, looked at by an administrator, kept with its hash once that person has said that
 * neither the rating screen nor the finger is in view. Refuses: approving what that person did not open, another one, or none that waits;
 * more pictures than aiming a camera takes (domain/footage/still-rule.ts).
 */
import { createHash } from 'node:crypto';
import { CodedError, isErrorCode } from '@hailong/shared/errors.ts';
import type { FrameSource } from '@hailong/shared/protocol/cameras.ts';
import { actorOf } from '../../domain/access/policy-law.ts';
import type { RecorderControl } from '../core-port.ts';
import type { User } from '../footage/open-case.ts';
import type { AdminParts } from '../web-parts.ts';
import { cameraNamed, reachOf } from './check-camera.ts';

/** One picture, or the code that says why not. */
export async function pictureOf(recorder: RecorderControl, from: FrameSource): Promise<Buffer> {
  const result = await recorder.frame(from);
  if (!result) throw new CodedError('footage.recorder_away');
  if (!result.ok) throw new CodedError(isErrorCode(result.code) ? result.code : 'camera.bad_reply');
  return Buffer.from(result.jpeg, 'base64');
}

const viewerOf = ({ userId, name }: User) => ({ id: userId, name });

/** Asked for before the camera is, and judged again with the picture: two at once are no more than one after the other. */
export async function takeStill(
  parts: AdminParts,
  recorder: RecorderControl,
  user: User,
  cameraId: string,
): Promise<string> {
  const camera = await cameraNamed(parts, cameraId);
  const { cameras } = parts.storage;
  const asked = { cameraId: camera.id, byId: user.userId, at: parts.clock.now() };
  if (!(await cameras.mayTakeStill(asked))) throw new CodedError('camera.stills_often');
  const bytes = await pictureOf(recorder, { kind: 'live', ...reachOf(parts, camera) });
  const [id, at, actor] = [parts.secrets.id(), parts.clock.now(), actorOf(user)];
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const kept = await cameras.keepStill({
    still: { id, cameraId: camera.id, at, by: actor, sha256, bytes },
    viewer: viewerOf(user),
    audit: {
      ...{ at, actor, action: 'camera.still_taken', object: `camera:${camera.id}`, reason: null },
      body: { id, sha256 },
    },
  });
  if (!kept) throw new CodedError('camera.stills_often');
  return id;
}

/** The log's row, the officer's and the picture are one commit: it leaves only with them. */
export async function openStill(
  parts: AdminParts,
  user: User,
  { cameraId, id }: { readonly cameraId: string; readonly id: string },
): Promise<Uint8Array> {
  const audit = {
    ...{ at: parts.clock.now(), actor: actorOf(user), object: `camera:${cameraId}` },
    action: 'camera.still_seen' as const,
    ...{ reason: null, body: { id } },
  };
  const bytes = await parts.storage.cameras.openStill({ cameraId, id, viewer: viewerOf(user), audit });
  if (!bytes) throw new CodedError('request.not_found');
  return bytes;
}

export async function approveStill(
  parts: AdminParts,
  user: User,
  { cameraId, id }: { readonly cameraId: string; readonly id: string },
): Promise<void> {
  const audit = {
    at: parts.clock.now(),
    actor: actorOf(user),
    action: 'camera.still_approved',
    reason: null,
  } as const;
  const result = await parts.storage.cameras.approveStill({ cameraId, id, byId: user.userId, audit });
  if (result === 'gone') throw new CodedError('camera.still_gone');
  if (result === 'unseen') throw new CodedError('camera.still_unseen');
}
