/** Storage of device chains and what is projected from them. */
import type { BatchHeader } from '@hailong/shared/edge/batch.ts';
import type { HandoverId } from '@hailong/shared/ids.ts';
import type { Standing } from '@hailong/shared/protocol/edge.ts';
import type { ReviewKind } from '@hailong/shared/protocol/http.ts';
import type { Alarm } from './inbox-state.ts';
import type { OwnFresh } from './own-chain.ts';

export interface KeyedDevice {
  readonly counterId: string;
  readonly publicKey: Uint8Array;
  readonly revoked: boolean;
  /** Of its newest enrolment here. */
  readonly serial: number;
}
/** Events `from` … `to` at the end of an epoch are not at the device any more, or damaged there. */
export interface LostTail {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
}
export interface HelloInput {
  readonly device: string;
  /** Newest first: the first is the one it goes on in. */
  readonly epochs: readonly string[];
  /** What it states and cannot send any more. */
  readonly lost?: readonly LostTail[];
  /** JSON of the checkpoint the device last accepted. */
  readonly checkpoint: string | null;
  readonly at: number;
}
export interface HelloAnswer {
  /** Number of this connection: batches of an older one are refused. */
  readonly fence: number;
  readonly counterId: string;
  readonly lineage: string;
  readonly standing: Standing;
  /** The hub's chain keeps its counter. */
  readonly handover: HandoverId | null;
  readonly have: readonly {
    readonly epoch: string;
    readonly seq: number;
    readonly hash: string;
    /** Last events of the branches that are held whole beside it, highest first; absent: none. */
    readonly beside?: readonly { readonly seq: number; readonly hash: string }[];
  }[];
}

export interface BatchInput {
  readonly device: string;
  readonly fence: number;
  /** The binary frame as it came; its signature is verified already. */
  readonly frame: Uint8Array;
  /** Its header as it was read for that; absent: it is read here. */
  readonly header?: BatchHeader;
  readonly receivedAt: number;
  /** States what ends when the kiosk takes its counter back; null: no counter is held. */
  readonly own?: OwnFresh | null;
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
      /** How the device stands now, where it may have changed. */
      readonly standing: Standing | null;
      /** The kiosk accepted the hand-over: what was open at its counter ended by facts of the hub's chain. */
      readonly takenBack?: boolean;
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

/** One event set aside, with what stood around it in its chain. */
export interface AsideDetail extends QuarantinedEvent {
  readonly counterId: string | null;
  readonly hash: string;
  readonly size: number;
  /** The beginning of it. */
  readonly bytes: Uint8Array;
  readonly around: readonly {
    readonly id: number;
    readonly seq: number;
    readonly status: string;
    readonly type: string | null;
    readonly at: number | null;
  }[];
}

/** What a person must look at. provisional: the month rests on a claim · month_edge: the bound crosses the month's edge
 * · both_routes: counter and phone voted · one_phone: many transactions of one phone · two_phones: one
 * transaction by two phones, as by its paper and its screen while the kiosk was offline; the first vote counts · same_dossier: served twice at once,
 * this rating steps back · same_code: votes came by a code that other ratings carry or may have carried, and count for none. */
export interface ReviewItem {
  readonly kind: ReviewKind;
  readonly transaction: string;
  readonly month: string | null;
}
/** Transactions voted from one phone before they are flagged: a family at one desk has fewer. */
export const ONE_PHONE_MIN = 4;

export interface InboxPort {
  deviceKey(device: string): Promise<KeyedDevice | null>;
  hello(input: HelloInput): Promise<HelloAnswer | null>;
  /** Lists what the kiosk states and cannot send any more. */
  lost(input: {
    readonly device: string;
    readonly lost: readonly LostTail[];
    readonly at: number;
  }): Promise<null>;
  /** What is held of each of these epochs. */
  have(input: Pick<HelloInput, 'device' | 'epochs'>): Promise<HelloAnswer['have']>;
  /** Locks the epoch's row, inserts only what extends its head, answers what is committed. */
  recordBatch(input: BatchInput): Promise<BatchOutcome>;
  /** Projects everything that waits; the writer does so by itself, a slice at a time. */
  project(): Promise<null>;
  /** How a device stands now; null: unknown. */
  standing(
    device: string,
  ): Promise<{ readonly standing: Standing; readonly handover: HandoverId | null } | null>;
  /** Judges quarantine again: one event, or (null) the next slice of everything, while `more`. */
  judgeAgain(input: {
    readonly event: number | null;
  }): Promise<{ readonly judged: number; readonly released: number; readonly more: boolean }>;
  /** Of one month (null: all, also where the month is unknown), by kind, month and transaction, behind `after`. */
  review(input: {
    readonly month: string | null;
    readonly after: ReviewItem | null;
    readonly limit: number;
  }): Promise<readonly ReviewItem[]>;
  /** Events set aside, newest first. */
  aside(input: { readonly limit: number }): Promise<readonly QuarantinedEvent[]>;
  /** Null: no such event is set aside. */
  asideEvent(id: number): Promise<AsideDetail | null>;
  asideCount(): Promise<number>;
  /** Folds all stored events again; the answer is the number of events. */
  rebuild(): Promise<number>;
}
