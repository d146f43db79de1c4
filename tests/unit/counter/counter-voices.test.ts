/* What a question reads aloud: all of it or nothing, of this very version, in languages offered, from bytes that are there. */
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import type { VoiceClip } from '@hailong/shared/model/counter-config.ts';
import { type Question, screen } from '@hailong/shared/protocol/ui.ts';
import { expect, it } from 'vitest';
import { FORM_WITH_CHIPS, finish, MemoryCounter, open, start } from '../../support/counter-kit.ts';

const office = { name: 'Trung tâm', place: 'Hà Nội', phone: '19001009', retentionDays: 30 };
const { id, version } = FORM_WITH_CHIPS;
const hashes = new Map<string, string>();
const hashOf = (name: string): string => {
  if (!hashes.has(name)) hashes.set(name, hashes.size.toString(16).padStart(64, '0'));
  return hashes.get(name)!;
};
const clips = (language: string, keys: readonly string[], of = version): VoiceClip[] =>
  keys.map(
    (key) =>
      ({ language, instrument: { id, version: of }, key, sha256: hashOf(`${language} ${key}`) }) as VoiceClip,
  );
const LEVELS = ['level.5', 'level.4', 'level.3', 'level.2', 'level.1'];
const spoken = (language: string, keys: readonly string[]) => ({
  language,
  clips: keys.map((key) => hashOf(`${language} ${key}`)),
});

function asked(answers: number): MemoryCounter {
  const counter = new MemoryCounter();
  counter.rules = { instrument: FORM_WITH_CHIPS };
  counter.intent(start(1));
  counter.intent(open(1));
  counter.intent(finish(1));
  for (let n = 0; n < answers; n += 1) counter.tap(5);
  return counter;
}
function voices(
  counter: MemoryCounter,
  config: object,
  hasBlob: (sha256: string) => boolean = () => true,
): Question['voices'] {
  const shown = screen.parse(
    screenOf(counter.state, {
      ...{ mono: counter.mono, online: false, canStore: true, closed: false, hasBlob, ticketOf: () => null },
      config: { office, counter: { id: 'c', number: '5', name: '5', unitId: 'u' }, ...config } as never,
    }),
  );
  return shown.name === 'question' ? shown.question.voices : undefined;
}

it('reads the question and then its answers in their order, each question by its own recordings', () => {
  const all = clips('vi', [...LEVELS, 'criterion.attitude', 'question']);
  expect(voices(asked(0), { voices: all })).toEqual([spoken('vi', ['question', ...LEVELS])]);
  expect(voices(asked(1), { voices: all })).toEqual([spoken('vi', ['criterion.attitude', ...LEVELS])]);
});

it('reads nothing in part: a sentence, a version or bytes that are not there leave no key', () => {
  const all = clips('vi', ['question', ...LEVELS]);
  const counter = asked(0);
  expect(voices(counter, {})).toBeUndefined();
  expect(voices(counter, { voices: all.slice(0, -1) })).toBeUndefined();
  expect(voices(counter, { voices: clips('vi', ['question', ...LEVELS], version + 1) })).toBeUndefined();
  expect(voices(counter, { voices: all }, (sha256) => sha256 !== hashOf('vi level.1'))).toBeUndefined();
  // The criterion is not recorded, its levels are.
  expect(voices(asked(1), { voices: all })).toBeUndefined();
});

it('reads each language offered by itself, and none that is not', () => {
  const keys = ['question', ...LEVELS];
  const all = [...clips('fr', keys), ...clips('en', keys), ...clips('vi', ['question'])];
  const fr = { code: 'fr', texts: [] };
  const counter = asked(0);
  expect(voices(counter, { voices: all })).toEqual([spoken('en', keys)]);
  expect(voices(counter, { voices: all, languages: [{ ...fr, approved: false }] })).toEqual([
    spoken('en', keys),
  ]);
  expect(voices(counter, { voices: all, languages: [{ ...fr, approved: true }] })).toEqual([
    spoken('en', keys),
    spoken('fr', keys),
  ]);
});
