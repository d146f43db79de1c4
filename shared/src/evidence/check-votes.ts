/**
 * Purpose: whether the hub's own view of a transaction's votes (rating/rating.json) says what the disclosed events of the chain say:
 *   the same votes, each at its event, and the rating that follows from them by the one fold. Pure.
 * Refuses: a vote that no event of the excerpt states, or one that is left out. What a withheld vote by phone said nobody can compare:
 *   only that there is one.
 * Document: shared/PROTOCOL.md, "Evidence package".
 */
import { z } from 'zod';
import { type EffectiveRating, effectiveRating, type Vote } from '../counter/effective-rating.ts';
import { readEvent } from '../edge/event.ts';
import { fromBase64Url } from '../log/base64.ts';
import { effectiveForm } from '../model/effective-form.ts';
import type { BodyOf } from '../model/event.ts';
import { levelKey } from '../model/instrument.ts';
import { PACKAGE_VERSIONS } from './package-files.ts';
import type { PackageChain } from './proofs.ts';

const statedVote = z.object({
  ...{ voteId: z.string(), ratingId: z.string(), question: z.string(), level: levelKey, attempt: z.int() },
  ...{ via: z.enum(['panel', 'touch', 'private']), button: z.int().nullable(), effective: z.boolean() },
  event: z.object({ device: z.string(), epoch: z.string(), seq: z.int() }),
});
type StatedVote = z.infer<typeof statedVote>;
/** What is compared of it; the rest is for readers, and the hub's word alone. */
export const ratingForm = z.object({
  v: z.enum(PACKAGE_VERSIONS),
  ratings: z
    .object({
      effective: effectiveForm.nullable(),
      votes: z.array(statedVote).max(10_000),
    })
    .nullable(),
  presses: z
    .array(z.object({ button: z.int().nullable(), via: z.string(), level: z.int().nullable() }))
    .max(10_000),
});
export type RatingText = z.infer<typeof ratingForm>;

const placeOf = ({ device, epoch, seq }: StatedVote['event']): string => `${device} ${epoch} ${seq}`;

export function votesAgree(
  chain: Pick<PackageChain, 'stretches' | 'withheld'>,
  { ratings, presses }: Pick<RatingText, 'ratings' | 'presses'>,
  transaction: string | null,
): boolean {
  const votes = ratings?.votes ?? [];
  const chained = votesIn(chain, transaction);
  const byPhone = new Set(
    chain.withheld.flatMap(({ type, ...event }) => (type === 'private.voted' ? [placeOf(event)] : [])),
  );
  const isStated = (vote: StatedVote): boolean => {
    const place = placeOf(vote.event);
    if (vote.via === 'private') return byPhone.has(place);
    const body = chained.get(place);
    return body !== undefined && isSame(vote, body);
  };
  const stated = new Set(votes.map(({ voteId, question }) => `${voteId} ${question}`));
  const isWhole = [...chained.values()].every(({ vote, question }) => stated.has(`${vote} ${question}`));
  const isPress = ({ button, via, level }: RatingText['presses'][number]): boolean =>
    level === null ||
    votes.some((vote) => vote.via === via && vote.button === button && vote.level === level);
  return (
    votes.every(isStated) && isWhole && presses.every(isPress) && follows(ratings?.effective ?? null, votes)
  );
}

function votesIn(
  { stretches }: Pick<PackageChain, 'stretches'>,
  transaction: string | null,
): ReadonlyMap<string, BodyOf<'rating.voted'>> {
  const found = new Map<string, BodyOf<'rating.voted'>>();
  for (const { device, epoch, firstSeq, events } of stretches)
    for (const [index, text] of events.entries()) {
      const bytes = fromBase64Url(text);
      const read = bytes && readEvent(bytes);
      if (!read?.ok || read.event.body.type !== 'rating.voted') continue;
      const { body } = read.event;
      if (body.transaction === transaction)
        found.set(placeOf({ device, epoch, seq: firstSeq + index }), body);
    }
  return found;
}

function isSame(vote: StatedVote, { source, ...body }: BodyOf<'rating.voted'>): boolean {
  // A panel that types keys is a panel, whatever way its press took.
  const button = source.via === 'panel' ? source.button : (source.wedge ?? null);
  return (
    vote.voteId === body.vote &&
    vote.ratingId === body.rating &&
    vote.question === body.question &&
    vote.level === body.level &&
    vote.attempt === body.attempt &&
    vote.button === button &&
    vote.via === (button === null ? 'touch' : 'panel')
  );
}

/** Which of the votes by phone came in time, the package does not say: any first one may be the one that counts, or none. */
function follows(
  effective: NonNullable<RatingText['ratings']>['effective'],
  votes: readonly StatedVote[],
): boolean {
  const counter = votes.flatMap(({ via, voteId, question, level, attempt }): Vote[] =>
    via === 'private' ? [] : [{ route: 'counter', vote: voteId, question, level, attempt }],
  );
  const phones = votes.filter(({ via }) => via === 'private');
  const orders = [...new Set(phones.map(({ voteId }) => voteId))];
  const own = phones.map(
    ({ voteId, question, level }): Vote => ({
      ...{ route: 'private', vote: voteId, question, level },
      ...{ order: orders.indexOf(voteId), inTime: true },
    }),
  );
  const starts = [Number.POSITIVE_INFINITY, ...orders.keys()];
  return starts.some((from) => {
    const inTime = own.filter((vote) => vote.route === 'private' && vote.order >= from);
    return isRating(effective, effectiveRating([...counter, ...inTime]), votes);
  });
}

function isRating(
  said: NonNullable<RatingText['ratings']>['effective'],
  folded: EffectiveRating | null,
  votes: readonly StatedVote[],
): boolean {
  // A form of criteria has no overall answer: its votes are all there is to compare.
  if (said === null || folded === null) return said === folded;
  const { overall, criteria, route, review } = folded;
  const questions = Object.keys(criteria);
  const counted = new Set(Object.values(folded.votes));
  return (
    said.overall === overall &&
    said.route === route &&
    said.review === review &&
    Object.keys(said.criteria).length === questions.length &&
    questions.every((question) => said.criteria[question] === criteria[question]) &&
    votes.every(({ voteId, effective }) => counted.has(voteId) === effective)
  );
}
