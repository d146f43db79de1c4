/* Arrow keys over the drawn places of five tiles and two foot keys, in landscape and in portrait. */
import { describe, expect, it } from 'vitest';
import { type Box, nextFocus } from '../../../kiosk-app/renderer/focus-path.ts';

const box = (left: number, top: number, width: number, height: number): Box => ({ left, top, width, height });
const landscape = [
  ...[0, 1, 2, 3, 4].map((at) => box(48 + at * 240, 300, 224, 328)),
  box(48, 654, 224, 120),
  box(1008, 654, 224, 120),
];
const portrait = [
  ...[0, 1, 2, 3, 4].map((at) => box(36, 426 + at * 138, 728, 126)),
  box(36, 1132, 196, 120),
  box(604, 1132, 160, 120),
];

describe('nextFocus', () => {
  it('begins at the first key and stays at the edges', () => {
    expect(nextFocus(landscape, -1, 'right')).toBe(0);
    expect(nextFocus(landscape, 0, 'left')).toBe(0);
    expect(nextFocus(landscape, 4, 'right')).toBe(4);
    expect(nextFocus([], -1, 'down')).toBe(-1);
  });
  it('walks the tiles and comes down to the nearest foot key and back', () => {
    expect(nextFocus(landscape, 1, 'right')).toBe(2);
    expect(nextFocus(landscape, 0, 'down')).toBe(5);
    expect(nextFocus(landscape, 4, 'down')).toBe(6);
    expect(nextFocus(landscape, 5, 'right')).toBe(6);
    expect(nextFocus(landscape, 6, 'up')).toBe(4);
  });
  it('walks rows in portrait', () => {
    expect(nextFocus(portrait, 0, 'down')).toBe(1);
    expect(nextFocus(portrait, 4, 'down')).toBe(5);
    expect(nextFocus(portrait, 6, 'up')).toBe(4);
  });
});
