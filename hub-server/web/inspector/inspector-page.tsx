/** The places of the inspector: search, own cases, one case, what is to be reviewed. Which one stands in the address. */
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { actText } from '../common/act-text.ts';
import { CoveragePage } from '../common/footage/coverage-page.tsx';
import { HoldsPage } from '../common/footage/holds-page.tsx';
import { footageText } from '../common/footage/text.ts';
import { href, useHash } from '../common/hash.ts';
import { useText } from '../common/lang.ts';
import type { Signed } from '../common/session.tsx';
import { Shell } from '../common/shell.tsx';
import { words } from '../common/words.ts';
import { Acts } from './acts.tsx';
import { CasePage } from './case-page.tsx';
import { Cases } from './cases.tsx';
import { Reviews } from './reviews.tsx';
import { Search } from './search.tsx';
import { inspectorText } from './text.ts';

export function InspectorPage({ session, signOut }: Signed): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const footage = useText(footageText);
  const acts = useText(actText);
  const [place = 'search', id] = useHash();
  useEffect(() => {
    document.title = `${text.title} · ${session.office.name}`;
  }, [text, session.office.name]);
  return (
    <Shell
      office={session.office.name}
      places={[
        { key: 'search', name: text.search, href: href('search') },
        { key: 'cases', name: text.cases, href: href('cases') },
        { key: 'review', name: text.reviews, href: href('review') },
        { key: 'coverage', name: footage.coverage, href: href('coverage') },
        { key: 'holds', name: footage.holds, href: href('holds') },
        { key: 'acts', name: acts.acts, href: href('acts') },
      ]}
      here={place === 'case' ? 'cases' : place}
      who={`${session.user.name} · ${common.roles.inspector}`}
      onSignOut={signOut}
      away={null}
    >
      {place === 'case' && id ? (
        <CasePage key={id} id={id} />
      ) : place === 'cases' ? (
        <Cases />
      ) : place === 'acts' ? (
        <Acts />
      ) : place === 'review' ? (
        <Reviews />
      ) : place === 'coverage' ? (
        <main className="page">
          <CoveragePage />
        </main>
      ) : place === 'holds' ? (
        <main className="page">
          <HoldsPage ownCases />
        </main>
      ) : (
        <Search initial={id ?? ''} />
      )}
    </Shell>
  );
}
