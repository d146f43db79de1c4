/**
 * A transaction, its one prompt and its votes, as a pure fold over the facts that name it. Facts may arrive in any
 * order and incomplete: each fills its own part, and where two facts claim the same part the one earlier by
 * (claimed at, epoch, seq) holds it: neither arrival nor a later anchor decides. A rating belongs to this transaction
 * and to the officer frozen in it. See hub-server/DESIGN.md, "Projections".
 */
import { type EffectiveForm, effectiveForm } from '@hailong/shared/counter/effective-form.ts';
import {
  type EffectiveRating,
  effectiveRating,
  type Vote,
} from '@hailong/shared/counter/effective-rating.ts';
import type { BodyOf, EventBody, VoteSource } from '@hailong/shared/model/event.ts';
import type { ChipKey, Instrument, InstrumentRef, LevelKey } from '@hailong/shared/model/instrument.ts';
import { type Outcome, type ReasonKey, SILENT_OUTCOMES } from '@hailong/shared/model/transaction.ts';
import { vietnamMonth } from '@hailong/shared/time.ts';

/** The place of a fact in its chain: decides between claims, and never changes. */
export interface Claim {
  readonly claimed: number;
  readonly epoch: string;
  readonly seq: number;
}
/** `id` is the hub's row; `at` and `bound` say when it happened (effective-time.ts). */
export interface FactRef extends Claim {
  readonly id: number;
  readonly at: number;
  /** Null: nobody can say how exact. */
  readonly bound: number | null;
  readonly provisional: boolean;
}
/** When a part happened, and the event that says so. */
export interface Moment {
  readonly at: number;
  /** Null: without an anchor nothing says how exact it is. */
  readonly bound: number | null;
  readonly event: number;
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
  readonly opened:
    | (Moment & {
        readonly instrumentId: string;
        readonly instrumentVersion: number;
        readonly by: 'officer' | 'citizen';
        readonly closeAfterMs: number;
        /** False: no prompt was shown, only the private route is open. */
        readonly shown: boolean;
      })
    | null;
  readonly closed:
    | (Moment & { readonly reason: BodyOf<'rating.closed'>['reason']; readonly drained: boolean })
    | null;
}
export interface HeldVote {
  readonly id: string;
  /** Empty: by a typed code, which names none. */
  readonly ratingId: string;
  readonly question: string;
  readonly attempt: number;
  readonly level: LevelKey;
  readonly via: 'panel' | 'touch' | 'private';
  readonly button: number | null;
  readonly at: number;
  readonly inTime: boolean;
  /** Private route: place in the hub's chain as text that sorts; the first counts. */
  readonly order: string | null;
  /** Private route: salted hash of the phone's own token. */
  readonly phone: string | null;
  readonly event: number;
}
/** The chips after one touch, or those of a vote by phone, beside the overall vote whose page was shown. */
export interface HeldChips {
  readonly overallVote: string;
  readonly n: number;
  readonly chips: readonly ChipKey[];
  readonly event: number;
}
export interface TransactionState {
  readonly id: string;
  /** From transaction.opened, else the snapshot of rating.opened. */
  readonly service: Service | null;
  readonly opened: (Moment & { readonly queueNumber: string | null }) | null;
  readonly finished:
    | (Moment & {
        readonly outcome: Outcome;
        readonly by: string;
        readonly reason: ReasonKey | null;
        readonly provisional: boolean;
      })
    | null;
  /** The latest annotation. */
  readonly annotated: {
    readonly outcome: Outcome;
    readonly reason: ReasonKey | null;
    readonly event: number;
  } | null;
  readonly prompt: Prompt | null;
  readonly votes: readonly HeldVote[];
  readonly chips: readonly HeldChips[];
  /** Events that name it and hold no part of it, ascending: with them it can be folded again. */
  readonly others: readonly number[];
  /** The same dossier was served at this counter meanwhile, and that one is rated: this rating does not count. */
  readonly twin: boolean;
}

/** A private vote belongs to the transaction its route leads to, which is found elsewhere. */
export type TransactionFact = Extract<EventBody, { transaction: unknown }> | BodyOf<'private.voted'>;

export function isTransactionFact(body: EventBody): body is Extract<EventBody, { transaction: unknown }> {
  return 'transaction' in body;
}

export function emptyTransaction(id: string): TransactionState {
  return {
    ...{ id, service: null, opened: null, finished: null, annotated: null, prompt: null },
    ...{ votes: [], chips: [], others: [], twin: false },
  };
}

export function earlier(a: Claim, b: Claim): boolean {
  if (a.claimed !== b.claimed) return a.claimed < b.claimed;
  if (a.epoch !== b.epoch) return a.epoch < b.epoch;
  return a.seq < b.seq;
}

