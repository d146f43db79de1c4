/**
 * What the inbox reads and writes while it decides about a batch: synchronous, inside one storage transaction that the
 * caller opened. Answers are plain data, and nothing here decides. SQLite implements it, and memory in tests; both run
 * the same contract. See hub-server/DESIGN.md, "Inbox".
 */
import type { Event } from '@hailong/shared/edge/event.ts';
import type { IntentState } from '../../domain/transactions/intent-resolution.ts';

export interface EpochRow {
  readonly id: number;
  readonly headSeq: number;
  readonly headHash: Uint8Array;
}
/** The first statement of a batch: the device and the head of the epoch, read under the writer's lock. */
export interface DevicePlace {
  /** Number of the newest hello. */
  readonly fence: number;
  readonly revoked: boolean;
  readonly epoch: EpochRow | null;
}
export interface NewEvent {
  readonly epochId: number;
  readonly seq: number;
  /** 0: the chain; from 1 on other bytes under a number that is held. */
  readonly branch: number;
  readonly hash: Uint8Array;
  readonly prev: Uint8Array;
  readonly bytes: Uint8Array;
  /** Null: unreadable. */
  readonly event: Event | null;
  readonly status: 'stored' | 'forked' | 'quarantined';
  readonly code: string | null;
  readonly detail: string | null;
  readonly receivedAt: number;
}
export interface SignedHead {
  readonly seq: number;
  readonly hash: Uint8Array;
  /** JSON of {origin, size, root}, or null. */
  readonly checkpoint: string | null;
  readonly sig: string;
}
export interface HeldIntent {
  readonly counterId: string;
  readonly kind: string;
  readonly transactionId: string | null;
  readonly state: IntentState;
}
export type Alarm = 'rewound' | 'forked';

export interface InboxState {
  /** Raises the fence of a device that is not revoked; null: there is none such. */
  greet(
    device: string,
    checkpoint: string | null,
    at: number,
  ): { readonly fence: number; readonly counterId: string } | null;
  lineage(): string;
  place(device: string, epoch: string): DevicePlace | null;
  epoch(device: string, epoch: string): EpochRow | null;
  /** Hash of the main line at `seq`; null: not held. */
  hashAt(epochId: number, seq: number): Uint8Array | null;
  /** Side lines under `seq`, ascending. */
  branchesAt(epochId: number, seq: number): readonly { readonly branch: number; readonly hash: Uint8Array }[];
  newEpoch(device: string, epoch: string, head: { readonly seq: number; readonly hash: Uint8Array }): number;
  moveHead(epochId: number, seq: number, hash: Uint8Array): void;
  keepSignedHead(epochId: number, head: SignedHead): void;
  /** Answers the event's number in the hub's order of arrival. */
  insertEvent(row: NewEvent): number;
  /** Whether the device has any epoch but this one. */
  hasOtherEpoch(device: string, epoch: string): boolean;
  /** Whether another epoch of the device started from that same event. */
  hasSibling(
    device: string,
    epoch: string,
    parent: { readonly epoch: string; readonly seq: number },
  ): boolean;
  raiseAlarm(device: string, alarm: Alarm, detail: unknown, at: number): void;
  intent(id: string): HeldIntent | null;
  /** Finishes of a transaction that still wait. */
  pendingFinishes(transactionId: string): readonly string[];
  setIntent(id: string, state: IntentState, code: string | null, at: number): void;
}
