/** Storage of what the provincial system closed, and of what was asked about it. */
import type { ClosedDossier } from '@hailong/shared/protocol/http.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { ClosedState } from '../../domain/reconcile/judge-closed.ts';

export interface TakenClosed {
  readonly added: number;
  readonly changed: number;
  readonly same: number;
}
export interface ClosedCounts {
  readonly closed: number;
  readonly asked: number;
  readonly unasked: number;
  readonly silent: number;
  readonly unknown: number;
  /** Not judged yet. */
  readonly waiting: number;
}
export interface ClosedRow {
  readonly dossierCode: string;
  readonly closedAt: number;
  readonly step: string;
  readonly counterId: string | null;
  readonly state: Exclude<ClosedState, 'asked'>;
}
export interface ClosedMonth {
  /** The newest night that anything of it was judged for; null: none. */
  readonly judgedFor: number | null;
  readonly counters: readonly (ClosedCounts & { readonly counterId: string | null })[];
  /** How many of an officer's were never asked, by staff code; never which. */
  readonly officers: readonly {
    readonly officerCode: string;
    readonly unasked: number;
    readonly silent: number;
  }[];
  readonly dossiers: readonly ClosedRow[];
}

export interface ReconcilePort {
  /** One of a known (dossier, time, step) changes nothing, or what was said beside it. */
  take(input: {
    readonly dossiers: readonly ClosedDossier[];
    readonly audit: AuditEntry | null;
  }): Promise<TakenClosed>;
  /** What a list would add, change and leave; nothing is written. */
  weigh(input: {
    readonly dossiers: readonly ClosedDossier[];
  }): Promise<readonly ('add' | 'change' | 'same')[]>;
  /** Brings figures up to date and lets go of what is past its days. */
  begin(input: { readonly at: number }): Promise<{ readonly recovering: boolean }>;
  /** Judges the next of those that this night has not judged; how many. */
  judge(input: { readonly due: number; readonly limit: number }): Promise<number>;
  month(input: { readonly from: number; readonly to: number; readonly limit: number }): Promise<ClosedMonth>;
}
