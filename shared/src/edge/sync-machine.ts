/**
 * Purpose: what a device that holds a chain does on its line to the hub, as a pure machine: reconnect, say hello, send
 *   what the hub lacks in bounded batches, learn from verdicts. One batch is in flight at a time.
 * Refuses: to trust "acknowledged" over what the hub says it has now; to drop anything; to send the same burst again
 *   after a failure (the limit halves, so a line that cuts after N bytes still moves on).
 * Document: kiosk-app/DESIGN.md, procedure 5; shared/PROTOCOL.md.
 */
import type { EpochId } from '../ids.ts';
import { BATCH_BYTES_MAX, BATCH_EVENTS_MAX } from '../protocol/edge.ts';
import type { SeenHead } from './seen-head.ts';

/** Reconnect: 0.5 s doubling to 15 s, ± 30 %, so that a thousand kiosks do not return in the same second. */
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

/** A head held here, as it stands in the hello. */
export interface HeldHead {
  readonly epoch: EpochId;
  readonly head: number;
  readonly acknowledged: number;
  /** Lowest number whose bytes are still here; absent: 1. */
  readonly floor?: number;
}

export interface EpochSync {
  readonly epoch: EpochId;
  /** Last event held here; 0 = none. */
  readonly head: number;
  readonly floor: number;
  /** Up to here the hub's chain is ours. A note, never a permission. */
  readonly acknowledged: number;
  /** First event not yet sent on this connection. */
  readonly next: number;
  /** What lies between the hub's head and `next` cannot be sent any more: deleted as safe, or damaged. */
  readonly gap: boolean;
  /** The hub holds other bytes under our numbers: where is the last common one? */
  readonly search: Search | null;
  readonly stuck: number;
}

/** `low` is common, `high` is not (or is not ours); `probe` between them is asked next, by sending that one event. */
export interface Search {
  readonly low: number;
  readonly high: number;
  readonly probe: number;
  /** The hub's head is past ours: it may only be ahead. */
  readonly ahead: boolean;
}

