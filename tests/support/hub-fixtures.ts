/* An invented office as the hub would tell it: people, counters, a transaction with its rating, a month's figures. */

import { ERRORS, type ErrorCode } from '@hailong/shared/errors.ts';
import type {
  dashboardAnswer,
  sessionAnswer,
  stationAnswer,
  timelineAnswer,
  transactionAnswer,
} from '@hailong/shared/protocol/http.ts';
import type { z } from 'zod';

const id = (n: number): string => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const ids = {
  user: id(1),
  officer: id(2),
  unit: id(3),
  counter: id(4),
  transaction: id(5),
  case: id(6),
  cameraA: id(7),
  cameraB: id(8),
  duty: id(9),
  intent: id(10),
  rating: id(11),
};
/** A Problem as it lies inside an answer. */
export function sentences(code: ErrorCode) {
  const { vi, en, remedy } = ERRORS[code];
  return { code, vi, en, remedy: { ...remedy } };
}
const hex = (seed: string): string => seed.repeat(64).slice(0, 64);
export const photo = hex('a1b2');

/** A time of Monday 23/11/2026 in Vietnam. */
export function at(h: number, m: number, s = 0, ms = 0): number {
  return Date.UTC(2026, 10, 23, h - 7, m, s, ms);
}

export const office = {
  name: 'Phường Bình An',
  place: 'Tỉnh Quảng Ninh',
  phone: '0203 355 0123',
  retentionDays: 30,
};

export function session(role: 'admin' | 'inspector' | 'head', name: string): z.input<typeof sessionAnswer> {
  return {
    user: { id: ids.user, username: role, name, roles: [role] },
    csrfToken: 'csrf-of-this-session',
    office,
  };
}

export function transaction(
  change: Partial<z.input<typeof transactionAnswer>> = {},
): z.input<typeof transactionAnswer> {
  return {
    transactionId: ids.transaction,
    counter: { id: ids.counter, number: '5', name: 'Đất đai, xây dựng' },
    officer: { id: ids.officer, code: 'CB012', name: 'Nguyễn Thị Ngọc Ánh' },
    procedure: { code: '1.004227', name: 'Đăng ký biến động đất đai' },
    stage: 'reception',
    dossierCodes: ['H21.27-261123-0043'],
    queueNumber: 'A012',
    openedAt: at(9, 14, 36),
    finishedAt: null,
    outcome: null,
    prompt: null,
    state: 'serving',
    ...change,
  };
}

export function station(change: Partial<z.input<typeof stationAnswer>> = {}): z.input<typeof stationAnswer> {
  return {
    enrolled: true,
    locked: false,
    counter: { id: ids.counter, number: '5', name: 'Đất đai, xây dựng', unitId: ids.unit, active: true },
    officer: {
      id: ids.officer,
      code: 'CB012',
      name: 'Nguyễn Thị Ngọc Ánh',
      position: 'Công chức địa chính – xây dựng',
      unitId: ids.unit,
      unitName: 'Bộ phận Một cửa',
      photo,
      revision: 1,
    },
    csrfToken: 'csrf-of-this-station',
    duty: { id: ids.duty, state: 'started', since: at(7, 31, 8), reason: null },
    transaction: transaction(),
    pending: [],
    lastRefusal: null,
    lastClosed: { transactionId: id(50), queueNumber: 'A011', at: at(9, 14, 20) },
    device: {
      enrolled: true,
      online: true,
      lastSeenAt: null,
      panel: 'ready',
      screens: 1,
      allSent: true,
    },
    today: { served: 17, prompted: 16 },
    procedures: [
      { code: '1.004227', name: 'Đăng ký biến động đất đai', active: true },
      { code: '2.000488', name: 'Cấp bản sao trích lục hộ tịch', active: true },
    ],
    reasons: [
      {
        key: 'su_co_may',
        outcome: 'accident',
        name: { vi: 'Mất điện, sự cố máy', en: 'Power or machine failure' },
      },
      {
        key: 'goi_ba_lan',
        outcome: 'no_show',
        name: { vi: 'Gọi ba lần, không có mặt', en: 'Called three times, not there' },
      },
      {
        key: 'bo_ve',
        outcome: 'no_show',
        name: { vi: 'Đã lấy số nhưng bỏ về', en: 'Took a number and left' },
      },
      { key: 'thu_thiet_bi', outcome: 'test', name: { vi: 'Thử thiết bị', en: 'Trying out the device' } },
    ],
    ...change,
  };
}

