/**
 * A backup that was written and read back becomes part of this hub's record: an audit row, and, when it lies on another
 * medium than the data, everything it holds is safe, quarantine included. Kiosks that are connected hear of it.
 * Refuses: nothing; what is safe moves only where the chain holds the very hash, and only forward.
 */
import type { BackupHead } from '@hailong/shared/protocol/backup.ts';
import type { BackupsPort, MadeBackup } from './ports/backups.ts';

/** Heads moved in one storage transaction. */
const HEADS_A_STEP = 2_000;

export interface RecordBackupParts {
  readonly backups: BackupsPort;
  /** Null: no hub runs, so nobody is connected. */
  readonly safeMoved: (() => Promise<void>) | null;
}

/** Answers how many chains are safe further than before. */
export async function recordBackup(
  parts: RecordBackupParts,
  backup: MadeBackup,
  heads: Iterable<BackupHead>,
): Promise<number> {
  await parts.backups.record({
    backup,
    audit: {
      ...{
        at: backup.at,
        actor: 'operator',
        action: 'backup.made',
        object: `backup:${backup.name}`,
        reason: null,
      },
      body: { manifest: backup.manifest, secondMedium: backup.secondMedium },
    },
  });
  if (!backup.secondMedium) return 0;
  let moved = 0;
  let step: BackupHead[] = [];
  for (const head of heads) {
    step.push(head);
    if (step.length < HEADS_A_STEP) continue;
    moved += await parts.backups.makeSafe({ heads: step });
    step = [];
  }
  if (step.length > 0) moved += await parts.backups.makeSafe({ heads: step });
  if (moved > 0) await parts.safeMoved?.();
  return moved;
}
