/**
 * Purpose: what a device that holds a chain does on its line to the hub, as a pure machine: reconnect, say hello, send
 *   what the hub lacks in bounded batches, learn from verdicts. One batch is in flight at a time.
 * Refuses: to trust "acknowledged" over what the hub says it has now; to drop anything; to send the same burst again
 *   after a failure (the limit halves, so a line that cuts after N bytes still moves on).
 * Document: kiosk-app/DESIGN.md, procedure 5; shared/PROTOCOL.md.
 */
import type { EpochId } from '../ids.ts';
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX } from '../protocol/edge.ts';
import { after, allPlaced, epochOf, judge } from './last-common.ts';
import type { EpochSync, HeldHead, SyncEffect, SyncInput, SyncState, SyncStep } from './sync-state.ts';

/**
 * Reconnect: 0.5 s doubling to 15 s, ± 30 %, so that a thousand kiosks do not return in the same second; 0.5 s again when
 * what was cut off can be tried smaller.
 */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;
const RETRY_JITTER = 0.3;
/** After so many the wait is as long as it gets. */
const FAILURES_LONG = Math.ceil(Math.log2(RETRY_MAX_MS / RETRY_FIRST_MS));
/** One event of the largest size and its header must always fit. */
export const BATCH_BYTES_MIN = 32_768;
/** Batches in a row that the hub's head did not move on; then the epoch rests until the next connection. */
const STUCK_MAX = 3;
/** A verdict that has not come by now will not: the batch counts as failed. */
export const VERDICT_MS = 20_000;

export function initialSync(held: readonly HeldHead[]): SyncState {
  return {
    phase: 'stopped',
    epochs: held.map(epochOf),
    inFlight: null,
    nextBatch: 1,
    eventsLimit: BATCH_EVENTS_MAX,
    bytesLimit: BATCH_BYTES_MAX,
    eventsCeiling: BATCH_EVENTS_MAX,
    bytesCeiling: BATCH_BYTES_MAX,
    failures: 0,
    later: false,
  };
}

export function stepSync(state: SyncState, input: SyncInput): SyncStep {
  switch (input.type) {
    case 'start':
      if (state.phase !== 'stopped') return still(state);
      return { state: { ...state, phase: 'connecting' }, effects: [{ kind: 'connect' }] };
    case 'stop':
      return { state: { ...state, phase: 'stopped', inFlight: null }, effects: [{ kind: 'hangUp' }] };
    case 'appended':
      return pump({ ...state, epochs: withHead(state.epochs, input.epoch, input.head) }, []);
    case 'challenged':
      if (state.phase !== 'connecting') return still(state);
      return {
        state: { ...state, phase: 'greeting', epochs: input.held.map(epochOf) },
        effects: [{ kind: 'hello' }],
      };
    case 'welcomed':
      return state.phase === 'greeting' ? welcomed(state, input) : still(state);
    case 'shown':
      return state.phase === 'ready' ? shown(state, input) : still(state);
    case 'sent':
      return sent(state, input);
    case 'unreadable':
      return unreadable(state, input.batch);
    case 'verdicts':
      return verdicts(state, input);
    case 'taken':
      // Nothing is wrong with the batch; and whoever took the line shall keep it for a while.
      return {
        state: { ...state, inFlight: null, failures: Math.max(state.failures, FAILURES_LONG) },
        effects: [],
      };
    case 'overdue':
      return state.inFlight?.batch === input.batch ? { state, effects: [{ kind: 'hangUp' }] } : still(state);
    case 'lost':
      return lost(state, input.random);
    case 'retry':
      if (state.phase !== 'waiting') return still(state);
      return { state: { ...state, phase: 'connecting' }, effects: [{ kind: 'connect' }] };
  }
}

function still(state: SyncState): SyncStep {
  return { state, effects: [] };
}

function withHead(epochs: readonly EpochSync[], epoch: EpochId, head: number): readonly EpochSync[] {
  if (!epochs.some((one) => one.epoch === epoch))
    return [...epochs, epochOf({ epoch, head, acknowledged: 0 })];
  return epochs.map((one) => (one.epoch === epoch ? { ...one, head: Math.max(one.head, head) } : one));
}

function welcomed(state: SyncState, input: Extract<SyncInput, { type: 'welcomed' }>): SyncStep {
  const effects: SyncEffect[] = [];
  const epochs = allPlaced(state.epochs, input.have, effects);
  const eventsCeiling = clamp(input.eventsMax, 1, BATCH_EVENTS_MAX);
  const bytesCeiling = clamp(input.bytesMax, BATCH_BYTES_MIN, BATCH_BYTES_MAX);
  const next: SyncState = {
    ...state,
    phase: 'ready',
    epochs,
    inFlight: null,
    later: false,
    eventsCeiling,
    bytesCeiling,
    eventsLimit: Math.min(state.eventsLimit, eventsCeiling),
    bytesLimit: Math.min(state.bytesLimit, bytesCeiling),
  };
  // Nothing to send: this hub is well, so the next outage starts its back-off anew.
  const settled = epochs.every((one) => one.search === null && one.next > one.head);
  return pump(settled ? { ...next, failures: 0 } : next, effects);
}

