/** Acts of two people and how far they are, as people read them: the one home of these words, for pages and commands. */
import type { ActKind, ActState } from '../protocol/acts.ts';

export const ACT_WORDS: Readonly<Record<'vi' | 'en', Readonly<Record<ActKind, string>>>> = {
  vi: {
    'wider-interval': 'Xem hình rộng hơn phạm vi phiếu',
    'evidence-export': 'Trích xuất hồ sơ',
    'hold-add': 'Giữ lại, không xóa',
    'hold-end': 'Kết thúc bảo lưu',
    'counter-reported': 'Coi như quầy đã báo hết',
  },
  en: {
    'wider-interval': 'See footage beyond the case',
    'evidence-export': 'Export evidence',
    'hold-add': 'Keep, do not delete',
    'hold-end': 'End the hold',
    'counter-reported': 'Take the counter as reported',
  },
};

export const ACT_STATE_WORDS: Readonly<Record<'vi' | 'en', Readonly<Record<ActState, string>>>> = {
  vi: {
    pending: 'đang chờ',
    approved: 'đã đồng ý',
    refused: 'đã từ chối',
    withdrawn: 'đã rút',
    expired: 'hết hạn',
  },
  en: {
    pending: 'waits',
    approved: 'approved',
    refused: 'refused',
    withdrawn: 'withdrawn',
    expired: 'expired',
  },
};
