/*
 * Purpose: what a measured work answers, and the arithmetic for it. Every figure stands beside its comparator, taken in
 * the same run by turns: on a shared machine a ratio means something where a rate alone does not.
 * Refuses: a mean; what is reported is a median or a percentile of everything that was measured.
 */
export interface Figure {
  readonly work: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, and what that took. */
  readonly beside: string;
  readonly besideValue: number;
  /** value ÷ besideValue. */
  readonly ratio: number;
  /** `ratio <= 1.5`, `value <= 350`; null: told for information. */
  readonly bar: string | null;
  readonly holds: boolean | null;
}

export interface WorkOptions {
  /** Small amounts, to prove that the work runs; its figures mean little and say so. */
  readonly quick: boolean;
  /** A sentence of progress, for people. */
  say(text: string): void;
}

/** A module under works/ exports one as `work`; the name of its file is the name for `--only`. */
export interface Work {
  measure(options: WorkOptions): Promise<readonly Figure[]>;
}

interface Measured {
  readonly value: number;
  readonly besideValue: number;
}

const round = (value: number): number => Number(value.toPrecision(4));

export function figure(
  about: Pick<Figure, 'work' | 'unit' | 'beside'>,
  { value, besideValue }: Measured,
  bar: { readonly of: 'ratio' | 'value'; readonly is: '<=' | '>='; readonly limit: number } | null = null,
): Figure {
  const ratio = value / besideValue;
  const judged = bar?.of === 'value' ? value : ratio;
  return {
    work: about.work,
    value: round(value),
    unit: about.unit,
    beside: about.beside,
    besideValue: round(besideValue),
    ratio: round(ratio),
    bar: bar && `${bar.of} ${bar.is} ${bar.limit}`,
    // A figure that could not be taken holds nothing.
    holds: bar && Number.isFinite(judged) && (bar.is === '<=' ? judged <= bar.limit : judged >= bar.limit),
  };
}

/** The smallest value that at least this share of all values does not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
