/**
 * The facts of a counter folded out of its chain alone: who is on duty, what is served, which rating is open with
 * which votes. The agent runs on its snapshot; this fold is how anyone else checks it. Refuses nothing: an event that
 * does not fit leaves a sentence in `violations`.
 */
import type { BodyOf, EventBody } from '../model/event.ts';
import { CHIPS_QUESTION } from '../model/instrument.ts';

export interface FoldedRating {
  readonly opened: BodyOf<'rating.opened'>;
  readonly asks: readonly BodyOf<'question.asked'>[];
  readonly votes: readonly BodyOf<'rating.voted'>[];
  readonly chips: readonly BodyOf<'chips.chosen'>[];
  readonly wentPrivate: BodyOf<'rating.went_private'> | null;
  readonly closed: BodyOf<'rating.closed'> | null;
}

export interface FoldedWalkup {
  readonly opened: BodyOf<'walkup.opened'>;
  readonly asks: readonly BodyOf<'question.asked'>[];
  readonly votes: readonly BodyOf<'walkup.voted'>[];
  readonly closed: BodyOf<'walkup.closed'> | null;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] };

export interface CounterFacts {
  duty: string | null;
  /** The officer on duty went away. */
  paused: boolean;
  serving: string | null;
  openRating: string | null;
  openWalkup: string | null;
  readonly ratings: Map<string, Growing<FoldedRating>>;
  readonly walkups: Map<string, Growing<FoldedWalkup>>;
  /** Finished transactions, and whether a rating was opened for each, with or without a prompt. */
  readonly finished: Map<string, { opened: boolean }>;
  /** Hashes of the slips that ratings were opened with. */
  readonly slips: Set<string>;
  readonly violations: string[];
}

export function emptyFacts(): CounterFacts {
  return {
    duty: null,
    paused: false,
    serving: null,
    openRating: null,
    openWalkup: null,
    ratings: new Map(),
    walkups: new Map(),
    finished: new Map(),
    slips: new Set(),
    violations: [],
  };
}

const isFree = ({ serving, openRating, openWalkup }: CounterFacts): boolean =>
  serving === null && openRating === null && openWalkup === null;

type Asked = Pick<FoldedRating, 'asks'> & {
  readonly votes: readonly { readonly askTicket: number }[];
};
const wasAsked = ({ asks }: Asked, askTicket: number, question: string): boolean =>
  asks.some((one) => one.askTicket === askTicket && one.question === question);
const wasAnswered = ({ votes }: Asked, askTicket: number): boolean =>
  votes.some((one) => one.askTicket === askTicket);

