/** What kiosks' screens say and when they are lit. */
import type { ReactNode } from 'react';
import { useText } from '../../common/lang.ts';
import './notices.css';
import { adminText } from '../text.ts';
import { NoticesPanel } from './notices-panel.tsx';
import { ScreenHoursPanel } from './screen-hours-panel.tsx';

export function ScreensSection({ office }: { office: string }): ReactNode {
  const { sections } = useText(adminText);
  return (
    <>
      <h1>{sections.screens}</h1>
      <NoticesPanel office={office} />
      <ScreenHoursPanel />
    </>
  );
}
