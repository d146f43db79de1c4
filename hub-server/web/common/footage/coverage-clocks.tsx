/** Under a day: how far its pictures stand behind the event, by whose measurement, and the camera's clock up to that day. */
import { CLOCK_DAYS, type CoverageAnswer, type CoverageLatency } from '@hailong/shared/protocol/coverage.ts';
import type { ReactNode } from 'react';
import { dateTime, errorSeconds, hms, loginOf, seconds } from '../format.ts';
import { useLang, useText } from '../lang.ts';
import { ClockChart } from './clock-chart.tsx';
import { footageText } from './text.ts';

export function CoverageLatencies({ day }: { day: CoverageAnswer }): ReactNode {
  const text = useText(footageText);
  const lang = useLang();
  const how = ({ measured }: CoverageLatency): string =>
    measured === null
      ? text.assumed
      : text.measuredAs(
          seconds(measured.measuredMs, lang),
          errorSeconds(measured.errorMs + measured.mappingBoundMs, lang),
          dateTime(measured.at),
          loginOf(measured.by),
        );
  return (
    <section className="panel footage-clocks">
      <h2>{text.latency}</h2>
      <p className="muted">{text.latencyWhy}</p>
      {day.latencies.length === 0 ? (
        <p>{text.latencyNone}</p>
      ) : (
        <table className="list">
          <thead>
            <tr>
              <th className="num">{text.from}</th>
              <th className="num">{text.until}</th>
              <th className="num">{text.used}</th>
              <th>{text.how}</th>
            </tr>
          </thead>
          <tbody>
            {day.latencies.map((part) => (
              <tr key={part.from}>
                <td className="num">{hms(part.from)}</td>
                <td className="num">{part.to === day.to ? '24:00:00' : hms(part.to)}</td>
                <td className="num">{seconds(part.latencyMs, lang)} s</td>
                <td>{how(part)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function CoverageClock({ clock }: { clock: CoverageAnswer['clock'] }): ReactNode {
  const text = useText(footageText);
  const lang = useLang();
  const last = clock.at(-1);
  return (
    <section className="panel footage-clocks">
      <h2>{text.clock}</h2>
      <p className="muted">{text.clockWhy(String(CLOCK_DAYS))}</p>
      {last === undefined ? (
        <p>{text.clockNone}</p>
      ) : (
        <>
          <p>
            {text.clockLast}: <b className="num">{seconds(last.offsetMs, lang)} s</b>{' '}
            <span className="muted">{dateTime(last.at)}</span>
          </p>
          <ClockChart samples={clock} />
        </>
      )}
    </section>
  );
}
