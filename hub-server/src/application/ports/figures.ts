/** Reading the month's rollups and the transactions under a number. */

import type { OfficerId, TransactionId } from '@hailong/shared/ids.ts';
import type { OutcomeReason } from '@hailong/shared/model/counter-config.ts';
import type { ReasonKey } from '@hailong/shared/model/transaction.ts';
import type { AnswerCell } from '../../domain/figures/answer-figures.ts';
import type { By, Cell } from '../../domain/figures/month-figures.ts';

export interface MonthCells {
  readonly cells: readonly Cell[];
  /** Position of the newest fact inside. */
  readonly cursor: number;
}

export interface MarkCell {
  readonly officer: OfficerId;
  readonly outcome: OutcomeReason['outcome'];
  readonly reason: ReasonKey | null;
  readonly n: number;
}

export interface FigurePort {
  month(input: { month: string }): Promise<MonthCells>;
  /** Counts by form, walk-ups among them as a kind of their own. */
  answers(input: { month: string }): Promise<readonly AnswerCell[]>;
  /** Outcomes that asked nobody and that nobody voted on, by officer and reason. */
  marks(input: { month: string }): Promise<readonly MarkCell[]>;
  /** Newest first; `under: null` is the whole office. */
  transactionsUnder(input: {
    month: string;
    under: { by: By; key: string } | null;
    limit: number;
  }): Promise<readonly TransactionId[]>;
}
