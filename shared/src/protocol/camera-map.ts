/**
 * From when to when a camera saw which counter. GET and PUT /api/v1/admin/cameras/{id}/map; each change is a row of the log. Document:
 * hub-server/DESIGN.md, "Cases and who watched".
 */
import { z } from 'zod';
import { counterId } from '../ids.ts';
import { utcMs } from '../time.ts';

export const mapRow = z.object({ counterId, from: utcMs, to: utcMs.nullable() });
export type MapRow = z.infer<typeof mapRow>;
/** Newest first; `to` null: still. */
export const cameraMap = z.object({ rows: z.array(mapRow) });
export type CameraMap = z.infer<typeof cameraMap>;
/** One row as it should be; `was`: the beginning of the row it takes the place of, null: a further one. Nothing in the future. */
export const changeMapRequest = z.strictObject({
  counterId,
  was: utcMs.nullable(),
  from: utcMs,
  to: utcMs.nullable(),
});
export type ChangeMap = z.infer<typeof changeMapRequest>;
/** POST …/map/remove: the row that began at `from` was never so; why stands in the log. Of another counter: removed here, added there. */
export const removeMapRequest = z.strictObject({
  counterId,
  from: utcMs,
  reason: z.string().trim().min(5).max(500),
});
export type RemoveMap = z.infer<typeof removeMapRequest>;
