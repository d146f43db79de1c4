/**
 * Purpose: what the web side of the hub asks of its core: intents in, state of counters and transactions out,
 * views of footage, orders to the recorder. Everything is asynchronous and plain data, so that the same handlers run
 * over SQLite, PostgreSQL or a test's memory.
 * Refuses: handing a level or a vote to anything a station reads. See hub-server/DESIGN.md, "Invariants" 8.
 */

import type { ErrorCode } from '@hailong/shared/errors.ts';
import type {
  CameraId,
  CounterId,
  DutyId,
  IntentId,
  OfficerId,
  SegmentId,
  TransactionId,
} from '@hailong/shared/ids.ts';
import type { OfficerProfile } from '@hailong/shared/model/directory.ts';
import type { BodyOf } from '@hailong/shared/model/event.ts';
import type { Outcome, ReasonKey, Stage } from '@hailong/shared/model/transaction.ts';
import type { CameraVia, FrameResult, FrameSource } from '@hailong/shared/protocol/cameras.ts';
import type { ClipGap } from '@hailong/shared/protocol/coverage.ts';
import type {
  CameraState,
  FootageRepair,
  HeldRow,
  HubToRecorder,
  ProbeResult,
  UndeletableFiles,
} from '@hailong/shared/protocol/footage.ts';
import type {
  ClipAnswer,
  RatingsAnswer,
  StationAnswer,
  TimelineAnswer,
  TransactionAnswer,
} from '@hailong/shared/protocol/http.ts';
import type { LiveHint } from '@hailong/shared/protocol/live.ts';
import type { Interval } from '../domain/footage/window.ts';

/** An expected outcome: the value, or the closed code to answer with. */
export type Outcomes<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: ErrorCode };

export interface OpenTransaction {
  readonly intentId?: IntentId | undefined;
  readonly expiresInMs?: number | undefined;
  /** Null: whoever is on duty. */
  readonly officerCode: string | null;
  readonly counterId: CounterId;
  readonly dossierCodes: readonly string[];
  readonly procedureCode: string | null;
  readonly stage: Stage;
  readonly queueNumber: string | null;
}
export interface FinishTransaction {
  readonly transactionId: TransactionId;
  readonly outcome: Outcome;
  /** Key of the office's list; `intent.reason_needed` when it names some for this outcome and none is given. */
  readonly reason?: ReasonKey | undefined;
  readonly intentId?: IntentId | undefined;
  readonly expiresInMs?: number | undefined;
}
export interface IntentReceipt {
  readonly transactionId: TransactionId;
  readonly intentId: IntentId;
  /** Of a rating that only the private route can answer: to be handed to the citizen. Told once. */
  readonly privateCode?: string;
}
export interface IntentStatus {
  readonly intentId: IntentId;
  readonly counterId: CounterId;
  readonly state: 'pending' | 'accepted' | 'refused' | 'expired';
  readonly code: string | null;
}

/** The counter as its device and the intents on the way to it show it: all of a StationAnswer but the session. */
export type CounterView = Pick<
  StationAnswer,
  'duty' | 'transaction' | 'pending' | 'lastRefusal' | 'lastClosed' | 'device' | 'today'
> & {
  /** Officer of the duty above (started or starting); null when nobody is. */
  readonly officerId: OfficerId | null;
  /** When it changes by time alone (an open prompt is shown closed); null: never. */
  readonly until: number | null;
};

export interface DeviceView {
  readonly deviceId: string;
  readonly counterId: CounterId;
  readonly enrolledAt: number;
  readonly revokedAt: number | null;
  readonly online: boolean;
  readonly lastSeenAt: number | null;
  readonly unsynced: number;
  readonly panel: string;
  readonly build: string;
  /** Events it held when it was revoked, and that nobody has written off. */
  readonly open: number;
  /** The first of two people to write them off; null: nobody. */
  readonly writeOffAsked: string | null;
}

export interface HubCore {
  /** Same intentId, same answer; `intent.reused` when it was used for something else. */
  openTransaction(request: OpenTransaction): Promise<Outcomes<IntentReceipt>>;
  finishTransaction(request: FinishTransaction): Promise<Outcomes<IntentReceipt>>;
  /** The PIN is verified already. The duty's id is minted here and told to the device with the intent. */
  startDuty(request: {
    counterId: CounterId;
    profile: OfficerProfile;
  }): Promise<Outcomes<{ dutyId: DutyId; intentId: IntentId }>>;
  /** The duty goes on, its officer is away: nothing opens meanwhile. */
  pauseDuty(request: {
    counterId: CounterId;
    dutyId: DutyId;
    reason: BodyOf<'duty.paused'>['reason'];
  }): Promise<Outcomes<{ intentId: IntentId }>>;
  resumeDuty(request: { counterId: CounterId; dutyId: DutyId }): Promise<Outcomes<{ intentId: IntentId }>>;
  endDuty(request: {
    counterId: CounterId;
    dutyId: DutyId | null;
  }): Promise<Outcomes<{ intentId: IntentId }>>;
  intent(id: IntentId): Promise<IntentStatus | null>;
  transaction(id: TransactionId): Promise<TransactionAnswer | null>;
  transactionsOfDossier(dossierCode: string): Promise<readonly TransactionAnswer[]>;
  transactionsOfQueue(input: {
    queueNumber: string;
    from: number;
    to: number;
  }): Promise<readonly TransactionAnswer[]>;
  ratings(id: TransactionId): Promise<RatingsAnswer | null>;
  counter(id: CounterId): Promise<CounterView>;
  devices(): Promise<readonly DeviceView[]>;
  /** Whether its line is up now. */
  deviceOnline(id: string): boolean;
  /** False: no such device, or revoked before. The link of a revoked device ends. */
  revokeDevice(id: string): Promise<boolean>;
  quarantined(): Promise<number>;
  /** The officer's name, photo, unit or activity changed: a kiosk that shows them gets `profile.show`. */
  officerChanged(id: OfficerId): Promise<void>;
  /** Counter, procedures, office changed: kiosks get `counter.config`. */
  directoryChanged(): Promise<void>;
  /** The hub's chain took the counter over, or two people decided: its kiosk hears how it stands. */
  counterTaken(id: string): Promise<void>;
  /** Kiosks' pages are shown anew as soon as nobody is asked there; answers which of them are on the line and were told. */
  reloadScreens(devices: readonly string[]): readonly string[];
  /** Recovering was set aside: pages hear it. */
  recoveryChanged(): Promise<void>;
  /** Hints after commit. The answer unsubscribes. */
  onHint(listen: (hint: LiveHint) => void): () => void;
  /** Whatever a station of this counter shows may have changed (intents, duty, device). */
  onCounter(listen: (counterId: CounterId) => void): () => void;
}

