/**
 * A rating without a transaction as a pure fold over the facts that name it, in any order; of two claims the earlier holds, as in
 * a transaction. It belongs to a counter and a month, and by construction to no officer.
 * See hub-server/DESIGN.md, "Projections".
 */
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';
import { type Claim, earlier, type FactRef } from './transaction-fold.ts';

export interface WalkupVote {
  readonly id: string;
  readonly question: string;
  readonly attempt: number;
  readonly level: LevelKey;
  readonly event: number;
}
export interface WalkupState {
  readonly id: string;
  readonly opened: {
    readonly event: number;
    readonly at: number;
    /** Null: nobody can say how exact. */
    readonly bound: number | null;
    readonly closeAfterMs: number;
    readonly counterId: string;
    readonly instrumentId: string;
    readonly instrumentVersion: number;
  } | null;
  readonly closed: { readonly event: number; readonly reason: BodyOf<'walkup.closed'>['reason'] } | null;
  readonly votes: readonly WalkupVote[];
  /** Events that name it and hold no part of it, ascending. */
  readonly others: readonly number[];
}
export type WalkupFact = BodyOf<'walkup.opened'> | BodyOf<'walkup.voted'> | BodyOf<'walkup.closed'>;

export const isWalkupFact = (body: EventBody): body is WalkupFact =>
  body.type === 'walkup.opened' || body.type === 'walkup.voted' || body.type === 'walkup.closed';

export const emptyWalkup = (id: string): WalkupState => ({
  ...{ id, opened: null, closed: null, votes: [], others: [] },
});

function aside(state: WalkupState, event: number): WalkupState {
  if (state.others.includes(event)) return state;
  return { ...state, others: [...state.others, event].sort((a, b) => a - b) };
}

export function applyWalkupFact(
  state: WalkupState,
  body: WalkupFact,
  ref: FactRef,
  refOf: (event: number) => Claim,
): WalkupState {
  const claim = (held: { readonly event: number } | null, take: (cleared: WalkupState) => WalkupState) => {
    if (held?.event === ref.id) return state;
    if (held && !earlier(ref, refOf(held.event))) return aside(state, ref.id);
    return take(held ? aside(state, held.event) : state);
  };
  switch (body.type) {
    case 'walkup.opened':
      return claim(state.opened, (cleared) => ({
        ...cleared,
        opened: {
          ...{ event: ref.id, at: ref.at, bound: ref.provisional ? null : ref.bound },
          ...{ counterId: body.counter, closeAfterMs: body.closeAfterMs },
          ...{ instrumentId: body.instrument.id, instrumentVersion: body.instrument.version },
        },
      }));
    case 'walkup.closed':
      return claim(state.closed, (cleared) => ({
        ...cleared,
        closed: { event: ref.id, reason: body.reason },
      }));
    case 'walkup.voted': {
      const held = state.votes.find(({ id }) => id === body.vote) ?? null;
      const vote: WalkupVote = {
        ...{ id: body.vote, question: body.question, attempt: body.attempt, level: body.level },
        event: ref.id,
      };
      return claim(held, (cleared) => ({
        ...cleared,
        votes: [...cleared.votes.filter(({ id }) => id !== vote.id), vote],
      }));
    }
  }
}

/** The answer of the highest attempt; null: nobody answered. */
export function walkupLevel({ votes }: WalkupState): LevelKey | null {
  let best: WalkupVote | null = null;
  for (const vote of votes) {
    if (vote.question !== 'overall') continue;
    if (!best || vote.attempt > best.attempt || (vote.attempt === best.attempt && vote.id < best.id))
      best = vote;
  }
  return best?.level ?? null;
}

/** `YYYY-MM` in Vietnam of its opening; null until it is known. */
export const walkupMonth = ({ opened }: WalkupState): string | null => opened && vietnamMonth(opened.at);

export function eventsOfWalkup({ opened, closed, votes, others }: WalkupState): Set<number> {
  const events = new Set([...others, ...votes.map(({ event }) => event)]);
  for (const part of [opened, closed]) if (part) events.add(part.event);
  return events;
}