export interface InFlight {
  readonly batch: number;
  readonly epoch: EpochId;
  readonly first: number;
  readonly last: number;
  readonly probe: boolean;
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

export type SyncInput =
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  | { readonly type: 'appended'; readonly epoch: EpochId; readonly head: number }
  /** `held`: what the hello will name. */
  | { readonly type: 'challenged'; readonly held: readonly HeldHead[] }
  | {
      readonly type: 'welcomed';
      readonly have: readonly SeenHead[];
      readonly eventsMax: number;
      readonly bytesMax: number;
    }
  /** Epochs that the hello had no room for, with what the hub said of them. */
  | { readonly type: 'shown'; readonly held: readonly HeldHead[]; readonly have: readonly SeenHead[] }
  /** The application read events first…last of the epoch and put them on the line. */
  | { readonly type: 'sent'; readonly batch: number; readonly last: number }
  /** The batch's first event cannot be sent (it fails its hash): what follows is sent behind a gap. */
  | { readonly type: 'unreadable'; readonly batch: number }
  | {
      readonly type: 'verdicts';
      readonly batch: number;
      readonly head: SeenHead;
      /** Lowest event of the batch that the hub called forked; null: none. */
      readonly forkedFrom: number | null;
      readonly later: boolean;
    }
  /** Another machine has connected as this device: two that know of no other would take the line from each other for ever. */
  | { readonly type: 'taken' }
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
      readonly afterFloor: boolean;
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
      return { state: { ...state, failures: Math.max(state.failures, FAILURES_LONG) }, effects: [] };
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

function epochOf({ epoch, head, acknowledged, floor = 1 }: HeldHead): EpochSync {
  const place = after(acknowledged, floor);
  return { epoch, head, floor, ...place, search: null, stuck: 0 };
}

/** Sending goes on after the last common event, or where what is still here begins. */
function after(acknowledged: number, floor: number): Pick<EpochSync, 'acknowledged' | 'next' | 'gap'> {
  return { acknowledged, ...fromNext(acknowledged, floor) };
}

function fromNext(held: number, floor: number): Pick<EpochSync, 'next' | 'gap'> {
  return { next: Math.max(held + 1, floor), gap: held + 1 < floor };
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

function allPlaced(
  epochs: readonly EpochSync[],
  have: readonly SeenHead[],
  effects: SyncEffect[],
): readonly EpochSync[] {
  const seen = new Map(have.map((head) => [head.epoch, head]));
  return epochs.map((one) => placed(one, seen.get(one.epoch), effects));
}

/** Where sending goes on. The hub's word decides; what was acknowledged before is only a first guess. */
function placed(one: EpochSync, seen: SeenHead | undefined, effects: SyncEffect[]): EpochSync {
  if (!seen || seen.seq === 0) return { ...one, ...after(0, one.floor) };
  if (seen.ours === seen.hash) return acknowledgedTo(one, seen.seq, effects);
  if (seen.ours !== null) effects.push({ kind: 'alarm', code: 'forked', epoch: one.epoch, seq: seen.seq });
  return seen.beside > 0 ? { ...one, ...fromNext(seen.beside, one.floor) } : searching(one, seen);
}

function acknowledgedTo(one: EpochSync, seq: number, effects: SyncEffect[]): EpochSync {
  if (seq > one.acknowledged)
    effects.push({ kind: 'acknowledged', epoch: one.epoch, from: one.acknowledged, to: seq });
  return { ...one, ...after(seq, one.floor), search: null };
}

/** The hub's head is not one of ours. What lies below the floor cannot be asked for; it was common when it was safe. */
function searching(one: EpochSync, seen: SeenHead): EpochSync {
  const ahead = seen.ours === null;
  const low = Math.min(one.floor - 1, one.head);
  const high = Math.min(ahead ? one.head + 1 : seen.seq, one.head + 1);
  const guess = ahead ? high - 1 : one.acknowledged;
  return narrowed(one, { low, high, probe: guess, ahead });
}

function narrowed(one: EpochSync, search: Search): EpochSync {
  const { low, high, probe } = search;
  if (high - low <= 1) {
    // What was deleted here cannot be compared: it may lie behind the hub's head.
    const gap = one.floor > 1 && low < one.floor;
    return { ...one, ...after(low, one.floor), gap, search: null };
  }
  const within = probe > low && probe < high;
  return { ...one, search: { ...search, probe: within ? probe : low + Math.floor((high - low) / 2) } };
}

/** The one event that was sent to ask: was it known to the hub? */
function probed(one: EpochSync, search: Search, forked: boolean, effects: SyncEffect[]): EpochSync {
  const { low, high, probe, ahead } = search;
  if (ahead) {
    const code = forked ? 'forked' : 'hub-ahead';
    effects.push({ kind: 'alarm', code, epoch: one.epoch, seq: probe });
    if (!forked) return acknowledgedTo(one, probe, effects);
  }
  const guess = forked ? one.acknowledged : 0;
  const next = { low: forked ? low : probe, high: forked ? probe : high, probe: guess, ahead: false };
  return narrowed(one, next);
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

/** What one batch taught about its epoch. `stuck` counts the batches in a row that changed nothing. */
function judge(
  one: EpochSync,
  inFlight: InFlight,
  { head, forkedFrom }: Extract<SyncInput, { type: 'verdicts' }>,
  effects: SyncEffect[],
): EpochSync {
  const ours = head.seq > 0 && head.ours === head.hash;
  if (inFlight.probe && one.search && head.seq >= inFlight.last)
    return { ...probed(one, one.search, forkedFrom !== null, effects), stuck: 0 };
  // Another chain under our numbers: the hub keeps each event beside it; what follows is sent once.
  if (forkedFrom !== null) {
    const known = forkedFrom > inFlight.first ? forkedFrom - 1 : one.acknowledged;
    const common = acknowledgedTo(one, Math.max(one.acknowledged, known), effects);
    return { ...common, next: inFlight.last + 1, gap: false, stuck: 0 };
  }
  // Not named: stored or known. Where the hub's head is ours, everything up to it is common.
  if (head.seq >= inFlight.last)
    return { ...acknowledgedTo(one, ours ? head.seq : inFlight.last, effects), stuck: 0 };
  if (ours && head.seq >= inFlight.first) return { ...acknowledgedTo(one, head.seq, effects), stuck: 0 };
  // The hub lacks something before this batch: go back to where it stands.
  const stuck = one.stuck + 1;
  if (head.seq > 0 && !ours) return { ...searching(one, head), stuck };
  return { ...one, ...after(head.seq, one.floor), search: null, stuck };
}

function lost(state: SyncState, random: number): SyncStep {
  if (state.phase === 'stopped' || state.phase === 'waiting') return still(state);
  // Half of what was on its way, not half of a limit that a small backlog never reached.
  const { inFlight } = state;
  const halve = inFlight !== null;
  const tried = inFlight ? Math.min(state.eventsLimit, inFlight.last - inFlight.first + 1) : 0;
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(state.failures, FAILURES_LONG));
  const delayMs = Math.round(full * (1 + RETRY_JITTER * (2 * random - 1)));
  return {
    state: {
      ...state,
      phase: 'waiting',
      inFlight: null,
      failures: state.failures + 1,
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
