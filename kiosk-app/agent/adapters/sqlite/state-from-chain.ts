/**
 * Purpose: the counter's state when the stored one cannot be trusted: what the chain itself says is on duty, served and
 *   open, so that the restart ends it properly. Names, questions and waiting intents are not in the chain.
 * Refuses: to resume anything: the state is of no boot, so the next step closes it as after a boot.
 */
import { emptyFacts, foldEvent } from '@hailong/shared/counter/counter-fold.ts';
import { type CounterState, emptyCounter } from '@hailong/shared/counter/counter-state.ts';
import { readEvent } from '@hailong/shared/edge/event.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';

/** `chain`: exact bytes of every event, oldest first; what was deleted or cannot be read is passed over. */
export function stateFromChain(chain: Iterable<Uint8Array>): CounterState {
  const facts = emptyFacts();
  let duty: BodyOf<'duty.started'> | null = null;
  let opened: BodyOf<'transaction.opened'> | null = null;
  for (const bytes of chain) {
    const read = readEvent(bytes);
    if (!read.ok) continue;
    const { body } = read.event;
    if (body.type === 'duty.started') duty = body;
    if (body.type === 'transaction.opened') opened = body;
    foldEvent(facts, body);
  }
  const prompt = facts.openRating === null ? undefined : facts.ratings.get(facts.openRating)?.opened;
  const walkup = facts.openWalkup === null ? undefined : facts.walkups.get(facts.openWalkup)?.opened;
  const rating = prompt ?? (walkup && { rating: walkup.rating, transaction: null });
  const state = emptyCounter('');
  return {
    ...state,
    duty:
      duty && facts.duty === duty.duty
        ? {
            ...{ duty: duty.duty, officer: duty.officer, officerCode: duty.officerCode, unit: duty.unit },
            ...{ shown: null, aliases: [] },
          }
        : null,
    serving: opened && facts.serving === opened.transaction ? servingOf(opened) : null,
    rating: rating
      ? {
          ...{ rating: rating.rating, transaction: rating.transaction, closesAtMono: 0, slip: null },
          ...{ questions: [], done: [], asks: [], asking: false, votedAtMono: null, corrections: 0 },
        }
      : null,
  };
}

function servingOf(opened: BodyOf<'transaction.opened'>): CounterState['serving'] {
  const { type: _type, intent: _intent, counter: _counter, ...served } = opened;
  return served;
}
