/** Reading the month's rollups and the transactions under a number. */

import type { TransactionId } from '@hailong/shared/ids.ts';
import type { By, Cell } from '../../domain/figures/month-figures.ts';

export interface MonthCells {
  readonly cells: readonly Cell[];
  /** Position of the newest fact inside. */
  readonly cursor: number;
}

export interface FigurePort {
  month(input: { month: string }): Promise<MonthCells>;
  /** Newest first; `under: null` is the whole office. */
  transactionsUnder(input: {
    month: string;
    under: { by: By; key: string } | null;
    limit: number;
  }): Promise<readonly TransactionId[]>;
}
