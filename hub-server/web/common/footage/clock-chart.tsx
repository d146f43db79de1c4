/** A camera's clock against the hub's over time: one line, and the band in which nothing is alarmed. */
import type { ClockSample } from '@hailong/shared/protocol/cameras.ts';
import type { ReactNode } from 'react';
import { count, dayMonth, seconds } from '../format.ts';
import { useLang, useText } from '../lang.ts';
import { useWidth } from '../use-width.ts';
import './clock-chart.css';
import { footageText } from './text.ts';

const HEIGHT = 160;
const PAD = { left: 56, right: 12, top: 12, bottom: 26 };
const BAND_MS = 2_000;

/** `samples`: in order of time, at least one. */
export function ClockChart({ samples }: { samples: readonly ClockSample[] }): ReactNode {
  const text = useText(footageText);
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
    count(samples.length, lang),
    seconds(Math.min(...offsets), lang),
    seconds(Math.max(...offsets), lang),
  );
  return (
    <div ref={watch} className="clock-chart">
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