/** One segment of an allowed window; `file` is relative to the footage root and never leaves the hub. */
export interface ClipSegment {
  readonly segmentId: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly wallFrom: number;
  readonly wallTo: number;
}
/** What of a counter's footage: a transaction, or a time of the transaction's or of that counter. */
export type FootageSubject =
  | { readonly transactionId: TransactionId; readonly interval: Interval | null }
  | { readonly transactionId: null; readonly counterId: CounterId; readonly interval: Interval };
/** A stretch of the window that is offered as one film: its segments, and where each begins in it. */
export interface ClipFilm extends Interval {
  readonly segments: readonly (ClipSegment & { readonly offsetMs: number })[];
}
export interface ClipView {
  readonly clip: Omit<ClipAnswer, 'playlist' | 'expiresAt' | 'watermark' | 'downloads'>;
  readonly segments: readonly ClipSegment[];
  /** Named by the id of its first segment. */
  readonly downloads: readonly ClipFilm[];
  readonly cameraName: string;
  readonly counterId: CounterId;
  /** What was asked for, transaction ± padding ± bounds or the interval. */
  readonly window: Interval;
  /** m3u8 text; `address(segmentId)` gives each line's URL. */
  playlist(address: (segmentId: string) => string): string;
}
export type ClipSummaryCamera = {
  cameraId: CameraId;
  name: string;
  state: 'ready' | 'partial' | 'missing' | 'pending';
  gaps: ClipGap[];
};
export interface FootageViews {
  /**
   * `recorded`: what was filmed, whatever was deleted since. `keptFor` a user: what is there, and what went; of what is there for
   * somebody else's denunciation alone, as if it had gone.
   */
  summary(
    id: TransactionId,
    of: 'recorded' | { readonly keptFor: string },
  ): Promise<readonly ClipSummaryCamera[]>;
  /** The window that may be viewed, presses, lanes: everything of a timeline but the case. */
  timeline(subject: FootageSubject): Promise<Omit<TimelineAnswer, 'case' | 'transaction' | 'ratings'> | null>;
  /**
   * Null: this camera has nothing of it (or the transaction is unknown). Throws `footage.still_served`: whoever holds an address of it, too,
   * waits until it is over.
   */
  clip(subject: FootageSubject, camera: CameraId): Promise<ClipView | null>;
  /** Absolute folder under which segment files lie; null until a recorder has said hello. */
  root(): string | null;
}

export interface Discovery {
  readonly found: readonly { readonly address: string; readonly name: string }[];
  readonly code: string | null;
}

export type RepairAsked = Pick<Extract<HubToRecorder, { type: 'repair' }>, 'apply' | 'by' | 'files'> & {
  readonly apart: readonly HeldRow[];
  readonly unknown: readonly SegmentId[];
};

export interface RecorderControl {
  /** Null: no recorder is connected. */
  probe(request: {
    address: string;
    user: string;
    password: string;
    via: CameraVia;
  }): Promise<ProbeResult | null>;
  /** Cameras that announce themselves in the networks cameras may be in. Null: no recorder is connected. */
  discover(): Promise<Discovery | null>;
  /** One picture. Null: no recorder is connected. */
  frame(from: FrameSource): Promise<FrameResult | null>;
  /** The next of its kept rows in order of their ids, of those that this hub has acknowledged. Null: no recorder is connected. */
  rows(after: SegmentId | null): Promise<{ ids: readonly SegmentId[]; more: boolean } | null>;
  /** Files and rows of footage that disagree: what there is, or mended in somebody's name. Null: no recorder is connected. */
  repair(request: RepairAsked): Promise<FootageRepair | null>;
  /** Cameras were added, changed or removed: the recorder gets the new list. */
  camerasChanged(): Promise<void>;
  /** Tells the recorder what may not be deleted, as it stands now. An officer waits for it: nothing is placed on the way. */
  holdsChanged(): Promise<void>;
  /** The same, after what the hub holds by itself was placed and dated. */
  holdsKept(): Promise<void>;
  states(): readonly CameraState[];
  /** Files of footage that the disk does not let go, as the recorder told last. Null: none has yet. */
  undeletable(): UndeletableFiles | null;
  /** A recorder is on the line now. */
  isConnected(): boolean;
}
