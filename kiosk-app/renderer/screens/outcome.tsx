/**
 * Thanks, the same for every level, and its honest opposite in the same layout: what could not be stored is said.
 * Shown only when the agent says so (Durable, then memory, then tell).
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Head } from '../components/head.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { PhoneWay } from '../components/phone-way.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';

function Sign({ stored }: { stored: boolean }): ReactNode {
  return (
    <svg className="sign" viewBox="0 0 252 252" aria-hidden="true">
      {stored ? (
        <>
          <circle className="sign-stored" cx="126" cy="126" r="126" />
          <path className="sign-tick" d="M74 132 110 169 180 90" />
        </>
      ) : (
        <rect className="sign-not-stored" x="14" y="14" width="224" height="224" />
      )}
    </svg>
  );
}

interface OutcomeProps {
  readonly screen: Extract<Screen, { name: 'thanks' | 'cannot-store' }>;
  readonly canCorrect: boolean;
}

export function OutcomeScreen({ screen, canCorrect }: OutcomeProps): ReactNode {
  const { text, press } = useKiosk();
  const stored = screen.name === 'thanks';
  const offer = screen.name === 'cannot-store' ? screen.offer : null;
  const help = offer?.qr ? text.cannotStoreScan : text.cannotStoreText;
  return (
    <>
      <Head screen={screen} />
      <main className={offer ? 'outcome outcome-offer' : 'outcome'}>
        <Sign stored={stored} />
        <div className="outcome-words" role="status">
          <h1 className="outcome-head">{keepWords(stored ? text.thanksHead : text.cannotStoreHead)}</h1>
          <p className="outcome-text">{stored ? text.thanksText : keepWords(help)}</p>
          {stored && <p className="outcome-note">{keepWords(text.thanksNote)}</p>}
        </div>
        {offer && <PhoneWay way={offer} size="beside" head={null} />}
      </main>
      <footer className="keys">
        <LanguageKey />
        {canCorrect && <Key onPress={() => press({ type: 'correct' })}>{text.change}</Key>}
      </footer>
    </>
  );
}
