/**
 * The effective answers of a form: a pure fold over the *set* of votes of one transaction, as effective-rating.ts is for a tap.
 * A form has no overall answer: per question the vote of the highest attempt counts at the counter, the first in time by
 * phone. Where both routes voted, the one with fewer points over the questions that both answered is effective, by phone
 * where they are equal, and the pair goes to review. Refuses: a question that is none of the form, an answer it does not have.
 */
import type { Instrument, LevelKey, QuestionKey } from '../model/instrument.ts';
import { pickVotes, type Vote } from './effective-rating.ts';

export interface EffectiveForm {
  readonly route: 'counter' | 'private';
  /** The option's key, by question. */
  readonly answers: Readonly<Record<QuestionKey, LevelKey>>;
  /** Votes that count, by question. */
  readonly votes: Readonly<Record<QuestionKey, string>>;
  readonly review: boolean;
  /** What the worst answer is worth within its question, whole percent: 0 is the answer worth least, 100 the one worth most. */
  readonly lowest: number;
}

type Answered = Pick<Vote, 'question' | 'level'>;
const optionsOf = (form: Instrument, question: QuestionKey) =>
  form.criteria.find(({ key }) => key === question)?.options ?? [];
const pointsOf = (form: Instrument, { question, level }: Answered): number | null =>
  optionsOf(form, question).find(({ key }) => key === level)?.points ?? null;

/** Where all answers of a question are worth the same none of them is bad. */
function shareOf(form: Instrument, answered: Answered): number {
  const points = optionsOf(form, answered.question).map((option) => option.points);
  const [least, most] = [Math.min(...points), Math.max(...points)];
  return most === least
    ? 100
    : Math.floor((((pointsOf(form, answered) ?? most) - least) * 100) / (most - least));
}

/** Null when nobody answered anything: missing is missing. */
export function effectiveForm(form: Instrument, votes: readonly Vote[]): EffectiveForm | null {
  const { counter, own } = pickVotes(votes.filter((vote) => pointsOf(form, vote) !== null));
  if (counter.size === 0 && own.size === 0) return null;
  const both = counter.size > 0 && own.size > 0;
  const points = (side: ReadonlyMap<string, Vote>, other: ReadonlyMap<string, Vote>): number =>
    [...side.values()]
      .filter(({ question }) => other.has(question))
      .reduce((sum, vote) => sum + (pointsOf(form, vote) ?? 0), 0);
  const byPhone = both ? points(own, counter) <= points(counter, own) : own.size > 0;
  const answers: Record<string, LevelKey> = {};
  const counted: Record<string, string> = {};
  const side: ReadonlyMap<string, Vote> = byPhone ? own : counter;
  for (const question of [...side.keys()].sort()) {
    const { vote, level } = side.get(question)!;
    counted[question] = vote;
    answers[question] = level;
  }
  const lowest = Math.min(...[...side.values()].map((vote) => shareOf(form, vote)));
  return { route: byPhone ? 'private' : 'counter', answers, votes: counted, review: both, lowest };
}
