/** Who serves the citizen, which number is theirs, and the key to rate when the officer never presses finish. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { CameraNotice } from '../components/camera-notice.tsx';
import { Head } from '../components/head.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { OfficerKey } from '../components/officer-key.tsx';
import { Portrait } from '../components/portrait.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';
import { nameSize } from '../text/name-size.ts';

type Serving = Extract<Screen, { name: 'serving' }>;

function Reference({ screen }: { screen: Serving }): ReactNode {
  const { text } = useKiosk();
  const [first, ...others] = screen.dossierCodes;
  if (screen.queueNumber === null && first === undefined) return null;
  return (
    <dl className="reference">
      {screen.queueNumber !== null && (
        <div>
          <dt>{text.yourNumber}</dt>
          <dd className="reference-number">{screen.queueNumber}</dd>
        </div>
      )}
      {first !== undefined && (
        <div>
          <dt>{others.length === 0 ? text.dossier : text.dossierAndMore(others.length)}</dt>
          <dd className="reference-dossier">{first}</dd>
        </div>
      )}
    </dl>
  );
}

export function ServingScreen({ screen, busy }: { screen: Serving; busy: boolean }): ReactNode {
  const { text, press } = useKiosk();
  const { officer } = screen;
  return (
    <>
      <Head screen={screen} />
      <main className="serving">
        <div className="serving-card">
          <Portrait officer={officer} />
          <div className="serving-words">
            <p className="serving-label">{text.servingYou}</p>
            <h1 className={`serving-name serving-name-${nameSize(officer.name)}`}>{officer.name}</h1>
            <p className="serving-position">{officer.position}</p>
            <p className="serving-unit">{officer.unitName}</p>
            <Reference screen={screen} />
          </div>
        </div>
        <CameraNotice notice={screen.notice} />
      </main>
      <footer className="keys keys-main">
        <LanguageKey />
        <Key kind="main" onPress={() => press({ type: 'citizen.open' })}>
          {busy ? text.busy : keepWords(text.finished)}
        </Key>
        <OfficerKey screen={screen} />
      </footer>
    </>
  );
}
