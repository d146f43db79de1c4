/**
 * Purpose: what a device that holds a chain does on its line to the hub, as a pure machine: reconnect, say hello, send
 *   what the hub lacks in bounded batches, learn from verdicts. One batch is in flight at a time.
 * Refuses: to trust "acknowledged" over what the hub says it has now; to drop anything; to send the same burst again
 *   after a failure (the limit halves, so a line that cuts after N bytes still moves on).
 * Document: kiosk-app/DESIGN.md, procedure 5; shared/PROTOCOL.md.
 */
import type { EpochId, Sha256Hex } from '../ids.ts';
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX } from '../protocol/edge.ts';

/** Reconnect: 0.5 s doubling to 15 s, ± 30 %, so that a thousand kiosks do not return in the same second. */
export const RETRY_FIRST_MS = 500;
export const RETRY_MAX_MS = 15_000;
const RETRY_JITTER = 0.3;
/** One event of the largest size and its header must always fit. */
export const BATCH_BYTES_MIN = 32_768;
/** Batches in a row that the hub's head did not move on; then the epoch rests until the next connection. */
const STUCK_MAX = 3;
/** A verdict that has not come by now will not: the batch counts as failed. */
export const VERDICT_MS = 20_000;

export interface EpochSync {
  readonly epoch: EpochId;
  /** Last event held here; 0 = none. */
  readonly head: number;
  /** What the hub said it holds, where the hash was ours. A note, never a permission. */
  readonly acknowledged: number;
  /** First event not yet sent on this connection. */
  readonly next: number;
  readonly stuck: number;
}

export interface InFlight {
  readonly batch: number;
  readonly epoch: EpochId;
  readonly first: number;
  readonly last: number;
}

export interface SyncState {
  readonly phase: 'stopped' | 'waiting' | 'connecting' | 'greeting' | 'ready';
  /** Oldest first: that is the order in which they are sent. */
  readonly epochs: readonly EpochSync[];
  readonly inFlight: InFlight | null;
  readonly nextBatch: number;
  readonly eventsLimit: number;
  readonly bytesLimit: number;
  /** The hub's own limits on this connection. */
  readonly eventsCeiling: number;
  readonly bytesCeiling: number;
  readonly failures: number;
  /** The hub takes nothing more on this connection. */
  readonly later: boolean;
}

/** A head as the hub named it, and the hash of our own event at that number (null when we hold none). */
export interface SeenHead {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Sha256Hex;
  readonly ours: Sha256Hex | null;
}

export type SyncInput =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'appended'; readonly epoch: EpochId; readonly head: number }
  | { readonly type: 'challenged' }
  | {
      readonly type: 'welcomed';
      readonly have: readonly SeenHead[];
      readonly eventsMax: number;
      readonly bytesMax: number;
    }
  /** The application read events first…last of the epoch and put them on the line. */
  | { readonly type: 'sent'; readonly batch: number; readonly last: number }
  /** Nothing of the epoch could be read from `first` on (a stored event fails its hash). */
  | { readonly type: 'unreadable'; readonly batch: number }
  | { readonly type: 'verdicts'; readonly batch: number; readonly head: SeenHead; readonly later: boolean }
  /** The connection ended or never came up. `random` in [0, 1) is the jitter. */
  | { readonly type: 'lost'; readonly random: number }
  | { readonly type: 'retry' }
  | { readonly type: 'overdue'; readonly batch: number };

export type SyncEffect =
  | { readonly kind: 'connect' }
  | { readonly kind: 'hello' }
  | {
      readonly kind: 'send';
      readonly batch: number;
      readonly epoch: EpochId;
      readonly first: number;
      readonly eventsMax: number;
      readonly bytesMax: number;
    }
  | { readonly kind: 'acknowledged'; readonly epoch: EpochId; readonly from: number; readonly to: number }
  | { readonly kind: 'retryIn'; readonly delayMs: number }
  | { readonly kind: 'verdictBy'; readonly batch: number; readonly delayMs: number }
  | { readonly kind: 'hangUp' }
  | { readonly kind: 'alarm'; readonly code: SyncAlarm; readonly epoch: EpochId; readonly seq: number };

/** forked: same number, other bytes · hub-ahead: the hub holds what we lost · stuck: the hub's head does not move. */
export type SyncAlarm = 'forked' | 'hub-ahead' | 'stuck';

export interface SyncStep {
  readonly state: SyncState;
  readonly effects: readonly SyncEffect[];
}

export function initialSync(
  epochs: readonly { readonly epoch: EpochId; readonly head: number; readonly acknowledged: number }[],
): SyncState {
  return {
    phase: 'stopped',
    epochs: epochs.map((one) => ({ ...one, next: one.acknowledged + 1, stuck: 0 })),
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
      return { state: { ...state, phase: 'greeting' }, effects: [{ kind: 'hello' }] };
    case 'welcomed':
      return state.phase === 'greeting' ? welcomed(state, input) : still(state);
    case 'sent':
      return sent(state, input);
    case 'unreadable':
      return unreadable(state, input.batch);
    case 'verdicts':
      return verdicts(state, input);
    case 'overdue':
      return state.inFlight?.batch === input.batch ? { state, effects: [{ kind: 'hangUp' }] } : still(state);
    case 'lost':
      return lost(state, input.random);
    case 'retry':
      if (state.phase !== 'waiting') return still(state);
      return { state: { ...state, phase: 'connecting' }, effects: [{ kind: 'connect' }] };
  }
}

/** Events that the hub has not acknowledged. */
export function unsynced(state: SyncState): number {
  return state.epochs.reduce((sum, one) => sum + Math.max(0, one.head - one.acknowledged), 0);
}

