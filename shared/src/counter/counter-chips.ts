/**
 * The page of chips: the last of a rating, the same at every level in number, title and time. Each touch keeps the whole set,
 * bound to the overall vote whose level chose the page. Refuses: a set of another page or level, more sets than a rating keeps.
 * Document: shared/PROTOCOL.md, "Chips".
 */
import { CHIPS_SETS_MAX } from '../model/event.ts';
import { CHIPS_QUESTION, type Chip, chipsAt } from '../model/instrument.ts';
import type { CounterDraft } from './counter-draft.ts';
import { currentAsk } from './counter-questions.ts';
import type { CounterInput, CounterState } from './counter-state.ts';

/** The page that is on show; null: none is. */
export function shownChips(state: CounterState): readonly Chip[] | null {
  const { rating, form } = state;
  if (!rating?.overall || !form || currentAsk(state)?.question !== CHIPS_QUESTION) return null;
  return chipsAt(form, rating.overall.level);
}

export function takeChips(draft: CounterDraft, input: Extract<CounterInput, { type: 'chips' }>): void {
  const { press, askTicket } = input;
  if (draft.given.known.touch(press)) {
    draft.effects.push({ kind: 'recorded', press });
    return;
  }
  const { rating } = draft.state;
  const asked = currentAsk(draft.state);
  const page = asked?.askTicket === askTicket ? shownChips(draft.state) : null;
  const chosen = (page ?? []).map(({ key }) => key).filter((key) => input.chips.includes(key));
  const n = (rating?.chips?.n ?? 0) + 1;
  const whole = page !== null && chosen.length === new Set(input.chips).size;
  if (
    !asked ||
    !rating?.overall ||
    !rating.transaction ||
    rating.rating !== input.rating ||
    !whole ||
    n > CHIPS_SETS_MAX
  ) {
    draft.effects.push({ kind: 'refusedTouch', press, code: 'kiosk.not_counted' });
    return;
  }
  draft.events.push({
    type: 'chips.chosen',
    rating: rating.rating,
    transaction: rating.transaction,
    overallVote: rating.overall.vote,
    askTicket: asked.askTicket,
    n,
    chips: chosen,
    press,
  });
  draft.change({ rating: { ...rating, chips: { n, chosen } } });
  draft.effects.push({ kind: 'recorded', press });
}
