/**
 * Arrow keys between the keys on show, by where they are drawn: the nearest one that lies in that direction. Pure, so
 * that every layout (five columns, five rows, foot keys) is walked by the same rule.
 */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export type Direction = 'left' | 'right' | 'up' | 'down';

export const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const middle = (box: Box): { x: number; y: number } => ({
  x: box.left + box.width / 2,
  y: box.top + box.height / 2,
});

/** A key in the same row (or column) comes before every other one. */
const NOT_IN_LINE_PX = 100_000;

/** How far `to` lies from `from` in that direction; null when it lies elsewhere. */
function distance(from: Box, to: Box, direction: Direction): number | null {
  const clear = {
    right: to.left >= from.left + from.width,
    left: to.left + to.width <= from.left,
    down: to.top >= from.top + from.height,
    up: to.top + to.height <= from.top,
  };
  if (!clear[direction]) return null;
  const a = middle(from);
  const b = middle(to);
  const horizontal = direction === 'left' || direction === 'right';
  const along = Math.abs(horizontal ? b.x - a.x : b.y - a.y);
  const across = Math.abs(horizontal ? b.y - a.y : b.x - a.x);
  const inLine = horizontal ? across * 2 < from.height + to.height : across * 2 < from.width + to.width;
  return inLine ? along + across : NOT_IN_LINE_PX + along + 2 * across;
}

/** The index to move to; without a current one, the first key. At the edge it stays. */
export function nextFocus(boxes: readonly Box[], current: number, direction: Direction): number {
  const from = boxes[current];
  if (from === undefined) return boxes.length === 0 ? -1 : 0;
  let best = current;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [index, box] of boxes.entries()) {
    const far = index === current ? null : distance(from, box, direction);
    if (far !== null && far < bestDistance) {
      best = index;
      bestDistance = far;
    }
  }
  return best;
}
