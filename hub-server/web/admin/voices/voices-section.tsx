/** The office's recordings, form by form in one language at a time: play, choose, replace, remove. */
import type { VoiceRecording, VoicesAnswer } from '@hailong/shared/protocol/voices.ts';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { call } from '../../common/api.ts';
import { href } from '../../common/hash.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Dialog, Empty, Key, Loading, Note, ProblemNote } from '../../common/parts.tsx';
import { useLoad } from '../../common/use-load.ts';
import type { Problem } from '../../common/wire.ts';
import { words } from '../../common/words.ts';
import { instrumentsText } from '../instruments/instruments-text.ts';
import { adminText } from '../text.ts';
import { usePlayer } from './use-player.ts';
import { type Row, VoiceTable } from './voice-table.tsx';
import { voicesText } from './voices-text.ts';

const PATH = '/api/v1/admin/voices';
const LANGUAGES = ['vi', 'en'] as const;
type Language = (typeof LANGUAGES)[number];

const addressOf = (language: string, sentence: string): string =>
  `${PATH}?${new URLSearchParams({ language, words: sentence })}`;

export function VoicesSection(): ReactNode {
  const text = useText(voicesText);
  const admin = useText(adminText);
  const held = useLoad<VoicesAnswer>(PATH);
  return (
    <>
      <h1>{admin.sections.voices}</h1>
      <p className="muted">{text.why}</p>
      {held.problem && <ProblemNote problem={held.problem} retry={() => void held.reload()} />}
      {held.loading && <Loading />}
      {held.value?.forms.length === 0 && (
        <Empty head={text.none}>
          <p>{text.noneNext}</p>
        </Empty>
      )}
      {held.value && held.value.forms.length > 0 && <Voices held={held.value} reload={held.reload} />}
    </>
  );
}

/** Words that stand twice in a form, as answers of two criteria do, are read once. */
function rowsOf(
  { sentences }: VoicesAnswer['forms'][number],
  language: Language,
  found: (sentence: string) => VoiceRecording | null,
): Row[] {
  const rows = new Map<string, Row>();
  for (const { key, text } of sentences) {
    const sentence = text[language];
    const kind = key.split('.')[0] as Row['kind'];
    if (!rows.has(sentence)) rows.set(sentence, { kind, words: sentence, recording: found(sentence) });
  }
  return [...rows.values()];
}

function Voices({ held, reload }: { held: VoicesAnswer; reload: () => Promise<void> }): ReactNode {
  const text = useText(voicesText);
  const forms = useText(instrumentsText);
  const common = useText(words);
  const lang = useLang();
  const player = usePlayer();
  const [language, setLanguage] = useState<Language>('vi');
  const [busy, setBusy] = useState<string | null>(null);
  const [wrong, setWrong] = useState<{ words: string; problem: Problem } | null>(null);
  const [removing, setRemoving] = useState<VoiceRecording | null>(null);
  const recordings = held.recordings.filter((each) => each.language === language);
  const found = (sentence: string) => recordings.find((each) => each.words === sentence) ?? null;
  const act = async (sentence: string, method: 'PUT' | 'DELETE', body?: FormData): Promise<void> => {
    setBusy(sentence);
    const answer = await call(method, addressOf(language, sentence), body);
    setBusy(null);
    setWrong(answer.ok ? null : { words: sentence, problem: answer.problem });
    await reload();
  };
  const send = (sentence: string, file: File): void => {
    const body = new FormData();
    body.append('voice', file);
    void act(sentence, 'PUT', body);
  };
  const table = (rows: readonly Row[]): ReactNode => (
    <VoiceTable {...{ rows, language, player, busy, wrong, send }} remove={setRemoving} />
  );
  const said = new Set(held.forms.flatMap((form) => form.sentences.map((each) => each.text[language])));
  const orphans = recordings.filter((each) => !said.has(each.words));
  return (
    <>
      <p className="muted">{text.rule}</p>
      {held.on ? (
        <Note tone="ok" head={text.on} />
      ) : (
        <Note tone="attention" head={text.off}>
          <p>
            <a href={href('kiosks')}>{text.offNext}</a>
          </p>
        </Note>
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: two keys that stand alone are no fieldset */}
      <div className="keys" role="group" aria-label={text.language}>
        {LANGUAGES.map((each) => (
          <Key key={each} pressed={each === language} onPress={() => setLanguage(each)}>
            {each === 'vi' ? forms.vietnamese : forms.english}
          </Key>
        ))}
      </div>
      <p className="hint">{text.taken}</p>
      {held.forms.map((form) => {
        const rows = rowsOf(form, language, found);
        const done = rows.filter(({ recording }) => recording !== null).length;
        return (
          <details
            key={`${form.instrument.id} ${form.instrument.version}`}
            className="panel list-panel"
            open={form.used}
          >
            <summary className="voice-head">
              <h2>{form.name[lang]}</h2>
              <span className="muted small">
                {forms.versionOf(form.instrument.version)}
                {form.used && ` · ${text.used}`} · {text.count(done, rows.length)}
              </span>
            </summary>
            {table(rows)}
          </details>
        );
      })}
      {orphans.length > 0 && (
        <section className="panel list-panel">
          <div className="voice-head">
            <h2>{text.orphans}</h2>
            <span className="muted small">{text.orphansWhy}</span>
          </div>
          {table(orphans.map((recording) => ({ kind: null, words: recording.words, recording })))}
        </section>
      )}
      {removing && (
        <Dialog title={text.removeAsk(removing.words)} onClose={() => setRemoving(null)}>
          <p>{text.removeWhy}</p>
          <div className="keys">
            <Key
              main
              onPress={() => {
                setRemoving(null);
                void act(removing.words, 'DELETE');
              }}
            >
              {text.remove}
            </Key>
            <Key onPress={() => setRemoving(null)}>{common.cancel}</Key>
          </div>
        </Dialog>
      )}
    </>
  );
}
