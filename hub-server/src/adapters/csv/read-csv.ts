/**
 * Purpose: a CSV as people save it: UTF-8 with or without BOM, comma or semicolon, quoted cells, CRLF.
 * Refuses: more rows than the bound, unclosed quotes: with the line.
 */
import { CsvError, parse } from 'csv-parse/sync';

export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}
export type CsvReading =
  | { readonly ok: true; readonly records: readonly CsvRecord[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

const ROWS_MAX = 5_000;
const CELL_MAX = 2_000;

/** The sign that the header holds more often, outside quotes. */
export function delimiterOf(text: string): ',' | ';' {
  const header = text
    .slice(0, 4_000)
    .split(/\r?\n/, 1)[0]!
    .replace(/"[^"]*"/g, '');
  const count = (sign: string) => header.split(sign).length - 1;
  return count(';') > count(',') ? ';' : ',';
}

export function readCsv(text: string): CsvReading {
  try {
    const rows = parse(text, {
      bom: true,
      delimiter: delimiterOf(text.replace(/^\uFEFF/, '')),
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
      max_record_size: CELL_MAX * 20,
      to: ROWS_MAX + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    if (rows.length > ROWS_MAX + 1)
      return {
        ok: false,
        line: ROWS_MAX + 2,
        message: `Quá ${ROWS_MAX} dòng. · More than ${ROWS_MAX} rows.`,
      };
    return { ok: true, records: rows.map(({ record, info }) => ({ line: info.lines, cells: record })) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as CsvError & { lines?: number }).lines ?? 1);
    return {
      ok: false,
      line,
      message: `Sai dấu ngoặc kép hoặc dòng quá dài. · Bad quotes, or a line is too long.`,
    };
  }
}
