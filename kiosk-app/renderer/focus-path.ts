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

/** How far `to` lies from `from` in that direction; sideways distance counts double; null when it lies elsewhere. */
function distance(from: Box, to: Box, direction: Direction): number | null {
  const a = middle(from);
  const b = middle(to);
  const horizontal = direction === 'left' || direction === 'right';
  const ahead = horizontal ? b.x - a.x : b.y - a.y;
  const along = direction === 'left' || direction === 'up' ? -ahead : ahead;
  const across = Math.abs(horizontal ? b.y - a.y : b.x - a.x);
  const clear =
    (direction === 'right' && to.left >= from.left + from.width) ||
    (direction === 'left' && to.left + to.width <= from.left) ||
    (direction === 'down' && to.top >= from.top + from.height) ||
    (direction === 'up' && to.top + to.height <= from.top);
  return clear ? along + 2 * across : null;
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
