/**
 * The effective rating: a pure fold over the *set* of votes of one transaction. Neither order of arrival nor wall
 * clock enters it, so that a resend after a restore gives the same result.
 * Counter route: per question the vote of the highest attempt counts. Private route: the first vote, if in time.
 * Where both voted, the lower overall level is effective and the pair goes to review.
 */
import type { LevelKey, QuestionKey } from '../model/instrument.ts';

export interface CounterVote {
  readonly route: 'counter';
  readonly vote: string;
  readonly question: QuestionKey;
  readonly attempt: number;
  readonly level: LevelKey;
}
export interface PrivateVote {
  readonly route: 'private';
  readonly vote: string;
  readonly question: QuestionKey;
  /** Position in the hub's chain: the first counts. */
  readonly order: number;
  readonly inTime: boolean;
  readonly level: LevelKey;
}
export type Vote = CounterVote | PrivateVote;

export interface EffectiveRating {
  readonly route: 'counter' | 'private';
  readonly overall: LevelKey;
  readonly criteria: Readonly<Record<QuestionKey, LevelKey>>;
  /** Votes that count, by question. */
  readonly votes: Readonly<Record<QuestionKey, string>>;
  readonly review: boolean;
}

/** The vote that counts for each question. */
function pick<V extends Vote>(votes: readonly V[], beats: (a: V, b: V) => boolean): ReadonlyMap<string, V> {
  const best = new Map<string, V>();
  for (const vote of votes) {
    const held = best.get(vote.question);
    if (!held || beats(vote, held)) best.set(vote.question, vote);
  }
  return best;
}

/** Of each route the vote that counts for each question, whatever is asked. */
export function pickVotes(votes: readonly Vote[]): {
  readonly counter: ReadonlyMap<string, CounterVote>;
  readonly own: ReadonlyMap<string, PrivateVote>;
} {
  const counter = pick(
    votes.filter((vote): vote is CounterVote => vote.route === 'counter'),
    (a, b) => a.attempt > b.attempt || (a.attempt === b.attempt && a.vote < b.vote),
  );
  const own = pick(
    votes.filter((vote): vote is PrivateVote => vote.route === 'private' && vote.inTime),
    (a, b) => a.order < b.order || (a.order === b.order && a.vote < b.vote),
  );
  return { counter, own };
}

/** Null when nobody answered the overall question: missing is missing. */
export function effectiveRating(votes: readonly Vote[]): EffectiveRating | null {
  const { counter, own } = pickVotes(votes);
  const counterOverall = counter.get('overall')?.level;
  const privateOverall = own.get('overall')?.level;
  if (counterOverall === undefined && privateOverall === undefined) return null;
  const both = counterOverall !== undefined && privateOverall !== undefined;
  const route =
    counterOverall === undefined || (both && (privateOverall as LevelKey) < counterOverall)
      ? 'private'
      : 'counter';
  const side: ReadonlyMap<string, Vote> = route === 'private' ? own : counter;
  const overall = (route === 'private' ? privateOverall : counterOverall) as LevelKey;
  const criteria: Record<string, LevelKey> = {};
  const counted: Record<string, string> = {};
  for (const question of [...side.keys()].sort()) {
    const { vote, level } = side.get(question)!;
    counted[question] = vote;
    if (question !== 'overall') criteria[question] = level;
  }
  return { route, overall, criteria, votes: counted, review: both };
}
