/**
 * Purpose: what `backup` asks of the hub that owns the data, running (through its owner-only socket) or stopped: keep the
 *   recovery box, record a backup that was written.
 * Refuses: a box or charter of another recovery key, a backup this hub did not sign.
 * Document: hub-server/DESIGN.md, "Backup".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import { z } from 'zod';
import { readMadeBackup } from '../adapters/backup/made-backup.ts';
import { charterHolds } from '../adapters/recovery-key.ts';
import { recordBackup } from '../application/record-backup.ts';
import type { OpenHub } from './open-hub.ts';

export const maintenance = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('seal') }),
  z.object({ verb: z.literal('recovery-box'), box: z.string().max(64), charter: z.string().max(128) }),
  z.object({ verb: z.literal('backup-record'), folder: z.string().max(4_096) }),
]);
export type Maintenance = z.infer<typeof maintenance>;

export interface Maintained {
  readonly dataDir: string;
  readonly hub: Pick<OpenHub, 'storage' | 'keys' | 'logSealer'>;
  /** Null: no hub runs. */
  readonly safeMoved: (() => Promise<void>) | null;
}

/** Answers the lines to print. */
export async function maintain(parts: Maintained, asked: Maintenance): Promise<Record<string, unknown>> {
  const { dataDir, hub, safeMoved } = parts;
  const { storage, keys } = hub;
  if (asked.verb === 'seal') {
    const checkpoint = await hub.logSealer.seal();
    return { event: 'sealed', size: checkpoint?.size ?? 0 };
  }
  if (asked.verb === 'recovery-box') {
    const identity = await storage.identity.identity();
    const { box, charter } = asked;
    if (!identity || !charterHolds(identity.recoveryKey, keys.publicKey, box, charter))
      throw new CodedError('restore.wrong_key');
    await storage.identity.charter({ recoveryBox: box, charter });
    return { event: 'recovery-box', box };
  }
  const { backup, heads } = readMadeBackup(dataDir, asked.folder, keys.publicKey);
  const moved = await recordBackup({ backups: storage.backups, safeMoved }, backup, heads);
  return { event: 'recorded', name: backup.name, secondMedium: backup.secondMedium, moved };
}
