/**
 * Purpose: was every migration up to the data's version really applied? What each one leaves is read off its own SQL, so that data
 * which got a newer one without an older one (a build that was never released, a number given twice) is noticed before it is used.
 * Refuses: nothing; it names the first one whose table, index, trigger or column is not there. One that changes rows alone (009, 051) leaves
 * nothing to look for. See hub-server/DESIGN.md, "Storage".
 */
import type { Db } from '../op.ts';
import type { Migration } from './migration.ts';

const WORD = String.raw`["\`]?(\w+)["\`]?`;
const STEPS = new RegExp(
  [
    String.raw`\bCREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?${WORD}`,
    String.raw`\bDROP\s+(?:TABLE|INDEX|TRIGGER|VIEW)\s+(?:IF\s+EXISTS\s+)?${WORD}`,
    String.raw`\bALTER\s+TABLE\s+${WORD}\s+ADD\s+COLUMN\s+${WORD}`,
  ].join('|'),
  'gi',
);

/** `name` or `table.column` → version of the migration that made it as it stands after all of these. */
export function marksOf(migrations: readonly Migration[]): Map<string, number> {
  const marks = new Map<string, number>();
  for (const { version, sql } of migrations)
    for (const [, created, dropped, table, column] of sql.replace(/--.*$/gm, '').matchAll(STEPS)) {
      if (created !== undefined) marks.set(created, version);
      else if (table !== undefined) marks.set(`${table}.${column}`, version);
      else for (const mark of [...marks.keys()]) if (mark.split('.')[0] === dropped) marks.delete(mark);
    }
  return marks;
}

/** The oldest of these migrations that left no trace in the data, and what is missing; null: all are there. */
export function firstMissing(
  db: Db,
  applied: readonly Migration[],
): { readonly version: number; readonly mark: string } | null {
  const held = new Set(
    db
      .prepare(
        `SELECT name FROM sqlite_schema UNION ALL
         SELECT s.name || '.' || c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c WHERE s.type = 'table'`,
      )
      .pluck()
      .all() as string[],
  );
  let first: { version: number; mark: string } | null = null;
  for (const [mark, version] of marksOf(applied))
    if (!held.has(mark) && version < (first?.version ?? Number.POSITIVE_INFINITY)) first = { version, mark };
  return first;
}
