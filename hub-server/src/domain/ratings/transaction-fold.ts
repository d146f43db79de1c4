/**
 * A transaction, its one prompt and its votes, as a pure fold over the facts that name it. Facts may arrive in any
 * order and incomplete: each fills its own part, and where two facts claim the same part the one earlier by
 * (effectiveAt, epoch, seq) holds it, so arrival never decides. A rating belongs to this transaction and to the
 * officer frozen in it. See hub-server/DESIGN.md, "Projections".
 */
import {
  type EffectiveRating,
  effectiveRating,
  type Vote,
} from '@hailong/shared/counter/effective-rating.ts';
import type { BodyOf, EventBody } from '@hailong/shared/model/event.ts';
import type { LevelKey } from '@hailong/shared/model/instrument.ts';
import type { Outcome } from '@hailong/shared/model/transaction.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';

/** Where a fact stands: `id` is the hub's row, the rest comes from the chain. */
export interface FactRef {
  readonly id: number;
  readonly at: number;
  readonly epoch: string;
  readonly seq: number;
}

export interface Service {
  readonly counterId: string;
  readonly officerId: string;
  readonly officerCode: string;
  readonly unitId: string;
  readonly dutyId: string;
  readonly procedureCode: string | null;
  readonly stage: string;
  readonly dossierCodes: readonly string[];
}
export interface Prompt {
  readonly ratingId: string;
  /** Null while only its close is known. */
  readonly opened: {
    readonly instrumentId: string;
    readonly instrumentVersion: number;
    readonly by: 'officer' | 'citizen';
    readonly closeAfterMs: number;
    readonly at: number;
    readonly event: number;
  } | null;
  readonly closed: {
    readonly at: number;
    readonly event: number;
    readonly reason: BodyOf<'rating.closed'>['reason'];
    readonly drained: boolean;
  } | null;
}
export interface HeldVote {
  readonly id: string;
  readonly ratingId: string;
  readonly question: string;
  readonly attempt: number;
  readonly level: LevelKey;
  readonly via: 'panel' | 'touch' | 'private';
  readonly button: number | null;
  readonly at: number;
  readonly inTime: boolean;
  readonly event: number;
}
export interface TransactionState {
  readonly id: string;
  /** From transaction.opened, else the snapshot of rating.opened. */
  readonly service: Service | null;
  readonly opened: {
    readonly at: number;
    readonly event: number;
    readonly queueNumber: string | null;
  } | null;
  readonly finished: {
    readonly at: number;
    readonly event: number;
    readonly outcome: Outcome;
    readonly by: string;
  } | null;
  /** The latest annotation. */
  readonly annotated: { readonly outcome: Outcome; readonly event: number } | null;
  readonly prompt: Prompt | null;
  readonly votes: readonly HeldVote[];
}

export type TransactionFact = Extract<EventBody, { transaction: unknown }>;

export function isTransactionFact(body: EventBody): body is TransactionFact {
  return 'transaction' in body;
}

export function emptyTransaction(id: string): TransactionState {
  return {
    ...{ id, service: null, opened: null, finished: null, annotated: null, prompt: null },
    votes: [],
  };
}

function earlier(a: FactRef, b: FactRef): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.epoch !== b.epoch) return a.epoch < b.epoch;
  return a.seq < b.seq;
}

function service(body: BodyOf<'transaction.opened'> | BodyOf<'rating.opened'>): Service {
  return {
    counterId: body.counter,
    officerId: body.officer,
    officerCode: body.officerCode,
    unitId: body.unit,
    dutyId: body.duty,
    procedureCode: body.procedure,
    stage: body.stage,
    dossierCodes: body.dossierCodes,
  };
}

function withPrompt(
  state: TransactionState,
  ratingId: string,
  change: Partial<Pick<Prompt, 'opened' | 'closed'>>,
): TransactionState {
  return { ...state, prompt: { opened: null, closed: null, ...state.prompt, ratingId, ...change } };
}

/** `ref.at` is effectiveAt of the fact; `refOf` finds the place of a held fact, asked only when two claim one part. */
export function applyFact(
  state: TransactionState,
  body: TransactionFact,
  ref: FactRef,
  refOf: (event: number) => FactRef,
): TransactionState {
  const loses = (held: { readonly event: number } | null | undefined): boolean =>
    held != null && !earlier(ref, refOf(held.event));
  switch (body.type) {
    case 'transaction.opened':
      if (loses(state.opened)) return state;
      return {
        ...state,
        service: service(body),
        opened: { at: ref.at, event: ref.id, queueNumber: body.queueNumber },
      };
    case 'transaction.finished':
      if (loses(state.finished)) return state;
      return { ...state, finished: { at: ref.at, event: ref.id, outcome: body.outcome, by: body.by } };
    case 'transaction.annotated':
      if (state.annotated && !earlier(refOf(state.annotated.event), ref)) return state;
      return { ...state, annotated: { outcome: body.outcome, event: ref.id } };
    case 'rating.opened':
      if (loses(state.prompt?.opened)) return state;
      return {
        ...withPrompt(state, body.rating, {
          opened: {
            instrumentId: body.instrument.id,
            instrumentVersion: body.instrument.version,
            by: body.openedBy,
            closeAfterMs: body.closeAfterMs,
            at: ref.at,
            event: ref.id,
          },
        }),
        service: state.opened && state.service ? state.service : service(body),
      };
    case 'rating.voted': {
      const held = state.votes.find((vote) => vote.id === body.vote);
      if (loses(held)) return state;
      const vote: HeldVote = {
        id: body.vote,
        ratingId: body.rating,
        question: body.question,
        attempt: body.attempt,
        level: body.level,
        via: body.source.via,
        button: body.source.via === 'panel' ? body.source.button : null,
        at: ref.at,
        inTime: true,
        event: ref.id,
      };
      return { ...state, votes: [...state.votes.filter((each) => each !== held), vote] };
    }
    case 'rating.closed':
      if (loses(state.prompt?.closed)) return state;
      return withPrompt(state, state.prompt?.opened ? state.prompt.ratingId : body.rating, {
        closed: { at: ref.at, event: ref.id, reason: body.reason, drained: body.drained },
      });
  }
}

export function effectiveOf(state: TransactionState): EffectiveRating | null {
  return effectiveRating(
    state.votes.map(
      (vote): Vote =>
        vote.via === 'private'
          ? {
              ...{ route: 'private', vote: vote.id, question: vote.question, order: vote.event },
              ...{ inTime: vote.inTime, level: vote.level },
            }
          : {
              ...{ route: 'counter', vote: vote.id, question: vote.question },
              ...{ attempt: vote.attempt, level: vote.level },
            },
    ),
  );
}

/** `YYYY-MM` in Vietnam of transaction.finished; null until it is known. */
export function monthOf(state: TransactionState): string | null {
  return state.finished ? vietnamMonth(state.finished.at) : null;
}
