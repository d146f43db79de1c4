/**
 * An instrument (mẫu phiếu đánh giá) is versioned data: levels, criteria by stage, chips by level, timing. A rating stores
 * the raw level key and the instrument version, never a pre-mapped percentage.
 * Refuses: a level without its set of chips or with two, a key that stands twice, a form with chips or without options.
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
const RESERVED_QUESTIONS: ReadonlySet<QuestionKey> = new Set(['overall', CHIPS_QUESTION]);
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
  /**
   * Answers of its own, in the order of the panel's buttons; absent: the instrument's levels. A vote carries the key as its
   * level; what it is worth is `points`, and only a form counts them.
   */
  options: z
    .array(z.object({ key: levelKey, word: bilingual, points: z.int().min(0).max(100) }))
    .min(2)
    .max(5)
    .optional(),
});
export type Criterion = z.infer<typeof criterion>;

export const chip = z.object({
  key: chipKey,
  word: bilingual,
  /** Who reads it: absent, the office; `province`, nobody of the office. */
  to: z.literal('province').optional(),
});
export type Chip = z.infer<typeof chip>;

/** The chips shown after an overall answer of one of these levels. */
export const chipSet = z.object({
  levels: z.array(levelKey).min(1).max(5),
  chips: z.array(chip).length(CHIPS_COUNT),
});
export type ChipSet = z.infer<typeof chipSet>;

export const instrument = z
  .object({
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
    /** "Chọn lại": how long after an answer the way back to it is offered. */
    correctionMs: z.int().min(0).max(60_000),
    /**
     * tap (also where absent): `overall` first, then the criteria of the stage. form: only criteria, each answered by its
     * options; it is never counted together with taps.
     */
    kind: z.enum(['tap', 'form']).optional(),
    /** The page of chips; absent: there is none. */
    chips: z.array(chipSet).min(1).max(5).optional(),
  })
  .superRefine((form, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    const twice = (keys: readonly unknown[]) => new Set(keys).size !== keys.length;
    const questions = form.criteria.map(({ key }) => key);
    if (twice(questions) || questions.some((key) => RESERVED_QUESTIONS.has(key)))
      refuse('criteria', 'a key twice, or a reserved one');
    if (form.criteria.some(({ options }) => options && twice(options.map(({ key }) => key))))
      refuse('criteria', 'an option twice');
    const answered = questions.length > 0 && form.criteria.every(({ options }) => options !== undefined);
    if (form.kind === 'form' && (form.chips || !answered))
      refuse('kind', 'a form has criteria with options, and no chips');
    if (!form.chips) return;
    const levels = form.chips.flatMap((set) => set.levels);
    if (
      twice(levels) ||
      levels.length !== form.levels.length ||
      !form.levels.every(({ key }) => levels.includes(key))
    )
      refuse('chips', 'not one set for each level');
    if (twice(form.chips.flatMap((set) => set.chips.map(({ key }) => key)))) refuse('chips', 'a key twice');
  });
export type Instrument = z.infer<typeof instrument>;

/** What a fact or a configuration names it by. */
export const instrumentRef = z.object({ id: z.string().max(40), version: z.int().min(1) });
export type InstrumentRef = z.infer<typeof instrumentRef>;

/** The chips that belong to an overall level; null: the form has no such page. */
export function chipsAt(form: Instrument, level: LevelKey): readonly Chip[] | null {
  return form.chips?.find((set) => set.levels.includes(level))?.chips ?? null;
}

/** The criteria asked at a stage, in the instrument's order. */
export function criteriaAt(form: Instrument, at: z.infer<typeof stage>): readonly Criterion[] {
  return form.criteria.filter((each) => each.stages.includes(at));
}
