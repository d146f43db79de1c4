/** Storage of the witnessed log: the tree over the audit rows, its checkpoints, its origins and what witnesses showed. */
import type { Checkpoint } from '@hailong/shared/log/advance.ts';
import type { LogHead } from '@hailong/shared/log/checkpoint.ts';
import type { SignedStatement } from '@hailong/shared/protocol/edge.ts';

export interface Growth extends LogHead {
  /** Number of the newest enrolment in this state. */
  readonly enrolSerial: number;
  /** The checkpoint of exactly this state, when it is signed already. */
  readonly held: Checkpoint | null;
}

/** ahead: it saw more than is here · inconsistent: it saw another past · foreign: not signed by this hub's key. */
export type WitnessVerdict = 'agrees' | 'ahead' | 'inconsistent';
export type WitnessAlarm = 'ahead' | 'inconsistent' | 'foreign';

export interface WitnessAnswer {
  readonly verdict: WitnessVerdict;
  readonly checkpoint: Checkpoint | null;
  /** From the size shown to the checkpoint's, when the log is the same and grew. */
  readonly consistency: readonly string[] | null;
  /** Signed statements, oldest first, when another log was shown. */
  readonly successions: readonly SignedStatement[];
  /** This witness can go on from what it holds to the checkpoint; else it is told of no further ones. */
  readonly follows: boolean;
}

export interface OriginInput {
  readonly lineage: string;
  readonly by: readonly string[];
  readonly reason: string | null;
  /** Names the present log exactly as `head` answers it, signed by the recovery key; null: nobody signed. */
  readonly statement: SignedStatement | null;
  readonly at: number;
}

export interface UnsignedStep {
  readonly from: LogHead;
  readonly origin: string;
  readonly lineage: string;
}

export interface LogPort {
  /** Takes in grown chains and closed segments as rows, then the tree over all rows. Null: no identity yet. */
  grow(input: { readonly at: number }): Promise<Growth | null>;
  keep(input: { readonly checkpoint: Checkpoint; readonly at: number }): Promise<null>;
  latest(): Promise<Checkpoint | null>;
  /** The state of the tree, signed or not. */
  head(): Promise<LogHead | null>;
  /** Null: not a size of this origin. */
  consistency(input: {
    readonly origin: string;
    readonly from: number;
    readonly to: number;
  }): Promise<readonly string[] | null>;
  inclusion(input: {
    readonly seq: number;
    readonly size: number;
  }): Promise<{ readonly index: number; readonly proof: readonly string[] } | null>;
  /** What this log says to a checkpoint whose signature was found good; null: the witness holds none. */
  judge(input: { readonly held: LogHead | null }): Promise<WitnessAnswer>;
  /** True: not known before; an audit row stands beside it. */
  alarm(input: {
    readonly device: string;
    readonly held: Checkpoint;
    readonly kind: WitnessAlarm;
    readonly at: number;
  }): Promise<boolean>;
  alarms(): Promise<
    readonly (LogHead & { readonly device: string; readonly kind: WitnessAlarm; readonly at: number })[]
  >;
  /** Begins another log; its first row names the present one and who decided. Answers its origin. */
  startOrigin(input: OriginInput): Promise<string>;
  /** Steps from one log to the next that nobody has signed for, oldest first. */
  unsigned(): Promise<readonly UnsignedStep[]>;
  /** Two people sign afterwards what an origin followed: witnesses go on from there. False: it names something else. */
  signOrigin(input: {
    readonly statement: SignedStatement;
    readonly by: readonly string[];
    readonly at: number;
  }): Promise<boolean>;
  successions(): Promise<readonly SignedStatement[]>;
  /** The checkpoint shown with an enrolment code. */
  bindCode(input: { readonly codeHash: string; readonly checkpoint: Checkpoint }): Promise<null>;
}
