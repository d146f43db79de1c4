/**
 * Numbers, times and lengths as an office reads them. Times are Vietnam time (UTC+7, no daylight saving) whatever the
 * clock of the machine is set to; numbers are 1.234,5 in Vietnamese. Pure: no clock, no DOM.
 */
import type { Lang } from './languages.ts';

const VIETNAM_OFFSET_MS = 7 * 3_600_000;
const NBSP = '\u00a0';
const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
const local = (at: number): Date => new Date(at + VIETNAM_OFFSET_MS);

export function hm(at: number): string {
  const d = local(at);
  return `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`;
}

export function hms(at: number): string {
  return `${hm(at)}:${pad(local(at).getUTCSeconds())}`;
}

/** Milliseconds only where the source has them. */
export function hmsMs(at: number, lang: Lang): string {
  return `${hms(at)}${lang === 'vi' ? ',' : '.'}${pad(local(at).getUTCMilliseconds(), 3)}`;
}

export function date(at: number): string {
  const d = local(at);
  return `${pad(d.getUTCDate())}/${pad(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`;
}

export function dayMonth(at: number): string {
  return date(at).slice(0, 5);
}

export function dateTime(at: number): string {
  return `${date(at)} ${hm(at)}`;
}

/** `YYYY-MM` of the month in Vietnam that holds `at`. */
export function monthOf(at: number): string {
  return local(at).toISOString().slice(0, 7);
}

export function sameDay(a: number, b: number): boolean {
  return date(a) === date(b);
}

/** `hh:mm` today, with the date before it on any other day. */
export function shortTime(at: number, now: number): string {
  return sameDay(at, now) ? hm(at) : `${dayMonth(at)} ${hm(at)}`;
}

/** `2026-11` → `11/2026`. */
export function monthName(month: string): string {
  return `${month.slice(5)}/${month.slice(0, 4)}`;
}

/** The month `by` months away from `month`, both `YYYY-MM`. */
export function addMonths(month: string, by: number): string {
  const [year = 0, m = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, m - 1 + by, 1)).toISOString().slice(0, 7);
}

export function count(value: number, lang: Lang): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, lang === 'vi' ? '.' : ',');
}

function fixed(value: number, digits: number, lang: Lang): string {
  const text = value.toFixed(digits);
  return lang === 'vi' ? text.replace('.', ',') : text;
}

/** Hundredths of a per cent (0…10000) → `90,1 %`, with a space that does not break. */
export function percent(hundredths: number, lang: Lang): string {
  return `${bare(hundredths, lang)}${NBSP}%`;
}

/** The same without the sign: ends of an interval. */
export function bare(hundredths: number, lang: Lang): string {
  return fixed(hundredths / 100, 1, lang);
}

/** `part` of `whole` in hundredths of a per cent, not rounded (rounding twice would show 90,447 as 90,5); null: no whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (part * 10_000) / whole;
}

/** ± of a clock, rounded up to tenths (whole seconds from 10 s on), so that no accuracy is invented. */
export function plusMinus(ms: number, lang: Lang): string {
  return `±${NBSP}${errorSeconds(ms, lang)}${NBSP}${lang === 'vi' ? 'giây' : 's'}`;
}

/** The number of `plusMinus` alone. */
export function errorSeconds(ms: number, lang: Lang): string {
  const step = ms < 10_000 ? 100 : 1_000;
  return seconds(Math.ceil(ms / step) * step, lang);
}

export function seconds(ms: number, lang: Lang): string {
  return fixed(ms / 1000, ms < 10_000 ? 1 : 0, lang);
}

/** A length in words: `52 giây`, `19 phút 24 giây`, `2 giờ 05 phút`; what is shorter than a second is not nothing. */
export function length(ms: number, lang: Lang): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const word = lang === 'vi' ? { h: 'giờ', m: 'phút', s: 'giây' } : { h: 'h', m: 'min', s: 's' };
  if (ms > 0 && total === 0) return lang === 'vi' ? `dưới 1${NBSP}giây` : `under 1${NBSP}s`;
  if (h > 0) return `${h}${NBSP}${word.h} ${pad(m)}${NBSP}${word.m}`;
  if (m > 0) return s === 0 ? `${m}${NBSP}${word.m}` : `${m}${NBSP}${word.m} ${pad(s)}${NBSP}${word.s}`;
  return `${s}${NBSP}${word.s}`;
}

/** Of the hub's `user:quantri` the login that people know: `quantri`. */
export const loginOf = (actor: string): string => actor.replace(/^user:/, '');
