/**
 * What the agent's use cases need from outside. One call of a store is one transaction: it takes a synchronous
 * decision and either everything it says is on disk, or nothing is and `kiosk.cannot_store` is thrown.
 * Document: kiosk-app/DESIGN.md, "Ordered procedures".
 */
import type { CounterState, CounterStep, Known } from '@hailong/shared/counter/counter-state.ts';
import type { Event } from '@hailong/shared/edge/event.ts';
import type { CounterId, DeviceId, EpochId, Hwid, OfficerId, Sha256Hex } from '@hailong/shared/ids.ts';
import type { EnrolAnswer, HubToDevice } from '@hailong/shared/protocol/edge.ts';
import type { AgentToWindow, WindowToAgent } from '@hailong/shared/protocol/ui.ts';

/** Wall and boot time of one moment, ms. */
export interface Stamp {
  readonly at: number;
  readonly mono: number;
}

export interface Clock {
  stamp(): Stamp;
  readonly bootId: string;
}

export interface Timers {
  /** Calls `run` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export interface Ids {
  uuid(): string;
  /** Random non-zero u32. */
  askTicket(): number;
  epoch(): EpochId;
  /** 128 random bits as text. */
  nonce(): string;
  /** In [0, 1), for jitter. */
  random(): number;
}

export interface AppendedEvent {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly event: Event;
}

export interface Committed {
  readonly step: CounterStep;
  readonly appended: readonly AppendedEvent[];
}

export interface Held {
  readonly state: CounterState;
  readonly known: Known;
  ticketIsUsed(askTicket: number): boolean;
}

export interface EpochStart {
  readonly epoch: EpochId;
  readonly bootId: string;
  readonly build: string;
  readonly counter: CounterId;
}

export interface CounterStore {
  readonly state: CounterState;
  /** Opens the run's epoch with `agent.started` and what `decide` makes of the restart, in one transaction. */
  begin(start: EpochStart, stamp: Stamp, decide: (held: Held) => CounterStep): Committed;
  commit(stamp: Stamp, decide: (held: Held) => CounterStep): Committed;
  /** Writes and reads back one row: whether storing works again. Afterwards the state is read anew. */
  probe(stamp: Stamp): boolean;
}

/** Beside the database and independent of it: the last event known to be written. */
export interface HighWaterMark {
  readonly epoch: EpochId;
  readonly seq: number;
  readonly hash: Uint8Array;
}
export interface HighWaterRead {
  readonly mark: HighWaterMark | null;
  /** `damaged`: something in the file cannot be read; `mark` is what can. */
  readonly state: 'missing' | 'whole' | 'damaged';
}
export interface HighWater {
  /** What the file held when it was opened. */
  read(): HighWaterRead;
  /** Answers when it is on disk (or could not be written). One at a time. */
  write(mark: HighWaterMark, done: (ok: boolean) => void): void;
}

/** Disk space held back for the day the disk is full. */
export interface Ballast {
  readonly bytes: number;
  readonly wantedBytes: number;
  /** Gives one step back to the disk; false when nothing is left. */
  release(): boolean;
  /** Reserves again, as far as there is room; goes on by itself. */
  grow(): void;
}

export interface StorageGauge {
  /** Bytes of the data folder, without what is free inside the database. */
  usedBytes(): number;
  /** Bytes this program may still write; null: not known here. */
  freeBytes(): number | null;
}

export interface HeldEpoch {
  readonly epoch: EpochId;
  readonly head: number;
  readonly hash: Sha256Hex;
  readonly acknowledged: number;
  /** Lowest event whose bytes are still here. */
  readonly floor: number;
  /** Highest event that can still be sent: behind it nothing fits its hash. */
  readonly last: number;
}

export interface BatchRead {
  readonly events: readonly Uint8Array[];
  readonly prevHash: Sha256Hex;
  readonly head: { readonly seq: number; readonly hash: Sha256Hex };
}

/** Reading throws `kiosk.cannot_store` when the disk does not answer. */
export interface Outbox {
  /** Oldest first, at most 1,000: the present one, then those the hub lacks something of, then the newest. */
  epochs(): readonly HeldEpoch[];
  /** Whether there are more than these. */
  hasMore(): boolean;
  /** Others than `named`, of which the hub is not known to hold everything: oldest first, at most 1,000 at once. */
  others(named: ReadonlySet<EpochId>): { readonly epochs: readonly HeldEpoch[]; readonly more: boolean };
  hashAt(epoch: EpochId, seq: number): Sha256Hex | null;
  /** The last event of an epoch; null when none is held. */
  headOf(epoch: EpochId): { readonly seq: number; readonly hash: Sha256Hex } | null;
  /** Consecutive events, each checked against its hash; null when the first one fails. */
  read(epoch: EpochId, first: number, eventsMax: number, bytesMax: number): BatchRead | null;
  /** The events (from, to] that can be parsed. */
  between(epoch: EpochId, from: number, to: number): readonly Event[];
  acknowledge(epoch: EpochId, seq: number): void;
  /** The hub's newest word on what lies on two independent media; false when it could not be kept. */
  markSafe(safe: readonly { readonly epoch: EpochId; readonly seq: number }[]): boolean;
  /** Another lineage of the hub: what an older one acknowledged or called safe is not known of it. False: not kept. */
  forgetWords(): boolean;
  /** The hub holds other bytes under this epoch's numbers: nothing of it is deleted any more. */
  markForked(epoch: EpochId): void;
  /**
   * Deletes the bytes of at most `eventsMax` events that are safe, acknowledged, not of a forked epoch, and older than
   * an anchor that is itself not newer than `hubAt`. The hashes stay. Answers how many.
   */
  prune(hubAt: number, eventsMax: number): number;
}