/** Folds one event in; answers the same object. */
export function foldEvent(facts: CounterFacts, event: EventBody): CounterFacts {
  const hold = (holds: boolean, sentence: string) => {
    if (!holds) facts.violations.push(`${event.type}: ${sentence}`);
  };
  switch (event.type) {
    case 'duty.started':
      hold(facts.duty === null, 'somebody was on duty');
      facts.duty = event.duty;
      break;
    case 'duty.ended':
      hold(facts.duty === event.duty, 'another duty was on');
      facts.duty = null;
      facts.paused = false;
      break;
    case 'duty.paused':
      hold(facts.duty === event.duty && !facts.paused, 'its duty is not on');
      hold(facts.serving === null, 'somebody was being served');
      facts.paused = true;
      break;
    case 'duty.resumed':
      hold(facts.duty === event.duty && facts.paused, 'its duty is not paused');
      facts.paused = false;
      break;
    case 'transaction.opened':
      hold(isFree(facts), 'the counter was not free');
      hold(!facts.paused, 'its duty is paused');
      hold(facts.duty === event.duty, 'its duty is not on');
      hold(!facts.finished.has(event.transaction), 'this transaction was served before');
      facts.serving = event.transaction;
      break;
    case 'transaction.finished':
      hold(facts.serving === event.transaction, 'it was not served');
      facts.serving = null;
      facts.finished.set(event.transaction, { opened: false });
      break;
    case 'transaction.annotated':
      hold(facts.finished.has(event.transaction), 'it was not finished');
      break;
    case 'rating.opened': {
      const finished = facts.finished.get(event.transaction);
      hold(finished !== undefined && !finished.opened, 'not once after its transaction finished');
      hold(facts.openRating === null, 'another rating was open');
      hold(event.slip === undefined || !facts.slips.has(event.slip), 'its slip was used before');
      if (event.slip !== undefined) facts.slips.add(event.slip);
      if (finished) finished.opened = true;
      if (event.prompt !== false) facts.openRating = event.rating;
      facts.ratings.set(event.rating, {
        ...{ opened: event, asks: [], votes: [], chips: [], wentPrivate: null, closed: null },
      });
      break;
    }
    case 'question.asked': {
      hold(event.question !== CHIPS_QUESTION || event.hwid === null, 'the chips were armed on a panel');
      const walkup = facts.walkups.get(event.rating);
      const rating = walkup ?? facts.ratings.get(event.rating);
      const open = walkup ? facts.openWalkup : facts.openRating;
      hold(rating !== undefined && open === event.rating, 'its rating is not open');
      hold(!facts.ratings.get(event.rating)?.wentPrivate, 'its rating went to the phone');
      if (rating) rating.asks = [...rating.asks, event];
      break;
    }
    case 'rating.voted': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (!rating) break;
      hold(rating.opened.transaction === event.transaction, 'its transaction is another');
      hold(rating.wentPrivate === null, 'its rating went to the phone');
      hold(wasAsked(rating, event.askTicket, event.question), 'its ticket was not asked');
      hold(!wasAnswered(rating, event.askTicket), 'its ticket was answered');
      rating.votes = [...rating.votes, event];
      break;
    }
    case 'chips.chosen': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (!rating) break;
      hold(rating.opened.transaction === event.transaction, 'its transaction is another');
      hold(rating.wentPrivate === null, 'its rating went to the phone');
      hold(wasAsked(rating, event.askTicket, CHIPS_QUESTION), 'its page was not shown');
      hold(
        rating.votes.some((one) => one.vote === event.overallVote && one.question === 'overall'),
        'its overall vote is not one of this rating',
      );
      hold(event.n > (rating.chips.at(-1)?.n ?? 0), 'its number does not grow');
      rating.chips = [...rating.chips, event];
      break;
    }
    case 'rating.went_private': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (!rating) break;
      hold(rating.opened.transaction === event.transaction, 'its transaction is another');
      hold(rating.wentPrivate === null, 'it went to the phone before');
      rating.wentPrivate = event;
      break;
    }
    case 'rating.closed': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (rating) {
        hold(rating.wentPrivate === null || event.reason !== 'timed', 'it went to the phone');
        rating.closed = event;
      }
      facts.openRating = null;
      break;
    }
    case 'walkup.opened':
      hold(isFree(facts), 'the counter was not free');
      hold(
        !facts.walkups.has(event.rating) && !facts.ratings.has(event.rating),
        'this rating was there before',
      );
      facts.openWalkup = event.rating;
      facts.walkups.set(event.rating, { opened: event, asks: [], votes: [], closed: null });
      break;
    case 'walkup.voted': {
      const walkup = facts.walkups.get(event.rating);
      hold(walkup !== undefined && facts.openWalkup === event.rating, 'it is not open');
      if (!walkup) break;
      hold(wasAsked(walkup, event.askTicket, event.question), 'its ticket was not asked');
      hold(!wasAnswered(walkup, event.askTicket), 'its ticket was answered');
      walkup.votes = [...walkup.votes, event];
      break;
    }
    case 'walkup.closed': {
      const walkup = facts.walkups.get(event.rating);
      hold(walkup !== undefined && facts.openWalkup === event.rating, 'it is not open');
      if (walkup) walkup.closed = event;
      facts.openWalkup = null;
      break;
    }
    case 'agent.started':
    case 'time.anchor':
    case 'press.stray':
    case 'pin.locked':
    case 'intent.refused':
    case 'checkpoint.refused':
    case 'loss.detected':
      break;
    case 'handover.accepted':
      hold(isFree(facts), 'the counter was not free');
      break;
    case 'hub.started':
    case 'counter.handed_over':
    case 'private.voted':
    case 'chain.decided':
      hold(false, 'only the hub’s chain says this');
      break;
  }
  return facts;
}
