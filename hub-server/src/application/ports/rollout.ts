/** Storage of rollouts: what content goes where, and the groups it goes to. */
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { Rollout, RolloutRule } from '../../domain/fleet/rollout-machine.ts';

export interface RolloutShown {
  /** Null: nobody has been told anything yet. */
  readonly rollout: (Rollout & { readonly startedAt: number }) | null;
  readonly rule: RolloutRule;
  /** Counters of the groups before the last. */
  readonly groups: readonly { readonly counterId: string; readonly stage: number }[];
  /** Kiosks by group: how many there are, and how many confirmed what their counter is to have. */
  readonly stages: readonly { readonly stage: number; readonly kiosks: number; readonly confirmed: number }[];
}

export interface RolloutPort {
  show(): Promise<RolloutShown>;
  /** Notes what is new and looks how far it may go; true: counters are to be told something else than before. */
  step(input: { readonly at: number }): Promise<boolean>;
  /** An administrator's word; false: nothing to force or to try again. */
  decide(input: {
    readonly what: 'force' | 'retry';
    readonly at: number;
    readonly audit: AuditEntry;
  }): Promise<boolean>;
  saveRule(input: {
    readonly rule: RolloutRule;
    readonly groups: RolloutShown['groups'];
    readonly at: number;
    readonly audit: AuditEntry;
  }): Promise<null>;
}
