/**
 * Cases beyond their minimal form (http.ts): search, who brought the matter, telling the officer, who watched. Who may:
 * hub-server/src/adapters/http/policy.ts. Document: hub-server/DESIGN.md, "Cases and who watched".
 */
import { z } from 'zod';
import { counterId, transactionId } from '../ids.ts';
import { utcMs } from '../time.ts';
import { caseAnswer, caseType, transactionAnswer } from './http.ts';

/** GET /api/v1/find?q=&day=: q is a dossier code, a queue number or a case's number; `day` (YYYY-MM-DD) of a queue number. */
export const findQuery = z.object({
  q: z.string().trim().min(1).max(60),
  day: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});
export const findAnswer = z.object({
  transactions: z.array(transactionAnswer),
  /** Own cases: of that number, or of the transactions found. */
  cases: z.array(caseAnswer),
});
export type FindAnswer = z.infer<typeof findAnswer>;

/** POST /api/v1/cases/{id}/petitioner: reads it, logged, the assignee alone; null: none was said. */
export const petitionerAnswer = z.object({
  petitioner: z.object({ name: z.string(), contact: z.string() }).nullable(),
});
export type PetitionerAnswer = z.infer<typeof petitionerAnswer>;

/** GET /api/v1/places (inspectors): the counters an interval may name. */
export const placesAnswer = z.object({
  counters: z.array(z.object({ id: counterId, number: z.string(), name: z.string() })),
});
export type PlacesAnswer = z.infer<typeof placesAnswer>;

/**
 * GET /api/v1/station/watched: who saw footage in which the officer may be, of cases that were told or are closed; and single pictures
 * outside cases: by which a camera's latency was measured, or a camera was aimed.
 */
export const watchedAnswer = z.object({
  views: z.array(
    z.object({
      at: utcMs,
      viewer: z.string(),
      /** A single picture outside cases; null: footage of a case. */
      picture: z.enum(['measuring', 'still']).nullable(),
      /** Null, as the type: outside cases. */
      caseNumber: z.string().nullable(),
      caseType: caseType.nullable(),
      /** Null: an interval, not one's own turn alone. */
      transactionId: transactionId.nullable(),
      queueNumber: z.string().nullable(),
      counter: z.string(),
      camera: z.string(),
      from: utcMs,
      to: utcMs,
    }),
  ),
});
export type WatchedAnswer = z.infer<typeof watchedAnswer>;
