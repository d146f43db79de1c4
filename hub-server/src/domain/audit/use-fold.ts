/**
 * Purpose: where each form was asked, from when to when, as the log's rows say: the next word on a place ends the one before.
 * Refuses: nothing; it finds. Document: hub-server/DESIGN.md, "Verify".
 */
import type { Verdict } from '../verify/finding.ts';

/** A row of the log as folds read it. */
export interface FoldedRow {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly object: string;
  readonly body: string | null;
}
export interface HeldUseRow {
  /** counter/procedure/stage, each empty for all. */
  readonly place: string;
  readonly from: number;
  readonly to: number | null;
  /** Id and version. */
  readonly form: string;
}
interface Said extends HeldUseRow {
  readonly leaf: number;
}
const TABLE = 'instrument_use';

export class UseFold {
  readonly #said = new Map<string, Said>();
  readonly #open = new Map<string, string>();

  hear({ at, seq, object, body }: FoldedRow): void {
    const place = object.slice(object.indexOf(':') + 1);
    const held = this.#said.get(this.#open.get(place) ?? '');
    if (held) this.#said.set(keyOf(held), { ...held, to: at, leaf: seq });
    this.#open.delete(place);
    const form = formIn(body);
    if (form === null) return;
    const use: Said = { place, from: at, to: null, form, leaf: seq };
    this.#said.set(keyOf(use), use);
    this.#open.set(place, keyOf(use));
  }

  compare(held: Iterable<HeldUseRow>, verdict: Verdict): void {
    const said = new Map(this.#said);
    for (const row of held) {
      const key = keyOf(row);
      const word = said.get(key);
      said.delete(key);
      if (!word) verdict.find('log.contradicts', { table: TABLE, key }, 'no row of the log speaks of it');
      else
        for (const field of ['to', 'form'] as const)
          if (word[field] !== row[field])
            verdict.find('log.contradicts', { leaf: word.leaf, table: TABLE, key }, field);
    }
    for (const [key, { leaf }] of said) verdict.find('log.contradicts', { leaf, table: TABLE, key }, 'gone');
  }
}

const keyOf = ({ place, from }: HeldUseRow): string => `${place} ${from}`;

function formIn(body: string | null): string | null {
  try {
    const { instrument } = JSON.parse(body ?? '{}') as { instrument?: { id?: unknown; version?: unknown } };
    return instrument ? `${instrument.id} ${instrument.version}` : null;
  } catch {
    // The row itself is found by its leaf hash.
    return null;
  }
}
