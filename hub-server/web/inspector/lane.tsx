/** Draws one lane: its name and clock error at the left, bars, gaps, diamonds and faces over the seconds, the playhead in its band, words on top. */
import type { ReactNode } from 'react';
import { FaceShape } from '../common/face.tsx';
import type { LaneOf, MarkShape } from './lanes.ts';
import { CHARACTER, GAP, type Placed, placeLabels } from './place-labels.ts';

/** Where a lane's name, its accuracy and its bars stand, px. */
interface LaneLayout {
  /** Where the seconds begin. */
  readonly left: number;
  readonly row: number;
  /** From the top of a row to the baseline of its name, and to the middle of its bars. */
  readonly nameAt: number;
  readonly barsAt: number;
  /** Where the playhead's band begins: a name above the bars stays clear of it. */
  readonly bandAt: number;
  readonly accuracyAt: number;
}
/** Beside the bars; on a phone, where that leaves nothing for the seconds, above them. */
export const layoutOf = (width: number): LaneLayout =>
  width < NARROW
    ? { left: 14, row: 46, nameAt: 15, barsAt: 32, bandAt: 20, accuracyAt: width - 12 }
    : { left: 240, row: 26, nameAt: 17, barsAt: 13, bandAt: 0, accuracyAt: 230 };
const NARROW = 560;
const BAR = 18;
/** How far a label may stand over the last second, px. */
const RIGHT_EDGE = 10;
/** One character of a name on average, and what the longest accuracy takes beside it, px. */
const NAME_CHARACTER = 7.2;
const ACCURACY = 62;
/** As many characters of a name as fit beside the accuracy. */
export const nameLength = ({ accuracyAt }: Pick<LaneLayout, 'accuracyAt'>): number =>
  Math.floor((accuracyAt - ACCURACY - 14) / NAME_CHARACTER);

interface Box {
  readonly mark: MarkShape;
  readonly left: number;
  readonly right: number;
  /** What is written inside the bar, when it fits there. */
  readonly inside: string | null;
  readonly outside: string | null;
}

export function boxOf(
  mark: MarkShape,
  x: (at: number) => number,
  plotStart: number,
  plotEnd: number,
): Box | null {
  if (mark.kind === 'press' || mark.kind === 'face') {
    const half = mark.kind === 'press' ? 11 : mark.small ? 8 : 12;
    const centre = x(mark.at);
    if (centre < plotStart || centre > plotEnd) return null;
    return { mark, left: centre - half, right: centre + half, inside: null, outside: mark.after };
  }
  const left = Math.max(x(mark.from), plotStart);
  const right = Math.min(x(mark.to), plotEnd);
  if (right <= left) return null;
  if (mark.kind === 'gap')
    return { mark, left, right: Math.max(right, left + 2), inside: null, outside: mark.after };
  // What is said of a bar's end stands at that end or inside it: left of the bar it would read as before its begin.
  const ends = mark.kind === 'served' ? mark.after : null;
  const inward = ends !== null && right + GAP + ends.length * CHARACTER > plotEnd + RIGHT_EDGE;
  const after = inward ? null : mark.after;
  const inside = inward ? [mark.inside, ends].filter((each) => each !== null).join(' · ') : mark.inside;
  const fits = inside !== null && inside.length * CHARACTER + 16 < right - left;
  return {
    mark,
    left,
    right,
    inside: fits ? inside : null,
    outside: after ?? (fits ? null : inside),
  };
}

function Shape({ box, mid, hatch }: { box: Box; mid: number; hatch: string }): ReactNode {
  const { mark, left, right } = box;
  if (mark.kind === 'press') {
    const centre = (left + right) / 2;
    return (
      <path className={mark.counted ? 'press' : 'press press-void'} d={`M${centre} ${mid - 9}l9 9-9 9-9-9Z`}>
        <title>{mark.after}</title>
      </path>
    );
  }
  if (mark.kind === 'face') {
    const size = mark.small ? 16 : 22;
    const centre = (left + right) / 2;
    return (
      <g transform={`translate(${centre - size / 2} ${mid - size / 2}) scale(${size / 120})`}>
        <FaceShape level={mark.level} small />
      </g>
    );
  }
  const bar = { x: left, y: mid - BAR / 2, width: right - left, height: BAR };
  if (mark.kind === 'gap')
    return (
      <rect className="gap" {...bar} fill={`url(#${hatch})`}>
        <title>{mark.after}</title>
      </rect>
    );
  return (
    <>
      <rect className={`bar bar-${mark.kind}`} {...bar} rx="2" />
      {box.inside && (
        <text className={`label label-strong label-in-${mark.kind}`} x={left + 8} y={mid + 4}>
          {box.inside}
        </text>
      )}
    </>
  );
}

