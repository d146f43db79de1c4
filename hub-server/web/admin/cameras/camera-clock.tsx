/** How far a camera's own clock stands off, over time: one line, the band in which nothing is alarmed, the last word. */
import type { ClockSample } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { ClockChart } from '../../common/footage/clock-chart.tsx';
import { dateTime, seconds } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { camerasText } from './cameras-text.ts';

export function CameraClock({ samples }: { samples: readonly ClockSample[] }): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  const last = samples.at(-1);
  return (
    <section className="panel camera-panel" aria-label={text.clock}>
      <h2>{text.clock}</h2>
      <p className="muted">{text.clockWhy}</p>
      {last === undefined ? (
        <p>{text.clockNone}</p>
      ) : (
        <>
          <p>
            {text.clockNow}: <b>{seconds(last.offsetMs, lang)} s</b>{' '}
            <span className="muted">{dateTime(last.at)}</span>
          </p>
          <ClockChart samples={samples} />
        </>
      )}
    </section>
  );
}
