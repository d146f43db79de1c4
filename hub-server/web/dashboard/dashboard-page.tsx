/** The places of the dashboard: overview of a month, counters now, the events under a figure. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import { isAway } from '../common/api.ts';
import { dateTime, hms, monthName, monthOf } from '../common/format.ts';
import { href, useHash } from '../common/hash.ts';
import { useText } from '../common/lang.ts';
import { Loading, ProblemNote } from '../common/parts.tsx';
import { RecoveringNote } from '../common/recovering-note.tsx';
import type { Signed } from '../common/session.tsx';
import { Shell } from '../common/shell.tsx';
import type { DashboardBy } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { Answers } from './answers.tsx';
import { EventsPage } from './events-page.tsx';
import { FigureTable } from './figure-table.tsx';
import { KeyFigures } from './key-figures.tsx';
import { Marks } from './marks.tsx';
import { MonthKeys } from './month-keys.tsx';
import { NeverAsked } from './never-asked.tsx';
import { CamerasNow, CountersNow } from './now.tsx';
import { dashboardText } from './text.ts';
import { useDashboard } from './use-dashboard.ts';

const ORDER: readonly DashboardBy[] = ['counter', 'officer', 'procedure', 'stage'];

export function DashboardPage({ session, signOut }: Signed): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  const [place = 'overview', ...rest] = useHash();
  const [month, setMonth] = useState(() => monthOf(Date.now()));
  const [by, setBy] = useState<DashboardBy>('counter');
  const dashboard = useDashboard(month, by);
  const { value, problem } = dashboard;
  useEffect(() => {
    document.title = `${text.title} · ${session.office.name}`;
  }, [text, session.office.name]);
  const here = place === 'counters' || place === 'never-asked' ? place : 'overview';
  const away = problem !== null && value !== null && isAway(problem);
  return (
    <Shell
      office={session.office.name}
      places={[
        { key: 'overview', name: text.title, href: href('overview') },
        { key: 'counters', name: text.counters, href: href('counters') },
        { key: 'never-asked', name: text.neverAskedShort, href: href('never-asked') },
      ]}
      here={here}
      who={`${session.user.name} · ${common.roles.head}`}
      onSignOut={signOut}
      away={away ? common.awaySince(hms(dashboard.heardAt)) : null}
    >
      {place === 'events' ? (
        <EventsPage
          key={rest.join('/')}
          month={rest[0] ?? month}
          by={rest[1] ?? ''}
          of={rest[2] ?? ''}
          label={rest[3] ?? text.total}
          only={rest[4] ?? ''}
        />
      ) : (
        <main className="page">
          <div className="print-head">
            <p>{session.office.name}</p>
            <p>{session.office.place}</p>
          </div>
          <div className="page-head">
            <h1>{text.month(monthName(month))}</h1>
            {value && (
              <p className="muted">
                {!value.final && <>{text.until(dateTime(dashboard.heardAt))} · </>}
                {value.final ? text.final : text.provisional}
              </p>
            )}
            <MonthKeys month={month} onMonth={setMonth} />
          </div>
          <RecoveringNote />
          {problem && !away && <ProblemNote problem={problem} retry={() => void dashboard.reload()} />}
          {dashboard.loading && (
            <section className="panel">
              <Loading />
            </section>
          )}
          {value && here === 'overview' && (
            <>
              <KeyFigures value={value} month={month} />
              <div className="board">
                <FigureTable value={value} month={month} by={by} order={ORDER} onBy={setBy} />
                <div className="board-side">
                  <CountersNow value={value} />
                  <CamerasNow value={value} />
                </div>
              </div>
              <Answers month={month} />
              <Marks month={month} />
            </>
          )}
          {here === 'never-asked' && <NeverAsked month={month} />}
          {value && here === 'counters' && (
            <div className="board-now">
              <CountersNow value={value} />
              <CamerasNow value={value} />
            </div>
          )}
          <p className="print-foot">
            {text.method} {text.printedAt(dateTime(dashboard.heardAt), session.user.name)}
          </p>
        </main>
      )}
    </Shell>
  );
}
