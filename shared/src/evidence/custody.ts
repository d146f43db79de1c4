/**
 * What was done with this case's footage, one act a line, each line bound to the one before by its hash; the act itself
 * is the exact row of the hub's log, so that its place there can be proven (audit/proofs.json).
 *   {"n":1,"prev":"<hex>","row":{…}}\n        prev of the first: SHA-256 of "hailong-custody-v1\n" package-id "\n"
 * Refuses: other forms; a row out of order. See shared/PROTOCOL.md, "Evidence package".
 */
import { type Sha256, toHex } from '../edge/event.ts';

const utf8 = new TextEncoder();
const LINES_MAX = 200_000;

export interface CustodyLine {
  readonly n: number;
  /** The exact bytes of the log's row. */
  readonly rowText: string;
  readonly seq: number;
}

export const custodyStart = (sha256: Sha256, packageId: string): string =>
  toHex(sha256(utf8.encode(`hailong-custody-v1\n${packageId}\n`)));

export function formatCustody(sha256: Sha256, packageId: string, rows: readonly string[]): string {
  let prev = custodyStart(sha256, packageId);
  let out = '';
  rows.forEach((row, index) => {
    const line = `{"n":${index + 1},"prev":"${prev}","row":${row}}\n`;
    prev = toHex(sha256(utf8.encode(line)));
    out += line;
  });
  return out;
}

export type ReadCustody =
  | { readonly ok: true; readonly lines: readonly CustodyLine[] }
  | { readonly ok: false; readonly line: number; readonly why: 'form' | 'chain' };

export function readCustody(sha256: Sha256, packageId: string, text: string): ReadCustody {
  if (text !== '' && !text.endsWith('\n')) return { ok: false, line: 0, why: 'form' };
  const texts = text === '' ? [] : text.slice(0, -1).split('\n');
  if (texts.length > LINES_MAX) return { ok: false, line: LINES_MAX, why: 'form' };
  const lines: CustodyLine[] = [];
  let prev = custodyStart(sha256, packageId);
  let before = 0;
  for (const [index, line] of texts.entries()) {
    const n = index + 1;
    const head = `{"n":${n},"prev":"${prev}","row":`;
    if (!line.startsWith(head) || !line.endsWith('}'))
      return {
        ok: false,
        line: n,
        why: /^\{"n":\d+,"prev":"[0-9a-f]{64}","row":/.test(line) ? 'chain' : 'form',
      };
    const rowText = line.slice(head.length, -1);
    const seq = seqOf(rowText);
    if (seq === null || seq <= before) return { ok: false, line: n, why: 'form' };
    before = seq;
    lines.push({ n, rowText, seq });
    prev = toHex(sha256(utf8.encode(`${line}\n`)));
  }
  return { ok: true, lines };
}

function seqOf(rowText: string): number | null {
  try {
    const row: unknown = JSON.parse(rowText);
    if (typeof row !== 'object' || row === null || !('seq' in row)) return null;
    return Number.isSafeInteger(row.seq) ? (row.seq as number) : null;
  } catch {
    return null;
  }
}