const vote = (n: number, question: string, name: string, level: 1 | 2 | 3 | 4 | 5, when: number) => ({
  voteId: id(60 + n),
  ratingId: ids.rating,
  question,
  questionName: { vi: name, en: name },
  level,
  attempt: 1,
  via: 'panel' as const,
  button: n === 0 ? 4 : null,
  at: when,
  receivedAt: at(9, 36, 44),
  effective: true,
  event: {
    device: hex('1f'),
    epoch: hex('2e').slice(0, 32),
    seq: 18_204 + n,
    hash: `9f3c71e0${hex('5').slice(8)}`,
  },
});

/** The transaction of the inspector's picture: finished 09:36:12, pressed 09:36:41, camera 5A lost for 52 s. */
export function timeline(
  change: Partial<z.input<typeof timelineAnswer>> = {},
): z.input<typeof timelineAnswer> {
  return {
    case: {
      id: ids.case,
      number: 'PXM-2026-0147',
      type: 'verification',
      documentNumber: '45/QĐ-VP, 20/11/2026',
      purpose: 'Xác minh phản ánh về thái độ phục vụ',
      transactionId: ids.transaction,
      assignee: { id: ids.user, name: 'Nguyễn Thị Hạnh' },
      status: 'open',
      disputed: true,
      ...{ interval: null, wider: [], toldAt: null, hasPetitioner: false },
      openedAt: at(14, 2, 11),
      closedAt: null,
    },
    transaction: transaction({
      openedAt: at(9, 33, 20),
      finishedAt: at(9, 36, 12),
      outcome: 'completed',
      prompt: { openedAt: at(9, 36, 13), closedAt: at(9, 37, 13) },
      state: 'closed',
    }),
    ratings: {
      transactionId: ids.transaction,
      instrument: { id: 'quay-5-muc', version: 3 },
      effective: {
        overall: 2,
        criteria: { attitude: 2, guidance: 3 },
        route: 'counter',
        review: false,
      },
      votes: [
        vote(0, 'overall', 'Đánh giá chung', 2, at(9, 36, 41, 231)),
        vote(1, 'attitude', 'Thái độ phục vụ', 2, at(9, 36, 46, 90)),
        vote(2, 'guidance', 'Hướng dẫn rõ ràng', 3, at(9, 36, 51, 400)),
      ],
    },
    window: { from: at(9, 33, 0), to: at(9, 37, 40) },
    served: { begin: 'recorded', end: 'recorded' },
    opensBy: null,
    duty: { from: at(7, 31, 8), to: null, officerName: 'Nguyễn Thị Ngọc Ánh' },
    prompt: { from: at(9, 36, 13), to: at(9, 37, 13) },
    presses: [
      { at: at(9, 36, 41, 212), button: 4, via: 'panel', counted: true, level: 2, reason: null },
      { at: at(9, 37, 20, 5), button: 1, via: 'panel', counted: false, level: null, reason: 'late' },
    ],
    kioskBoundMs: 300,
    cameras: [
      {
        id: ids.cameraA,
        name: 'Camera 5A – mặt quầy',
        boundBeforeMs: 1800,
        boundAfterMs: 400,
        covered: [
          { from: at(9, 33, 0), to: at(9, 34, 40) },
          { from: at(9, 35, 32), to: at(9, 37, 40) },
        ],
        gaps: [{ from: at(9, 34, 40), to: at(9, 35, 32), reason: 'camera-down' }],
        codec: 'h264',
        state: 'partial',
      },
      {
        id: ids.cameraB,
        name: 'Camera 5B – lối vào',
        boundBeforeMs: 900,
        boundAfterMs: 300,
        covered: [{ from: at(9, 33, 0), to: at(9, 37, 40) }],
        gaps: [],
        codec: 'h264',
        state: 'ready',
      },
    ],
    ...change,
  };
}

