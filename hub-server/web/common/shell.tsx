/** The head of inspector, dashboard and administration: office, places, who is logged in, language, lost hub. */
import type { ReactNode } from 'react';
import { setLang, useLang, useText } from './lang.ts';
import { Mark } from './parts.tsx';
import { words } from './words.ts';

export interface Place {
  readonly key: string;
  readonly name: string;
  readonly href: string;
}

export function LanguageKey(): ReactNode {
  const lang = useLang();
  const text = useText(words);
  const other = lang === 'vi' ? 'en' : 'vi';
  return (
    <button type="button" className="head-key" lang={other} onClick={() => setLang(other)}>
      {text.otherLanguage}
    </button>
  );
}

export function Shell({
  office,
  places,
  here,
  who,
  onSignOut,
  away,
  children,
}: {
  office: string;
  places: readonly Place[];
  here: string;
  who: string;
  onSignOut: () => void;
  away: string | null;
  children: ReactNode;
}): ReactNode {
  const text = useText(words);
  return (
    <>
      <header className="head">
        <p className="head-title">
          <span className="head-product">{text.product} · </span>
          {office}
        </p>
        <nav aria-label={text.product}>
          {places.map((place) => (
            <a key={place.key} href={place.href} aria-current={place.key === here ? 'page' : undefined}>
              {place.name}
            </a>
          ))}
        </nav>
        <div className="head-end">
          <p className="head-who">{who}</p>
          <LanguageKey />
          <button type="button" className="head-key" onClick={onSignOut}>
            {text.signOut}
          </button>
        </div>
      </header>
      {away !== null && (
        <div className="away" role="status">
          <Mark tone="critical" />
          <b>{text.away}</b> {away}
        </div>
      )}
      {children}
    </>
  );
}