/** They come behind those that are under way. */
function shown(state: SyncState, { held, have }: Extract<SyncInput, { type: 'shown' }>): SyncStep {
  const effects: SyncEffect[] = [];
  const named = new Set(state.epochs.map((one) => one.epoch));
  const added = held.filter((one) => !named.has(one.epoch)).map(epochOf);
  return pump({ ...state, epochs: [...state.epochs, ...allPlaced(added, have, effects)] }, effects);
}

function sent(state: SyncState, input: Extract<SyncInput, { type: 'sent' }>): SyncStep {
  const { inFlight } = state;
  if (inFlight?.batch !== input.batch) return still(state);
  return { state: { ...state, inFlight: { ...inFlight, last: input.last } }, effects: [] };
}

/** One event that cannot be sent stops neither what follows it nor other epochs: the hub lists the gap. */
function unreadable(state: SyncState, batch: number): SyncStep {
  const { inFlight } = state;
  if (inFlight?.batch !== batch) return still(state);
  const epochs = state.epochs.map((one) => {
    if (one.epoch !== inFlight.epoch) return one;
    if (one.search) return { ...one, ...after(one.search.low, one.floor), search: null };
    return { ...one, next: inFlight.first + 1, gap: true };
  });
  return pump({ ...state, inFlight: null, epochs }, []);
}

function verdicts(state: SyncState, input: Extract<SyncInput, { type: 'verdicts' }>): SyncStep {
  const { inFlight } = state;
  if (inFlight?.batch !== input.batch || input.head.epoch !== inFlight.epoch) return still(state);
  const effects: SyncEffect[] = [];
  let moved = false;
  const epochs = state.epochs.map((one) => {
    if (one.epoch !== inFlight.epoch) return one;
    const judged = judge(one, inFlight, input, effects);
    moved = judged.stuck === 0;
    if (judged.stuck >= STUCK_MAX)
      effects.push({ kind: 'alarm', code: 'stuck', epoch: one.epoch, seq: inFlight.first });
    return judged;
  });
  const next: SyncState = {
    ...state,
    epochs,
    inFlight: null,
    later: input.later,
    failures: moved ? 0 : state.failures,
    eventsLimit: Math.min(state.eventsLimit * 2, state.eventsCeiling),
    bytesLimit: Math.min(state.bytesLimit * 2, state.bytesCeiling),
  };
  if (input.later)
    return { state: { ...next, failures: next.failures + 1 }, effects: [...effects, { kind: 'hangUp' }] };
  return pump(next, effects);
}

function lost(state: SyncState, random: number): SyncStep {
  if (state.phase === 'stopped' || state.phase === 'waiting') return still(state);
  // Half of what was on its way, not half of a limit that a small backlog never reached.
  const { inFlight } = state;
  const halve = inFlight !== null;
  const tried = inFlight ? Math.min(state.eventsLimit, inFlight.last - inFlight.first + 1) : 0;
  // A smaller batch is another try, not the same one again: as often as it can be halved it need not wait longer.
  const failures = tried > 1 ? 0 : state.failures;
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, FAILURES_LONG));
  const delayMs = Math.round(full * (1 + RETRY_JITTER * (2 * random - 1)));
  return {
    state: {
      ...state,
      phase: 'waiting',
      inFlight: null,
      failures: failures + 1,
      eventsLimit: halve ? Math.max(1, Math.floor(tried / 2)) : state.eventsLimit,
      bytesLimit: halve ? Math.max(BATCH_BYTES_MIN, Math.floor(state.bytesLimit / 2)) : state.bytesLimit,
    },
    effects: [{ kind: 'retryIn', delayMs }],
  };
}

/** Puts the next batch on its way when the line is free. */
function pump(state: SyncState, effects: SyncEffect[]): SyncStep {
  if (state.phase !== 'ready' || state.inFlight || state.later) return { state, effects };
  const due = state.epochs.find((one) => (one.search || one.next <= one.head) && one.stuck < STUCK_MAX);
  if (!due) return { state, effects };
  const batch = state.nextBatch;
  const first = due.search?.probe ?? due.next;
  effects.push(
    {
      kind: 'send',
      batch,
      epoch: due.epoch,
      first,
      eventsMax: due.search ? 1 : state.eventsLimit,
      bytesMax: state.bytesLimit,
      afterFloor: due.search === null && due.gap,
    },
    { kind: 'verdictBy', batch, delayMs: VERDICT_MS },
  );
  return {
    state: {
      ...state,
      nextBatch: batch + 1,
      inFlight: { batch, epoch: due.epoch, first, last: first, probe: due.search !== null },
    },
    effects,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
