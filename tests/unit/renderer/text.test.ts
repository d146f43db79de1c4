/* Words on the kiosk: complete in both languages, broken where Vietnamese breaks, with Vietnam's clock. */
import { describe, expect, it } from 'vitest';
import { en } from '../../../kiosk-app/renderer/text/en.ts';
import { initialOf } from '../../../kiosk-app/renderer/text/initial.ts';
import { keepWords, levelLines } from '../../../kiosk-app/renderer/text/line-breaks.ts';
import { momentOf, untilNextMinuteMs } from '../../../kiosk-app/renderer/text/moment.ts';
import { nameSize } from '../../../kiosk-app/renderer/text/name-size.ts';
import { vi } from '../../../kiosk-app/renderer/text/vi.ts';

const plain = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/\u00a0/g, ' '));

describe('catalogues', () => {
  it('have the same keys, none empty, and none says "ẩn danh" or the product’s name', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort());
    for (const catalogue of [vi, en]) {
      for (const value of Object.values(catalogue)) {
        const text = typeof value === 'function' ? (value as (...given: unknown[]) => string)(3, 4) : value;
        expect(text).not.toHaveLength(0);
        expect(String(text)).not.toMatch(/ẩn danh|hailong|undefined/iu);
      }
    }
    expect(vi.weekdays).toHaveLength(7);
    expect(en.weekdays).toHaveLength(7);
  });
});

describe('line breaks', () => {
  it.each([
    ['Rất hài lòng', ['Rất', 'hài lòng']],
    ['Hài lòng', ['Hài lòng']],
    ['Bình thường', ['Bình', 'thường']],
    ['Không hài lòng', ['Không', 'hài lòng']],
    ['Rất không hài lòng', ['Rất không', 'hài lòng']],
    ['Very satisfied', ['Very', 'satisfied']],
    ['Dissatisfied', ['Dissatisfied']],
  ])('%s', (word, lines) => expect(plain(levelLines(word))).toEqual(lines));

  it('keeps a word of two syllables together, composed or decomposed', () => {
    expect(keepWords('Thái độ phục vụ')).toBe('Thái\u00a0độ phục\u00a0vụ');
    expect(keepWords('Thái độ'.normalize('NFD'))).toBe('Thái\u00a0độ');
  });
});

describe('names', () => {
  it('take the initial of the given name, which comes last', () => {
    expect(initialOf('Nguyễn Thị Ngọc Ánh')).toBe('Á');
    expect(initialOf('  Lê Văn đức ')).toBe('Đ');
    expect(initialOf('')).toBe('');
  });
  it('get smaller letters when long', () => {
    expect(nameSize('Nguyễn Thị Ngọc Ánh')).toBe('large');
    expect(nameSize('Tôn Nữ Hoàng Phương Khánh Quỳnh')).toBe('small');
  });
});

describe('the clock', () => {
  it('is Vietnam’s across midnight UTC+7', () => {
    expect(momentOf(Date.UTC(2026, 10, 22, 17, 0))).toEqual({
      time: '00:00',
      date: '23/11/2026',
      weekday: 1,
    });
    expect(momentOf(Date.UTC(2026, 10, 22, 16, 59))).toEqual({
      time: '23:59',
      date: '22/11/2026',
      weekday: 0,
    });
    expect(untilNextMinuteMs(Date.UTC(2026, 10, 22, 16, 59, 59, 900))).toBe(100);
  });
});
