/** The list of languages, over any screen, where more than two are offered. Left alone it gives the screen back. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Head } from '../components/head.tsx';
import { TickIcon } from '../components/icons.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { catalogues } from '../text/catalogues.ts';

export function LanguagesScreen({ screen }: { screen: Screen }): ReactNode {
  const { language, offered, text, press } = useKiosk();
  return (
    <>
      <Head screen={screen} />
      <main className="desk">
        <h1 className="desk-head">{text.chooseLanguage}</h1>
        <div className="desk-keys desk-keys-languages">
          {offered.map((each) => (
            <button
              key={each}
              type="button"
              className="chip chip-wide"
              lang={each}
              aria-pressed={each === language}
              onClick={() => press({ type: 'language.choose', language: each })}
            >
              <span className="chip-box">{each === language && <TickIcon />}</span>
              <span className="chip-word">{catalogues[each].name}</span>
            </button>
          ))}
        </div>
      </main>
      <footer className="keys">
        <LanguageKey />
      </footer>
    </>
  );
}
