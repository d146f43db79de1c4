/** Between two citizens: the counter's number to be seen from the bench, who is on duty, the time, the notice. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { CameraNotice } from '../components/camera-notice.tsx';
import { LongClock } from '../components/clock.tsx';
import { OfficeLines } from '../components/head.tsx';
import { OfflineIcon } from '../components/icons.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { Numeral } from '../components/numeral.tsx';
import { Portrait } from '../components/portrait.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';
import { nameSize } from '../text/name-size.ts';

type Rest = Extract<Screen, { name: 'rest' }>;

export function RestScreen({ screen }: { screen: Rest }): ReactNode {
  const { text } = useKiosk();
  const { officer } = screen;
  return (
    <main className="split">
      <Numeral number={screen.counterNumber} tone="open" foot={officer.unitName} />
      <div className="split-words">
        <OfficeLines office={screen.office} />
        <h1 className="welcome">{keepWords(text.welcome)}</h1>
        <div className="split-time">
          <LongClock />
          {!screen.online && <OfflineIcon />}
        </div>
        <div className="on-duty">
          <Portrait officer={officer} />
          <div>
            <p className="on-duty-label">{text.atThisCounter}</p>
            <p className={`on-duty-name on-duty-name-${nameSize(officer.name)}`}>{officer.name}</p>
            <p className="on-duty-position">{officer.position}</p>
          </div>
        </div>
        <div className="split-foot">
          <CameraNotice notice={screen.notice} />
          <LanguageKey />
        </div>
      </div>
    </main>
  );
}
