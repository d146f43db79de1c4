/**
 * The walk-ups of one slice of projecting: what facts touch is read once, folded by the domain and written once at the end,
 * as transactions are. See fold-facts.ts.
 */
import type { Event } from '@hailong/shared/edge/event.ts';
import { type AnswerChanges, walkupAnswers } from '../../domain/ratings/answer-rollup.ts';
import type { FactRef } from '../../domain/ratings/transaction-fold.ts';
import {
  applyWalkupFact,
  emptyWalkup,
  eventsOfWalkup,
  isWalkupFact,
  type WalkupFact,
  type WalkupState,
} from '../../domain/ratings/walkup-fold.ts';
import type { ProjectionState, StoredEvent } from '../ports/projection-state.ts';

/** An event by its number as it counts now; null: it does not count, or cannot be read. */
export type Counted = (
  id: number,
) => { readonly stored: StoredEvent; readonly event: Event; readonly ref: FactRef } | null;

export class WalkupsFold {
  readonly #state: ProjectionState;
  readonly #counted: Counted;
  readonly #touched = new Map<string, { readonly before: WalkupState; now: WalkupState }>();

  constructor(state: ProjectionState, counted: Counted) {
    this.#state = state;
    this.#counted = counted;
  }

  #of(id: string): { readonly before: WalkupState; now: WalkupState } {
    let touched = this.#touched.get(id);
    if (!touched) {
      const before = this.#state.walkup(id) ?? emptyWalkup(id);
      touched = { before, now: before };
      this.#touched.set(id, touched);
    }
    return touched;
  }

  apply(body: WalkupFact, ref: FactRef): void {
    const touched = this.#of(body.rating);
    touched.now = applyWalkupFact(touched.now, body, ref, (event) => this.#state.claimOf(event));
  }

  /** Folds it again from every event that names it. */
  again(id: string, extra: number): void {
    const touched = this.#of(id);
    const events = eventsOfWalkup(touched.now).add(extra);
    touched.now = emptyWalkup(id);
    for (const each of [...events].sort((a, b) => a - b)) {
      const counted = this.#counted(each);
      if (counted && isWalkupFact(counted.event.body)) this.apply(counted.event.body, counted.ref);
    }
  }

  flush(answers: AnswerChanges): void {
    for (const { before, now } of this.#touched.values()) {
      if (before === now) continue;
      answers.add(walkupAnswers(before), -1);
      answers.add(walkupAnswers(now), 1);
      this.#state.saveWalkup(now);
    }
  }
}
