import type { ShownOfficer } from '@hailong/shared/protocol/ui.ts';
import { type ReactNode, useState } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { initialOf } from '../text/initial.ts';

/** The officer's photo, or the first letter of the given name when there is none or it cannot be read. */
export function Portrait({ officer }: { officer: ShownOfficer }): ReactNode {
  const { blobs } = useKiosk();
  const [failed, setFailed] = useState<string | null>(null);
  if (officer.photo === null || failed === officer.photo)
    return (
      <div className="portrait portrait-letter" aria-hidden="true">
        {initialOf(officer.name)}
      </div>
    );
  const { photo } = officer;
  return (
    <img
      className="portrait"
      src={blobs.photoUrl(photo)}
      alt={officer.name}
      onError={() => setFailed(photo)}
    />
  );
}
