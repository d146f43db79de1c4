/** Rows of torn files (application/torn-files.ts) in the recorder's index; `verify` reads them as they stand. */
import type Database from 'better-sqlite3';
import type { TornRow, TornRows } from '../application/ports.ts';

export function tornRows(db: Database.Database): TornRows {
  const of = db.prepare('SELECT file, modified_at AS modifiedAt, begins FROM torn WHERE file = ?');
  const put = db.prepare('INSERT OR REPLACE INTO torn VALUES (?, ?, ?)');
  const drop = db.prepare('DELETE FROM torn WHERE file = ?');
  const page = db.prepare('SELECT file FROM torn WHERE file > ? ORDER BY file LIMIT ?').pluck();
  return {
    tornRow(file) {
      const row = of.get(file) as { file: string; modifiedAt: number; begins: string } | undefined;
      return row === undefined ? null : { ...row, begins: JSON.parse(row.begins) as TornRow['begins'] };
    },
    keepTorn: ({ file, modifiedAt, begins }) => void put.run(file, modifiedAt, JSON.stringify(begins)),
    dropTorn: (file) => void drop.run(file),
    tornFiles: (after, limit) => page.all(after ?? '', limit) as string[],
  };
}
