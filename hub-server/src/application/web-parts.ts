/** What the verbs of the web side are given. The command line gives the same parts with the hub stopped: no core. */
import type { VerifySignature } from '@hailong/shared/log/checkpoint.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { FootageViews, HubCore, RecorderControl } from './core-port.ts';
import type { EvidenceMaker } from './evidence/make-package.ts';
import type { LogSealer } from './log/seal-log.ts';
import type { OwnChain } from './own-chain/own-chain.ts';
import type { AccessPort } from './ports/access.ts';
import type { ActsPort } from './ports/acts.ts';
import type { BlobsPort } from './ports/blobs.ts';
import type { CamerasPort } from './ports/cameras.ts';
import type { CasePort } from './ports/cases.ts';
import type { CoveragePort } from './ports/coverage.ts';
import type { DevicesPort } from './ports/devices.ts';
import type { DirectoryPort } from './ports/directory.ts';
import type { EvidencePort } from './ports/evidence.ts';
import type { FigurePort } from './ports/figures.ts';
import type { FleetPort } from './ports/fleet.ts';
import type { HoldsPort } from './ports/holds.ts';
import type { HubClockPort } from './ports/hub-clock.ts';
import type { IdentityPort } from './ports/identity.ts';
import type { InboxPort } from './ports/inbox.ts';
import type { InstrumentsPort } from './ports/instruments.ts';
import type { LogPort } from './ports/log.ts';
import type { NoticesPort } from './ports/notices.ts';
import type { OwnChainPort } from './ports/own-chain.ts';
import type { OwnTotalsPort } from './ports/own-totals.ts';
import type { ReconcilePort } from './ports/reconcile.ts';
import type { RecoveryPort } from './ports/recovery.ts';
import type { RolloutPort } from './ports/rollout.ts';
import type { ScreenHoursPort } from './ports/screen-hours.ts';
import type { Hasher, Sealer, Secrets } from './ports/secrets.ts';
import type { SegmentsPort } from './ports/segments.ts';
import type { TokensPort } from './ports/tokens.ts';
import type { VoicesPort } from './ports/voices.ts';
import type { SlipCodes } from './private-route/slip-codes.ts';

export interface WebStorage {
  readonly access: AccessPort;
  readonly acts: Pick<ActsPort, 'ask' | 'approve' | 'refuse' | 'list'>;
  readonly tokens: TokensPort;
  readonly directory: DirectoryPort;
  readonly cameras: CamerasPort;
  readonly cases: CasePort;
  readonly coverage: CoveragePort;
  readonly figures: FigurePort;
  readonly evidence: EvidencePort;
  readonly fleet: FleetPort;
  readonly rollouts: RolloutPort;
  readonly blobs: BlobsPort;
  readonly hubClock: Pick<HubClockPort, 'confirm'>;
  readonly holds: Pick<HoldsPort, 'turns' | 'request' | 'list'>;
  readonly identity: Pick<IdentityPort, 'identity'>;
  readonly instruments: InstrumentsPort;
  readonly log: Pick<LogPort, 'bindCode' | 'unsigned' | 'signOrigin'>;
  readonly recovery: Pick<RecoveryPort, 'show' | 'blocked' | 'override' | 'confirm'>;
  readonly devices: Pick<
    DevicesPort,
    'list' | 'writeOff' | 'waiting' | 'decideEnrolment' | 'roster' | 'askWriteOff'
  >;
  readonly inbox: Pick<InboxPort, 'deviceKey' | 'aside' | 'asideEvent' | 'judgeAgain' | 'project' | 'review'>;
  readonly ownChain: OwnChainPort;
  readonly reconcile: Pick<ReconcilePort, 'take' | 'weigh' | 'month'>;
  readonly ownTotals: Pick<OwnTotalsPort, 'blocks'>;
  readonly notices: NoticesPort;
  readonly segments: SegmentsPort;
  readonly screenHours: ScreenHoursPort;
  readonly voices: VoicesPort;
}

/** Enough for administration, also with the hub stopped. */
export interface AdminParts {
  readonly storage: WebStorage;
  readonly secrets: Secrets;
  readonly hasher: Hasher;
  readonly sealer: Sealer;
  readonly logSealer: Pick<LogSealer, 'seal' | 'fingerprint'>;
  readonly evidence: EvidenceMaker;
  readonly own: OwnChain;
  readonly slipCodes: SlipCodes;
  readonly verify: VerifySignature;
  readonly deviceIdOf: (rawPublicKey: Uint8Array) => string;
  readonly clock: Clock;
  /** Null while the hub does not run: nobody is connected that would have to be told. */
  readonly told: {
    readonly core: HubCore;
    readonly recorder: RecorderControl;
    /** Ends the sockets of sessions that ended. */
    sessionsEnded(ids: readonly string[]): void;
  } | null;
}

export interface WebParts extends AdminParts {
  readonly core: HubCore;
  readonly footage: FootageViews;
  readonly recorder: RecorderControl;
  readonly told: NonNullable<AdminParts['told']>;
}

/** Who acts, as the audit log names them. */
export interface Act {
  readonly actor: string;
}
