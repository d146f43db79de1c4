/** "52 giây không có hình: mất kết nối camera". Pure. */
import type { GapReason } from '@hailong/shared/protocol/footage.ts';
import { length } from '../common/format.ts';
import type { Lang } from '../common/languages.ts';
import type { Words } from '../common/words.ts';
import type { InspectorText } from './text.ts';

export function gapSentence(
  gap: { readonly from: number; readonly to: number; readonly reason: GapReason },
  text: InspectorText,
  common: Words,
  lang: Lang,
): string {
  return text.gap(length(Math.max(1000, gap.to - gap.from), lang), common.gaps[gap.reason]);
}
