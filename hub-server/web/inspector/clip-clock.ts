/**
 * Playlist time ↔ wall clock, piecewise. Pure. Between pieces there is no picture: a wall time inside a gap has no
 * playlist time of its own, and the next picture after it is answered instead, marked as not exact. See
 * hub-server/DESIGN.md, "Footage".
 */
export interface Piece {
  readonly startSeconds: number;
  readonly durationSeconds: number;
  readonly wallFrom: number;
}

/** Rounding of container times: two pieces that meet within this are one. */
const SLACK_SECONDS = 0.05;

/** The wall clock of the picture at `seconds` of the playlist; null before the first or without pieces. */
export function wallAt(pieces: readonly Piece[], seconds: number): number | null {
  let found: Piece | null = null;
  for (const piece of pieces) {
    if (piece.startSeconds > seconds + SLACK_SECONDS) break;
    found = piece;
  }
  if (found === null) return null;
  const into = Math.min(Math.max(seconds - found.startSeconds, 0), found.durationSeconds);
  return Math.round(found.wallFrom + into * 1000);
}

export interface Place {
  readonly seconds: number;
  /** False: there is no picture at that moment; this is the nearest one after it, or the last there is. */
  readonly exact: boolean;
}

export function secondsAt(pieces: readonly Piece[], wall: number): Place | null {
  let last: Piece | null = null;
  for (const piece of pieces) {
    const wallTo = piece.wallFrom + piece.durationSeconds * 1000;
    if (wall < piece.wallFrom) return { seconds: piece.startSeconds, exact: false };
    if (wall < wallTo) return { seconds: piece.startSeconds + (wall - piece.wallFrom) / 1000, exact: true };
    last = piece;
  }
  if (last === null) return null;
  return { seconds: last.startSeconds + Math.max(0, last.durationSeconds - SLACK_SECONDS), exact: false };
}
