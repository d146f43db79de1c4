/** Why footage is kept past its days, as people read it: the one home of these words, for pages and commands. */
import type { HoldKind } from '../protocol/holds.ts';

export const HOLD_WORDS: Readonly<Record<'vi' | 'en', Readonly<Record<HoldKind, string>>>> = {
  vi: {
    manual: 'Hai người quyết định',
    case: 'Theo phiếu',
    officer: 'Đề nghị của cán bộ',
    rating: 'Đánh giá không hài lòng',
  },
  en: {
    manual: 'Two people decided',
    case: 'For a case',
    officer: 'Officer’s request',
    rating: 'Bad rating',
  },
};
