/** The strip above the lanes: the whole permitted window, the transaction in it, the part in view. Press to move. */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { PointerEvent, ReactNode } from 'react';
import { clampView, servedSpan, type View } from './timeline-scale.ts';

const WIDTH = 1000;
const HEIGHT = 20;

export function Overview({
  timeline,
  view,
  wall,
  onView,
}: {
  timeline: TimelineAnswer;
  view: View;
  wall: number;
  onView: (view: View) => void;
}): ReactNode {
  const { window: range, transaction } = timeline;
  const served = servedSpan(timeline);
  const x = (at: number): number =>
    ((Math.min(Math.max(at, range.from), range.to) - range.from) / (range.to - range.from)) * WIDTH;
  const move = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = range.from + ((event.clientX - box.left) / box.width) * (range.to - range.from);
    const half = (view.to - view.from) / 2;
    onView(clampView({ from: at - half, to: at + half }, range));
  };
  return (
    <svg
      className="overview"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
      onPointerDown={move}
    >
      <rect className="overview-whole" x="0" y="8" width={WIDTH} height="4" />
      {transaction && (
        <rect
          className="overview-served"
          x={x(served.from ?? range.from)}
          y="7"
          width={Math.max(2, x(served.to ?? range.to) - x(served.from ?? range.from))}
          height="6"
        />
      )}
      <rect className="playhead" x={x(wall) - 1} y="3" width="2" height="14" />
      <rect
        className="overview-view"
        x={x(view.from)}
        y="1"
        width={Math.max(4, x(view.to) - x(view.from))}
        height="18"
        rx="2"
      />
    </svg>
  );
}
