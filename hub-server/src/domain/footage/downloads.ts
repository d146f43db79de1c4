/**
 * What of a clip is offered as a file, because browsers may not play it: each unbroken stretch of one run is a film of its own.
 * Pure. Refuses: H.264, which the page plays under its watermark; a film over a gap, which would hide it.
 */
import { type Piece, SEAM_MS } from './clip.ts';

export interface DownloadPart {
  readonly pieces: readonly Piece[];
  readonly from: number;
  readonly to: number;
}

/** `pieces`: in order. */
export function downloadsOf(pieces: readonly Piece[]): DownloadPart[] {
  const parts: Piece[][] = [];
  for (const piece of pieces) {
    if (piece.segment.codec === 'h264') continue;
    const part = parts.at(-1);
    const last = part?.at(-1);
    const follows =
      last !== undefined &&
      last.segment.run === piece.segment.run &&
      piece.wallFrom - last.wallTo <= SEAM_MS &&
      piece.segment.mediaStartMs >= last.segment.mediaStartMs;
    if (part !== undefined && follows) part.push(piece);
    else parts.push([piece]);
  }
  return parts.map((part) => ({
    ...{ pieces: part, from: part[0]?.wallFrom ?? 0, to: part.at(-1)?.wallTo ?? 0 },
  }));
}
