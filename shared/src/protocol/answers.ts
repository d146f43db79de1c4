/**
 * GET /api/v1/dashboard/answers?month=: what was answered, told by the form it was asked with, of the whole office. Chips that
 * are the province's stand in no answer of this hub.
 */
import { z } from 'zod';
import { counterId } from '../ids.ts';
import { bilingual, chipKey, levelKey, questionKey } from '../model/instrument.ts';
import { month } from './http.ts';

const count = z.int().min(0);
const asked = { id: z.string(), name: bilingual };

export const dashboardAnswers = z.object({
  month,
  /** Of taps: the overall answer. */
  taps: z.array(
    z.object({ ...asked, levels: z.array(z.object({ key: levelKey, word: bilingual, n: count })) }),
  ),
  /** Of forms of criteria; `points` as the form says. */
  forms: z.array(
    z.object({
      ...asked,
      questions: z.array(
        z.object({
          key: questionKey,
          name: bilingual,
          options: z.array(z.object({ key: levelKey, word: bilingual, points: z.int(), n: count })),
        }),
      ),
    }),
  ),
  chips: z.array(
    z.object({ ...asked, chips: z.array(z.object({ key: chipKey, word: bilingual, n: count })) }),
  ),
  /** Ratings without a transaction, by counter: they stand in no other figure. */
  walkups: z.array(
    z.object({ counterId, label: z.string(), levels: z.array(z.object({ key: levelKey, n: count })) }),
  ),
});
export type DashboardAnswers = z.infer<typeof dashboardAnswers>;
