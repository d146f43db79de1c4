/** "52 giây không có hình: mất kết nối camera"; of a deletion its day and who asked; who took the camera out of the map, on which. Pure. */
import type { ClipGap } from '@hailong/shared/protocol/coverage.ts';
import { UNMAPPED_WORDS } from '@hailong/shared/words/gap-words.ts';
import { date, length } from '../common/format.ts';
import type { Lang } from '../common/languages.ts';
import type { Words } from '../common/words.ts';
import type { InspectorText } from './text.ts';

/** Null: the map never had the camera there, or still has. */
export function unmappedWords(
  { unmappedAt, unmappedBy }: ClipGap,
  text: InspectorText,
  lang: Lang,
): string | null {
  if (unmappedAt === undefined) return null;
  return UNMAPPED_WORDS[lang](unmappedBy?.replace(/^user:/, '') ?? null, text.onDay(date(unmappedAt)));
}

export function gapSentence(gap: ClipGap, text: InspectorText, common: Words, lang: Lang): string {
  const why = [
    unmappedWords(gap, text, lang) ?? common.gaps[gap.reason],
    gap.deletedAt === undefined ? null : date(gap.deletedAt),
    gap.deletedBy?.replace(/^user:/, '') ?? null,
  ];
  return text.gap(length(Math.max(1000, gap.to - gap.from), lang), why.filter(Boolean).join(', '));
}
