/** What waits for a second person, and one's own tokens. */
import type { ReactNode } from 'react';
import { actText } from '../common/act-text.ts';
import { ActsPanel } from '../common/acts-panel.tsx';
import { useText } from '../common/lang.ts';
import { TokensPanel } from '../common/tokens-panel.tsx';

export function Acts(): ReactNode {
  const text = useText(actText);
  return (
    <main className="page">
      <h1>{text.acts}</h1>
      <ActsPanel />
      <TokensPanel />
    </main>
  );
}
