/** What the votes of a transaction come to, as answers and packages carry it. */
import { z } from 'zod';
import { levelKey } from './instrument.ts';

export const effectiveForm = z.object({
  overall: levelKey,
  criteria: z.record(z.string(), levelKey),
  route: z.enum(['counter', 'private']),
  review: z.boolean(),
});
