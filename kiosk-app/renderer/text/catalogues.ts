/**
 * The languages of the window. Vietnamese and English are complete and always on. A further one is "chờ duyệt" (waiting
 * for approval) until somebody who speaks it has read every sentence here: until then it is never offered, whatever the
 * office has switched on. Only languages whose letters the shipped face has (tests/unit/renderer/glyphs).
 */
import { en } from './en.ts';
import { fr } from './fr.ts';
import { type Catalogue, vi } from './vi.ts';

export type Language = 'vi' | 'en' | 'fr';

interface Entry {
  /** In its own language, as on the key that leads to it. */
  readonly name: string;
  /** False: chờ duyệt. */
  readonly approved: boolean;
  readonly words: Catalogue;
}

export const catalogues: Readonly<Record<Language, Entry>> = {
  vi: { name: 'Tiếng Việt', approved: true, words: vi },
  en: { name: 'English', approved: true, words: en },
  fr: { name: 'Français', approved: false, words: fr },
};

const isLanguage = (code: string): code is Language => Object.hasOwn(catalogues, code);

/** Vietnamese, English, and what the office offers as far as it is approved here. */
export function offeredLanguages(further: readonly string[] = [], known = catalogues): readonly Language[] {
  const more = further.filter(isLanguage).filter((code) => known[code].approved);
  return [...new Set<Language>(['vi', 'en', ...more])];
}
