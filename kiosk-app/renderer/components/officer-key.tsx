import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { OfficerIcon } from './icons.tsx';
import { Key } from './key.tsx';

/** Leads an officer to the PIN; drawn only while the hub is away and officers may log in here, or the panel is. */
export function OfficerKey({ screen }: { screen: Screen }): ReactNode {
  const { text, press } = useKiosk();
  if (!screen.pinOffered) return null;
  return (
    <Key kind="officer" onPress={() => press({ type: 'officer.ask' })}>
      <OfficerIcon />
      <span>{text.officer.key}</span>
    </Key>
  );
}
