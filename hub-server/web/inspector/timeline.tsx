/**
 * The one timeline: duty, transaction, prompt, press, rating and every camera over the same seconds. The playhead
 * stands in a band as wide as each lane's own clock error; a gap is hatched with its length and reason, never bridged.
 */
import type { TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { ReactNode, PointerEvent as ReactPointerEvent } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { hms, length } from '../common/format.ts';
import { useLang, useText } from '../common/lang.ts';
import { Key } from '../common/parts.tsx';
import { useWidth } from '../common/use-width.ts';
import { words } from '../common/words.ts';
import { Lane, layoutOf } from './lane.tsx';
import { lanesOf } from './lanes.ts';
import { Overview } from './overview.tsx';
import { inspectorText } from './text.ts';
import {
  clampView,
  followView,
  grownView,
  orderUnknown,
  servedSpan,
  ticks,
  type View,
  zoomView,
} from './timeline-scale.ts';

const AXIS = 24;
/** Room at the right so that the last label and the edge do not touch. */
const RIGHT = 12;
const LEAST_BAND = 8;
/** From one written time to the next, at least. */
const TICK_PX = 100;

export function Timeline({
  timeline,
  wall,
  onSeek,
}: {
  timeline: TimelineAnswer;
  wall: number;
  onSeek: (at: number) => void;
}): ReactNode {
  const text = useText(inspectorText);
  const common = useText(words);
  const lang = useLang();
  const hatch = useId();
  const [setElement, width] = useWidth(1326);
  const range: View = timeline.window;
  const [view, setView] = useState<View>(range);
  const lastRange = useRef(range);
  useEffect(() => {
    const before = lastRange.current;
    lastRange.current = range;
    if (before.from !== range.from || before.to !== range.to) setView((now) => grownView(now, before, range));
  }, [range]);
  const lastWall = useRef(wall);
  useEffect(() => {
    if (lastWall.current === wall) return;
    lastWall.current = wall;
    setView((before) => followView(clampView(before, { from: range.from, to: range.to }), range, wall));
  }, [wall, range]);

  const lanes = lanesOf(timeline, { text, common, lang });
  const layout = layoutOf(width);
  const { left: begin, row } = layout;
  const plot = Math.max(100, width - begin - RIGHT);
  const x = (at: number): number => begin + ((at - view.from) / (view.to - view.from)) * plot;
  const height = AXIS + lanes.length * row;
  const unknown = timeline.cameras.some((camera) => orderUnknown(timeline, camera, wall));
  const seekTo = (event: ReactPointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const into = event.clientX - box.left - begin;
    if (into < 0) return;
    onSeek(view.from + (into / plot) * (view.to - view.from));
  };
  const isInView = wall >= view.from && wall <= view.to;
  const playX = x(wall);
  const playheadOn = ({ bound }: (typeof lanes)[number]) => ({
    x: playX,
    left: bound === null ? begin : Math.min(x(wall - bound.before), playX - LEAST_BAND / 2),
    right: bound === null ? width : Math.max(x(wall + bound.after), playX + LEAST_BAND / 2),
  });
  const served = servedSpan(timeline);
  return (
    <section className="panel timeline" aria-label={text.timeline}>
      <div className="timeline-head">
        <h2>{text.timeline}</h2>
        <Overview timeline={timeline} view={view} wall={wall} onView={setView} />
        <span className="muted small timeline-span">
          {timeline.transaction
            ? text.whole(
                served.from === null ? '…' : hms(served.from),
                served.to === null ? '…' : hms(served.to),
              )
            : text.wholeInterval(hms(range.from), hms(range.to))}{' '}
          · {text.inView(length(view.to - view.from, lang))}
        </span>
        <Key
          label={text.zoomOut}
          onPress={() => setView(zoomView(view, range, wall, 2))}
          className="key-zoom"
        >
          −
        </Key>
        <Key
          label={text.zoomIn}
          onPress={() => setView(zoomView(view, range, wall, 0.5))}
          className="key-zoom"
        >
          +
        </Key>
        <span className="timeline-legend small">
          {unknown ? (
            <b className="timeline-unknown">{text.orderUnknown}</b>
          ) : (
            <>
              <svg width="22" height="12" aria-hidden="true">
                <rect x="0.5" y="0.5" width="21" height="11" className="gap" fill={`url(#${hatch})`} />
              </svg>
              {text.gapLegend}
              <svg width="22" height="12" aria-hidden="true">
                <rect width="22" height="12" className="band" />
                <rect x="10" width="2" height="12" className="playhead" />
              </svg>
              {text.bandLegend}
            </>
          )}
        </span>
      </div>
      <div ref={setElement} className="timeline-body">
        <svg
          width={width}
          height={height}
          role="img"
          aria-label={lanes.map((lane) => `${lane.name}: ${lane.spoken}`).join('. ')}
          onPointerDown={seekTo}
        >
          <defs>
            <pattern
              id={hatch}
              width="7"
              height="7"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="7" height="7" className="hatch-ground" />
              <rect width="3" height="7" className="hatch-line" />
            </pattern>
            <clipPath id={`${hatch}-plot`}>
              <rect x={begin} y="0" width={plot + RIGHT} height={height} />
            </clipPath>
          </defs>
          {ticks(view, Math.floor(plot / TICK_PX)).map((at) => (
            <g key={at} className="tick">
              <line x1={x(at)} x2={x(at)} y1={AXIS - 4} y2={height} />
              <text x={x(at)} y={AXIS - 9} textAnchor="middle">
                {hms(at)}
              </text>
            </g>
          ))}
          {lanes.map((lane, index) => (
            <Lane
              key={lane.key}
              lane={lane}
              layout={layout}
              top={AXIS + index * row}
              width={width}
              plotEnd={begin + plot}
              x={x}
              hatch={hatch}
              clip={`${hatch}-plot`}
              playhead={isInView ? playheadOn(lane) : null}
            />
          ))}
          {isInView && <rect className="playhead" x={playX - 1} y={AXIS - 4} width="2" height="4" />}
        </svg>
      </div>
    </section>
  );
}
