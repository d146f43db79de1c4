/**
 * Purpose: what the sync machine (sync-machine.ts) knows, hears and does.
 * Refuses: nothing; these are its words. Document: kiosk-app/DESIGN.md, procedure 5; shared/PROTOCOL.md.
 */
import type { EpochId } from '../ids.ts';
import type { SeenHead } from './seen-head.ts';

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

/** Events that the hub has not acknowledged. */
export function unsynced(state: SyncState): number {
  return state.epochs.reduce((sum, one) => sum + Math.max(0, one.head - one.acknowledged), 0);
}
