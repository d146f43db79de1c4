/* Screens as an agent sends them, with invented people, for browser and unit tests of the kiosk window. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Screen, type ShownPanel, screen } from '@hailong/shared/protocol/ui.ts';
import type { z } from 'zod';
import { drawQr } from '../../kiosk-app/agent/adapters/qr-code.ts';
import { inRepo } from './paths.ts';

type Given = z.input<typeof screen>;

export const portraitBytes: Uint8Array = readFileSync(inRepo('hub-server/demo/portraits/woman-1.png'));
export const portraitHash = createHash('sha256').update(portraitBytes).digest('hex');

const common = {
  office: { name: 'Trung tâm Phục vụ hành chính công', place: 'Phường Bình An' },
  counterNumber: '5',
  online: true,
  notice: { retentionDays: 30, phone: '0203 355 0123' },
} as const;

export const officer = {
  name: 'Nguyễn Thị Ngọc Ánh',
  position: 'Công chức địa chính – xây dựng',
  unitName: 'Đất đai, xây dựng',
  photo: portraitHash,
} as const;

const words: readonly [number, string, string][] = [
  [5, 'Rất hài lòng', 'Very satisfied'],
  [4, 'Hài lòng', 'Satisfied'],
  [3, 'Bình thường', 'Neutral'],
  [2, 'Không hài lòng', 'Dissatisfied'],
  [1, 'Rất không hài lòng', 'Very dissatisfied'],
];
export const levels = words.map(([key, vi, en]) => ({ key, word: { vi, en } })) as {
  key: 1 | 2 | 3 | 4 | 5;
  word: { vi: string; en: string };
}[];

const ratingId = '0198c0de-0000-7000-8000-000000000001';
const questions = [
  { key: 'overall', vi: 'Ông/bà đánh giá lần phục vụ này thế nào?', en: 'How was the service today?' },
  { key: 'attitude', vi: 'Thái độ phục vụ', en: 'Attitude of service' },
  { key: 'handling', vi: 'Chất lượng giải quyết công việc', en: 'Handling of your matter' },
] as const;

const parse = (given: Given): Screen => screen.parse(given);

export const screens = {
  starting: parse({ name: 'starting', ...common }),
  closed: parse({ name: 'closed', ...common }),
  rest: parse({ name: 'rest', ...common, officer }),
  serving: parse({
    name: 'serving',
    ...common,
    officer,
    queueNumber: 'A012',
    dossierCodes: ['H21.27-261123-0043'],
  }),
  thanks: parse({ name: 'thanks', ...common, canCorrect: true }),
  cannotStore: parse({ name: 'cannot-store', ...common }),
} as const;

interface QuestionOptions {
  readonly canCorrect?: boolean;
  readonly canGoPrivate?: boolean;
  readonly voices?: { language: string; clips: string[] }[];
  readonly languages?: string[];
  readonly levels?: typeof levels;
  readonly closesInMs?: number;
  readonly panel?: ShownPanel;
}

/** The question at a 1-based step, each with a ticket of its own. */
export function questionScreen(step: 1 | 2 | 3, options: QuestionOptions = {}): Screen {
  const { key, vi, en } = questions[step - 1] ?? questions[0];
  return parse({
    name: 'question',
    ...common,
    question: {
      rating: ratingId,
      question: key,
      askTicket: 1_000 + step,
      step,
      steps: questions.length,
      text: { vi, en },
      levels: options.levels ?? levels,
      ...(options.voices && { voices: options.voices }),
    },
    ...(options.languages && { languages: options.languages }),
    ...(options.panel && { panel: options.panel }),
    closeAfterMs: 45_000,
    closesInMs: options.closesInMs ?? 30_000,
    canCorrect: options.canCorrect ?? step > 1,
    canGoPrivate: options.canGoPrivate ?? false,
  });
}

