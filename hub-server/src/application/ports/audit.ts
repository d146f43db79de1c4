/** The audit log: what was done, by whom, why. Rows are only ever added. */
import type { AuditEntry } from '../../domain/audit/leaf.ts';

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly reason: string | null;
}

export interface AuditPort {
  /** Answers the row's number once it is committed. An act that changes rows logs inside the same operation. */
  append(entry: AuditEntry): Promise<number>;
  /** Newest first, `before` exclusive. */
  list(input: { readonly before: number | null; readonly limit: number }): Promise<readonly AuditRow[]>;
}
