/**
 * What counts, told by the form it was asked with: taps, forms of criteria, chips, and walk-ups, which are a kind of their own.
 * Changed by (new − old) like the month's rollup, and never mixed with it. It names no officer.
 * See hub-server/DESIGN.md, "Figures".
 */
import { CHIPS_QUESTION, type ChipKey } from '@hailong/shared/model/instrument.ts';
import { monthOf, type Rated, type TransactionState } from './transaction-fold.ts';
import { type WalkupState, walkupLevel, walkupMonth } from './walkup-fold.ts';

export interface AnswerKey {
  readonly kind: 'service' | 'walkup';
  readonly month: string;
  readonly counterId: string;
  readonly instrumentId: string;
  readonly instrumentVersion: number;
  readonly question: string;
  /** A level's or option's key, or a chip's. */
  readonly answer: string;
}

/** None until month, counter and form are known, and none of a rating that steps back. */
export function serviceAnswers(
  state: TransactionState,
  { effective, form }: Rated,
  chips: readonly ChipKey[],
): AnswerKey[] {
  const month = monthOf(state);
  const opened = state.prompt?.opened;
  if (month === null || !state.service || !opened || state.twin) return [];
  const place = {
    ...{ kind: 'service' as const, month, counterId: state.service.counterId },
    ...{ instrumentId: opened.instrumentId, instrumentVersion: opened.instrumentVersion },
  };
  // Criteria of a tap stand in no figure yet, and every key more is a row more to write with each slice.
  const answers = effective ? { overall: effective.overall } : (form?.answers ?? {});
  return [
    ...Object.entries(answers).map(([question, key]) => ({ ...place, question, answer: String(key) })),
    ...chips.map((chip) => ({ ...place, question: CHIPS_QUESTION, answer: chip })),
  ];
}

export function walkupAnswers(state: WalkupState): AnswerKey[] {
  const [month, level, opened] = [walkupMonth(state), walkupLevel(state), state.opened];
  if (month === null || level === null || !opened) return [];
  return [
    {
      ...{ kind: 'walkup', month, counterId: opened.counterId, instrumentId: opened.instrumentId },
      ...{ instrumentVersion: opened.instrumentVersion, question: 'overall', answer: String(level) },
    },
  ];
}

export const answerId = (key: AnswerKey): string =>
  [
    ...[key.kind, key.month, key.counterId, key.instrumentId, key.instrumentVersion],
    ...[key.question, key.answer],
  ].join('\n');

/** Sums of changes by key, ready for one statement each. */
export class AnswerChanges {
  readonly #sums = new Map<string, { readonly key: AnswerKey; n: number }>();

  add(keys: readonly AnswerKey[], sign: 1 | -1): void {
    for (const key of keys) {
      const id = answerId(key);
      const held = this.#sums.get(id);
      if (held) held.n += sign;
      else this.#sums.set(id, { key, n: sign });
    }
  }

  changed(): { readonly key: AnswerKey; readonly n: number }[] {
    return [...this.#sums.values()].filter(({ n }) => n !== 0);
  }
}
