/**
 * The last page of a rating: what the citizen may add. Everything before it is recorded, which it says. The same title,
 * number and places at every level; the time that is left is the rating's own, not the page's.
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { ChipTile } from '../components/chip-tile.tsx';
import { Head } from '../components/head.tsx';
import { TickIcon } from '../components/icons.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { PrivateKey } from '../components/private-key.tsx';
import { RemainingLine } from '../components/remaining-line.tsx';
import { useKiosk } from '../kiosk-context.ts';
import type { KioskState } from '../kiosk-machine.ts';
import { keepWords } from '../text/line-breaks.ts';
import { shownIn } from '../text/shown-in.ts';

interface ChipsProps {
  readonly screen: Extract<Screen, { name: 'chips' }>;
  readonly state: KioskState;
}

export function ChipsScreen({ screen, state }: ChipsProps): ReactNode {
  const { language, text, press } = useKiosk();
  const chosen = state.choice.chosen ?? screen.chosen;
  return (
    <>
      <Head screen={screen} />
      <main className="question">
        <div className="question-head">
          <h1 className="question-text">{keepWords(text.chipsHead)}</h1>
          <p className="question-guide" role="status">
            <span className="question-recorded">
              <TickIcon />
              {text.recorded}
            </span>
            <span>{state.busy ? text.busy : text.chipsHint}</span>
          </p>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid of equal tiles in every layout */}
        <div className="chips" role="group" aria-label={text.chipsHead}>
          {screen.chips.map(({ key, word }) => (
            <ChipTile
              key={key}
              word={shownIn(word, language)}
              chosen={chosen.includes(key)}
              onPress={() => press({ type: 'chip', chip: key, press: crypto.randomUUID() })}
            />
          ))}
        </div>
      </main>
      <footer className="keys keys-chips">
        <LanguageKey />
        {screen.canCorrect && <Key onPress={() => press({ type: 'correct' })}>{text.change}</Key>}
        {screen.canGoPrivate && <PrivateKey />}
        <span className="keys-gap" />
        <Key onPress={() => press({ type: 'skip' })}>{text.skip}</Key>
        <Key kind="main" onPress={() => press({ type: 'skip' })}>
          {text.done}
        </Key>
      </footer>
      <RemainingLine key={state.received} closeAfterMs={screen.closeAfterMs} closesInMs={screen.closesInMs} />
    </>
  );
}
