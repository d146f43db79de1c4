/**
 * One question and its levels as large faces; the overall question and every criterion look and last the same.
 * The remaining-time line says how long the prompt stays, whatever is tapped.
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Head } from '../components/head.tsx';
import { TickIcon } from '../components/icons.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { LevelTile } from '../components/level-tile.tsx';
import { PrivateKey } from '../components/private-key.tsx';
import { RemainingLine } from '../components/remaining-line.tsx';
import { VoiceKey } from '../components/voice-key.tsx';
import { useKiosk } from '../kiosk-context.ts';
import type { KioskState } from '../kiosk-machine.ts';
import { keepWords } from '../text/line-breaks.ts';
import { shownIn } from '../text/shown-in.ts';

type Asked = Extract<Screen, { name: 'question' }>;

/** What answers: never a button that is not there, and a word when one should be and is not. */
function HowToAnswer({ panel }: { panel: Asked['panel'] }): ReactNode {
  const { text } = useKiosk();
  switch (panel?.state) {
    case 'ready':
      return text.touchOrPress;
    case 'unknown':
      return text.touchOrTry;
    case 'away':
      return text.panelAway;
    default:
      return text.touchFace;
  }
}

function Guide({ screen, busy }: { screen: Asked; busy: boolean }): ReactNode {
  const { text } = useKiosk();
  const { step, steps } = screen.question;
  return (
    <p className="question-guide" role="status">
      {busy ? (
        text.busy
      ) : (
        <>
          {screen.canCorrect && (
            <span className="question-recorded">
              <TickIcon />
              {text.recorded}
            </span>
          )}
          {steps > 1 && <span>{text.step(step, steps)}</span>}
          <span>
            <HowToAnswer panel={screen.panel} />
          </span>
        </>
      )}
    </p>
  );
}

export function QuestionScreen({ screen, state }: { screen: Asked; state: KioskState }): ReactNode {
  const { language, text, press } = useKiosk();
  const { question } = screen;
  return (
    <>
      <Head screen={screen} />
      <main className="question">
        <div className="question-head">
          <h1 className="question-text">{keepWords(shownIn(question.text, language))}</h1>
          <Guide screen={screen} busy={state.busy} />
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid of equal tiles in every layout */}
        <div className="levels" role="group" aria-label={text.levels}>
          {question.levels.map((level) => (
            <LevelTile
              key={level.key}
              level={level.key}
              word={shownIn(level.word, language)}
              marked={state.marked === level.key}
              onPress={() => press({ type: 'tap', level: level.key, press: crypto.randomUUID() })}
            />
          ))}
        </div>
      </main>
      <footer className="keys keys-question">
        <LanguageKey />
        <VoiceKey voices={question.voices} />
        {screen.canCorrect && <Key onPress={() => press({ type: 'correct' })}>{text.change}</Key>}
        {screen.canGoPrivate && <PrivateKey />}
        <span className="keys-gap" />
        <Key onPress={() => press({ type: 'skip' })}>{text.skip}</Key>
      </footer>
      <RemainingLine key={state.received} closeAfterMs={screen.closeAfterMs} closesInMs={screen.closesInMs} />
    </>
  );
}
