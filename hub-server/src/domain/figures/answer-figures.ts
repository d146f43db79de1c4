/**
 * Purpose: from the month's counts by form to what a head reads: taps, forms and chips of each form by its own words, walk-ups by
 *   counter. Versions of one form are told together, by the newest words.
 * Refuses: a chip that is the province's, and an answer whose form this hub does not hold: nobody could say who may read it.
 * See hub-server/DESIGN.md, "Figures".
 */
import { CHIPS_QUESTION, type Instrument, type LevelKey } from '@hailong/shared/model/instrument.ts';
import type { DashboardAnswers } from '@hailong/shared/protocol/answers.ts';

export interface AnswerCell {
  readonly kind: 'service' | 'walkup';
  readonly counterId: string;
  readonly instrumentId: string;
  readonly instrumentVersion: number;
  readonly question: string;
  readonly answer: string;
  readonly n: number;
}
type Told = Omit<DashboardAnswers, 'month' | 'walkups'>;

/** `versions` of one form, oldest first. */
export function answersByForm(cells: readonly AnswerCell[], versions: readonly Instrument[]): Told {
  const told: Told = { taps: [], forms: [], chips: [] };
  for (const id of new Set(versions.map((form) => form.id))) {
    const all = versions.filter((form) => form.id === id);
    const form = all.at(-1)!;
    const mine = cells.filter((cell) => cell.kind === 'service' && cell.instrumentId === id);
    const n = (question: string, answer: string | number): number =>
      mine
        .filter((cell) => cell.question === question && cell.answer === String(answer))
        .reduce((sum, cell) => sum + cell.n, 0);
    const name = { id, name: form.name };
    if (form.kind === 'form')
      told.forms.push({
        ...name,
        questions: form.criteria.map((each) => ({
          ...{ key: each.key, name: each.name },
          options: (each.options ?? []).map((option) => ({ ...option, n: n(each.key, option.key) })),
        })),
      });
    else
      told.taps.push({
        ...name,
        levels: form.levels.map((level) => ({ ...level, n: n('overall', level.key) })),
      });
    const chips = chipsOf(all)
      .map(({ key, word }) => ({ key, word, n: n(CHIPS_QUESTION, key) }))
      .filter((chip) => chip.n > 0)
      .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));
    if (chips.length > 0) told.chips.push({ ...name, chips });
  }
  return told;
}

/** By the newest words; one that was ever the province's stays the province's. */
function chipsOf(versions: readonly Instrument[]) {
  const every = versions.flatMap(({ chips }) => chips ?? []).flatMap(({ chips }) => chips);
  const closed = new Set(every.filter(({ to }) => to === 'province').map(({ key }) => key));
  return [...new Map(every.map((chip) => [chip.key, chip])).values()].filter(({ key }) => !closed.has(key));
}

const LEVELS: readonly LevelKey[] = [5, 4, 3, 2, 1];

export function walkupsByCounter(
  cells: readonly AnswerCell[],
): readonly { readonly counterId: string; readonly levels: DashboardAnswers['walkups'][number]['levels'] }[] {
  const mine = cells.filter(({ kind }) => kind === 'walkup');
  return [...new Set(mine.map(({ counterId }) => counterId))].map((counterId) => ({
    counterId,
    levels: LEVELS.map((key) => ({
      key,
      n: mine
        .filter((cell) => cell.counterId === counterId && cell.answer === String(key))
        .reduce((sum, cell) => sum + cell.n, 0),
    })),
  }));
}
