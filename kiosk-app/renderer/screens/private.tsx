/**
 * The vote is the phone's from here on. The screen stays until the fixed time, whatever the phone does, and there is no
 * way back: nothing on it says whether, or what, was answered before.
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Head } from '../components/head.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { PhoneWay } from '../components/phone-way.tsx';
import { RemainingLine } from '../components/remaining-line.tsx';
import { useKiosk } from '../kiosk-context.ts';
import type { KioskState } from '../kiosk-machine.ts';

interface PrivateProps {
  readonly screen: Extract<Screen, { name: 'private' }>;
  readonly state: KioskState;
}

export function PrivateScreen({ screen, state }: PrivateProps): ReactNode {
  const { text } = useKiosk();
  return (
    <>
      <Head screen={screen} />
      <main className="private">
        <PhoneWay way={screen} size="page" head={text.privateHead} />
      </main>
      <footer className="keys">
        <LanguageKey />
      </footer>
      <RemainingLine key={state.received} closeAfterMs={screen.closeAfterMs} closesInMs={screen.closesInMs} />
    </>
  );
}
