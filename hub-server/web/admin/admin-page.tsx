/** The sections of the administration; which one stands in the address. */
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import { CoveragePage } from '../common/footage/coverage-page.tsx';
import { HoldsPage } from '../common/footage/holds-page.tsx';
import { href, useHash } from '../common/hash.ts';
import { useText } from '../common/lang.ts';
import { Key } from '../common/parts.tsx';
import { RecoveringNote } from '../common/recovering-note.tsx';
import type { Signed } from '../common/session.tsx';
import { Shell } from '../common/shell.tsx';
import { words } from '../common/words.ts';
import { ActsSection } from './access/acts-section.tsx';
import { ApiKeysSection } from './access/api-keys-section.tsx';
import { AuditSection } from './access/audit-section.tsx';
import { CamerasSection } from './cameras/cameras-section.tsx';
import { DiskNote } from './cameras/disk-note.tsx';
import { DevicesSection } from './devices/devices-section.tsx';
import { FleetNote } from './fleet/fleet-note.tsx';
import { FleetSection } from './fleet/fleet-section.tsx';
import { InstrumentsSection } from './instruments/instruments-section.tsx';
import { CountersSection } from './office/counters-section.tsx';
import { DemoSection } from './office/demo-section.tsx';
import { ImportSection } from './office/import-section.tsx';
import { OfficeSection } from './office/office-section.tsx';
import { ProceduresSection } from './office/procedures-section.tsx';
import { UnitsSection } from './office/units-section.tsx';
import { OfficersSection } from './people/officers-section.tsx';
import { UsersSection } from './people/users-section.tsx';
import { KiosksSection } from './screens/kiosks-section.tsx';
import { ScreensSection } from './screens/screens-section.tsx';
import { type AdminText, adminText } from './text.ts';
import { VoicesSection } from './voices/voices-section.tsx';

type Section = keyof AdminText['sections'];
const SECTIONS: Readonly<Record<Section, (props: { office: string }) => ReactNode>> = {
  office: OfficeSection,
  units: UnitsSection,
  officers: OfficersSection,
  counters: CountersSection,
  procedures: ProceduresSection,
  instruments: InstrumentsSection,
  kiosks: KiosksSection,
  screens: ScreensSection,
  voices: VoicesSection,
  cameras: CamerasSection,
  coverage: CoveragePage,
  holds: () => <HoldsPage />,
  users: UsersSection,
  fleet: FleetSection,
  devices: DevicesSection,
  keys: ApiKeysSection,
  import: ImportSection,
  acts: ActsSection,
  audit: AuditSection,
  demo: DemoSection,
};
const ORDER = Object.keys(SECTIONS) as Section[];

export function AdminPage({ session, signOut }: Signed): ReactNode {
  const text = useText(adminText);
  const common = useText(words);
  const [place] = useHash();
  /** On a phone the list of sections is behind a key. */
  const [listed, setListed] = useState(false);
  const here = ORDER.find((each) => each === place) ?? 'office';
  /** There the link that was followed goes away with its list: what it led to has the focus next. */
  const chosen = useRef<Section | null>(null);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (listed || chosen.current !== here) return;
    chosen.current = null;
    main.current?.focus();
  }, [here, listed]);
  useEffect(() => {
    document.title = `${text.sections[here]} · ${text.title}`;
  }, [text, here]);
  const Current = SECTIONS[here];
  return (
    <Shell
      office={session.office.name}
      places={[]}
      here=""
      who={`${session.user.name} · ${common.roles.admin}`}
      onSignOut={signOut}
      away={null}
    >
      <div className="admin">
        <nav className="admin-nav" aria-label={text.title}>
          <Key className="admin-nav-key" expanded={listed} onPress={() => setListed(!listed)}>
            {text.sections[here]}
            <Chevron up={listed} />
          </Key>
          <div className="admin-nav-list">
            {ORDER.map((each) => (
              <a
                key={each}
                href={href(each)}
                aria-current={each === here ? 'page' : undefined}
                onClick={() => {
                  if (listed) chosen.current = each;
                  setListed(false);
                }}
              >
                {text.sections[each]}
              </a>
            ))}
          </div>
        </nav>
        <main className="admin-main" key={here} ref={main} tabIndex={-1} aria-label={text.sections[here]}>
          <RecoveringNote />
          {here !== 'fleet' && <FleetNote />}
          <DiskNote />
          <Current office={session.office.name} />
        </main>
      </div>
    </Shell>
  );
}

function Chevron({ up }: { up: boolean }): ReactNode {
  return (
    <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path
        d={up ? 'M2 8l4-4 4 4' : 'M2 4l4 4 4-4'}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
