/**
 * Purpose: the data against a backup that was signed earlier: is the backup whole, and does the data still hold what it
 *   held then? A backup is a witness as good as the medium it lies on.
 * Refuses: nothing; it finds.
 * Document: hub-server/DESIGN.md, "Verify".
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex } from '@hailong/shared/edge/event.ts';
import { backupHead, HEADS_FILE } from '@hailong/shared/protocol/backup.ts';
import type { Progress } from '../../application/ports/progress.ts';
import type { Verdict } from '../../domain/verify/finding.ts';
import { checkBackup } from '../backup/check-backup.ts';
import type { LogLine } from '../sqlite/verify-log.ts';
import type { Snapshot } from '../sqlite/verify-reader.ts';

export function checkAgainstBackup(
  snapshot: Snapshot,
  folder: string,
  hubKey: string,
  line: LogLine,
  verdict: Verdict,
  progress: Progress,
): void {
  const before = verdict.found;
  const manifest = checkBackup(folder, hubKey, verdict, progress);
  if (manifest === null || verdict.found > before) return;
  const text = readFileSync(join(folder, HEADS_FILE), 'utf8');
  progress.begin(
    { vi: 'So với bản sao lưu', en: 'Comparing with the backup' },
    manifest.heads.epochs,
    'count',
  );
  let done = 0;
  for (const each of text.split('\n')) {
    if (each === '') continue;
    const { device, epoch, seq, hash } = backupHead.parse(JSON.parse(each));
    const held = snapshot.get(
      `SELECT 1 FROM device_epoch e JOIN event v ON v.epoch_id = e.id AND v.seq = ?
       WHERE e.device = ? AND e.epoch = ? AND v.hash = ?`,
      ...[seq, device, epoch, fromHex(hash)],
    );
    if (held === undefined) verdict.find('backup.differs', { file: folder, device, epoch, seq });
    progress.at(++done);
  }
  progress.end();
  const { checkpoint } = manifest;
  const lies = checkpoint === null ? true : line.onLine(checkpoint);
  if (lies === false) verdict.find('backup.differs', { file: folder, size: checkpoint?.size });
  else if (lies === null) verdict.cannotProve('log.left_behind', { file: folder, size: checkpoint?.size });
}
