/** Sentences of one form with the recording of each; what the hub refused stands at the sentence it was about. */
import type { VoiceRecording } from '@hailong/shared/protocol/voices.ts';
import type { ReactNode } from 'react';
import { useRef } from 'react';
import { count, seconds } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { Key, Mark, ProblemNote } from '../../common/parts.tsx';
import type { Problem } from '../../common/wire.ts';
import { words as common } from '../../common/words.ts';
import type { Player } from './use-player.ts';
import { voicesText } from './voices-text.ts';

export interface Row {
  /** Null: of no form any more, so that it can only be played and removed. */
  readonly kind: 'question' | 'level' | 'criterion' | 'option' | null;
  readonly words: string;
  readonly recording: VoiceRecording | null;
}

interface Acts {
  readonly player: Player;
  /** The sentence whose answer of the hub is waited for. */
  readonly busy: string | null;
  readonly wrong: { readonly words: string; readonly problem: Problem } | null;
  send(words: string, file: File): void;
  remove(recording: VoiceRecording): void;
}

export function VoiceTable({
  rows,
  language,
  ...acts
}: Acts & { rows: readonly Row[]; language: string }): ReactNode {
  const text = useText(voicesText);
  return (
    <table className="list list-voices">
      <thead>
        <tr>
          <th>{text.kind}</th>
          <th>{text.words}</th>
          <th>{text.recording}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <SentenceRow key={row.words} {...{ row, language, acts }} />
        ))}
      </tbody>
    </table>
  );
}

function SentenceRow({ row, language, acts }: { row: Row; language: string; acts: Acts }): ReactNode {
  const text = useText(voicesText);
  const lang = useLang();
  const { recording, words, kind } = row;
  const { player, wrong } = acts;
  return (
    <tr>
      <td className="muted">{kind && text.kinds[kind]}</td>
      <td>
        <span lang={language}>{words}</span>
        {wrong?.words === words && <ProblemNote problem={wrong.problem} />}
        {recording && player.failed === recording.sha256 && (
          <p className="field-error" role="alert">
            {text.unplayable}
          </p>
        )}
      </td>
      <td className="voice-held">
        {recording ? (
          <>
            <Mark tone="ok" />
            {text.size(seconds(recording.durationMs, lang), count(Math.ceil(recording.bytes / 1_024), lang))}
          </>
        ) : (
          <>
            <Mark tone="idle" />
            <span className="muted">{text.missing}</span>
          </>
        )}
      </td>
      <td className="list-act voice-acts">
        <Keys row={row} acts={acts} />
      </td>
    </tr>
  );
}

function Keys({ row: { recording, words, kind }, acts }: { row: Row; acts: Acts }): ReactNode {
  const text = useText(voicesText);
  const wait = useText(common).wait;
  const file = useRef<HTMLInputElement>(null);
  const { player, busy, send, remove } = acts;
  const isPlaying = recording !== null && player.playing === recording.sha256;
  return (
    <div className="keys">
      {recording && (
        <Key
          onPress={() => player.toggle(recording.sha256)}
          label={isPlaying ? text.stopOf(words) : text.hearOf(words)}
        >
          {isPlaying ? text.stop : text.hear}
        </Key>
      )}
      {kind !== null && (
        <Key
          busy={busy === words}
          onPress={() => file.current?.click()}
          label={recording ? text.replaceOf(words) : text.chooseOf(words)}
        >
          {busy === words ? wait : recording ? text.replace : text.choose}
        </Key>
      )}
      {recording && (
        <Key onPress={() => remove(recording)} label={text.removeOf(words)}>
          {text.remove}
        </Key>
      )}
      <input
        ref={file}
        className="visually-hidden"
        type="file"
        accept=".ogg,.oga,.opus,.wav,.mp3,audio/ogg,audio/wav,audio/mpeg"
        aria-label={text.fileOf(words)}
        tabIndex={-1}
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) send(words, chosen);
          // The same file again, mended meanwhile, is a choice too.
          event.target.value = '';
        }}
      />
    </div>
  );
}
