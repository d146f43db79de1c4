/**
 * Where a file lies in its run's time whose own times are not to be believed: the stream's clock leapt, or claims no length at all.
 * What is known is by when it was closed, and how long its pictures last. Pure.
 * Refuses: a length of nothing for a file that holds pictures; a beginning before what lies before it, unless nothing else is left.
 */
export interface MediaSpan {
  readonly mediaStartMs: number;
  readonly mediaEndMs: number;
}

/**
 * `span`: from the end of what lies before to when the wall let it end, ms of the run. `durationMs`: of its own pictures; far too
 * long where the clock leapt in the middle of it. A pause before it is none of its time.
 */
export function placeLeapt({ mediaStartMs, mediaEndMs }: MediaSpan, durationMs: number): MediaSpan {
  const begins = mediaEndMs - durationMs;
  if (mediaEndMs > mediaStartMs) return { mediaStartMs: Math.max(mediaStartMs, begins), mediaEndMs };
  const from = Math.max(0, begins);
  return { mediaStartMs: from, mediaEndMs: from + durationMs };
}