function still(state: SyncState): SyncStep {
  return { state, effects: [] };
}

function withHead(epochs: readonly EpochSync[], epoch: EpochId, head: number): readonly EpochSync[] {
  if (!epochs.some((one) => one.epoch === epoch))
    return [...epochs, { epoch, head, acknowledged: 0, next: 1, stuck: 0 }];
  return epochs.map((one) => (one.epoch === epoch ? { ...one, head: Math.max(one.head, head) } : one));
}

function welcomed(state: SyncState, input: Extract<SyncInput, { type: 'welcomed' }>): SyncStep {
  const effects: SyncEffect[] = [];
  const epochs = state.epochs.map((one) => {
    const seen = input.have.find((head) => head.epoch === one.epoch);
    return { ...one, ...placeOf(one, seen, effects), stuck: 0 };
  });
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
  const settled = epochs.every((one) => one.next > one.head);
  return pump(settled ? { ...next, failures: 0 } : next, effects);
}

/** Where sending goes on. The hub's word decides; what was acknowledged before is only the last common hash known. */
function placeOf(
  one: EpochSync,
  seen: SeenHead | undefined,
  effects: SyncEffect[],
): Pick<EpochSync, 'next' | 'acknowledged'> {
  if (!seen || seen.seq === 0) return { next: 1, acknowledged: 0 };
  if (seen.ours === seen.hash) {
    if (seen.seq > one.acknowledged)
      effects.push({ kind: 'acknowledged', epoch: one.epoch, from: one.acknowledged, to: seen.seq });
    return { next: seen.seq + 1, acknowledged: seen.seq };
  }
  if (seen.ours === null) {
    effects.push({ kind: 'alarm', code: 'hub-ahead', epoch: one.epoch, seq: seen.seq });
    return { next: one.head + 1, acknowledged: one.acknowledged };
  }
  effects.push({ kind: 'alarm', code: 'forked', epoch: one.epoch, seq: seen.seq });
  const common = one.acknowledged < seen.seq ? one.acknowledged : 0;
  return { next: common + 1, acknowledged: common };
}

function sent(state: SyncState, input: Extract<SyncInput, { type: 'sent' }>): SyncStep {
  const { inFlight } = state;
  if (inFlight?.batch !== input.batch) return still(state);
  return { state: { ...state, inFlight: { ...inFlight, last: input.last } }, effects: [] };
}

/** That epoch goes no further on this connection; the others do. */
function unreadable(state: SyncState, batch: number): SyncStep {
  const { inFlight } = state;
  if (inFlight?.batch !== batch) return still(state);
  const epochs = state.epochs.map((one) =>
    one.epoch === inFlight.epoch ? { ...one, stuck: STUCK_MAX } : one,
  );
  return pump({ ...state, inFlight: null, epochs }, []);
}

function verdicts(state: SyncState, input: Extract<SyncInput, { type: 'verdicts' }>): SyncStep {
  const { inFlight } = state;
  if (inFlight?.batch !== input.batch || input.head.epoch !== inFlight.epoch) return still(state);
  const effects: SyncEffect[] = [];
  const { head } = input;
  const ours = head.seq > 0 && head.ours === head.hash;
  const moved = ours && head.seq >= inFlight.first;
  const epochs = state.epochs.map((one) => {
    if (one.epoch !== inFlight.epoch) return one;
    if (ours && head.seq > one.acknowledged)
      effects.push({ kind: 'acknowledged', epoch: one.epoch, from: one.acknowledged, to: head.seq });
    if (moved)
      return { ...one, acknowledged: Math.max(one.acknowledged, head.seq), next: head.seq + 1, stuck: 0 };
    // Another chain under our numbers: the hub took note of each event beside it; what follows is sent once.
    if (head.seq > 0 && !ours) return { ...one, next: inFlight.last + 1 };
    // The hub lacks something before this batch: go back to where it stands.
    const stuck = one.stuck + 1;
    if (stuck >= STUCK_MAX)
      effects.push({ kind: 'alarm', code: 'stuck', epoch: one.epoch, seq: inFlight.first });
    return { ...one, next: head.seq + 1, stuck };
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
  const halve = state.inFlight !== null;
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(state.failures, 16));
  const delayMs = Math.round(full * (1 + RETRY_JITTER * (2 * random - 1)));
  return {
    state: {
      ...state,
      phase: 'waiting',
      inFlight: null,
      failures: state.failures + 1,
      eventsLimit: halve ? Math.max(1, Math.floor(state.eventsLimit / 2)) : state.eventsLimit,
      bytesLimit: halve ? Math.max(BATCH_BYTES_MIN, Math.floor(state.bytesLimit / 2)) : state.bytesLimit,
    },
    effects: [{ kind: 'retryIn', delayMs }],
  };
}

/** Puts the next batch on its way when the line is free. */
function pump(state: SyncState, effects: SyncEffect[]): SyncStep {
  if (state.phase !== 'ready' || state.inFlight || state.later) return { state, effects };
  const due = state.epochs.find((one) => one.next <= one.head && one.stuck < STUCK_MAX);
  if (!due) return { state, effects };
  const batch = state.nextBatch;
  effects.push(
    {
      kind: 'send',
      batch,
      epoch: due.epoch,
      first: due.next,
      eventsMax: state.eventsLimit,
      bytesMax: state.bytesLimit,
    },
    { kind: 'verdictBy', batch, delayMs: VERDICT_MS },
  );
  return {
    state: {
      ...state,
      nextBatch: batch + 1,
      inFlight: { batch, epoch: due.epoch, first: due.next, last: due.next },
    },
    effects,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
