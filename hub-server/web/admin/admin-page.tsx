/** The sections of the administration; which one stands in the address. */
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { CoveragePage } from '../common/footage/coverage-page.tsx';
import { HoldsPage } from '../common/footage/holds-page.tsx';
import { href, useHash } from '../common/hash.ts';
import { useText } from '../common/lang.ts';
import { RecoveringNote } from '../common/recovering-note.tsx';
import type { Signed } from '../common/session.tsx';
import { Shell } from '../common/shell.tsx';
import { words } from '../common/words.ts';
import { ActsSection } from './acts-section.tsx';
import { ApiKeysSection } from './api-keys-section.tsx';
import { AuditSection } from './audit-section.tsx';
import { CamerasSection } from './cameras-section.tsx';
import { DemoSection } from './demo-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { FleetNote } from './fleet-note.tsx';
import { FleetSection } from './fleet-section.tsx';
import { ImportSection } from './import-section.tsx';
import { InstrumentsSection } from './instruments-section.tsx';
import { KiosksSection } from './kiosks-section.tsx';
import { OfficeSection } from './office-section.tsx';
import { OfficersSection } from './officers-section.tsx';
import { CountersSection, ProceduresSection, UnitsSection, UsersSection } from './plain-sections.tsx';
import { ScreensSection } from './screens-section.tsx';
import { type AdminText, adminText } from './text.ts';
import { VoicesSection } from './voices-section.tsx';

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
  holds: HoldsPage,
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
  const here = ORDER.find((each) => each === place) ?? 'office';
  useEffect(() => {
    document.title = `${text.sections[here]} · ${text.title}`;
  }, [text, here]);
  const Current = SECTIONS[here];
  return (
    <Shell
      title={`${common.product} · ${session.office.name}`}
      places={[]}
      here=""
      who={`${session.user.name} · ${common.roles.admin}`}
      onSignOut={signOut}
      away={null}
    >
      <div className="admin">
        <nav className="admin-nav" aria-label={text.title}>
          {ORDER.map((each) => (
            <a key={each} href={href(each)} aria-current={each === here ? 'page' : undefined}>
              {text.sections[each]}
            </a>
          ))}
        </nav>
        <main className="admin-main" key={here}>
          <RecoveringNote />
          {here !== 'fleet' && <FleetNote />}
          <Current office={session.office.name} />
        </main>
      </div>
    </Shell>
  );
}
