/** What a hole in footage says: how long, why, and of a deletion its day and whoever asked for it. */
import type { ClipGap } from '@hailong/shared/protocol/coverage.ts';
import { GAP_WORDS, gapWords } from '@hailong/shared/words/gap-words.ts';
import { expect, test } from 'vitest';
import { words } from '../../../hub-server/web/common/words.ts';
import { gapSentence } from '../../../hub-server/web/inspector/gap-sentence.ts';
import { inspectorText } from '../../../hub-server/web/inspector/text.ts';

const T = Date.UTC(2026, 10, 23, 2, 0, 0);
const gap = (more: Partial<Record<keyof ClipGap, unknown>>) =>
  ({ from: T, to: T + 52_000, reason: 'camera-down', ...more }) as ClipGap;
/** Numbers keep their unit by a space that does not break. */
const say = (lang: 'vi' | 'en', more: Parameters<typeof gap>[0] = {}) =>
  gapSentence(gap(more), inspectorText[lang], words[lang], lang).replaceAll('\u00a0', ' ');

test('length and reason', () => {
  expect(say('vi')).toBe('52 giây không có hình: mất kết nối camera');
  expect(say('en')).toContain('camera disconnected');
});

test('of a deletion: the rule, its day, and who asked when somebody did', () => {
  const rule = { reason: 'expired', deletedAt: T + 30 * 86_400_000, deletedBy: null };
  expect(say('vi', rule)).toBe('52 giây không có hình: đã xóa: hết hạn lưu, 23/12/2026');
  expect(say('vi', { ...rule, reason: 'deleted-lost', deletedBy: 'user:quantri' })).toBe(
    '52 giây không có hình: tệp hình không còn trên đĩa, 23/12/2026, quantri',
  );
});

test('a reason that nobody knows is shown as it is, also one that every object has', () => {
  expect(gapWords('constructor', 'vi')).toBe('constructor');
  expect(gapWords('camera-on-fire', 'en')).toBe('camera-on-fire');
  expect(Object.keys(GAP_WORDS.en).sort()).toEqual(Object.keys(GAP_WORDS.vi).sort());
});
