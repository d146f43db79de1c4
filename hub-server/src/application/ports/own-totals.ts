/** Blocks of an officer's own ratings as they were released. What is released never changes. */
import type { LevelCounts } from '../../domain/figures/own-totals.ts';

export interface OwnTotalBlock {
  /** The cut of the block before; null: it is the first one. */
  readonly from: number | null;
  readonly to: number;
  readonly n: number;
  readonly levels: LevelCounts;
}

export interface OwnTotalsPort {
  /** The data was put back, or is being completed, in between: what may have been released before is released by no one again. */
  begin(input: { readonly at: number }): Promise<{ readonly recovering: boolean }>;
  /** Officers with ratings of the months that a cut looks at. */
  officers(input: { readonly cut: number }): Promise<readonly string[]>;
  /** Weighs an officer's ratings at a cut, once; whether a block came of it. */
  weigh(input: {
    readonly officerId: string;
    readonly cut: number;
    readonly minimum: number;
  }): Promise<boolean>;
  /** Newest first. */
  blocks(officerId: string): Promise<readonly OwnTotalBlock[]>;
}
