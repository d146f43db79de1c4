/**
 * Which form a rating is asked with, which of its questions, and which answers each has. Pure look-ups in the
 * configuration; what is found is frozen in the rating. Refuses: a form that asks nothing at that stage.
 * Document: kiosk-app/DESIGN.md, "States of the counter".
 */
import { instrumentUseAt } from '../model/counter-config.ts';
import {
  type Bilingual,
  criteriaAt,
  type Instrument,
  type LevelKey,
  type QuestionKey,
} from '../model/instrument.ts';
import type { Outcome, Stage } from '../model/transaction.ts';
import type { Rules } from './counter-state.ts';

export interface Answer {
  readonly key: LevelKey;
  readonly word: Bilingual;
}

/** Who was refused or sent for papers is asked about that, whatever they came for. */
export function stageAsked(stage: Stage, outcome: Outcome): Stage {
  if (outcome === 'refused') return 'refusal';
  return outcome === 'supplement' ? 'supplement' : stage;
}

/** The form of the most exact use at this procedure and asked stage; the counter's own where that one asks nothing here. */
export function formFor(
  { instrument, instruments = [], uses = [] }: Rules,
  at: { readonly procedure: string | null; readonly stage: Stage },
): Instrument {
  const use = instrumentUseAt(uses, at)?.instrument;
  const form = use && instruments.find(({ id, version }) => id === use.id && version === use.version);
  return form && questionsOf(form, at.stage).length > 0 ? form : instrument;
}

/** In the order they are asked; the page of chips is none of them. */
export function questionsOf(form: Instrument, stage: Stage): readonly QuestionKey[] {
  return led(form, criteriaAt(form, stage));
}

/** All that are asked at one stage or another. */
export function questionsAsked(form: Instrument): readonly QuestionKey[] {
  return led(form, form.criteria);
}

function led({ kind }: Instrument, criteria: readonly { readonly key: QuestionKey }[]): QuestionKey[] {
  const keys = criteria.map(({ key }) => key);
  return kind === 'form' ? keys : ['overall', ...keys];
}

/** Best first, as the panel's buttons are. */
export function answersOf(form: Instrument, question: QuestionKey): readonly Answer[] {
  return form.criteria.find(({ key }) => key === question)?.options ?? form.levels;
}

/** The question as it is shown: the form's own, or the criterion's name. */
export function textOf(form: Instrument, question: QuestionKey): Bilingual {
  return form.criteria.find(({ key }) => key === question)?.name ?? form.question;
}

/** What the text of a question or of one of its answers is called in `languages` and `voices` of the configuration. */
export function textKeyOf(form: Instrument, question: QuestionKey, answer?: LevelKey): string {
  const criterion = form.criteria.find(({ key }) => key === question);
  if (answer === undefined) return criterion ? `criterion.${question}` : 'question';
  return criterion?.options ? `option.${question}.${answer}` : `level.${answer}`;
}

/** All that a question says: its sentence, then its answers in the order they are shown. */
export function textsOf(form: Instrument, question: QuestionKey): { key: string; text: Bilingual }[] {
  return [
    { key: textKeyOf(form, question), text: textOf(form, question) },
    ...answersOf(form, question).map(({ key, word }) => ({
      key: textKeyOf(form, question, key),
      text: word,
    })),
  ];
}
