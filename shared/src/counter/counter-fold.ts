/**
 * The facts of a counter folded out of its chain alone: who is on duty, what is served, which rating is open with
 * which votes. The agent runs on its snapshot; this fold is how anyone else checks it. Refuses nothing: an event that
 * does not fit leaves a sentence in `violations`.
 */
import type { BodyOf, EventBody } from '../model/event.ts';

export interface FoldedRating {
  readonly opened: BodyOf<'rating.opened'>;
  readonly asks: readonly BodyOf<'question.asked'>[];
  readonly votes: readonly BodyOf<'rating.voted'>[];
  readonly closed: BodyOf<'rating.closed'> | null;
}

export interface CounterFacts {
  duty: string | null;
  serving: string | null;
  openRating: string | null;
  readonly ratings: Map<string, { -readonly [K in keyof FoldedRating]: FoldedRating[K] }>;
  /** Finished transactions, and whether a rating was opened for each, with or without a prompt. */
  readonly finished: Map<string, { opened: boolean }>;
  /** Hashes of the slips that ratings were opened with. */
  readonly slips: Set<string>;
  readonly violations: string[];
}

export function emptyFacts(): CounterFacts {
  return {
    duty: null,
    serving: null,
    openRating: null,
    ratings: new Map(),
    finished: new Map(),
    slips: new Set(),
    violations: [],
  };
}

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
      break;
    case 'transaction.opened':
      hold(facts.serving === null && facts.openRating === null, 'the counter was not free');
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
      facts.ratings.set(event.rating, { opened: event, asks: [], votes: [], closed: null });
      break;
    }
    case 'question.asked': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (rating) rating.asks = [...rating.asks, event];
      break;
    }
    case 'rating.voted': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (!rating) break;
      hold(rating.opened.transaction === event.transaction, 'its transaction is another');
      hold(
        rating.asks.some((one) => one.askTicket === event.askTicket && one.question === event.question),
        'its ticket was not asked',
      );
      hold(!rating.votes.some((one) => one.askTicket === event.askTicket), 'its ticket was answered');
      rating.votes = [...rating.votes, event];
      break;
    }
    case 'rating.closed': {
      const rating = facts.ratings.get(event.rating);
      hold(rating !== undefined && facts.openRating === event.rating, 'its rating is not open');
      if (rating) rating.closed = event;
      facts.openRating = null;
      break;
    }
    case 'agent.started':
    case 'time.anchor':
    case 'press.stray':
    case 'intent.refused':
    case 'checkpoint.refused':
    case 'loss.detected':
      break;
    case 'handover.accepted':
      hold(facts.serving === null && facts.openRating === null, 'the counter was not free');
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
