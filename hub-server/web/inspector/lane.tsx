/** Draws one lane. A label stands right of its mark, left of it near the right edge, inside a bar that holds it. */
import type { ReactNode } from 'react';
import { FaceShape } from '../common/face.tsx';
import type { LaneOf, MarkShape } from './lanes.ts';

export const NAME_WIDTH = 216;
export const ROW = 26;
const BAR = 18;
/** Width of one character of a 12 px label, on average: enough to know whether it fits. */
const CHARACTER = 6.6;

interface Drawing {
  readonly mid: number;
  readonly plotEnd: number;
  readonly x: (at: number) => number;
  readonly hatch: string;
}

function Label({
  text,
  end,
  start,
  at,
  className,
}: {
  text: string;
  end: number;
  start: number;
  at: Drawing;
  className: string;
}): ReactNode {
  const fits = end + 7 + text.length * CHARACTER <= at.plotEnd + 8;
  const room = start - NAME_WIDTH - 10 > text.length * CHARACTER;
  if (fits || !room)
    return (
      <text
        className={`label ${className}`}
        x={fits ? end + 7 : at.plotEnd + 4}
        y={at.mid + 4}
        textAnchor={fits ? 'start' : 'end'}
      >
        {text}
      </text>
    );
  return (
    <text className={`label ${className}`} x={start - 7} y={at.mid + 4} textAnchor="end">
      {text}
    </text>
  );
}

function Shape({ mark, at }: { mark: MarkShape; at: Drawing }): ReactNode {
  const { mid, x } = at;
  if (mark.kind === 'press') {
    const cx = x(mark.at);
    return (
      <>
        <path className={mark.counted ? 'press' : 'press press-void'} d={`M${cx} ${mid - 9}l9 9-9 9-9-9Z`} />
        <Label text={mark.after} start={cx - 12} end={cx + 12} at={at} className="label-strong" />
      </>
    );
  }
  if (mark.kind === 'face') {
    const size = mark.small ? 16 : 22;
    const cx = x(mark.at);
    return (
      <>
        <g transform={`translate(${cx - size / 2} ${mid - size / 2}) scale(${size / 120})`}>
          <FaceShape level={mark.level} small />
        </g>
        {mark.after && (
          <Label text={mark.after} start={cx - 12} end={cx + 12} at={at} className="label-strong" />
        )}
      </>
    );
  }
  const left = Math.max(x(mark.from), NAME_WIDTH);
  const right = Math.min(x(mark.to), at.plotEnd);
  if (right <= left) return null;
  const width = Math.max(2, right - left);
  if (mark.kind === 'gap')
    return (
      <>
        <rect
          className="gap"
          x={left}
          y={mid - BAR / 2}
          width={width}
          height={BAR}
          fill={`url(#${at.hatch})`}
        />
        <Label text={mark.after} start={left} end={right} at={at} className="label-gap" />
      </>
    );
  const inside = mark.inside !== null && mark.inside.length * CHARACTER + 16 < width ? mark.inside : null;
  const outside = mark.after ?? (inside === null ? mark.inside : null);
  return (
    <>
      <rect className={`bar bar-${mark.kind}`} x={left} y={mid - BAR / 2} width={width} height={BAR} rx="2" />
      {inside && (
        <text className={`label label-strong label-in-${mark.kind}`} x={left + 8} y={mid + 4}>
          {inside}
        </text>
      )}
      {outside && (
        <Label
          text={outside}
          start={left}
          end={right}
          at={at}
          className={mark.kind === 'prompt' ? 'label-strong' : ''}
        />
      )}
    </>
  );
}

export function Lane({
  lane,
  top,
  width,
  plotEnd,
  x,
  hatch,
  clip,
}: {
  lane: LaneOf;
  top: number;
  width: number;
  plotEnd: number;
  x: (at: number) => number;
  hatch: string;
  clip: string;
}): ReactNode {
  const mid = top + ROW / 2;
  const at: Drawing = { mid, plotEnd, x, hatch };
  const order = ['covered', 'duty', 'served', 'prompt', 'gap', 'face', 'press'];
  const marks = [...lane.marks].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return (
    <g className="lane" data-lane={lane.key}>
      <line x1="0" x2={width} y1={top} y2={top} />
      <text className="lane-name" x="14" y={mid + 4}>
        {lane.name.length > 20 ? `${lane.name.slice(0, 19)}…` : lane.name}
        <title>{lane.name}</title>
      </text>
      <text className="lane-accuracy" x={NAME_WIDTH - 10} y={mid + 4} textAnchor="end">
        {lane.accuracy}
      </text>
      <line x1={NAME_WIDTH} x2={NAME_WIDTH} y1={top} y2={top + ROW} />
      <g clipPath={`url(#${clip})`}>
        {lane.nothing !== null && (
          <text className="label label-none" x={NAME_WIDTH + 10} y={mid + 4}>
            {lane.nothing}
          </text>
        )}
        {marks.map((mark) => (
          <Shape key={`${mark.kind}${'at' in mark ? mark.at : mark.from}`} mark={mark} at={at} />
        ))}
      </g>
    </g>
  );
}
