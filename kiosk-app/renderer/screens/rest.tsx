/**
 * Between two citizens: the counter's number to be seen from the bench, who is on duty, the time, the notice. For a
 * minute after a no-show, test or accident it offers whoever it was the way by phone instead of the officer's card.
 */
import type { Screen, ShownOfficer } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { Board } from '../components/board.tsx';
import { CameraNotice } from '../components/camera-notice.tsx';
import { LongClock } from '../components/clock.tsx';
import { OfficeLines } from '../components/head.tsx';
import { OfflineIcon } from '../components/icons.tsx';
import { Key } from '../components/key.tsx';
import { LanguageKey } from '../components/language-key.tsx';
import { Numeral } from '../components/numeral.tsx';
import { OfficerKey } from '../components/officer-key.tsx';
import { PhoneWay } from '../components/phone-way.tsx';
import { Portrait } from '../components/portrait.tsx';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';
import { nameSize } from '../text/name-size.ts';

type Rest = Extract<Screen, { name: 'rest' }>;

function OnDuty({ officer }: { officer: ShownOfficer }): ReactNode {
  const { text } = useKiosk();
  return (
    <div className="on-duty">
      <Portrait officer={officer} />
      <div>
        <p className="on-duty-label">{text.atThisCounter}</p>
        <p className={`on-duty-name on-duty-name-${nameSize(officer.name)}`}>{officer.name}</p>
        <p className="on-duty-position">{officer.position}</p>
      </div>
    </div>
  );
}

export function RestScreen({ screen }: { screen: Rest }): ReactNode {
  const { text, press } = useKiosk();
  const { officer, offer, lastMonth, notices = [] } = screen;
  const walkup = screen.walkup === true;
  // With keys of its own the foot needs the whole width: the notice stands above it.
  const full = walkup || screen.pinOffered === true || notices.length > 0 || Boolean(lastMonth && !offer);
  return (
    <main
      className={`split ${full ? 'split-full' : ''} ${offer ? 'split-offer' : ''} ${notices.length > 0 ? 'split-noticed' : ''}`}
    >
      <Numeral number={screen.counterNumber} tone="open" foot={officer.unitName} />
      <div className="split-words">
        <OfficeLines office={screen.office} />
        {offer ? (
          <PhoneWay way={offer} size="beside" head={text.offerHead} />
        ) : (
          <h1 className="welcome">{keepWords(text.welcome)}</h1>
        )}
        <div className="split-time">
          <LongClock />
          {!screen.online && <OfflineIcon />}
        </div>
        {!offer && <OnDuty officer={officer} />}
        <Board
          notices={notices}
          lastMonth={lastMonth ? text.lastMonth(lastMonth.received, lastMonth.mended) : null}
        />
        {full && <CameraNotice notice={screen.notice} />}
        <div className="split-foot">
          {!full && <CameraNotice notice={screen.notice} />}
          {walkup && <Key onPress={() => press({ type: 'walkup' })}>{keepWords(text.walkup)}</Key>}
          <OfficerKey screen={screen} />
          <LanguageKey />
        </div>
      </div>
    </main>
  );
}
