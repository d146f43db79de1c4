/** Forms of answers that carry no object. */
import { z } from 'zod';

export const noContent = z.null();
export const byId = z.object({ id: z.string().min(1).max(100) });
