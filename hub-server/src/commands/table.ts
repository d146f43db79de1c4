/** Lists for people on the command line: columns that line up, heads and words in Vietnamese first; `--json` has the values themselves. */
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';

const GAP = '  ';

/** `dd/mm/yyyy hh:mm` in Vietnam. */
export function momentText(at: number): string {
  const [day = '', time = ''] = new Date(at + VIETNAM_OFFSET_MS).toISOString().split('T');
  return `${day.split('-').reverse().join('/')} ${time.slice(0, 5)}`;
}

export const bothText = (vi: string, en: string): string => `${vi} / ${en}`;

/**
 * A list that comes a page at a time: the head with the first rows, columns as wide as any row before. Nothing at all where there are no
 * rows: what is missing then, the caller says.
 */
export function openTable(heads: readonly string[]): { add(rows: readonly (readonly string[])[]): void } {
  let widths: readonly number[] = [];
  return {
    add(rows) {
      if (rows.length === 0) return;
      const all = widths.length === 0 ? [heads, ...rows] : rows;
      widths = heads.map((_, column) =>
        all.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), widths[column] ?? 0),
      );
      for (const row of all) {
        const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
        process.stdout.write(`${cells.join(GAP).trimEnd()}\n`);
      }
    },
  };
}

export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  openTable(heads).add(rows);
}
