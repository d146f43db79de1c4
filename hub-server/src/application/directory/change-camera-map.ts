/**
 * From when to when a camera saw a counter, set right afterwards: a camera that was turned last Tuesday was turned then, not
 * when somebody said so. Refuses: what has not happened, two rows of one camera and counter at one time, unknown rows.
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { ChangeMap } from '@hailong/shared/protocol/camera-map.ts';
import type { AdminParts } from '../web-parts.ts';
import { tellMaps } from './tell-cameras.ts';

export async function changeCameraMap(
  parts: AdminParts,
  input: { readonly cameraId: string; readonly change: ChangeMap; readonly actor: string },
): Promise<void> {
  const { cameraId, change, actor } = input;
  const at = parts.clock.now();
  const { from, to } = change;
  if (from > at || (to !== null && (to > at || to <= from))) throw new CodedError('request.invalid', 'dates');
  const result = await parts.storage.directory.changeCameraMap({
    ...{ cameraId, change },
    audit: { at, actor, action: 'camera.mapped', object: `camera:${cameraId}`, reason: null, body: change },
  });
  if (result === 'gone') throw new CodedError('request.not_found');
  if (result === 'no-counter') throw new CodedError('reference.unknown', 'counterId');
  if (result === 'overlap') throw new CodedError('request.conflict', 'two rows at one time');
  await tellMaps(parts);
}
