/** Backups made and `safe_upto`. A head is safe only where our chain holds that very hash under its number. */
import type { BackupsPort, MadeBackup, SafeUpto } from '../../../application/ports/backups.ts';
import { type Db, one, read, run, type Store, write } from '../op.ts';
import { appendAudit } from './log/audit.ts';

/** Also read by the inbox, for the welcome of a hello. */
export function safeOf(db: Db, device: string, epochs: readonly string[]): SafeUpto[] {
  return epochs.flatMap((epoch) => {
    const row = one<{ seq: number }>(
      db,
      `SELECT s.seq FROM device_epoch e JOIN safe_upto s ON s.epoch_id = e.id WHERE e.device = ? AND e.epoch = ?`,
      ...[device, epoch],
    );
    return row ? [{ epoch, seq: row.seq }] : [];
  });
}

export const backupsStore: Store<BackupsPort> = {
  record: write((db, { backup, audit }) => {
    const added = run(
      db,
      'INSERT INTO backup (name, at, path, manifest, second_medium) VALUES (?,?,?,?,?) ON CONFLICT (name) DO NOTHING',
      ...[backup.name, backup.at, backup.path, backup.manifest, Number(backup.secondMedium)],
    );
    if (added > 0) appendAudit(db, audit);
    return added > 0;
  }),
  makeSafe: write((db, { heads }) => {
    let moved = 0;
    for (const { device, epoch, seq, hash } of heads)
      moved += run(
        db,
        `INSERT INTO safe_upto (epoch_id, seq)
         SELECT e.id, ? FROM device_epoch e JOIN event v ON v.epoch_id = e.id AND v.seq = ? AND v.branch = 0
         WHERE e.device = ? AND e.epoch = ? AND v.hash = ?
         ON CONFLICT (epoch_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > safe_upto.seq`,
        ...[seq, seq, device, epoch, Buffer.from(hash, 'hex')],
      );
    return moved;
  }),
  safe: read((db, { device, epochs }) => safeOf(db, device, epochs)),
  newest: read((db) => {
    const row = one<Omit<MadeBackup, 'secondMedium'> & { second: number }>(
      db,
      'SELECT name, at, path, manifest, second_medium AS second FROM backup ORDER BY at DESC LIMIT 1',
    );
    if (!row) return null;
    const { second, ...rest } = row;
    return { ...rest, secondMedium: second === 1 };
  }),
};
