/** Nobody on duty: the same page as rest, without its colour, so that it reads as closed from afar. */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Board } from '../components/board.tsx';
import { CameraNotice } from '../components/camera-notice.tsx';
import { LongClock } from '../components/clock.tsx';
import { OfficeLines } from '../components/head.tsx';
import { OfflineIcon } from '../components/icons.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { Numeral } from '../components/numeral.tsx';
import { OfficerKey } from '../components/officer-key.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';

export function ClosedScreen({ screen }: { screen: Extract<Screen, { name: 'closed' }> }): ReactNode {
  const { text } = useKiosk();
  const { notices = [] } = screen;
  const full = screen.pinOffered === true || notices.length > 0;
  return (
    <main className={`split ${full ? 'split-full' : ''} ${notices.length > 0 ? 'split-noticed' : ''}`}>
      <Numeral number={screen.counterNumber} tone="closed" foot="" />
      <div className="split-words">
        <OfficeLines office={screen.office} />
        <div className="closed-words">
          <h1 className="closed-head">{keepWords(text.closedHead)}</h1>
          <p className="closed-text">{text.closedText}</p>
        </div>
        <div className="split-time">
          <LongClock />
          {!screen.online && <OfflineIcon />}
        </div>
        <Board notices={notices} lastMonth={null} />
        {full && <CameraNotice notice={screen.notice} />}
        <div className="split-foot">
          {!full && <CameraNotice notice={screen.notice} />}
          <OfficerKey screen={screen} />
          <LanguageKey />
        </div>
      </div>
    </main>
  );
}
