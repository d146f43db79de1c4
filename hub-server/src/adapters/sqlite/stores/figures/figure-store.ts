/** Figures come from the rollup alone; the transactions under a number come by the month's index. */

import type { TransactionId } from '@hailong/shared/ids.ts';
import type { FigurePort, MarkCell } from '../../../../application/ports/figures.ts';
import type { AnswerCell } from '../../../../domain/figures/answer-figures.ts';
import type { By, Cell } from '../../../../domain/figures/month-figures.ts';
import { many, one, read, type Store } from '../../op.ts';

interface CellRow {
  officer_id: string;
  counter_id: string;
  procedure_code: string;
  stage: string;
  served: number;
  prompted: number;
  rated: number;
  l1: number;
  l2: number;
  l3: number;
  l4: number;
  l5: number;
}
const cellOf = (row: CellRow): Cell => ({
  officer: row.officer_id,
  counter: row.counter_id,
  procedure: row.procedure_code,
  stage: row.stage,
  served: row.served,
  prompted: row.prompted,
  answered: row.rated,
  levels: [row.l1, row.l2, row.l3, row.l4, row.l5],
});

/** Column of service_transaction that a view groups by. */
const COLUMN: Record<By, string> = {
  officer: 'officer_id',
  counter: 'counter_id',
  procedure: "ifnull(procedure_code, '')",
  stage: 'stage',
};

export const figureStore: Store<FigurePort> = {
  month: read((db, { month }) => ({
    cells: many<CellRow>(
      db,
      `SELECT officer_id, counter_id, procedure_code, stage, sum(served) AS served, sum(prompted) AS prompted, sum(rated) AS rated,
              sum(l1) AS l1, sum(l2) AS l2, sum(l3) AS l3, sum(l4) AS l4, sum(l5) AS l5
       FROM rollup WHERE month = ? GROUP BY officer_id, counter_id, procedure_code, stage`,
      month,
    ).map(cellOf),
    cursor: one<{ cursor: number | null }>(db, 'SELECT max(id) AS cursor FROM event')?.cursor ?? 0,
  })),
  answers: read((db, { month }) =>
    many<AnswerCell>(
      db,
      `SELECT kind, counter_id AS counterId, instrument_id AS instrumentId, version AS instrumentVersion, question, answer, n
       FROM answer_rollup WHERE kind IN ('service','walkup') AND month = ? AND n > 0`,
      month,
    ),
  ),
  // The partial index of 014 holds these rows alone: a month has few.
  marks: read((db, { month }) =>
    many<MarkCell>(
      db,
      `SELECT officer_id AS officer, ifnull(annotated, outcome) AS outcome,
              CASE WHEN annotated IS NULL THEN reason ELSE annotated_reason END AS reason, count(*) AS n
       FROM service_transaction t
       WHERE month = ? AND ifnull(annotated, outcome) IN ('no_show','test','accident')
         AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.transaction_id = t.id)
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      month,
    ),
  ),
  transactionsUnder: read((db, { month, under, limit }) =>
    many<{ id: TransactionId }>(
      db,
      `SELECT id FROM service_transaction WHERE month = ?${under === null ? '' : ` AND ${COLUMN[under.by]} = ?`}
       ORDER BY finished_at DESC LIMIT ?`,
      month,
      ...(under === null ? [] : [under.key]),
      limit,
    ).map((row) => row.id),
  ),
};