/** Small things the agent keeps beside the chain, each replaced as a whole. */
export interface Settings {
  read(key: SettingKey): unknown;
  /** False when it could not be stored. */
  write(key: SettingKey, value: unknown): boolean;
}
export type SettingKey =
  | 'anchor'
  | 'enrolment'
  | 'config'
  | 'checkpoint'
  | 'checkpoints-refused'
  | 'lineage'
  | 'pin-attempts'
  | 'service'
  | 'ui-token';

export type Enrolment = Pick<
  EnrolAnswer,
  'device' | 'counterId' | 'hubKey' | 'recoveryKey' | 'enrolSerial' | 'certificate' | 'checkpoint'
>;

export interface DeviceIdentity {
  readonly device: DeviceId;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  /** Ed25519, base64url. */
  sign(bytes: Uint8Array): string;
}
/** The key itself, in the one process that holds it. */
export interface DeviceKey extends DeviceIdentity {
  /** 32 bytes that only the private key leads to, others for each purpose. */
  derive(purpose: string): Uint8Array;
}

/** A JSON value in a file of its own, replaced as a whole. */
export interface KeptFile {
  read(): unknown;
  /** False: the new one could not be kept, and the old one stands. */
  write(value: unknown): boolean;
  remove(): void;
}

/** A verifier as the hub sealed it to this device, and what it was sealed for. */
export interface SealedVerifier {
  readonly sealed: string;
  readonly officer: OfficerId;
  readonly revision: number;
}
/** Whether the PIN is this officer's. Null: nobody's, after the same work. */
export type VerifyPin = (verifier: SealedVerifier | null, pin: string) => Promise<boolean>;

/** Whether `sig` (base64url) is the hub's over `bytes`; `hubKey` raw Ed25519, base64url. */
export type VerifySignature = (hubKey: string, bytes: Uint8Array, sig: string) => boolean;

export interface HubLink {
  open(listener: {
    message(message: HubToDevice): void;
    /** Exactly once per `open`. */
    ended(): void;
  }): void;
  /** False when the line is not open; nothing is kept for later. */
  send(frame: string | Uint8Array): boolean;
  close(): void;
}

export type PanelState = 'none' | 'ready' | 'away' | 'incompatible' | 'wrong-device' | 'syncing';

export interface PanelPressed {
  readonly hwid: Hwid;
  readonly boot: number;
  readonly seq: number;
  readonly askTicket: number;
  /** 1-based. */
  readonly button: number;
  readonly chord: boolean;
  readonly uptimeMs: number;
  readonly pressedMono: number | null;
}

export interface Panel {
  readonly state: PanelState;
  start(listener: {
    /** The panel is there (its hardware id and number of buttons) or has gone (null). */
    changed(panel: { hwid: Hwid; buttons: number } | null): void;
    pressed(press: PanelPressed): void;
    said(vi: string, en: string): void;
  }): void;
  acknowledge(press: { boot: number; seq: number }): boolean;
  arm(askTicket: number, buttons: number, timeoutMs: number): Promise<boolean>;
  disarm(askTicket: number): Promise<boolean>;
  drain(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface Windows {
  readonly count: number;
  broadcast(message: AgentToWindow): void;
}
export type FromWindow = Exclude<WindowToAgent, { type: 'hello' | 'beat' | 'shell' }>;

/** Rows of modules of a QR code, `1` dark, without the quiet zone. */
export type DrawQr = (text: string) => readonly string[];

/** Photos and recordings by content hash. */
export interface BlobFiles {
  has(sha256: Sha256Hex): boolean;
  write(sha256: Sha256Hex, bytes: Uint8Array): void;
  /** Deletes every other blob. */
  keepOnly(wanted: ReadonlySet<Sha256Hex>): void;
}
export type FetchBlob = (sha256: Sha256Hex, token: string) => Promise<Uint8Array | null>;

/** Lines for scripts on stdout, sentences for people on stderr. */
export interface Reporter {
  line(value: Readonly<Record<string, unknown>>): void;
  say(vi: string, en: string): void;
}