/** Hard cases for layout: no photo, a long name, two dossiers, no queue number, a two-digit counter, the hub away. */
export const hard = {
  serving: parse({
    ...screens.serving,
    name: 'serving',
    office: {
      name: 'Trung tâm Phục vụ hành chính công phường Hoàn Kiếm',
      place: 'Điểm tiếp nhận số 2, phố Nguyễn Hữu Huân, phường Hoàn Kiếm',
    },
    counterNumber: '12',
    online: false,
    queueNumber: 'B1204',
    officer: {
      name: 'Tôn Nữ Hoàng Phương Khánh Quỳnh',
      position: 'Viên chức Trung tâm Phục vụ hành chính công',
      unitName: 'Phòng Kinh tế, Hạ tầng và Đô thị',
      photo: null,
    },
    dossierCodes: ['H21.27-261123-0043', 'H21.27-261123-0044', 'H21.27-261123-0045'],
  } as Given),
  rest: parse({
    ...screens.rest,
    name: 'rest',
    counterNumber: '12',
    online: false,
    officer: {
      name: 'Tôn Nữ Hoàng Phương Khánh Quỳnh',
      position: 'Viên chức Trung tâm Phục vụ hành chính công',
      unitName: 'Phòng Kinh tế, Hạ tầng và Đô thị',
      photo: null,
    },
  } as Given),
} as const;

const chipWords = {
  low: [
    ['Thái độ chưa đúng mực', 'Disrespectful'],
    ['Hướng dẫn không rõ', 'Unclear guidance'],
    ['Chờ lâu', 'Long wait'],
    ['Trả kết quả trễ hẹn', 'Result late'],
    ['Phải đi lại nhiều lần', 'Too many trips'],
    ['Yêu cầu giấy tờ ngoài quy định', 'Papers not required by rule'],
    ['Gợi ý chi tiền, quà', 'Hinted at money or gifts'],
    ['Lý do khác', 'Other'],
  ],
  high: [
    ['Thái độ thân thiện', 'Friendly'],
    ['Hướng dẫn rõ ràng', 'Clear guidance'],
    ['Nhanh', 'Quick'],
    ['Đúng hẹn', 'On time'],
    ['Không phải đi lại', 'No extra trips'],
    ['Thủ tục đơn giản', 'Simple procedure'],
    ['Nơi tiếp đón sạch đẹp', 'Pleasant place'],
    ['Lý do khác', 'Other'],
  ],
} as const;

interface ChipsOptions {
  /** Positions, from 0. */
  readonly chosen?: readonly number[];
  readonly canCorrect?: boolean;
  readonly canGoPrivate?: boolean;
}

/** The page of chips after a low or a high answer; keys `low000` to `low007`, `hig000` to `hig007`. */
export function chipsScreen(set: 'low' | 'high', options: ChipsOptions = {}): Screen {
  const chips = chipWords[set].map(([vi, en], at) => ({
    key: `${set.slice(0, 3)}00${at}`,
    word: { vi, en },
  }));
  return parse({
    name: 'chips',
    ...common,
    rating: ratingId,
    askTicket: 1_009,
    chips,
    chosen: (options.chosen ?? []).map((at) => chips[at]?.key ?? ''),
    closeAfterMs: 45_000,
    closesInMs: 20_000,
    canCorrect: options.canCorrect ?? true,
    canGoPrivate: options.canGoPrivate ?? true,
  });
}

/** As long as a ticket's address: 232 characters, a code of version 11 (61 × 61). */
export const qrText = `https://danhgia.binhan.example/v#${'k7M2-q9XT_4a'.repeat(17).slice(0, 199)}`;
export const qrRows: readonly string[] = drawQr(qrText);

const address = 'hailong.quangninh.gov.vn/v';
const way = { code: 'K7M2Q9XT4A', address, qr: [...qrRows], until: Date.UTC(2026, 10, 30, 9, 36) as never };
const times = { closeAfterMs: 45_000, closesInMs: 20_000 };

