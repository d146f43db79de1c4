/** What of a form is read aloud, and by which recordings. The page of chips is not: what stands there differs by level. */
import { questionsAsked, textsOf } from '@hailong/shared/counter/counter-forms.ts';
import type { VoiceClip } from '@hailong/shared/model/counter-config.ts';
import type { Bilingual, Instrument } from '@hailong/shared/model/instrument.ts';

/** A sentence of a form, by the name it has in `counter.config`. */
export interface SpokenText {
  readonly key: string;
  readonly text: Bilingual;
}

/** Question by question in the order of the form, each sentence once. */
export function spokenTexts(form: Instrument): readonly SpokenText[] {
  const found = new Map<string, SpokenText>();
  for (const question of questionsAsked(form))
    for (const each of textsOf(form, question)) found.set(each.key, each);
  return [...found.values()];
}

/** Languages in which a form has texts of its own, which are those that can be recorded. */
export const LANGUAGES = ['vi', 'en'] as const;
export type SpokenLanguage = (typeof LANGUAGES)[number];

/** What a recording is found by: the very words, in their language. */
export const voiceKey = (language: string, words: string): string => `${language} ${words}`;

/** `held`: hashes by `voiceKey`. A sentence that was changed has no recording until it is read anew. */
export function clipsOf(forms: readonly Instrument[], held: ReadonlyMap<string, string>): VoiceClip[] {
  if (held.size === 0) return [];
  return forms.flatMap((form) =>
    spokenTexts(form).flatMap(({ key, text }) =>
      LANGUAGES.flatMap((language) => {
        const sha256 = held.get(voiceKey(language, text[language]));
        const instrument = { id: form.id, version: form.version };
        return sha256 === undefined ? [] : [{ language, instrument, key, sha256 } as VoiceClip];
      }),
    ),
  );
}