const classOf = (mark: MarkShape): string =>
  mark.kind === 'gap' ? 'label-gap' : mark.kind === 'served' || mark.kind === 'duty' ? '' : 'label-strong';

export function Lane({
  lane,
  layout,
  top,
  width,
  plotEnd,
  x,
  hatch,
  clip,
  playhead,
}: {
  lane: LaneOf;
  layout: LaneLayout;
  top: number;
  width: number;
  plotEnd: number;
  x: (at: number) => number;
  hatch: string;
  clip: string;
  /** Where it stands and how wide its band is here; null: outside the view. */
  playhead: { readonly x: number; readonly left: number; readonly right: number } | null;
}): ReactNode {
  const mid = top + layout.barsAt;
  const longest = nameLength(layout);
  const boxes = lane.marks.map((mark) => boxOf(mark, x, layout.left, plotEnd)).filter((box) => box !== null);
  // A covered bar is the ground that gaps and their labels lie on; every other mark keeps its place.
  const labelled = boxes.filter((box) => box.mark.kind !== 'covered');
  const labels: readonly (Placed | null)[] = placeLabels(
    labelled.map((box) => ({
      start: box.left,
      end: box.right,
      full: box.outside ?? '',
      short: box.mark.kind === 'press' ? box.mark.short : null,
      first: box.mark.kind !== 'press' || box.mark.counted,
      within: box.mark.kind === 'gap',
    })),
    layout.left,
    plotEnd + RIGHT_EDGE,
    playhead && lane.bound !== null ? [playhead.left, playhead.right] : null,
  );
  return (
    <g className="lane" data-lane={lane.key}>
      <line x1="0" x2={width} y1={top} y2={top} />
      <text className="lane-name" x="14" y={top + layout.nameAt}>
        {lane.name.length > longest ? `${lane.name.slice(0, longest - 1)}…` : lane.name}
        <title>{lane.name}</title>
      </text>
      <text className="lane-accuracy" x={layout.accuracyAt} y={top + layout.nameAt} textAnchor="end">
        {lane.accuracy}
      </text>
      <line x1={layout.left} x2={layout.left} y1={top} y2={top + layout.row} />
      <g clipPath={`url(#${clip})`}>
        {lane.nothing !== null && (
          <text className="label label-none" x={layout.left + 10} y={mid + 4}>
            {lane.nothing}
          </text>
        )}
        {boxes.map((box) => (
          <Shape key={`${box.mark.kind}${box.left}`} box={box} mid={mid} hatch={hatch} />
        ))}
        {playhead && (
          <>
            <rect
              className="band"
              x={playhead.left}
              width={playhead.right - playhead.left}
              y={top + layout.bandAt}
              height={layout.row - layout.bandAt}
            />
            <rect className="playhead" x={playhead.x - 1} y={top} width="2" height={layout.row} />
          </>
        )}
        {labelled.map((box, index) => {
          const label = labels[index];
          return label ? (
            <g key={`${box.mark.kind}${box.left}`}>
              {label.within && (
                <rect
                  className="label-ground"
                  x={label.x - 4}
                  y={mid - BAR / 2 + 1}
                  width={label.text.length * CHARACTER + 10}
                  height={BAR - 2}
                />
              )}
              <text
                className={`label ${classOf(box.mark)}${label.within ? ' label-within' : ''}`}
                x={label.x}
                y={mid + 4}
                textAnchor={label.anchor}
              >
                {label.text}
              </text>
            </g>
          ) : null;
        })}
      </g>
    </g>
  );
}