/** The ways to a phone: with everything, with the code alone, with the QR code alone and no hour. */
export const phone = {
  page: parse({ name: 'private', ...common, rating: ratingId, ...way, ...times }),
  codeOnly: parse({
    name: 'private',
    ...common,
    rating: ratingId,
    ...way,
    qr: null,
    address: null,
    ...times,
  }),
  qrOnly: parse({ name: 'private', ...common, rating: ratingId, ...way, code: null, until: null, ...times }),
  offer: parse({
    ...screens.rest,
    name: 'rest',
    officer,
    offer: way,
    lastMonth: { received: 14, mended: 12 },
  }),
  cannotStore: parse({ name: 'cannot-store', ...common, offer: way }),
  cannotStoreCode: parse({ name: 'cannot-store', ...common, offer: { ...way, qr: null, address: null } }),
} as const;

/** Rest with everything that may stand on it, and the closed counter with the officer's key. */
export const full = {
  rest: parse({
    ...screens.rest,
    name: 'rest',
    officer,
    online: false,
    walkup: true,
    pinOffered: true,
    lastMonth: { received: 14, mended: 12 },
  }),
  restWalkup: parse({ ...screens.rest, name: 'rest', officer, walkup: true }),
  closed: parse({ ...screens.closed, name: 'closed', online: false, pinOffered: true }),
  serving: parse({ ...screens.serving, name: 'serving', online: false, pinOffered: true } as Given),
} as const;

const notices = [
  {
    vi: 'Từ 12/02 đến hết 20/02/2027 Trung tâm nghỉ Tết Nguyên đán; hồ sơ đến hạn trong dịp này trả vào 21/02/2027. Xin cảm ơn.',
    en: 'Closed for Tết from 12 to 20 February 2027. What falls due in these days is handed out on 21 February. Thank you.',
  },
  { vi: 'Thủ tục đất đai nay nhận tại quầy 7 và 8, tầng 2.', en: null },
];
/** The office's notices: one, several that follow each other, with everything else, and at a closed counter. */
export const noticed = {
  one: parse({ ...screens.rest, name: 'rest', officer, notices: notices.slice(0, 1) }),
  several: parse({ ...screens.rest, name: 'rest', officer, notices }),
  full: parse({ ...full.rest, name: 'rest', officer, notices } as Given),
  closed: parse({ ...screens.closed, name: 'closed', notices: notices.slice(0, 1) }),
  closedFull: parse({ ...full.closed, name: 'closed', notices } as Given),
} as const;

const asksPin = { name: 'pin', ...common, online: false, waitMs: 0, problem: null } as const;
const whom = { code: 'CB014', name: officer.name, position: officer.position };
export const pins = {
  login: parse({ ...asksPin, why: 'login', whom: null }),
  resume: parse({ ...asksPin, why: 'resume', whom }),
  other: parse({ ...asksPin, why: 'other-officer', whom }),
  wrong: parse({ ...asksPin, why: 'resume', whom, problem: 'kiosk.pin_wrong' }),
  locked: parse({ ...asksPin, why: 'resume', whom, problem: 'kiosk.pin_locked', waitMs: 300_000 }),
} as const;

const reasonNames = [
  ['gone_home', 'Đã gọi ba lần, không có người', 'Called three times, nobody came'],
  ['gave_up', 'Người dân xin về', 'The citizen asked to leave'],
  ['other_counter', 'Đã chuyển sang quầy khác', 'Went to another counter'],
] as const;
const officerKeys = {
  reasons: reasonNames.map(([key, vi, en]) => ({ key, outcome: 'no_show' as const, name: { vi, en } })),
  problem: null,
  locksInMs: 120_000,
};
export const desks = {
  rest: parse({ ...screens.rest, name: 'rest', officer, online: false, officerKeys }),
  refused: parse({
    ...screens.rest,
    name: 'rest',
    officer,
    online: false,
    officerKeys: { ...officerKeys, problem: 'intent.busy' },
  }),
  serving: parse({ ...screens.serving, name: 'serving', online: false, officerKeys } as Given),
} as const;
