import type { ShownText } from '@hailong/shared/protocol/ui.ts';
import type { Language } from './catalogues.ts';

/** A text of the form in the language on show; one that was not translated is read in English. */
export function shownIn(text: ShownText, language: Language): string {
  if (language === 'vi' || language === 'en') return text[language];
  return text.further?.[language] ?? text.en;
}
