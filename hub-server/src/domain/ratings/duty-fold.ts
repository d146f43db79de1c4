/** A duty as a pure fold over the facts that name it, in any order; of two claims the earlier holds, as in a transaction. */
import type { BodyOf } from '@hailong/shared/model/event.ts';
import { type Claim, earlier, type FactRef } from './transaction-fold.ts';

export interface DutyState {
  readonly id: string;
  readonly started: {
    readonly event: number;
    readonly at: number;
    readonly device: string;
    readonly counterId: string;
    readonly officerId: string;
    readonly officerCode: string;
    readonly unitId: string;
  } | null;
  readonly ended: { readonly event: number; readonly at: number; readonly reason: string } | null;
  /** Events that name it and hold no part of it, ascending. */
  readonly others: readonly number[];
}
export type DutyFact = BodyOf<'duty.started'> | BodyOf<'duty.ended'>;

export const emptyDuty = (id: string): DutyState => ({ id, started: null, ended: null, others: [] });

function aside(state: DutyState, event: number): DutyState {
  if (state.others.includes(event)) return state;
  return { ...state, others: [...state.others, event].sort((a, b) => a - b) };
}

export function applyDutyFact(
  state: DutyState,
  body: DutyFact,
  ref: FactRef,
  device: string,
  refOf: (event: number) => Claim,
): DutyState {
  const held = body.type === 'duty.started' ? state.started : state.ended;
  if (held?.event === ref.id) return state;
  if (held && !earlier(ref, refOf(held.event))) return aside(state, ref.id);
  const cleared = held ? aside(state, held.event) : state;
  return body.type === 'duty.ended'
    ? { ...cleared, ended: { event: ref.id, at: ref.at, reason: body.reason } }
    : {
        ...cleared,
        started: {
          ...{ event: ref.id, at: ref.at, device, counterId: body.counter, officerId: body.officer },
          ...{ officerCode: body.officerCode, unitId: body.unit },
        },
      };
}

export function eventsOfDuty({ started, ended, others }: DutyState): Set<number> {
  const events = new Set(others);
  if (started) events.add(started.event);
  if (ended) events.add(ended.event);
  return events;
}
