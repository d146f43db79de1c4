/** The agent is starting or away (an update, a restart): said calmly, with nothing to press but the language. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Head } from '../components/head.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';

interface AwayProps {
  /** The last screen known, for office and counter; none before the first. */
  readonly screen: Screen | null;
  readonly reason: 'starting' | 'away';
}

export function AwayScreen({ screen, reason }: AwayProps): ReactNode {
  const { text } = useKiosk();
  const starting = reason === 'starting';
  return (
    <>
      {screen === null ? <header className="head" /> : <Head screen={screen} />}
      <main className="away">
        <div role="status">
          <h1 className="away-head">{keepWords(starting ? text.startingHead : text.awayHead)}</h1>
          <p className="away-text">{keepWords(starting ? text.startingText : text.awayText)}</p>
        </div>
      </main>
      <footer className="keys">
        <LanguageKey />
      </footer>
    </>
  );
}
