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

/** Of a bad rating that names no transaction: what it is of instead. */
export const HELD_WALKUP_WORDS: Readonly<Record<'vi' | 'en', (counter: string, when: string) => string>> = {
  vi: (counter, when) => `không kèm lượt phục vụ, quầy ${counter}, ${when}`,
  en: (counter, when) => `walk-up at counter ${counter}, ${when}`,
};
