/** The kinds of a case, as people read them: the one home of these words, for pages and papers. */
import type { CaseType } from '../protocol/http.ts';

export const CASE_WORDS: Readonly<Record<'vi' | 'en', Readonly<Record<CaseType, string>>>> = {
  vi: {
    verification: 'Phiếu xác minh',
    feedback: 'Phản ánh, kiến nghị',
    complaint: 'Khiếu nại',
    appeal: 'Khiếu nại lần hai, đề nghị xem xét lại',
    denunciation: 'Tố cáo',
  },
  en: {
    verification: 'Verification',
    feedback: 'Feedback',
    complaint: 'Complaint',
    appeal: 'Appeal',
    denunciation: 'Denunciation',
  },
};

const KNOWN = {
  vi: new Map(Object.entries(CASE_WORDS.vi)),
  en: new Map(Object.entries(CASE_WORDS.en)),
} as const;
/** A kind that is newer than these words is shown as it is. */
export const caseWords = (type: string, lang: 'vi' | 'en'): string => KNOWN[lang].get(type) ?? type;
