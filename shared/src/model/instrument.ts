/**
 * An instrument (mẫu phiếu đánh giá) is versioned data: levels, criteria by stage, timing. A rating stores the
 * raw level key and the instrument version, never a pre-mapped percentage.
 */
import { z } from 'zod';
import { stage } from './transaction.ts';

/** Both languages of a text a citizen reads. */
export const bilingual = z.object({ vi: z.string().min(1).max(300), en: z.string().min(1).max(300) });
export type Bilingual = z.infer<typeof bilingual>;

/** 5 = very satisfied … 1 = very dissatisfied; a face, its colour and its word never change meaning. */
export const levelKey = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
export type LevelKey = z.infer<typeof levelKey>;

/** `overall`, `chips`, or the key of a criterion of the instrument, which is neither. */
export const questionKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
export type QuestionKey = z.infer<typeof questionKey>;

/** What `question.asked` names for the page of chips; nobody answers it with a level. */
export const CHIPS_QUESTION: QuestionKey = 'chips';
/** Chips on the page, the same number at every level. */
export const CHIPS_COUNT = 8;
/** Six characters, so that the length of what is stored or sent tells nothing about which set was shown. */
export const chipKey = z.string().regex(/^[a-z][a-z0-9]{5}$/);
export type ChipKey = z.infer<typeof chipKey>;

export const criterion = z.object({
  key: questionKey,
  /** Who it speaks about: the counter officer, or the unit that processed the matter. */
  about: z.enum(['officer', 'unit']),
  stages: z.array(stage).min(1),
  name: bilingual,
});
export type Criterion = z.infer<typeof criterion>;

export const instrument = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  version: z.int().min(1),
  name: bilingual,
  question: bilingual,
  /** Best first; the same order as the panel's buttons, button 1 = first level. */
  levels: z
    .array(z.object({ key: levelKey, word: bilingual }))
    .min(3)
    .max(5),
  criteria: z.array(criterion).max(6),
  /** Fixed time from `rating.opened` to `rating.closed`, the same whatever was tapped. */
  closeAfterMs: z.int().min(5_000).max(600_000),
  /** How long the thanks stay before the citizen's screen returns to rest. */
  thanksMs: z.int().min(1_000).max(30_000),
  /** "Chọn lại": how long after the first tap a correction is offered. */
  correctionMs: z.int().min(0).max(60_000),
});
export type Instrument = z.infer<typeof instrument>;

/** The criteria asked at a stage, in the instrument's order. */
export function criteriaAt(form: Instrument, at: z.infer<typeof stage>): readonly Criterion[] {
  return form.criteria.filter((each) => each.stages.includes(at));
}
