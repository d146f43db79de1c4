/* Screens as an agent sends them, with invented people, for browser and unit tests of the kiosk window. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Screen, screen } from '@hailong/shared/protocol/ui.ts';
import type { z } from 'zod';
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
  readonly levels?: typeof levels;
  readonly closesInMs?: number;
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
    },
    closeAfterMs: 45_000,
    closesInMs: options.closesInMs ?? 30_000,
    canCorrect: options.canCorrect ?? step > 1,
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
