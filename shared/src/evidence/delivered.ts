/**
 * What of the asked interval a package's masters show. A silence that is stated inside a file is not shown by it: the camera sent
 * nothing, and a player only holds its last picture. Writer and verifier compute it by this.
 * See hub-server/DESIGN.md, "Evidence package".
 */
import type { PackageGap, TimelineSegment } from './manifest.ts';
import { mergeSpans, SEAM_MS, type Span, withoutSpans } from './spans.ts';

export function deliveredOf(
  asked: Span,
  masters: readonly Pick<TimelineSegment, 'wallFrom' | 'wallTo'>[],
  gaps: readonly Pick<PackageGap, 'from' | 'to' | 'reason'>[],
): Span[] {
  const inside = masters
    .map(
      ({ wallFrom, wallTo }): Span => ({
        from: Math.max(wallFrom, asked.from),
        to: Math.min(wallTo, asked.to),
      }),
    )
    .filter(({ from, to }) => to > from);
  const silences = gaps.filter(({ from, to, reason }) => reason === 'camera-silent' && to - from > SEAM_MS);
  return withoutSpans(mergeSpans(inside), silences);
}
