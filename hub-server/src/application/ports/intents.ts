/** Storage of intents: what the hub asks a counter's device to make true. */
import type { Intent } from '@hailong/shared/protocol/edge.ts';
import type { IntentState } from '../../domain/transactions/intent-resolution.ts';
import type { OwnFresh } from './own-chain.ts';

/** A wire intent before its counter is known: a finish goes where its transaction is. */
export type NewIntent =
  | Exclude<Intent, { kind: 'transaction.finish' }>
  | Omit<Extract<Intent, { kind: 'transaction.finish' }>, 'counterId'>;

export interface CreateIntent {
  readonly intent: NewIntent;
  /** What was asked, canonical: the same id with another request is `intent.reused`. */
  readonly request: string;
  readonly at: number;
  readonly expiresAt: number;
  /** By which the hub's chain decides at once where it keeps the counter. */
  readonly own: OwnFresh;
}
export type CreateIntentResult =
  | {
      readonly ok: true;
      readonly intent: Intent;
      readonly created: boolean;
      /** Decided by the hub's own chain; `rating`: opened by it. */
      readonly own: { readonly rating: string | null } | null;
    }
  | {
      readonly ok: false;
      readonly code:
        | 'intent.reused'
        | 'intent.unknown_transaction'
        | 'intent.open_fell'
        | 'intent.reason_needed'
        | 'intent.transaction_reused';
    };
export interface IntentRow {
  readonly intentId: string;
  readonly counterId: string;
  readonly kind: Intent['kind'];
  readonly transactionId: string | null;
  readonly dutyId: string | null;
  readonly state: IntentState;
  readonly code: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly resolvedAt: number | null;
}

export interface IntentsPort {
  create(input: CreateIntent): Promise<CreateIntentResult>;
  get(id: string): Promise<IntentRow | null>;
  /** The kiosk that gets the counter's intents, and those pending and not expired, in order, as they go on the wire. */
  sendable(input: { readonly counterId: string; readonly at: number }): Promise<{
    readonly device: string | null;
    readonly pending: readonly { readonly intent: Intent; readonly expiresInMs: number }[];
  }>;
  /** The device knows an intent that leaves no new event. Answers the counters whose view changed. */
  seen(input: {
    readonly intentId: string;
    readonly counterId: string;
    readonly state: 'accepted' | 'refused' | 'expired';
    readonly code: string | null;
    readonly at: number;
  }): Promise<readonly string[]>;
  /** Judges what no device answered in time. Answers the counters whose view changed. */
  expire(at: number): Promise<readonly string[]>;
}
