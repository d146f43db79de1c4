import type { ReactNode } from 'react';
import { useKiosk } from '../kiosk-context.ts';
import { catalogues, type Language } from '../text/catalogues.ts';
import { GlobeIcon } from './icons.tsx';
import { Key } from './key.tsx';

/**
 * Always on show. With two languages it carries the other one's own name, and tells a screen reader to read it in that
 * language; with more it opens their list and carries the name of the one on show.
 */
export function LanguageKey(): ReactNode {
  const { language, offered, text, press } = useKiosk();
  const opensList = offered.length > 2;
  const other: Language = language === 'vi' ? 'en' : 'vi';
  const named = opensList ? language : other;
  const { name } = catalogues[named];
  return (
    <Key
      kind="language"
      onPress={() => press({ type: 'language', offered })}
      {...(opensList && { label: `${name}. ${text.chooseLanguage}` })}
    >
      <GlobeIcon />
      <span lang={named}>{name}</span>
    </Key>
  );
}
