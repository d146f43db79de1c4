/** Dot with whiskers, participation bar with its tick, level stack. No pies, no traffic lights. */
import type { Figures } from '@hailong/shared/protocol/http.ts';
import type { ReactNode } from 'react';
import { FaceShape } from '../common/face.tsx';
import { count } from '../common/format.ts';
import { useLang } from '../common/lang.ts';
import { useWidth } from '../common/use-width.ts';
import { axisTicks, axisX, stackParts } from './chart-scale.ts';

const ROW = 34;
const PAD = 8;

export function DotWhisker({
  figures,
  start,
  width,
  enough,
}: {
  figures: Figures;
  start: number;
  width: number;
  enough: boolean;
}): ReactNode {
  const plot = width - 2 * PAD;
  const x = (share: number): number => PAD + axisX(share, start, plot);
  const { share, low, high } = figures;
  const mid = ROW / 2;
  return (
    <svg className="dot" width={width} height={ROW} viewBox={`0 0 ${width} ${ROW}`} aria-hidden="true">
      {axisTicks(start).map((at) => (
        <line key={at} className="grid" x1={x(at)} x2={x(at)} y1="3" y2={ROW - 3} />
      ))}
      {share !== null && low !== null && high !== null && (
        <g className={enough ? 'dot-full' : 'dot-hollow'}>
          <line x1={x(low)} x2={x(high)} y1={mid} y2={mid} />
          <line x1={x(low)} x2={x(low)} y1={mid - 5} y2={mid + 5} />
          <line x1={x(high)} x2={x(high)} y1={mid - 5} y2={mid + 5} />
          <circle cx={x(share)} cy={mid} r="6" />
        </g>
      )}
    </svg>
  );
}

/** Bar from 0: answered ÷ served; the tick across it: prompted ÷ served. */
export function TakingPart({ figures, width }: { figures: Figures; width: number }): ReactNode {
  const { served, answered, prompted } = figures;
  const x = (part: number): number => (served === 0 ? 0 : (Math.min(part, served) / served) * width);
  return (
    <svg className="part" width={width} height={ROW} viewBox={`0 0 ${width} ${ROW}`} aria-hidden="true">
      <rect className="track" x="0" y="11" width={width} height="12" />
      <rect className="data" x="0" y="11" width={x(answered)} height="12" />
      {served > 0 && (
        <rect
          className="tick-mark"
          x={Math.min(width - 3, Math.max(0, x(prompted) - 1.5))}
          y="7"
          width="3"
          height="20"
        />
      )}
    </svg>
  );
}

const STACK = { height: 40, bar: 32, face: 20 };

/** Order 5 → 1, 2 px of white between; face and number on each part that has room. */
export function LevelStack({ figures }: { figures: Figures }): ReactNode {
  const lang = useLang();
  const [setElement, width] = useWidth(620);
  const { height, bar, face } = STACK;
  const top = (height - bar) / 2;
  const parts = stackParts(figures.levels, width);
  return (
    <div ref={setElement} className="stack">
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {parts.map((part, index) => {
          const left = part.from + (index === 0 ? 0 : 1);
          const size = Math.max(1, part.to - (index === parts.length - 1 ? 0 : 1) - left);
          const label = count(part.count, lang);
          const text = label.length * 8.5;
          const withText = size >= face + 6 + text + 8;
          const middle = left + size / 2;
          const faceX = withText ? middle - (face + 6 + text) / 2 : middle - face / 2;
          return (
            <g key={part.level} className={`stack-${part.level}`}>
              <rect x={left} y={top} width={size} height={bar} rx="2" />
              {size >= face + 4 && (
                <g transform={`translate(${faceX} ${(height - face) / 2}) scale(${face / 120})`}>
                  <FaceShape level={part.level} small />
                </g>
              )}
              {withText && (
                <text x={middle + (face + 6) / 2} y={height / 2 + 5} textAnchor="middle">
                  {label}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
