/* Notices: of their days alone, in the office's order; at rest and closed alone; never under a code or an officer's hands. */
import { screenOf } from '@hailong/shared/counter/counter-screen.ts';
import {
  NOTICE_SIGNS_MAX,
  type Notice,
  notice,
  noticesOn,
  noticeWords,
} from '@hailong/shared/model/notice.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const id = (n: number): string => `00000000-0000-4000-8000-00000000000${n}`;
const of = (n: number, from: string, to: string): Notice =>
  notice.parse({ id: id(n), vi: `Thông báo ${n}`, en: null, from, to });

test('a notice is shown from its first day to the end of its last, in the office’s order', () => {
  const all = [
    of(2, '2027-01-02', '2027-01-02'),
    of(1, '2027-01-01', '2027-01-03'),
    of(3, '2026-12-31', '2027-01-01'),
  ];
  const on = (day: string) => noticesOn(all, day).map(({ vi }) => vi.at(-1));
  expect(on('2026-12-30')).toEqual([]);
  expect(on('2026-12-31')).toEqual(['3']);
  expect(on('2027-01-01')).toEqual(['1', '3']);
  expect(on('2027-01-02')).toEqual(['2', '1']);
  expect(on('2027-01-04')).toEqual([]);
});

test('the day is that of Vietnam', () => {
  const eve = Date.parse('2026-12-31T23:59:59.999+07:00');
  const all = [of(1, '2027-01-01', '2027-01-01')];
  expect(noticesOn(all, vietnamDay(eve))).toEqual([]);
  expect(noticesOn(all, vietnamDay(eve + 1))).toHaveLength(1);
});

test('words are one bounded line of plain text', () => {
  expect(noticeWords.parse('  Nghỉ lễ  ')).toBe('Nghỉ lễ');
  for (const wrong of ['', '   ', 'a\nb', 'a\u2028b', 'a\u0000b', 'x'.repeat(NOTICE_SIGNS_MAX + 1)])
    expect(noticeWords.safeParse(wrong).success).toBe(false);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const parsed = noticeWords.safeParse(text);
      if (!parsed.success) return;
      expect(parsed.data.length).toBeLessThanOrEqual(NOTICE_SIGNS_MAX);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what may not be there
      expect(parsed.data).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }),
  );
});

const config = {
  office: { name: 'Một cửa', place: '', phone: '', retentionDays: 30 },
  counter: { number: '5' },
  notices: [of(1, '2027-01-01', '2027-01-03')],
} as never;
const duty = {
  paused: null,
  shown: { name: 'An', position: 'Chuyên viên', unitName: 'Đất đai', photo: null },
};
const idle = { rating: null, form: null, duty, serving: null, now: {}, offer: null, aside: null };
const given = {
  ...{
    mono: 0,
    online: true,
    canStore: true,
    closed: false,
    hasBlob: () => true,
    config,
    ticketOf: () => null,
  },
  today: '2027-01-02',
};
const show = (state: object, more: object = {}) => screenOf(state as never, { ...given, ...more } as never);

test('rest and the closed counter show it; a served citizen, an offered code and an officer’s keys do not', () => {
  const shown = [{ vi: 'Thông báo 1', en: null }];
  expect(show(idle)).toMatchObject({ name: 'rest', notices: shown });
  expect(show({ ...idle, duty: null })).toMatchObject({ name: 'closed', notices: shown });
  expect(show(idle, { closed: true })).toMatchObject({ name: 'closed', notices: shown });
  expect(show(idle, { today: '2027-01-04' })).not.toHaveProperty('notices');
  expect(show(idle, { today: undefined })).not.toHaveProperty('notices');
  const serving = { queueNumber: 'A1', dossierCodes: [] };
  expect(show({ ...idle, serving })).not.toHaveProperty('notices');
  const offer = { slip: 'ABCD2345', untilMono: 1 };
  expect(show({ ...idle, offer })).not.toHaveProperty('notices');
  const desk = { pinOffered: true, asks: null, waitMs: 0, problem: null, keys: { locksInMs: 1 } };
  expect(show(idle, { desk })).not.toHaveProperty('notices');
  expect(show(idle, { canStore: false })).not.toHaveProperty('notices');
});
