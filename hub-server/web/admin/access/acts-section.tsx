/** What waits for an administrator as the second person, and the own tokens. */
import type { ReactNode } from 'react';
import { ActsPanel } from '../../common/acts-panel.tsx';
import { useText } from '../../common/lang.ts';
import { TokensPanel } from '../../common/tokens-panel.tsx';
import { adminText } from '../text.ts';

export function ActsSection(): ReactNode {
  const text = useText(adminText);
  return (
    <>
      <h1>{text.sections.acts}</h1>
      <ActsPanel />
      <TokensPanel />
    </>
  );
}
