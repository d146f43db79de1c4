/**
 * What is read aloud of a question: the office's recordings of its sentence and of every answer, in the order they are shown.
 * Refuses: to read a part of it, another version's words, a recording the device does not hold, a language not offered.
 * Document: shared/PROTOCOL.md, "Configuration".
 */
import type { Sha256Hex } from '../ids.ts';
import type { VoiceClip } from '../model/counter-config.ts';
import type { Instrument, QuestionKey } from '../model/instrument.ts';
import type { Question } from '../protocol/ui.ts';
import { textsOf } from './counter-forms.ts';

export interface VoicesGiven {
  readonly clips: readonly VoiceClip[];
  /** Every language a citizen may choose. */
  readonly languages: readonly string[];
  readonly hasBlob: (sha256: Sha256Hex) => boolean;
}

/** Empty where nothing is to be spoken, so that it can be spread into a question. */
export function voicesOf(
  form: Instrument,
  question: QuestionKey,
  { clips, languages, hasBlob }: VoicesGiven,
): Pick<Question, 'voices'> {
  const spoken = clips.filter(
    ({ instrument: { id, version }, sha256 }) =>
      id === form.id && version === form.version && hasBlob(sha256),
  );
  if (spoken.length === 0) return {};
  const keys = textsOf(form, question).map(({ key }) => key);
  const voices = languages.flatMap((language) => {
    const own = spoken.filter((clip) => clip.language === language);
    const found = keys.flatMap((key) => own.find((clip) => clip.key === key)?.sha256 ?? []);
    return found.length === keys.length ? [{ language, clips: found }] : [];
  });
  return voices.length > 0 ? { voices } : {};
}
