/**
 * What was done with this case's footage, one act a line, each line bound to the one before by its hash; the act itself
 * is the exact row of the hub's log, so that its place there can be proven (audit/proofs.json).
 *   {"n":1,"prev":"<hex>","row":{…}}\n        prev of the first: SHA-256 of "hailong-custody-v1\n" package-id "\n"
 *   {"n":2,"prev":"<hex>","other":{…}}\n      a look under another case: time, role and camera, by the hub's word alone
 * Refuses: other forms; a row out of order. See shared/PROTOCOL.md, "Evidence package".
 */
import { z } from 'zod';
import { type Sha256, toHex } from '../edge/event.ts';
import { cameraId } from '../ids.ts';
import { utcMs } from '../time.ts';
import { canonicalJson } from './canonical-json.ts';

const utf8 = new TextEncoder();
const LINES_MAX = 200_000;

/** Whoever watched the same footage for another case, whose row of the log names what nobody may read here. */
export const otherView = z.strictObject({
  action: z.literal('watched'),
  at: utcMs,
  camera: cameraId,
  role: z.literal('inspector'),
});
export type OtherView = z.infer<typeof otherView>;

export interface CustodyLine {
  readonly n: number;
  /** The exact bytes of the log's row; null: an act under another case. */
  readonly rowText: string | null;
  readonly seq: number;
}

export const custodyStart = (sha256: Sha256, packageId: string): string =>
  toHex(sha256(utf8.encode(`hailong-custody-v1\n${packageId}\n`)));

export function formatCustody(
  sha256: Sha256,
  packageId: string,
  acts: readonly (string | OtherView)[],
): string {
  let prev = custodyStart(sha256, packageId);
  let out = '';
  acts.forEach((act, index) => {
    const what = typeof act === 'string' ? `"row":${act}` : `"other":${canonicalJson(act)}`;
    const line = `{"n":${index + 1},"prev":"${prev}",${what}}\n`;
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
    const bound = `{"n":${n},"prev":"${prev}",`;
    const kind = /^"(row|other)":/.exec(line.slice(bound.length))?.[1];
    if (!line.startsWith(bound) || kind === undefined || !line.endsWith('}'))
      return {
        ok: false,
        line: n,
        why: /^\{"n":\d+,"prev":"[0-9a-f]{64}","(row|other)":/.test(line) ? 'chain' : 'form',
      };
    const text = line.slice(bound.length + kind.length + 3, -1);
    const seq = kind === 'row' ? seqOf(text) : isOther(text) ? before : null;
    if (seq === null || (kind === 'row' && seq <= before)) return { ok: false, line: n, why: 'form' };
    before = seq;
    lines.push({ n, rowText: kind === 'row' ? text : null, seq });
    prev = toHex(sha256(utf8.encode(`${line}\n`)));
  }
  return { ok: true, lines };
}

function isOther(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return otherView.safeParse(value).success && canonicalJson(value) === text;
  } catch {
    return false;
  }
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
