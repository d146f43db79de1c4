import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { keepWords } from '../text/line-breaks.ts';
import { CameraIcon } from './icons.tsx';

/** Recording needs a notice, not consent. Absent where no camera records. */
export function CameraNotice({ notice }: { notice: Screen['notice'] }): ReactNode {
  const { text } = useKiosk();
  if (notice === null) return <div className="notice" />;
  return (
    <p className="notice">
      <CameraIcon />
      <span>
        {keepWords(text.cameraNotice(notice.retentionDays))}{' '}
        {notice.phone !== '' && <span className="notice-contact">{text.contact(notice.phone)}</span>}
      </span>
    </p>
  );
}