/** 95 % Wilson interval in hundredths of a per cent. */
export function figures(served: number, prompted: number, rated: number, satisfied: number) {
  const low = rated - satisfied;
  const levels = {
    5: Math.round(satisfied * 0.6),
    4: satisfied - Math.round(satisfied * 0.6),
    3: Math.floor(low * 0.5),
    2: Math.ceil(low * 0.3),
    1: low - Math.floor(low * 0.5) - Math.ceil(low * 0.3),
  };
  if (rated === 0)
    return {
      served,
      prompted,
      answered: rated,
      rated,
      levels,
      satisfied,
      share: null,
      low: null,
      high: null,
    };
  const z = 1.96;
  const p = satisfied / rated;
  const base = 1 + (z * z) / rated;
  const centre = p + (z * z) / (2 * rated);
  const spread = z * Math.sqrt((p * (1 - p)) / rated + (z * z) / (4 * rated * rated));
  const share = (value: number) => Math.round(Math.min(1, Math.max(0, value)) * 10_000);
  return {
    served,
    prompted,
    answered: rated,
    rated,
    levels,
    satisfied,
    share: share(p),
    low: share((centre - spread) / base),
    high: share((centre + spread) / base),
  };
}

const ROWS: readonly [string, number, number, number, number][] = [
  ['Quầy 1 – Hộ tịch', 212, 205, 121, 109],
  ['Quầy 2 – Hộ tịch', 198, 190, 104, 99],
  ['Quầy 3 – Chứng thực', 187, 119, 62, 61],
  ['Quầy 4 – Đất đai', 96, 91, 47, 35],
  ['Quầy 5 – Xây dựng', 143, 139, 77, 63],
  ['Quầy 6 – Trả kết quả', 164, 151, 70, 61],
  ['Quầy 7 – Trả kết quả', 121, 118, 64, 57],
  ['Quầy 8 – Bảo trợ xã hội', 41, 38, 17, 15],
];

export function dashboard(
  change: Partial<z.input<typeof dashboardAnswer>> = {},
): z.input<typeof dashboardAnswer> {
  const kiosk = (n: number, more: object = {}) => ({
    deviceId: hex(String(n)),
    counter: { id: id(100 + n), number: String(n), name: (ROWS[n - 1]?.[0] ?? '').slice(9) },
    online: true,
    lastSeenAt: at(14, 4, 50),
    panel: 'ready',
    unsynced: 0,
    officer: ['Lê Văn Hùng', 'Trần Thị Mai', 'Phạm Quốc Bảo', 'Đỗ Thị Lan'][n % 4] ?? null,
    state: (n % 3 === 0 ? 'rating' : 'serving') as 'rating' | 'serving',
    ...more,
  });
  return {
    month: '2026-11',
    by: 'counter',
    final: false,
    minimumN: 30,
    total: figures(1162, 1051, 562, 500),
    rows: ROWS.map(([label, served, prompted, rated, satisfied], index) => ({
      key: id(101 + index),
      label,
      note: index === 2 ? 'Gồm nhiều thủ tục, giai đoạn: chỉ so sánh trong cùng thủ tục và giai đoạn.' : null,
      figures: figures(served, prompted, rated, satisfied),
    })),
    cursor: 5210,
    live: {
      kiosks: [
        kiosk(1),
        kiosk(2, { state: 'rest' }),
        kiosk(3, { online: false, lastSeenAt: at(13, 52), unsynced: 19, state: 'unknown' }),
        kiosk(4, { state: 'closed', officer: null }),
        kiosk(5, { panel: 'away' }),
        kiosk(6, {
          deviceId: null,
          online: false,
          lastSeenAt: null,
          panel: 'unknown',
          officer: null,
          state: 'unknown',
        }),
        kiosk(7),
        kiosk(8, { unsynced: 4 }),
      ],
      cameras: [
        { id: ids.cameraA, name: 'Camera 5A – mặt quầy', state: 'recording', code: null },
        { id: ids.cameraB, name: 'Camera 4B – lối vào', state: 'down', code: 'camera.unreachable' },
      ],
      casesOpen: 6,
      quarantined: 0,
    },
    ...change,
  };
}
