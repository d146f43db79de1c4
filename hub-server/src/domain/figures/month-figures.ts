/**
 * Purpose: from the month's rollup cells (officer × counter × procedure × stage) to the figures of a view. Cells are
 * summed, raw rows never counted. Participation is answered ÷ served, prompted ÷ served stands beside it.
 * Refuses: comparing officers across procedures and stages silently: a row says how many groups it mixes, and a
 * number under the minimum n says so. See hub-server/DESIGN.md, "Figures".
 */
import type { Figures } from '@hailong/shared/protocol/http.ts';
import { wilson } from './wilson.ts';

export const MINIMUM_N = 30;
/** 4 and 5 of five levels are "satisfied". */
const SATISFIED_FROM = 4;

export type By = 'officer' | 'counter' | 'procedure' | 'stage';
export interface Cell {
  readonly officer: string;
  readonly counter: string;
  /** Empty: none was named. */
  readonly procedure: string;
  readonly stage: string;
  readonly served: number;
  readonly prompted: number;
  /** Taps and forms. */
  readonly answered: number;
  readonly levels: readonly [number, number, number, number, number];
}
export interface FigureRow {
  readonly key: string;
  readonly note: 'few' | 'mixed' | 'few-mixed' | null;
  readonly figures: Figures;
}

export function figuresOf(cells: readonly Cell[]): Figures {
  const levels: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  let served = 0;
  let prompted = 0;
  let answered = 0;
  for (const cell of cells) {
    served += cell.served;
    prompted += cell.prompted;
    answered += cell.answered;
    for (let index = 0; index < 5; index += 1) levels[index] = levels[index]! + cell.levels[index]!;
  }
  const rated = levels.reduce((sum, each) => sum + each, 0);
  const satisfied = levels.reduce((sum, each, index) => (index + 1 >= SATISFIED_FROM ? sum + each : sum), 0);
  return {
    served,
    prompted,
    answered,
    rated,
    levels: { 1: levels[0], 2: levels[1], 3: levels[2], 4: levels[3], 5: levels[4] },
    satisfied,
    ...wilson(satisfied, rated),
  };
}

function noteOf(by: By, cells: readonly Cell[], rated: number): FigureRow['note'] {
  const few = rated < MINIMUM_N;
  const groups = new Set(
    cells.filter((cell) => cell.served > 0).map((cell) => `${cell.procedure}\n${cell.stage}`),
  );
  const mixed = by === 'officer' && groups.size > 1;
  if (few && mixed) return 'few-mixed';
  return few ? 'few' : mixed ? 'mixed' : null;
}

/** Rows in the order of their keys; a reader of pages sorts by what it shows. */
export function rowsBy(by: By, cells: readonly Cell[]): FigureRow[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = cell[by];
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, group]) => {
      const figures = figuresOf(group);
      return { key, note: noteOf(by, group, figures.rated), figures };
    });
}
