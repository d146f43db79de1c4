/** An administrator says whether a camera that asks for the password itself, which it once did without, may be sent it. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { RecorderControl } from '../core-port.ts';
import type { Act, AdminParts } from '../web-parts.ts';

export async function decideLogin(
  parts: AdminParts,
  recorder: Pick<RecorderControl, 'camerasChanged'>,
  { cameraId, allow, actor }: Act & { readonly cameraId: string; readonly allow: boolean },
): Promise<void> {
  const decided = await parts.storage.cameras.decideLogin({
    ...{ cameraId, allow },
    audit: {
      ...{ at: parts.clock.now(), actor, action: 'camera.login_decided', object: `camera:${cameraId}` },
      ...{ reason: null, body: { allowBasic: allow } },
    },
  });
  if (decided === 'gone') throw new CodedError('request.not_found', 'camera');
  await recorder.camerasChanged();
}
