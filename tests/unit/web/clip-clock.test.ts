/* Playlist time and wall clock, over pieces with holes between them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Piece, secondsAt, wallAt } from '../../../hub-server/web/inspector/clip-clock.ts';

const pieces: Piece[] = [
  { startSeconds: 0, durationSeconds: 10, wallFrom: 1_000_000 },
  { startSeconds: 10, durationSeconds: 6, wallFrom: 1_062_000 },
];

describe('wall clock of a picture', () => {
  test('runs inside a piece and jumps over a hole', () => {
    expect(wallAt(pieces, 0)).toBe(1_000_000);
    expect(wallAt(pieces, 4.5)).toBe(1_004_500);
    expect(wallAt(pieces, 10)).toBe(1_062_000);
    expect(wallAt(pieces, 12)).toBe(1_064_000);
  });
  test('never runs past the end of a piece', () => {
    expect(wallAt(pieces, 99)).toBe(1_068_000);
    expect(wallAt([], 1)).toBeNull();
  });
});

describe('picture of a wall clock', () => {
  test('inside a hole it is the next picture there is, and says so', () => {
    expect(secondsAt(pieces, 1_030_000)).toEqual({ seconds: 10, exact: false });
    expect(secondsAt(pieces, 999_000)).toEqual({ seconds: 0, exact: false });
  });
  test('after the end it is the last picture; without pieces there is none', () => {
    expect(secondsAt(pieces, 2_000_000)).toEqual({ seconds: 15.95, exact: false });
    expect(secondsAt([], 1)).toBeNull();
  });
  test('goes there and back within a millisecond wherever there is a picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15_900 }), (ms) => {
        const wall = wallAt(pieces, ms / 1000);
        const place = secondsAt(pieces, wall ?? 0);
        // Within 50 ms of a seam two pieces are one: container times are rounded.
        const nearSeam = Math.abs(ms - 10_000) <= 60;
        return place !== null && (nearSeam || (place.exact && Math.abs(place.seconds * 1000 - ms) <= 1));
      }),
    );
  });
});
