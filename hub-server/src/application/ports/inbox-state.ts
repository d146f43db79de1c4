/**
 * What the inbox reads and writes while it decides about a batch: synchronous, inside one storage transaction that the
 * caller opened. Answers are plain data, and nothing here decides. SQLite implements it, and memory in tests; both run
 * the same contract. See hub-server/DESIGN.md, "Inbox".
 */
import type { Event } from '@hailong/shared/edge/event.ts';
import type { HandoverId } from '@hailong/shared/ids.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { AsideLink } from '../../domain/transactions/branch-heads.ts';
import type { EpochFacts, EpochState } from '../../domain/transactions/epoch-standing.ts';
import type { IntentState } from '../../domain/transactions/intent-resolution.ts';

export interface EpochRow {
  readonly id: number;
  readonly headSeq: number;
  readonly headHash: Uint8Array;
  readonly state: EpochState;
  /** Whether another epoch names it as the one it went on from. */
  readonly continued: boolean;
  /** Whether events are missing in it (`addGap`). */
  readonly gapped: boolean;
  /** Whether other bytes are kept beside it (`markForked`). */
  readonly forked: boolean;
}
export interface ChainGap {
  readonly from: number;
  readonly to: number;
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
/** An event in quarantine, to be judged again. */
export interface AsideEvent {
  readonly id: number;
  readonly epochId: number;
  readonly device: string;
  readonly epoch: string;
  readonly own: boolean;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly code: string;
  readonly receivedAt: number;
}
export interface SignedHead {
  readonly seq: number;
  readonly hash: Uint8Array;
  /** JSON of {origin, size, root}, or null. */
  readonly checkpoint: string | null;
  readonly sig: string;
}
/** What the first event of an epoch says. */
export interface EpochStart {
  readonly boot: string;
  readonly mono: number;
  readonly at: number;
  readonly parent: { readonly epoch: string; readonly seq: number; readonly hash: Uint8Array } | null;
}
export interface HeldIntent {
  readonly counterId: string;
  readonly kind: string;
  readonly transactionId: string | null;
  readonly state: IntentState;
}
/** rewound: a start behind what is held, or a second one · forked: other bytes under a number · lost: the kiosk says
 * so · gap: events that the kiosk deleted as safe and the hub does not hold. */
export type Alarm = 'rewound' | 'forked' | 'lost' | 'gap';

/** Whose PIN is locked (null: everybody's), after how many wrong ones, and where the fact stands. */
export interface PinLock {
  readonly officerCode: string | null;
  readonly failures: number;
  readonly epoch: string;
  readonly seq: number;
}

export interface Decision {
  readonly device: string;
  readonly epoch: string;
  readonly counted: boolean;
  /** Place of the deciding fact in the hub's chain: the latest stands. */
  readonly at: number;
  readonly by: { readonly epoch: string; readonly seq: number };
}

export interface InboxState {
  /** Raises the fence of a device that is not revoked; null: there is none such. `newest`: the epoch it goes on in. */
  greet(
    device: string,
    newest: string | null,
    checkpoint: string | null,
    at: number,
  ): { readonly fence: number; readonly counterId: string } | null;
  lineage(): string;
  place(device: string, epoch: string): DevicePlace | null;
  /** Every counter this device was ever enrolled at. */
  countersOf(device: string): readonly string[];
  epoch(device: string, epoch: string): EpochRow | null;
  /** Hash of the main line at `seq`; null: not held. */
  hashAt(epochId: number, seq: number): Uint8Array | null;
  /** Side lines under `seq`, ascending. */
  branchesAt(epochId: number, seq: number): readonly { readonly branch: number; readonly hash: Uint8Array }[];
  /** Everything that is kept beside the chain, ascending by number, at most `limit`. */
  asideOf(epochId: number, limit: number): readonly AsideLink[];
  /** `own`: of the hub's own chain. */
  newEpoch(
    device: string,
    epoch: string,
    head: { readonly seq: number; readonly hash: Uint8Array },
    own: boolean,
  ): void;
  moveHead(epochId: number, seq: number, hash: Uint8Array): void;
  keepSignedHead(epochId: number, head: SignedHead): void;
  /** Answers the event's number in the hub's order of arrival. */
  insertEvent(row: NewEvent): number;
  /** Of one device, or of all (null), behind `after` in order of arrival. */
  quarantined(device: string | null, after: number, limit: number): readonly AsideEvent[];
  /** Into the chain's facts again, or another reason for staying. */
  release(event: number, read: Event): void;
  keepAside(event: number, code: string, detail: string): void;
  addGap(epochId: number, from: number, to: number, at: number): void;
  gapsOf(epochId: number): readonly ChainGap[];
  /** The gap that begins at `from` ends with `to` now; it is gone when that lies before it. */
  shrinkGap(epochId: number, from: number, to: number): void;
  /** What the main line's event at `seq` goes on from; null: not held. */
  prevAt(epochId: number, seq: number): Uint8Array | null;
  /** An event on a branch under this number, by its hash. */
  asideAt(
    epochId: number,
    seq: number,
    hash: Uint8Array,
  ): { readonly branch: number; readonly bytes: Uint8Array; readonly prev: Uint8Array } | null;
  /** From its branch into the main line; the epoch is no fork any more when nothing is left beside it. */
  takeOver(branch: number, row: Omit<NewEvent, 'branch'>): void;
  /** All of the epoch is projected again, later. */
  projectAgain(epochId: number): void;

  startEpoch(epochId: number, start: EpochStart): void;
  hasOtherEpoch(device: string, epoch: string): boolean;
  markLost(epochId: number): void;
  markForked(epochId: number): void;
  keepDecision(decision: Decision): void;
  keepHandover(handover: BodyOf<'counter.handed_over'>, at: number): void;
  acceptHandover(handover: string, at: number): void;
  /** The newest hand-over of a counter to the hub's chain that its kiosk has not accepted. */
  openHandover(counterId: string): HandoverId | null;
  /** Every epoch of a device with what is kept of its standing, and its latest decisions. */
  epochsOf(device: string): readonly (EpochFacts & {
    readonly id: number;
    readonly state: EpochState;
    readonly branches: EpochState;
  })[];
  decisionsOf(device: string): ReadonlyMap<string, boolean>;
  /** A changed state is projected again, later. */
  setStanding(epochId: number, state: EpochState, branches: EpochState): void;
  /** A newer kiosk is enrolled at its counter; the epoch it last said it goes on in. */
  enrolment(device: string): { readonly superseded: boolean; readonly newest: string | null };
  raiseAlarm(device: string, alarm: Alarm, detail: unknown, at: number): void;
  /** Wrong PINs locked the kiosk's screen: said in the log. An alarm about its chains stays on show before it. */
  tellLocked(device: string, detail: PinLock, at: number): void;

  intent(id: string): HeldIntent | null;
  /** Finishes of a transaction that still wait. */
  pendingFinishes(transactionId: string): readonly string[];
  setIntent(id: string, state: IntentState, code: string | null, at: number): void;
}
