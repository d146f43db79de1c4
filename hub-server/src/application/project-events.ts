/**
 * Projects stored events in order of arrival, a bounded slice at a time, from a cursor that is committed with the rows.
 * Transactions touched by a slice are read once, folded in memory by the domain and written once, with their rollups
 * changed by (new − old). An event that no projection can take goes aside alone, and the others count.
 * See hub-server/DESIGN.md, "Projections".
 */
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import { effectiveAt } from '../domain/ratings/effective-at.ts';
import { contribution, RollupChanges, type RollupCounts } from '../domain/ratings/rollup.ts';
import {
  applyFact,
  effectiveOf,
  emptyTransaction,
  type FactRef,
  isTransactionFact,
  monthOf,
  type TransactionState,
} from '../domain/ratings/transaction-fold.ts';
import type { judgeEvent } from '../domain/transactions/judge-event.ts';
import type { ProjectionState, StoredEvent } from './ports/projection-state.ts';

/** Events projected by one call: bounds the pause of a batch that comes meanwhile. */
export const PROJECT_SLICE = 1_000;

export interface Projected {
  readonly events: number;
  /** What pages may want to know, and the counters whose view changed. */
  readonly hints: readonly LiveHint[];
  readonly counters: readonly string[];
  readonly setAside: readonly { readonly event: number; readonly detail: string }[];
  /** More is waiting. */
  readonly more: boolean;
}

export function projectEvents(
  state: ProjectionState,
  judge: typeof judgeEvent,
  limit: number = PROJECT_SLICE,
): Projected {
  const from = state.cursor();
  const events = state.after(from, limit);
  const more = events.length === limit;
  const to = more ? events.at(-1)!.id : state.newest();
  if (to === from) return { events: 0, hints: [], counters: [], setAside: [], more: false };
  const out = new Told();
  const setAside: { event: number; detail: string }[] = [];
  const whole = state.alone(() => projectAll(state, judge, events, to, out));
  if (!whole.ok) {
    out.clear();
    for (const event of events) {
      const single = new Told();
      const done = state.alone(() => projectAll(state, judge, [event], event.id, single));
      if (done.ok) out.add(single);
      else {
        const detail = `not projected: ${done.error instanceof Error ? done.error.message : ''}`.slice(
          0,
          200,
        );
        state.setAside(event.id, 'event.invalid', detail);
        setAside.push({ event: event.id, detail });
      }
    }
  }
  state.moveCursor(to);
  return { events: events.length, hints: out.hints(), counters: [...out.counters], setAside, more };
}

/** Forgets every projection and folds all stored events again. Answers the number of events. */
export function rebuildProjections(state: ProjectionState, judge: typeof judgeEvent): number {
  state.clear();
  for (let count = 0; ; ) {
    const slice = projectEvents(state, judge, 5_000);
    count += slice.events - slice.setAside.length;
    if (!slice.more) return count;
  }
}

/** What one slice tells the pages, without repeating itself. */
class Told {
  readonly #hints = new Map<string, LiveHint>();
  readonly counters = new Set<string>();

  hint(key: string, hint: LiveHint): void {
    this.#hints.set(key, hint);
  }
  hints(): LiveHint[] {
    return [...this.#hints.values()];
  }
  add(other: Told): void {
    for (const [key, hint] of other.#hints) this.#hints.set(key, hint);
    for (const counter of other.counters) this.counters.add(counter);
  }
  clear(): void {
    this.#hints.clear();
    this.counters.clear();
  }
}

interface Touched {
  readonly before: TransactionState;
  now: TransactionState;
}

function projectAll(
  state: ProjectionState,
  judge: typeof judgeEvent,
  events: readonly StoredEvent[],
  cursor: number,
  out: Told,
): void {
  const touched = new Map<string, Touched>();
  for (const stored of events) {
    const judged = judge(stored.bytes, stored);
    if (judged.status !== 'stored') throw new Error(judged.detail);
    const { event } = judged;
    const ref: FactRef = { id: stored.id, at: effectiveAt(event), epoch: stored.epoch, seq: stored.seq };
    apply(state, touched, event.body, ref, stored.device, out);
  }
  flush(state, touched, cursor, out);
}

function apply(
  state: ProjectionState,
  touched: Map<string, Touched>,
  body: EventBody,
  ref: FactRef,
  device: string,
  out: Told,
): void {
  if (isTransactionFact(body)) {
    let held = touched.get(body.transaction);
    if (!held) {
      const before = state.transaction(body.transaction) ?? emptyTransaction(body.transaction);
      held = { before, now: before };
      touched.set(body.transaction, held);
    }
    held.now = applyFact(held.now, body, ref, (event) => state.refOf(event));
  } else if (body.type === 'duty.started') {
    state.startDuty(body, ref, device);
    out.counters.add(body.counter);
  } else if (body.type === 'duty.ended') {
    const counter = state.endDuty(body, ref);
    if (counter !== null) out.counters.add(counter);
  } else if (body.type === 'press.stray') state.keepStray(body, ref, device);
}

/** Everything is computed before anything is written. */
function flush(state: ProjectionState, touched: Map<string, Touched>, cursor: number, out: Told): void {
  const changes = new RollupChanges();
  const writes: (Touched & { effective: EffectiveRating | null; rated: boolean })[] = [];
  for (const { before, now } of touched.values()) {
    if (before === now) continue;
    const votesChanged = before.votes !== now.votes;
    const old = effectiveOf(before);
    const effective = votesChanged ? effectiveOf(now) : old;
    changes.add(contribution(before, old), -1);
    changes.add(contribution(now, effective), 1);
    writes.push({ before, now, effective, rated: votesChanged });
    tell(out, before, now, cursor, votesChanged && effective !== null);
  }
  for (const { before, now, effective, rated } of writes) {
    state.saveTransaction(before, now);
    if (rated) state.saveEffective(now.id, effective);
  }
  for (const { key, counts } of changes.changed())
    state.addToRollup(key, counts as readonly number[] as RollupCounts);
}

/** A vote alone changes nothing a station shows, so its officer's page must not move when one is given. */
function shownToStation(before: TransactionState, now: TransactionState): boolean {
  return (['service', 'opened', 'finished', 'annotated', 'prompt'] as const).some(
    (part) => before[part] !== now[part],
  );
}

function tell(
  out: Told,
  before: TransactionState,
  now: TransactionState,
  cursor: number,
  rated: boolean,
): void {
  const counterId = now.service?.counterId;
  if (!counterId) return;
  if (shownToStation(before, now)) out.counters.add(counterId);
  const typed = counterId as Extract<LiveHint, { type: 'transaction.changed' }>['counterId'];
  out.hint(`t ${counterId}`, { type: 'transaction.changed', cursor, counterId: typed });
  const month = monthOf(now);
  if (rated && month)
    out.hint(`r ${counterId} ${month}`, { type: 'rating.recorded', cursor, month, counterId: typed });
}
