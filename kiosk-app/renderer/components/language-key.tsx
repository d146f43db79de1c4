import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { GlobeIcon } from './icons.tsx';
import { Key } from './key.tsx';

/** Always on show. Carries the other language's own name, and tells a screen reader to read it in that language. */
export function LanguageKey(): ReactNode {
  const { language, text, press } = useKiosk();
  return (
    <Key kind="language" onPress={() => press({ type: 'language' })}>
      <GlobeIcon />
      <span lang={language === 'vi' ? 'en' : 'vi'}>{text.otherLanguage}</span>
    </Key>
  );
}