const orderOf = ({ claimed, epoch, seq }: Claim): string =>
  `${String(claimed).padStart(16, '0')} ${epoch} ${String(seq).padStart(16, '0')}`;

const momentOf = ({ at, bound, provisional, id }: FactRef): Moment => ({
  ...{ at, bound: provisional ? null : bound, event: id },
});

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

function aside(state: TransactionState, event: number): TransactionState {
  if (state.others.includes(event)) return state;
  return { ...state, others: [...state.others, event].sort((a, b) => a - b) };
}

/** `refOf` finds the place of a held fact; asked only when two claim one part. */
export function applyFact(
  state: TransactionState,
  body: TransactionFact,
  ref: FactRef,
  refOf: (event: number) => Claim,
): TransactionState {
  /** The part as held, and how the state looks when this fact takes it. The one that loses is remembered. */
  const claim = (
    held: { readonly event: number } | null | undefined,
    take: () => TransactionState,
    beats: (mine: Claim, its: Claim) => boolean = earlier,
  ): TransactionState => {
    if (held == null) return take();
    if (held.event === ref.id) return state;
    return beats(ref, refOf(held.event)) ? aside(take(), held.event) : aside(state, ref.id);
  };
  switch (body.type) {
    case 'transaction.opened':
      return claim(state.opened, () => ({
        ...state,
        service: service(body),
        opened: { ...momentOf(ref), queueNumber: body.queueNumber },
      }));
    case 'transaction.finished':
      return claim(state.finished, () => ({
        ...state,
        finished: {
          ...momentOf(ref),
          ...{ outcome: body.outcome, by: body.by, reason: body.reason ?? null },
          provisional: ref.provisional,
        },
      }));
    case 'transaction.annotated':
      return claim(
        state.annotated,
        () => ({
          ...state,
          annotated: { outcome: body.outcome, reason: body.reason ?? null, event: ref.id },
        }),
        (mine, its) => earlier(its, mine),
      );
    case 'rating.opened':
      return claim(state.prompt?.opened, () => ({
        ...withPrompt(state, body.rating, {
          opened: {
            ...momentOf(ref),
            instrumentId: body.instrument.id,
            instrumentVersion: body.instrument.version,
            by: body.openedBy,
            closeAfterMs: body.closeAfterMs,
            shown: body.prompt !== false,
          },
        }),
        service: state.opened && state.service ? state.service : service(body),
      }));
    case 'rating.closed':
      return claim(state.prompt?.closed, () =>
        withPrompt(state, state.prompt?.opened ? state.prompt.ratingId : body.rating, {
          closed: { ...momentOf(ref), reason: body.reason, drained: body.drained },
        }),
      );
    case 'rating.voted':
      return withVotes(state, ref, claim, [
        {
          ...{ id: body.vote, ratingId: body.rating, question: body.question, attempt: body.attempt },
          ...{ level: body.level, order: null, phone: null, inTime: true },
          ...inputOf(body.source),
        },
      ]);
    case 'rating.went_private':
      // Ends nothing here: its votes stay votes, and the prompt closes by rating.closed, whose reason says the same.
      return aside(state, ref.id);
    case 'chips.chosen':
      return withChips(state, ref, claim, {
        ...{ overallVote: body.overallVote, n: body.n, chips: body.chips },
      });
    case 'private.voted': {
      const voted = withVotes(
        state,
        ref,
        claim,
        body.answers.map(({ question, level }) => ({
          ...{ id: body.vote, question, attempt: 1, level, via: 'private', button: null },
          ratingId: body.route.via === 'ticket' ? body.route.rating : '',
          ...{ inTime: body.inTime, order: orderOf(ref), phone: body.phone },
        })),
      );
      // One event a submission: its chips stand and fall with its answers.
      if (!body.chips || !voted.votes.some(({ event }) => event === ref.id)) return voted;
      return withChips(voted, ref, claim, { overallVote: body.vote, n: 1, chips: body.chips });
    }
  }
}

function withChips(
  state: TransactionState,
  ref: FactRef,
  claim: (held: { readonly event: number } | undefined, take: () => TransactionState) => TransactionState,
  set: Omit<HeldChips, 'event'>,
): TransactionState {
  const same = (each: HeldChips): boolean => each.overallVote === set.overallVote && each.n === set.n;
  return claim(state.chips.find(same), () => ({
    ...state,
    chips: [...state.chips.filter((each) => !same(each)), { ...set, event: ref.id }],
  }));
}

function withVotes(
  state: TransactionState,
  ref: FactRef,
  claim: (held: { readonly event: number } | undefined, take: () => TransactionState) => TransactionState,
  votes: readonly Omit<HeldVote, 'at' | 'event'>[],
): TransactionState {
  const mine = votes.map((vote): HeldVote => ({ ...vote, at: ref.at, event: ref.id }));
  const same = (a: HeldVote, b: HeldVote): boolean => a.id === b.id && a.question === b.question;
  const held = state.votes.find((each) => mine.some((vote) => same(each, vote)));
  return claim(held, () => ({
    ...state,
    votes: [...state.votes.filter((each) => !mine.some((vote) => same(each, vote))), ...mine],
  }));
}

