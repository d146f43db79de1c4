/* Numbers, times and shares as an office reads them, and the charts' arithmetic. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMonths,
  bare,
  count,
  dateTime,
  hms,
  hmsMs,
  length,
  monthOf,
  percent,
  plusMinus,
  shareOf,
  shortTime,
} from '../../../hub-server/web/common/format.ts';
import {
  axisStart,
  axisX,
  promptedTooRarely,
  stackParts,
} from '../../../hub-server/web/dashboard/chart-scale.ts';
import { readProposal } from '../../../hub-server/web/station/remembered.ts';
import { at, figures } from '../../support/hub-fixtures.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('words of numbers', () => {
  test('Vietnamese and English', () => {
    expect(count(1162, 'vi')).toBe('1.162');
    expect(count(1_234_567, 'en')).toBe('1,234,567');
    expect(plain(percent(9010, 'vi'))).toBe('90,1 %');
    expect(bare(8352, 'en')).toBe('83.5');
    expect(plain(plusMinus(300, 'vi'))).toBe('± 0,3 giây');
    expect(plain(plusMinus(12_400, 'en'))).toBe('± 13 s');
    expect(plain(plusMinus(12, 'vi'))).toBe('± 0,1 giây');
  });
  test('a share is rounded once', () => {
    expect(plain(percent(shareOf(1051, 1162) ?? 0, 'vi'))).toBe('90,4 %');
    expect(shareOf(0, 0)).toBeNull();
  });
  test('Vietnam time wherever the machine stands, and months over a year’s end', () => {
    expect(hms(at(0, 5, 9))).toBe('00:05:09');
    expect(hmsMs(at(9, 36, 41, 7), 'vi')).toBe('09:36:41,007');
    expect(dateTime(Date.UTC(2026, 11, 31, 17, 0))).toBe('01/01/2027 00:00');
    expect(monthOf(Date.UTC(2026, 11, 31, 17, 0))).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(shortTime(at(8, 0) - 86_400_000, at(9, 0))).toBe('22/11 08:00');
  });
  test('lengths', () => {
    expect(plain(length(52_400, 'vi'))).toBe('52 giây');
    expect(plain(length(19 * 60_000 + 24_000, 'vi'))).toBe('19 phút 24 giây');
    expect(plain(length(-5, 'en'))).toBe('0 s');
    expect(plain(length(40, 'vi'))).toBe('dưới 1 giây');
    expect(plain(length(7_500_000, 'vi'))).toBe('2 giờ 05 phút');
  });
});

describe('charts', () => {
  test('the axis starts at 50 only while every interval lies above it', () => {
    expect(axisStart([figures(100, 100, 80, 70)])).toBe(5_000);
    expect(axisStart([figures(100, 100, 10, 5)])).toBe(0);
    expect(axisX(7_500, 5_000, 200)).toBe(100);
  });
  test('the stack covers its width in the order 5 → 1, without parts nobody chose', () => {
    const level = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(level, level, level, level, level, (a, b, c, d, e) => {
        const parts = stackParts({ 5: a, 4: b, 3: c, 2: d, 1: e }, 600);
        if (a + b + c + d + e === 0) return parts.length === 0;
        const order = parts.map((part) => part.level);
        const joined = parts.every((part, index) => index === 0 || part.from === parts[index - 1]?.to);
        return (
          joined &&
          parts[0]?.from === 0 &&
          Math.abs((parts.at(-1)?.to ?? 0) - 600) < 1e-6 &&
          String(order) === String([...order].sort().reverse())
        );
      }),
    );
  });
  test('rare invitations are flagged from ten transactions on', () => {
    expect(promptedTooRarely(figures(187, 119, 62, 61))).toBe(true);
    expect(promptedTooRarely(figures(9, 0, 0, 0))).toBe(false);
  });
});

test('a station’s remembered proposal survives rubbish', () => {
  const fallback = { stage: 'reception', procedureCode: null };
  for (const stored of [null, '', '{', '7', 'null', '{"stage":"x"}'])
    expect(readProposal(stored)).toEqual(fallback);
  expect(readProposal('{"stage":"return","procedureCode":"1.2"}')).toEqual({
    stage: 'return',
    procedureCode: '1.2',
  });
});
