/** Storage of the recovery machine: whether this data was set back, and what is awaited. */
import type { Recovering, StatedEpoch } from '../../domain/recovery/recovery-machine.ts';

export interface HelloHeard {
  readonly device: string;
  readonly counterId: string;
  readonly epochs: readonly Omit<StatedEpoch, 'held'>[];
  /** It has more epochs than a hello names. */
  readonly more: boolean;
  readonly witnessAhead: boolean;
  /** The lineage under which it was told so; null: it does not say. */
  readonly lineage: string | null;
  /** The own chain was filled up from a second medium; else what it lost is listed as a gap. */
  readonly ownMirrored: boolean;
  /** A label for the storage, used if it turns out to be set back. */
  readonly freshLineage: string;
  readonly at: number;
}
export interface RecoveryNow {
  readonly lineage: string;
  readonly recovering: boolean;
  /** By this very call: a new lineage began · everything is here again (also both, when nobody is awaited). */
  readonly entered: boolean;
  readonly left: boolean;
}
/** Two people set the block aside until recovering ends. */
export interface Override {
  readonly by: readonly string[];
  readonly reason: string;
  readonly at: number;
}
export interface Readmission {
  readonly device: string;
  readonly counterId: string;
  readonly serial: number;
  readonly at: number;
  readonly confirmedBy: string | null;
}
export interface RecoveryView {
  readonly lineage: string;
  readonly state: Recovering | null;
  readonly override: Override | null;
  readonly readmissions: readonly Readmission[];
  /** Events that are nowhere; `counterId` null: of the hub's own chain; `to` null: nobody knows how many. */
  readonly gaps: readonly {
    readonly counterId: string | null;
    readonly device: string;
    readonly epoch: string;
    readonly from: number;
    readonly to: number | null;
  }[];
}

export interface RecoveryPort {
  /** Compares what a kiosk states with what is held; starts a new, unsigned lineage when this data was set back. */
  hello(input: HelloHeard): Promise<RecoveryNow>;
  /** Epochs for which its hello had no room; asked only while recovering. */
  stated(input: Pick<HelloHeard, 'device' | 'epochs' | 'more' | 'at'>): Promise<RecoveryNow>;
  /** The chain of a device reached `seq`; asked only while recovering. */
  held(input: {
    readonly device: string;
    readonly epoch: string;
    readonly seq: number;
    readonly at: number;
  }): Promise<RecoveryNow>;
  /** The second medium of the hub's own chain held facts that this data had lost: it was set back. */
  mirrorAhead(input: { readonly freshLineage: string; readonly at: number }): Promise<RecoveryNow>;
  /** By the command, right after a restore. */
  restored(input: { readonly at: number }): Promise<RecoveryNow>;
  show(): Promise<RecoveryView>;
  /** Recovering, and nobody has set the block aside: what would leave the house incomplete stays. */
  blocked(): Promise<boolean>;
  /** False: not recovering. */
  override(input: Override): Promise<boolean>;
  /** Two people say that a readmitted kiosk had not been revoked. False: nothing of it was open. */
  confirm(input: {
    readonly device: string;
    readonly by: readonly string[];
    readonly at: number;
  }): Promise<boolean>;
}
