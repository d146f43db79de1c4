/** What is said of each part of a camera's day, wherever it is said: pages and commands. */
import type { CoverageSpan } from '../protocol/coverage.ts';
import { GAP_WORDS } from './gap-words.ts';

const STATES: Readonly<Record<'vi' | 'en', Record<Exclude<CoverageSpan['state'], 'missing'>, string>>> = {
  vi: { recorded: 'có hình', pending: 'đang ghi', future: 'chưa đến' },
  en: { recorded: 'recorded', pending: 'being recorded', future: 'still to come' },
};

/** `unknown` where a part is missing without a word of why. */
export const coverageWords = (
  { state, reason }: Pick<CoverageSpan, 'state' | 'reason'>,
  lang: 'vi' | 'en',
): string => (state === 'missing' ? GAP_WORDS[lang][reason ?? 'unknown'] : STATES[lang][state]);