/** Every event that speaks of it. */
export function eventsOf(state: TransactionState): Set<number> {
  const { opened, finished, annotated, prompt, votes, chips, others } = state;
  const events = new Set([...others, ...votes.map((vote) => vote.event), ...chips.map((set) => set.event)]);
  for (const part of [opened, finished, annotated, prompt?.opened, prompt?.closed])
    if (part) events.add(part.event);
  return events;
}

/**
 * A paper's code that a kiosk gave twice (it was set back, and its first use is lost): whoever voted before this rating
 * was opened, beyond all doubt of the clocks, voted for another. Where no anchor proves it the vote counts. A ticket names
 * its rating, so that no clock is asked: that of a machine that was set back can be off by more than its bound.
 */
function precedes(vote: HeldVote, { prompt }: TransactionState): boolean {
  const opened = prompt?.opened;
  return (
    vote.ratingId === '' && opened != null && opened.bound !== null && vote.at < opened.at - opened.bound
  );
}

/** Whether two states of it may differ in what is effective. */
export function ratedAlike(a: TransactionState, b: TransactionState): boolean {
  return a.votes === b.votes && (b.votes.length === 0 || a.prompt?.opened === b.prompt?.opened);
}

function votesOf(state: TransactionState): Vote[] {
  const orders = [...new Set(state.votes.map((vote) => vote.order ?? ''))].sort();
  return state.votes.map(
    (vote): Vote =>
      vote.via === 'private'
        ? {
            ...{ route: 'private', vote: vote.id, question: vote.question, level: vote.level },
            inTime: vote.inTime && !precedes(vote, state),
            order: orders.indexOf(vote.order ?? ''),
          }
        : {
            ...{ route: 'counter', vote: vote.id, question: vote.question },
            ...{ attempt: vote.attempt, level: vote.level },
          },
  );
}

export function effectiveOf(state: TransactionState): EffectiveRating | null {
  return state.votes.length === 0 ? null : effectiveRating(votesOf(state));
}

/** The form that was asked, where it is one; null also where this hub does not hold it. */
export type FormOf = (ref: InstrumentRef) => Instrument | null;

/** What counts: of a tap the one, of a form the other, never both. */
export interface Rated {
  readonly effective: EffectiveRating | null;
  readonly form: EffectiveForm | null;
}

export function ratedOf(state: TransactionState, formOf: FormOf): Rated {
  const opened = state.prompt?.opened;
  if (state.votes.length === 0) return { effective: null, form: null };
  const asked = opened && formOf({ id: opened.instrumentId, version: opened.instrumentVersion });
  return asked?.kind === 'form'
    ? { effective: null, form: effectiveForm(asked, votesOf(state)) }
    : { effective: effectiveOf(state), form: null };
}

/** A panel that types keys is a panel, whatever way its press took. */
function inputOf(source: VoteSource): Pick<HeldVote, 'via' | 'button'> {
  if (source.via === 'panel') return { via: 'panel', button: source.button };
  return source.wedge === undefined ? { via: 'touch', button: null } : { via: 'panel', button: source.wedge };
}

/** Of the sets beside the overall vote that counts the last one; see shared/PROTOCOL.md, "Chips". */
export function chosenChips(state: TransactionState, effective: EffectiveRating | null): readonly ChipKey[] {
  if (state.chips.length === 0 || effective === null) return [];
  const overall = effective.votes['overall'];
  const sets = state.chips.filter(({ overallVote }) => overallVote === overall);
  return (
    sets.reduce<HeldChips | null>((best, set) => (best && best.n > set.n ? best : set), null)?.chips ?? []
  );
}

/** `YYYY-MM` in Vietnam of transaction.finished; null until it is known. */
export function monthOf(state: TransactionState): string | null {
  return state.finished ? vietnamMonth(state.finished.at) : null;
}

/** Whether its month may be another one: the bound of its end reaches over the month's edge. */
export function monthUncertain(state: TransactionState): boolean {
  const { finished } = state;
  if (!finished || finished.bound === null) return false;
  const { at, bound } = finished;
  return vietnamMonth(Math.max(0, at - bound)) !== vietnamMonth(at + bound);
}

/** A no-show, test or accident mark; void if anybody voted, whichever came first. */
export function isMarked(state: TransactionState): boolean {
  const outcome = state.annotated?.outcome ?? state.finished?.outcome;
  return outcome !== undefined && SILENT_OUTCOMES.has(outcome) && state.votes.length === 0;
}
