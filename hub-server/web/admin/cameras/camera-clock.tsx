/** How far a camera's own clock stands off, over time: one line, the band in which nothing is alarmed, the last word. */
import type { ClockSample } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { dateTime, dayMonth, seconds } from '../../common/format.ts';
import { useLang, useText } from '../../common/lang.ts';
import { useWidth } from '../../common/use-width.ts';
import { camerasText } from './cameras-text.ts';

const HEIGHT = 160;
const PAD = { left: 56, right: 12, top: 12, bottom: 26 };
const BAND_MS = 2_000;

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
          <Chart samples={samples} />
        </>
      )}
    </section>
  );
}

function Chart({ samples }: { samples: readonly ClockSample[] }): ReactNode {
  const text = useText(camerasText);
  const lang = useLang();
  const [watch, width] = useWidth(640);
  const offsets = samples.map(({ offsetMs }) => offsetMs);
  const low = Math.min(-BAND_MS * 1.5, ...offsets);
  const high = Math.max(BAND_MS * 1.5, ...offsets);
  const from = samples[0]?.at ?? 0;
  const to = Math.max(samples.at(-1)?.at ?? 0, from + 3_600_000);
  const x = (at: number): number => PAD.left + ((at - from) / (to - from)) * (width - PAD.left - PAD.right);
  const y = (ms: number): number => PAD.top + ((high - ms) / (high - low)) * (HEIGHT - PAD.top - PAD.bottom);
  const line = samples.map(
    ({ at, offsetMs }, i) => `${i === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(offsetMs).toFixed(1)}`,
  );
  const said = text.clockChart(
    samples.length,
    seconds(Math.min(...offsets), lang),
    seconds(Math.max(...offsets), lang),
  );
  return (
    <div ref={watch} className="camera-chart">
      <svg width={width} height={HEIGHT} role="img" aria-label={said}>
        <rect
          className="band"
          x={PAD.left}
          width={Math.max(0, width - PAD.left - PAD.right)}
          y={y(BAND_MS)}
          height={y(-BAND_MS) - y(BAND_MS)}
        />
        {[high, BAND_MS, 0, -BAND_MS, low]
          .filter((ms, i, all) => all.findIndex((each) => Math.abs(y(each) - y(ms)) < 14) === i)
          .map((ms) => (
            <text key={ms} x={PAD.left - 6} y={y(ms) + 4} textAnchor="end">
              {seconds(ms, lang)}
            </text>
          ))}
        <line className="zero" x1={PAD.left} x2={width - PAD.right} y1={y(0)} y2={y(0)} />
        <path className="line" d={line.join('')} />
        {samples.length === 1 && <circle className="dot" cx={x(from)} cy={y(offsets[0] ?? 0)} r="4" />}
        <text x={PAD.left} y={HEIGHT - 8}>
          {dayMonth(from)}
        </text>
        <text x={width - PAD.right} y={HEIGHT - 8} textAnchor="end">
          {dayMonth(to)}
        </text>
      </svg>
    </div>
  );
}
