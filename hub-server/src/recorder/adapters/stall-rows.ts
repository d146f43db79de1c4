/** Silences inside runs that are not placed yet, in the recorder's index (sqlite-index.ts). */
import type Database from 'better-sqlite3';
import type { Stall } from '../application/ports.ts';

export function stallRows(db: Database.Database) {
  const add = db.prepare('INSERT INTO stall VALUES (?, ?, ?, ?)');
  const drop = db.prepare('DELETE FROM stall WHERE run = ?');
  const of = db.prepare(
    'SELECT gap, run, from_ms AS fromMs, to_ms AS toMs FROM stall WHERE run = ? ORDER BY from_ms',
  );
  return {
    add({ gap, run, fromMs, toMs }: Stall): void {
      add.run(gap, run, fromMs, toMs);
    },
    drop: (run: string): void => void drop.run(run),
    stallsOf: (run: string) => of.all(run) as Stall[],
  };
}
