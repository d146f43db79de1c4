/**
 * A row of a camera's map that was never so (the wrong counter was chosen) is taken out, with its reason in the log. Transactions of
 * that counter find the camera's footage no more; what was held by that row, or waited for, stays so: one person ends neither.
 * Refuses: rows that are not there. See hub-server/DESIGN.md, "Cases and who watched".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { RemoveMap } from '@hailong/shared/protocol/camera-map.ts';
import type { AdminParts } from '../web-parts.ts';
import { tellMaps } from './tell-cameras.ts';

export async function removeCameraMap(
  parts: AdminParts,
  input: { readonly cameraId: string; readonly asked: RemoveMap; readonly actor: string },
): Promise<void> {
  const { cameraId, actor } = input;
  const { reason, ...row } = input.asked;
  const at = parts.clock.now();
  const result = await parts.storage.directory.removeCameraMap({
    ...{ cameraId, row },
    audit: { at, actor, action: 'camera.unmapped', object: `camera:${cameraId}`, reason, body: row },
  });
  if (result === 'gone') throw new CodedError('request.not_found');
  await tellMaps(parts);
}
