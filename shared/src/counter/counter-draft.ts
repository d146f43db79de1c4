/**
 * The working copy of one step: collects events, marks and effects, and answers look-ups with what this very step
 * has already decided. Refuses nothing; the rules are in counter-intents.ts and counter-questions.ts.
 */
import type { IntentId, TransactionId } from '../ids.ts';
import type { EventBody } from '../model/event.ts';
import type { Intent } from '../protocol/edge.ts';
import {
  type CounterState,
  type CounterStep,
  type Effect,
  type Given,
  type IntentMark,
  type IntentState,
  intentContent,
  type KnownTransaction,
  transactionOf,
} from './counter-state.ts';

export class CounterDraft {
  state: CounterState;
  readonly given: Given;
  readonly events: EventBody[] = [];
  readonly effects: Effect[] = [];
  readonly #marks = new Map<IntentId, IntentMark>();

  constructor(state: CounterState, given: Given) {
    this.state = state;
    this.given = given;
  }

  change(part: Partial<CounterState>): void {
    this.state = { ...this.state, ...part };
  }

  changeNow(part: Partial<CounterState['now']>): void {
    this.state = { ...this.state, now: { ...this.state.now, ...part } };
  }

  mark(intent: Intent, state: IntentState, code: string | null = null): void {
    this.#marks.set(intent.intentId, {
      intent: intent.intentId,
      content: intentContent(intent),
      state,
      code,
      transaction: transactionOf(intent),
    });
  }

  refuse(intent: Intent, code: string): void {
    this.events.push({ type: 'intent.refused', intent: intent.intentId, code });
    this.mark(intent, 'refused', code);
    this.effects.push({ kind: 'refusedIntent', intent: intent.intentId, code });
  }

  /** What is known of a transaction, including what this step has done to it. */
  transaction(id: TransactionId): KnownTransaction | null {
    for (const event of [...this.events].reverse()) {
      if (!('transaction' in event) || event.transaction !== id) continue;
      if (event.type === 'transaction.opened') return { state: 'open' };
      if (event.type === 'transaction.annotated')
        return { state: 'finished', byOfficer: false, annotated: true };
      if (event.type === 'transaction.finished')
        return { state: 'finished', byOfficer: event.by === 'officer', annotated: false };
    }
    const stored = this.given.known.transaction(id);
    if (stored) return stored;
    for (const mark of this.#marks.values())
      if (mark.transaction === id && mark.state === 'refused' && mark.content.startsWith('transaction.open '))
        return { state: 'fell' };
    return null;
  }

  end(): CounterStep {
    return {
      state: this.state,
      events: this.events,
      marks: [...this.#marks.values()],
      effects: this.effects,
    };
  }
}
