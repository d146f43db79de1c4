/** Storage of device chains and what is projected from them. */
import type { Alarm } from './inbox-state.ts';

export interface KeyedDevice {
  readonly counterId: string;
  readonly publicKey: Uint8Array;
  readonly revoked: boolean;
}
export interface HelloInput {
  readonly device: string;
  readonly epochs: readonly string[];
  /** JSON of the checkpoint the device last accepted. */
  readonly checkpoint: string | null;
  readonly at: number;
}
export interface HelloAnswer {
  /** Number of this connection: batches of an older one are refused. */
  readonly fence: number;
  readonly counterId: string;
  readonly lineage: string;
  readonly have: readonly { readonly epoch: string; readonly seq: number; readonly hash: string }[];
}

export interface BatchInput {
  readonly device: string;
  readonly fence: number;
  /** The binary frame as it came; its signature is verified already. */
  readonly frame: Uint8Array;
  readonly receivedAt: number;
}
export interface BatchException {
  readonly seq: number;
  readonly verdict: 'forked' | 'quarantined';
  readonly code: string;
}
export type BatchOutcome =
  | {
      readonly kind: 'recorded';
      readonly batch: number;
      readonly head: { readonly epoch: string; readonly seq: number; readonly hash: string };
      readonly exceptions: readonly BatchException[];
      readonly stored: number;
      readonly duplicates: number;
      /** Counters whose intents were answered; what facts change on pages is told after projecting. */
      readonly counters: readonly string[];
      readonly alarm: Alarm | null;
    }
  /** A newer hello of this device owns the chain. */
  | { readonly kind: 'fenced' }
  | { readonly kind: 'refused'; readonly code: 'device.unknown' | 'device.revoked' }
  /** Frame or hashes do not hold together: damaged on the way, nothing is taken. */
  | { readonly kind: 'damaged'; readonly detail: string };

export interface QuarantinedEvent {
  readonly id: number;
  readonly device: string;
  readonly epoch: string;
  readonly seq: number;
  readonly status: 'forked' | 'quarantined';
  readonly code: string | null;
  readonly detail: string | null;
  readonly receivedAt: number;
}

export interface InboxPort {
  deviceKey(device: string): Promise<KeyedDevice | null>;
  hello(input: HelloInput): Promise<HelloAnswer | null>;
  /** Locks the epoch's row, inserts only what extends its head, answers what is committed. */
  recordBatch(input: BatchInput): Promise<BatchOutcome>;
  /** Projects everything that waits; the writer does so by itself, a slice at a time. */
  project(): Promise<null>;
  /** Events set aside, newest first. */
  aside(input: { readonly limit: number }): Promise<readonly QuarantinedEvent[]>;
  asideCount(): Promise<number>;
  /** Folds all stored events again; the answer is the number of events. */
  rebuild(): Promise<number>;
}
