/**
 * What a saved camera sends now, asked with its own login: codec, key frames, B-frames, resolution, clock. The last answer is
 * kept and says whether the camera may be relied on. Refuses: an unknown camera; answering for a recorder that is away.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Discovered } from '@hailong/shared/protocol/cameras.ts';
import type { ProbeResult } from '@hailong/shared/protocol/footage.ts';
import type { RecorderControl } from '../core-port.ts';
import type { CameraSecret } from '../ports/directory.ts';
import type { Act, AdminParts } from '../web-parts.ts';

export async function cameraNamed(parts: AdminParts, id: string): Promise<CameraSecret> {
  const all = await parts.storage.directory.camerasWithSecrets();
  const camera = all.find((each) => each.id === id || each.name === id);
  if (!camera) throw new CodedError('request.not_found', 'camera');
  return camera;
}

/** Login and adapter as saved; the password goes to the recorder alone. */
export const reachOf = (parts: AdminParts, camera: CameraSecret) => ({
  ...{ id: camera.id, address: camera.address, user: camera.user, via: camera.via ?? null },
  password: parts.sealer.open(camera.sealedPassword),
});

export async function checkCamera(
  parts: AdminParts,
  recorder: RecorderControl | null,
  { cameraId, actor }: Act & { readonly cameraId: string },
): Promise<ProbeResult> {
  const camera = await cameraNamed(parts, cameraId);
  const result = await recorder?.probe(reachOf(parts, camera));
  if (!result) throw new CodedError('footage.recorder_away');
  const codes = result.ok ? result.advice : [result.code];
  await parts.storage.cameras.saveCheck({
    cameraId: camera.id,
    result,
    audit: {
      ...{ at: parts.clock.now(), actor, action: 'camera.checked', object: `camera:${camera.id}` },
      ...{ reason: null, body: { ok: result.ok, codes } },
    },
  });
  return result;
}

/** What announces itself in the camera networks, and which of it is here already. */
export async function findCameras(parts: AdminParts, recorder: RecorderControl | null): Promise<Discovered> {
  const heard = await recorder?.discover();
  if (!heard) throw new CodedError('footage.recorder_away');
  const hosts = new Set((await parts.storage.directory.cameras()).map(({ address }) => hostOf(address)));
  return {
    found: heard.found.map(({ address, name }) => ({ address, name, known: hosts.has(hostOf(address)) })),
    code: heard.code,
  };
}

function hostOf(address: string): string {
  const host = /^\w+:\/\/(\[[^\]]*\]|[^/:?#]*)/.exec(address)?.[1] ?? address;
  return host.toLowerCase();
}
