/**
 * Purpose: JSON rows that are not in the chain (the counter's state, settings) with a checksum of their own: SQLite has
 *   none on its pages, and one flipped bit in a stored state could move a rating to another officer.
 * Refuses: a row that does not fit its checksum; it counts as absent, and that is told.
 */
import { createHash } from 'node:crypto';

const SUM_BYTES = 16;

export function sumOf(key: string, json: string): Uint8Array {
  return createHash('sha256').update(`${key}\n${json}`).digest().subarray(0, SUM_BYTES);
}

/** `sum` null: written before rows were sealed. */
export function openSealed(
  key: string,
  json: string,
  sum: Uint8Array | null,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false } {
  if (sum !== null && !Buffer.from(sum).equals(sumOf(key, json))) return { ok: false };
  try {
    return { ok: true, value: JSON.parse(json) };
  } catch {
    return { ok: false };
  }
}
