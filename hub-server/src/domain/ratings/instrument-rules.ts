/**
 * What a form must keep beside its shape (shared/src/model/instrument.ts). Pure.
 * Refuses: chips whose words are longer at one level than at another, by which a glance from the side would tell the level; a
 * closing time in which a slow reader cannot answer.
 * See hub-server/DESIGN.md, "Instruments".
 */
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import { stage } from '@hailong/shared/model/transaction.ts';

/** Signs by which the words of two chips at one place may differ, in each language. */
export const CHIP_SIGNS_APART = 4;
const QUESTION_MS = 8_000;
const CHIPS_MS = 12_000;

export type Broken =
  /** `chip` from 1, as on the page. */
  | {
      readonly rule: 'unequal';
      readonly chip: number;
      readonly language: 'vi' | 'en';
      readonly signs: string;
    }
  | { readonly rule: 'hurried'; readonly atLeastMs: number };

/** Signs as a reader sees them: a letter with its marks is one. */
const signs = (word: string): number => [...new Intl.Segmenter('vi').segment(word.normalize('NFC'))].length;

/** The questions of the stage that asks most, and the chips. */
export function neededMs(form: Instrument): number {
  const criteria = stage.options.map(
    (at) => form.criteria.filter(({ stages }) => stages.includes(at)).length,
  );
  const questions = Math.max(...criteria) + (form.kind === 'form' ? 0 : 1);
  return questions * QUESTION_MS + (form.chips ? CHIPS_MS : 0);
}

export function brokenRules(form: Instrument): readonly Broken[] {
  const broken: Broken[] = [];
  const atLeastMs = neededMs(form);
  if (form.closeAfterMs < atLeastMs) broken.push({ rule: 'hurried', atLeastMs });
  const sets = form.chips ?? [];
  for (const [place] of (sets[0]?.chips ?? []).entries())
    for (const language of ['vi', 'en'] as const) {
      const lengths = sets.map(({ chips }) => signs(chips[place]?.word[language] ?? ''));
      const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
      if (most - least > CHIP_SIGNS_APART)
        broken.push({ rule: 'unequal', chip: place + 1, language, signs: `${least}–${most}` });
    }
  return broken;
}
