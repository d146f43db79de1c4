/** A form while it is edited: what the hub will refuse is said at once, by the hub's own rules' numbers. Pure. */
import type { Chip, ChipSet, Instrument } from '@hailong/shared/model/instrument.ts';

/** As domain/ratings/instrument-rules.ts of the hub, which decides. */
const SIGNS_APART = 4;
const QUESTION_MS = 8_000;
const CHIPS_MS = 12_000;
const CHIPS_COUNT = 8;

const segmenter = new Intl.Segmenter('vi');
const signs = (word: string): number => [...segmenter.segment(word.normalize('NFC'))].length;

/** `8–19` where the words at one place are too far apart in a language; null: they are not. */
export function signsApart(sets: readonly ChipSet[], at: number): string | null {
  for (const language of ['vi', 'en'] as const) {
    const lengths = sets.map(({ chips }) => signs(chips[at]?.word[language] ?? ''));
    const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
    if (most - least > SIGNS_APART) return `${language} ${least}–${most}`;
  }
  return null;
}

export function neededSeconds(form: Instrument): number {
  const stages = new Set(form.criteria.flatMap((each) => each.stages));
  const asked = [...stages].map((at) => form.criteria.filter((each) => each.stages.includes(at)).length);
  const questions = Math.max(0, ...asked) + (form.kind === 'form' ? 0 : 1);
  return (questions * QUESTION_MS + (form.chips ? CHIPS_MS : 0)) / 1_000;
}

/** Six characters, as every chip's key: its length tells nothing. */
const chipKey = (set: number, at: number): string => `${'abcde'[set] ?? 'a'}chip${at + 1}`;

/** One set for the upper half of the levels, one for the others, with room for eight words each. */
export function freshChips({ levels }: Instrument): ChipSet[] {
  const half = Math.max(1, Math.floor(levels.length / 2));
  const keys = levels.map(({ key }) => key);
  return [keys.slice(0, half), keys.slice(half)].map((of, set) => ({
    levels: of,
    chips: Array.from(
      { length: CHIPS_COUNT },
      (_, at): Chip => ({ key: chipKey(set, at), word: { vi: '', en: '' } }),
    ),
  }));
}
