/** Storage of backups that were made, and of what lies safe on two media. */
import type { BackupHead } from '@hailong/shared/protocol/backup.ts';
import type { AuditEntry } from '../../domain/audit/audit-entry.ts';

export interface SafeUpto {
  readonly epoch: string;
  readonly seq: number;
}
export interface MadeBackup {
  readonly name: string;
  readonly at: number;
  readonly path: string;
  /** Hex SHA-256 of the manifest. */
  readonly manifest: string;
  readonly secondMedium: boolean;
}

export interface BackupsPort {
  /** Once a backup; false: this one was recorded before. */
  record(input: { readonly backup: MadeBackup; readonly audit: AuditEntry }): Promise<boolean>;
  /** Moves what is safe up to these heads, where the chain holds them; never back. Answers how many moved. */
  makeSafe(input: { readonly heads: readonly BackupHead[] }): Promise<number>;
  /** For these epochs of the device; one that is not safe at all is left out. */
  safe(input: { readonly device: string; readonly epochs: readonly string[] }): Promise<readonly SafeUpto[]>;
  /** The newest recorded backup. */
  newest(): Promise<MadeBackup | null>;
}
