/** The transactions under a figure; never the level of a single rating. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import { count, dateTime, length, monthName } from '../common/format.ts';
import { href } from '../common/hash.ts';
import { useLang, useText } from '../common/lang.ts';
import { Empty, Key, Loading, Mark, Note, ProblemNote } from '../common/parts.tsx';
import { useLoad } from '../common/use-load.ts';
import type { DashboardEvents } from '../common/wire.ts';
import { words } from '../common/words.ts';
import { dashboardText } from './text.ts';

export function EventsPage({
  month,
  by,
  of,
  label,
  only,
}: {
  month: string;
  /** Empty: the whole office. */
  by: string;
  of: string;
  label: string;
  /** `unprompted` opens the list with the transactions never invited to rate. */
  only: string;
}): ReactNode {
  const text = useText(dashboardText);
  const common = useText(words);
  const lang = useLang();
  const query = new URLSearchParams(by === '' ? { month } : { month, by, key: of });
  const events = useLoad<DashboardEvents>(`/api/v1/dashboard/events?${query}`);
  const [unprompted, setUnprompted] = useState(only === 'unprompted');
  const rows = events.value?.transactions.filter((each) => !unprompted || each.prompt === null) ?? [];
  return (
    <main className="page">
      <div className="page-head">
        <h1>{text.events(label)}</h1>
        <p className="muted">{text.month(monthName(month))}</p>
        <div className="keys">
          <Key pressed={!unprompted} onPress={() => setUnprompted(false)}>
            {text.eventsAll}
          </Key>
          <Key pressed={unprompted} onPress={() => setUnprompted(true)}>
            {text.eventsUnprompted}
          </Key>
          <a className="key key-anchor" href={href('overview')}>
            {text.back}
          </a>
        </div>
      </div>
      {events.problem && <ProblemNote problem={events.problem} retry={() => void events.reload()} />}
      {events.value?.truncated && <Note tone="attention" head={text.truncated} />}
      <section className="panel by-scroll">
        {events.loading && <Loading />}
        {events.value && rows.length === 0 && <Empty head={text.eventsNone} />}
        {rows.length > 0 && (
          <table className="events">
            <thead>
              <tr>
                <th>{text.number}</th>
                <th>{text.at}</th>
                <th>{text.length}</th>
                <th>{text.byHead.counter}</th>
                <th>{text.officer}</th>
                <th>{text.procedure}</th>
                <th>{text.stage}</th>
                <th>{text.outcome}</th>
                <th>{text.invited}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((each) => (
                <tr key={each.transactionId}>
                  <td>
                    <b>{each.queueNumber ?? common.none}</b>
                    <div className="small muted">{each.dossierCodes.join(', ')}</div>
                  </td>
                  <td>
                    {each.begin === 'unknown'
                      ? text.startedBefore(dateTime(each.openedAt))
                      : dateTime(each.openedAt)}
                  </td>
                  <td>
                    {each.finishedAt === null || each.begin === 'unknown'
                      ? common.none
                      : length(each.finishedAt - each.openedAt, lang)}
                  </td>
                  <td>{each.counter.number}</td>
                  <td>{each.officer.name}</td>
                  <td>{each.procedure?.name ?? common.none}</td>
                  <td>{common.stages[each.stage]}</td>
                  <td>{each.outcome ? common.outcomes[each.outcome] : common.none}</td>
                  <td>
                    {each.prompt ? (
                      dateTime(each.prompt.openedAt).slice(-5)
                    ) : (
                      <span className="flag flag-attention">
                        <Mark tone="attention" /> {text.notInvited}
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <p className="muted small">
        {count(rows.length, lang)} · {text.noLevel}
      </p>
    </main>
  );
}
