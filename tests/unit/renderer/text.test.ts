/* Words on the kiosk: complete in both languages, broken where Vietnamese breaks, with Vietnam's clock. */
import { describe, expect, it } from 'vitest';
import { catalogues, offeredLanguages } from '../../../kiosk-app/renderer/text/catalogues.ts';
import { en } from '../../../kiosk-app/renderer/text/en.ts';
import { initialOf } from '../../../kiosk-app/renderer/text/initial.ts';
import { keepWords, levelLines } from '../../../kiosk-app/renderer/text/line-breaks.ts';
import { momentOf, untilNextMinuteMs } from '../../../kiosk-app/renderer/text/moment.ts';
import { nameSize } from '../../../kiosk-app/renderer/text/name-size.ts';
import { problemIn, shortTime } from '../../../kiosk-app/renderer/text/officer-text.ts';
import { shownIn } from '../../../kiosk-app/renderer/text/shown-in.ts';
import { vi } from '../../../kiosk-app/renderer/text/vi.ts';

const plain = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replace(/\u00a0/g, ' '));

/** Keys of a catalogue with its parts, and every sentence in it. */
function sentences(part: object, path = ''): [string, string][] {
  return Object.entries(part).flatMap(([key, value]): [string, string][] => {
    const at = `${path}.${key}`;
    if (typeof value === 'object' && value !== null) return sentences(value, at);
    const text = typeof value === 'function' ? (value as (...given: unknown[]) => string)(3, 4) : value;
    return [[at, String(text)]];
  });
}

describe('catalogues', () => {
  it('have the same keys, none empty, and none says "ẩn danh" or the product’s name', () => {
    const keys = sentences(vi).map(([key]) => key);
    for (const { words } of Object.values(catalogues)) {
      expect(
        sentences(words)
          .map(([key]) => key)
          .sort(),
      ).toEqual(keys.sort());
      for (const [, text] of sentences(words)) {
        expect(text).not.toHaveLength(0);
        expect(text).not.toMatch(/ẩn danh|hailong|undefined/iu);
      }
      expect(words.weekdays).toHaveLength(7);
    }
  });

  it('say what look.md has them say', () => {
    expect([vi.chipsHead, vi.chipsHint, en.chipsHead, en.chipsHint]).toEqual([
      'Ông/bà muốn cho biết thêm điều gì?',
      '(có thể chọn nhiều, hoặc bỏ qua)',
      'Anything you would like to add?',
      '(choose any, or skip)',
    ]);
    expect(`${vi.privateHead} ${vi.privateUntil('16:36', '30/11/2026')}`).toBe(
      'Đánh giá riêng trên điện thoại. Mỗi lượt chỉ một lần, hết hạn 16:36, 30/11/2026.',
    );
    expect(`${en.privateHead} ${en.privateUntil('16:36', '30/11/2026')}`).toBe(
      'Rate privately on your phone. Once per visit, until 16:36, 30/11/2026.',
    );
    expect(`${vi.cannotStoreHead} ${vi.cannotStoreScan}`).toBe(
      'Chưa ghi nhận được. Mời báo bàn hướng dẫn hoặc quét mã QR.',
    );
    expect(vi.lastMonth(14, 12)).toBe('Tháng trước: 14 góp ý, đã khắc phục 12');
  });
});

describe('languages', () => {
  it('beside Vietnamese and English wait for approval: none is offered, whatever the office says', () => {
    expect(catalogues.fr.approved).toBe(false);
    expect(offeredLanguages(['fr', 'km', 'fr'])).toEqual(['vi', 'en']);
    expect(offeredLanguages()).toEqual(['vi', 'en']);
  });
  it('that are approved are offered where the office has them on', () => {
    const approved = { ...catalogues, fr: { ...catalogues.fr, approved: true } };
    expect(offeredLanguages(['fr', 'toString'], approved)).toEqual(['vi', 'en', 'fr']);
    expect(offeredLanguages([], approved)).toEqual(['vi', 'en']);
  });
  it('show a text of the form, and English where it has none of theirs', () => {
    const text = { vi: 'Chờ lâu', en: 'Long wait', further: { fr: 'Longue attente' } };
    expect([shownIn(text, 'vi'), shownIn(text, 'en'), shownIn(text, 'fr')]).toEqual(
      Object.values(text).slice(0, 2).concat('Longue attente'),
    );
    expect(shownIn({ vi: 'Chờ lâu', en: 'Long wait' }, 'fr')).toBe('Long wait');
  });
});

describe('an officer’s sentences', () => {
  it('say a code in words, an unknown one with its code, and never 0:00 too early', () => {
    expect(problemIn(vi.officer, 'kiosk.pin_wrong')).toBe('Mã cán bộ hoặc PIN không đúng.');
    expect(problemIn(vi.officer, 'intent.reused')).toContain('intent.reused');
    expect(problemIn(vi.officer, null)).toBe('');
    expect([shortTime(300_000), shortTime(59_001), shortTime(1)]).toEqual(['5:00', '1:00', '0:01']);
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
