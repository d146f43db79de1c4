/**
 * What one transaction adds to the month's counts. Rollups change by (new − old) of it in the same storage
 * transaction, so they always equal the sum over all transactions. No-show, test and accident stay in the
 * denominator; missing is missing. See hub-server/DESIGN.md, "Figures".
 */
import { isMarked, monthOf, type Rated, type TransactionState } from './transaction-fold.ts';

export interface RollupKey {
  readonly month: string;
  readonly unitId: string;
  readonly officerId: string;
  readonly counterId: string;
  /** '' when none was named. */
  readonly procedureCode: string;
  readonly stage: string;
}
/** served, prompted, rated, level 1 … level 5, marked (no-show, test, accident). */
export type RollupCounts = readonly [number, number, number, number, number, number, number, number, number];

export interface Contribution {
  readonly key: RollupKey;
  readonly counts: RollupCounts;
}

/** Null until month and frozen officer are known. */
export function contribution(state: TransactionState, { effective, form }: Rated): Contribution | null {
  const month = monthOf(state);
  const { service } = state;
  if (month === null || service === null) return null;
  // A form is a rating, and has no level: its answers are told apart (answer-rollup.ts).
  const rated = (effective ?? form) !== null && !state.twin;
  const level = (key: number): number => (rated && effective?.overall === key ? 1 : 0);
  return {
    key: {
      month,
      unitId: service.unitId,
      officerId: service.officerId,
      counterId: service.counterId,
      procedureCode: service.procedureCode ?? '',
      stage: service.stage,
    },
    counts: [
      1,
      state.prompt?.opened?.shown ? 1 : 0,
      rated ? 1 : 0,
      level(1),
      level(2),
      level(3),
      level(4),
      level(5),
      isMarked(state) ? 1 : 0,
    ],
  };
}

export const rollupId = (key: RollupKey): string =>
  [key.month, key.unitId, key.officerId, key.counterId, key.procedureCode, key.stage].join('\n');

/** Sums of changes by key, ready for one statement each. */
export class RollupChanges {
  readonly #sums = new Map<string, { key: RollupKey; counts: number[] }>();

  add(part: Contribution | null, sign: 1 | -1): void {
    if (part === null) return;
    const id = rollupId(part.key);
    const held = this.#sums.get(id) ?? { key: part.key, counts: [0, 0, 0, 0, 0, 0, 0, 0, 0] };
    part.counts.forEach((count, i) => {
      held.counts[i] = (held.counts[i] ?? 0) + sign * count;
    });
    this.#sums.set(id, held);
  }

  changed(): { key: RollupKey; counts: readonly number[] }[] {
    return [...this.#sums.values()].filter(({ counts }) => counts.some((count) => count !== 0));
  }
}
