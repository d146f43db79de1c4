/** Which of the faces of the station: enrol this machine, log in to a duty, wake a login that rests, or serve. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { useText } from '../common/lang.ts';
import { Loading, ProblemNote } from '../common/parts.tsx';
import { LanguageKey } from '../common/shell.tsx';
import { Desk } from './desk.tsx';
import { DeviceNotes } from './device-notes.tsx';
import { Enrol } from './enrol.tsx';
import { Locked } from './locked.tsx';
import { Login } from './login.tsx';
import { stationText } from './text.ts';
import { useStation } from './use-station.ts';

/** `?enrol=CODE`, taken out of the address at once so that it does not stay in the history. */
function takeCode(): string | null {
  const address = new URL(location.href);
  const code = address.searchParams.get('enrol');
  if (code !== null) {
    address.searchParams.delete('enrol');
    history.replaceState(null, '', address);
  }
  return code;
}

export function StationPage(): ReactNode {
  const text = useText(stationText);
  const station = useStation();
  const [code] = useState(takeCode);
  useEffect(() => {
    document.title = station.station?.counter
      ? `${text.counter(station.station.counter.number)} · ${text.title}`
      : text.title;
  }, [station.station?.counter, text]);

  const known = station.station;
  if (known?.enrolled && known.officer && known.duty) return <Desk live={station} station={known} />;
  return (
    <div className="strip">
      <header className="strip-head">
        <div className="strip-name">
          <p className="strip-officer">{text.title}</p>
          {known?.counter && (
            <p className="strip-counter">
              {known.counter.name.startsWith(text.counter(known.counter.number))
                ? known.counter.name
                : `${text.counter(known.counter.number)} · ${known.counter.name}`}
            </p>
          )}
        </div>
        <LanguageKey />
      </header>
      <main className="strip-body">
        {station.enrolled === null && !station.problem && <Loading />}
        {station.problem && <ProblemNote problem={station.problem} retry={() => void station.refresh()} />}
        {station.enrolled === false && <Enrol code={code} live={station} />}
        {station.enrolled === true && known && (
          <>
            {known.locked ? (
              <Locked live={station} />
            ) : (
              <>
                <h1>{text.loginTitle}</h1>
                <Login live={station} before={known.duty?.state === 'refused' ? known.duty.reason : null} />
              </>
            )}
            <DeviceNotes station={known} />
          </>
        )}
      </main>
    </div>
  );
}
