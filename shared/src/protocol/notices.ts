/** Administration of notices on kiosks at rest. Role admin. Document: hub-server/DESIGN.md, "What screens are told". */
import { z } from 'zod';
import { unitId } from '../ids.ts';
import { NOTICES_MAX, notice } from '../model/notice.ts';

/** At the counters of these units; null: at all. */
const units = z.array(unitId).max(500).nullable();

export const heldNotice = notice.extend({ units });
export type HeldNotice = z.infer<typeof heldNotice>;
/** GET /api/v1/admin/notices: in the order they are shown. */
export const noticesAnswer = z.object({ notices: z.array(heldNotice).max(NOTICES_MAX) });
export type NoticesAnswer = z.infer<typeof noticesAnswer>;

/** `id` null: a new one. */
export const draftNotice = heldNotice
  .extend({ id: z.uuid().nullable() })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'before from' });
/** PUT /api/v1/admin/notices, whole: what is left out is removed. */
export const saveNotices = z.object({
  /** Those that were held when the form was opened; others by now: `request.conflict`. */
  base: z.array(z.uuid()).max(NOTICES_MAX),
  notices: z.array(draftNotice).max(NOTICES_MAX),
});
export type SaveNotices = z.infer<typeof saveNotices>;
