/**
 * The vote that is taken to the phone: nothing is asked at the counter any more, and the counter stays taken until the
 * fixed time, so that whoever waits for the close learns neither that it was taken away nor when.
 * Refuses: the way to the phone when nothing is asked, and in the last moments of the prompt.
 * Document: shared/PROTOCOL.md, "A vote taken to the phone".
 */
import type { RatingId } from '../ids.ts';
import type { CounterDraft } from './counter-draft.ts';
import { beginDraining, currentAsk } from './counter-questions.ts';
import { type CounterState, type OpenRating, type PhoneRating, PRIVATE_LEAST_MS } from './counter-state.ts';

/** Whether the citizen who is asked may take the vote to the phone now. */
export function canGoPrivate(state: CounterState, mono: number): boolean {
  const { rating, now } = state;
  if (!rating || rating.transaction === null || now.draining || !currentAsk(state)) return false;
  return mono < rating.closesAtMono - PRIVATE_LEAST_MS;
}

/** First the panel is emptied: what it holds was pressed before and counts. */
export function goPrivate(draft: CounterDraft, id: RatingId): void {
  const { rating } = draft.state;
  if (rating?.rating !== id || !canGoPrivate(draft.state, draft.given.mono)) return;
  beginDraining(draft, rating, 'private');
}

/** The panel is empty and disarmed: from here on the vote is the phone's. */
export function handOver(draft: CounterDraft, rating: OpenRating, drained: boolean): void {
  const { rating: id, transaction } = rating;
  if (transaction === null) return;
  draft.events.push({ type: 'rating.went_private', rating: id, transaction, drained });
  draft.change({ rating: { ...rating, handed: true, asking: false } });
  draft.changeNow({ draining: null, thanksUntilMono: null });
}

/** What leads a phone to the open rating. */
export function phoneRatingOf({ rating, form }: CounterState): PhoneRating | null {
  if (!rating || rating.transaction === null || !form) return null;
  return {
    ...{ rating: rating.rating, transaction: rating.transaction, slip: rating.slip },
    ...{ stage: rating.stage ?? null, instrument: { id: form.id, version: form.version } },
  };
}
