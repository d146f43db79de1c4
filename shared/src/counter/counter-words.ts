/**
 * The texts of a form as a screen shows them: Vietnamese and English, which are the form's own, and what the office's further
 * languages have beside them. Refuses: a language that nobody who speaks it has approved, a text of another version.
 * Document: shared/PROTOCOL.md, "Configuration".
 */
import type { FurtherLanguage } from '../model/counter-config.ts';
import type { Bilingual, InstrumentRef, LevelKey, QuestionKey } from '../model/instrument.ts';
import type { ShownText } from '../protocol/ui.ts';
import { answersOf, textKeyOf, textOf } from './counter-forms.ts';
import type { CounterState } from './counter-state.ts';

type Form = NonNullable<CounterState['form']>;

export class Words {
  readonly #form: Form;
  readonly #languages: readonly FurtherLanguage[];

  constructor(form: Form, languages: readonly FurtherLanguage[] = []) {
    this.#form = form;
    this.#languages = approved(languages);
  }

  question(question: QuestionKey): ShownText {
    return this.#shown(textKeyOf(this.#form, question), textOf(this.#form, question));
  }

  /** In the order of the panel's buttons. */
  answers(question: QuestionKey): { key: LevelKey; word: ShownText }[] {
    return answersOf(this.#form, question).map((answer) => ({
      key: answer.key,
      word: this.#shown(textKeyOf(this.#form, question, answer.key), answer.word),
    }));
  }

  chip(key: string, word: Bilingual): ShownText {
    return this.#shown(`chip.${key}`, word);
  }

  #shown(key: string, { vi, en }: Bilingual): ShownText {
    const further: Record<string, string> = {};
    for (const { code, texts } of this.#languages) {
      const found = texts.find((one) => one.key === key && isOf(one.instrument, this.#form));
      if (found) further[code] = found.text;
    }
    return Object.keys(further).length > 0 ? { vi, en, further } : { vi, en };
  }
}

/** What may be offered to a citizen. */
export function approved(languages: readonly FurtherLanguage[]): readonly FurtherLanguage[] {
  return languages.filter((language) => language.approved);
}

const isOf = (ref: InstrumentRef, { id, version }: Form): boolean => ref.id === id && ref.version === version;
