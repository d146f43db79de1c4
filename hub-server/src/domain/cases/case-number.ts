/** Running numbers of cases by type and year in Vietnam: `PXM-2026-0001`. */
import type { CaseType } from '@hailong/shared/protocol/http.ts';
import { vietnamDay } from '@hailong/shared/time.ts';

/** Phiếu xác minh · phản ánh, kiến nghị · khiếu nại · xem xét lại · tố cáo. */
export const CASE_PREFIX: Record<CaseType, string> = {
  verification: 'PXM',
  feedback: 'PAKN',
  complaint: 'KN',
  appeal: 'XXL',
  denunciation: 'TC',
};

export function caseSeries(type: CaseType, at: number): { prefix: string; year: string } {
  return { prefix: CASE_PREFIX[type], year: vietnamDay(at).slice(0, 4) };
}

export function caseNumber(series: { prefix: string; year: string }, running: number): string {
  return `${series.prefix}-${series.year}-${String(running).padStart(4, '0')}`;
}

const PREFIXES = Object.values(CASE_PREFIX).join('|');
const NUMBER = new RegExp(`^(${PREFIXES})-\\d{4}-\\d{1,6}$`);

/** Of whatever type. */
export const isCaseNumber = (text: string): boolean => NUMBER.test(text);
