/**
 * Where a master shows no picture of its own: the silences that its sample times tell, and what its row claims beyond them. Writer and
 * verifiers compute it by this, so that a package whose hub leaves a silence out is refused.
 * See hub-server/DESIGN.md, "Evidence package".
 */
import type { TimelineSegment } from './manifest.ts';
import { type FileTimes, SILENCE_MS } from './sample-times.ts';
import { SEAM_MS, type Span } from './spans.ts';

/** Of the asked time, by the master's own place in it. */
export function silencesOf(
  asked: Span,
  { wallFrom, wallTo }: Pick<TimelineSegment, 'wallFrom' | 'wallTo'>,
  { silences, spanMs }: FileTimes,
): Span[] {
  const inside = silences.map(({ fromMs, toMs }) => ({ from: wallFrom + fromMs, to: wallFrom + toMs }));
  const end = wallFrom + spanMs;
  const claimed = wallTo - end > SILENCE_MS ? [{ from: end, to: wallTo as number }] : [];
  return [...inside, ...claimed]
    .map(({ from, to }) => ({ from: Math.max(from, asked.from), to: Math.min(to, asked.to) }))
    .filter(({ from, to }) => to - from > SEAM_MS);
}
