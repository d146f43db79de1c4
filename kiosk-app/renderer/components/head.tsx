import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { Clock } from './clock.tsx';
import { OfflineIcon } from './icons.tsx';

export function OfficeLines({ office }: { office: Screen['office'] }): ReactNode {
  return (
    <div className="office">
      <p className="office-name">{office.name}</p>
      <p className="office-place">{office.place}</p>
    </div>
  );
}

/** Office, counter and time, on every screen but rest and closed, which show them large. */
export function Head({ screen }: { screen: Screen }): ReactNode {
  const { text } = useKiosk();
  return (
    <header className="head">
      <OfficeLines office={screen.office} />
      <p className="head-counter">
        {!screen.online && <OfflineIcon />}
        <span>
          {text.counter} {screen.counterNumber}
        </span>
        <Clock />
      </p>
    </header>
  );
}
