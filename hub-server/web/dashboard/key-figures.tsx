/** Six figures in one row: satisfaction beside participation and invitations, then cases, devices, what is unsent. */
import type { DashboardAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { bare, count, percent, shareOf } from '../common/format.ts';
import { href } from '../common/hash.ts';
import { useLang, useText } from '../common/lang.ts';
import { Mark, type Tone } from '../common/parts.tsx';
import { dashboardText } from './text.ts';

function Figure({
  name,
  value,
  first,
  second,
  to,
  toName,
}: {
  name: string;
  value: string;
  first: ReactNode;
  second?: ReactNode;
  /** What lies under the figure, and its name for a screen reader. */
  to?: string;
  toName?: string;
}): ReactNode {
  return (
    <section className="panel figure">
      <h2>
        {to === undefined ? (
          name
        ) : (
          <a className="figure-link" href={to} title={toName}>
            {name}
          </a>
        )}
      </h2>
      <p className="figure-value">{value}</p>
      <p className="figure-note">{first}</p>
      {second && <p className="figure-note">{second}</p>}
    </section>
  );
}

function Flag({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <span className={`flag flag-${tone}`}>
      <Mark tone={tone} /> {children}
    </span>
  );
}

export function KeyFigures({ value, month }: { value: DashboardAnswer; month: string }): ReactNode {
  const text = useText(dashboardText);
  const lang = useLang();
  const n = (each: number): string => count(each, lang);
  const { total, live } = value;
  const enough = total.rated >= value.minimumN;
  const satisfied = shareOf(total.satisfied, total.rated);
  const rated = shareOf(total.answered, total.served);
  const prompted = shareOf(total.prompted, total.served);
  const notPrompted = total.served - total.prompted;
  const devices = live.kiosks.filter((kiosk) => kiosk.deviceId !== null);
  const silent = devices.filter((kiosk) => !kiosk.online);
  const lost = live.cameras.filter((camera) => camera.state === 'down');
  const unsynced = live.kiosks.reduce((sum, kiosk) => sum + kiosk.unsynced, 0);
  const down = silent.length + lost.length;
  const under =
    total.served === 0
      ? {}
      : { to: href('events', month, '', '', text.total), toName: text.open(text.total) };
  const uninvited =
    notPrompted === 0
      ? under
      : {
          to: href('events', month, '', '', text.total, 'unprompted'),
          toName: text.notPrompted(n(notPrompted)),
        };
  const devicesNow = { to: href('counters'), toName: text.counters };
  return (
    <div className="figures">
      <Figure
        name={text.satisfied}
        {...under}
        value={enough && satisfied !== null ? percent(satisfied, lang) : '–'}
        first={
          total.low !== null && total.high !== null
            ? text.interval(bare(total.low, lang), bare(total.high, lang))
            : text.noRatings
        }
        second={
          <>
            {text.n(n(total.rated))}
            {!enough && <Flag tone="idle">{text.notEnough(n(value.minimumN))}</Flag>}
          </>
        }
      />
      <Figure
        name={text.participation}
        {...under}
        value={rated === null ? '–' : percent(rated, lang)}
        first={text.ofServed(n(total.answered), n(total.served))}
      />
      <Figure
        name={text.prompted}
        {...uninvited}
        value={prompted === null ? '–' : percent(prompted, lang)}
        first={text.ofServed(n(total.prompted), n(total.served))}
        second={
          notPrompted > 0 ? (
            <Flag tone="attention">{text.notPrompted(n(notPrompted))}</Flag>
          ) : total.served > 0 ? (
            text.allPrompted
          ) : undefined
        }
      />
      <Figure
        name={text.cases}
        value={n(live.casesOpen)}
        first={live.casesOpen === 0 ? text.casesNone : text.casesOpen}
      />
      <Figure
        name={text.down}
        {...devicesNow}
        value={n(down)}
        first={down === 0 ? text.allUp : text.downList(n(silent.length), n(lost.length))}
        second={
          down > 0 ? (
            <Flag tone="critical">{text.downOf(n(devices.length), n(live.cameras.length))}</Flag>
          ) : (
            text.downOf(n(devices.length), n(live.cameras.length))
          )
        }
      />
      <Figure
        name={text.unsynced}
        {...devicesNow}
        value={`${silent.length > 0 ? '≥ ' : ''}${n(unsynced)}`}
        first={text.unsyncedWhy}
        second={
          live.quarantined > 0 ? (
            <Flag tone="critical">{text.quarantined(n(live.quarantined))}</Flag>
          ) : silent.length > 0 ? (
            <Flag tone="attention">{text.unsyncedSilent(n(silent.length))}</Flag>
          ) : undefined
        }
      />
    </div>
  );
}
