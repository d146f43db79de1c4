/** The day as one bar of 24 hours: footage filled, gaps hatched, what retention took pale. Shape and word beside the colour. */
import type { CoverageAnswer, CoverageSpan } from '@hailong/shared/protocol/coverage.ts';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { date } from '../format.ts';
import { useText } from '../lang.ts';
import { useWidth } from '../use-width.ts';
import { footageText } from './text.ts';

const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24];
/** Below it each other hour is named, so that no two names touch. */
const NARROW = 560;
/** A part of seconds is still seen. */
const LEAST = 1.5;

export type SpanTone = 'recorded' | 'gap' | 'gone' | 'none' | 'pending';

export function toneOf(state: CoverageSpan['state'], reason: CoverageSpan['reason']): SpanTone {
  if (state === 'recorded' || state === 'pending') return state;
  if (state === 'future' || reason === 'not-configured') return 'none';
  return reason === 'expired' || reason === 'deleted-budget' ? 'gone' : 'gap';
}

export function CoverageBar({ day }: { day: CoverageAnswer }): ReactNode {
  const text = useText(footageText);
  const hatch = useId();
  const [watch, all] = useWidth(320);
  const x = (at: number) => ((at - day.from) / (day.to - day.from)) * all;
  return (
    <div ref={watch} className="footage-bar">
      <svg width={all} height="64" role="img" aria-label={text.bar(day.camera.name, date(day.from))}>
        <defs>
          <pattern
            id={hatch}
            width="7"
            height="7"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="7" height="7" className="footage-hatch-ground" />
            <rect width="3" height="7" className="footage-hatch-line" />
          </pattern>
        </defs>
        <rect x="0" y="8" width={all} height="32" className="footage-track" />
        {day.spans.map((span) => {
          const tone = toneOf(span.state, span.reason);
          const width = Math.max(LEAST, x(span.to) - x(span.from));
          return (
            <rect
              key={span.from}
              x={x(span.from)}
              y="8"
              width={width}
              height="32"
              className={`footage-span footage-span-${tone}`}
              {...(tone === 'gap' ? { fill: `url(#${hatch})` } : {})}
            />
          );
        })}
        {HOURS.filter((hour) => all >= NARROW || hour % 6 === 0).map((hour) => (
          <g key={hour} transform={`translate(${(hour / 24) * all} 0)`}>
            <line y1="40" y2="45" className="footage-tick" />
            <text y="60" textAnchor={hour === 0 ? 'start' : hour === 24 ? 'end' : 'middle'}>
              {hour}:00
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
