/* A camera's day with its reasons, and the holds, for an inspector and an administrator: full, empty, loading, failing, away. */
import { type ActAnswer, actAnswer, actList } from '@hailong/shared/protocol/acts.ts';
import { coverageAnswer, coverageCameras } from '@hailong/shared/protocol/coverage.ts';
import { holdList } from '@hailong/shared/protocol/holds.ts';
import { caseList, sessionAnswer } from '@hailong/shared/protocol/http.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { totalsOf } from '../../hub-server/src/domain/footage/coverage-day.ts';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, session } from '../support/hub-fixtures.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const midnight = at(0, 0);
const camera = '0197b000-0000-7000-8000-00000000000a';
const cameras = {
  cameras: [
    { id: camera, name: 'Quầy 5A, trước', active: true, retentionDays: 30 },
    { id: camera.replace('0a', '0b'), name: 'Quầy 5A, sau', active: true, retentionDays: 30 },
  ],
};
const parts = [
  [0, 6, 'missing', 'expired'],
  [6, 7.5, 'missing', 'deleted-unreported'],
  [7.5, 8.2, 'recorded', null],
  [8.2, 8.2145, 'missing', 'camera-down'],
  [8.2145, 9.4, 'recorded', null],
  [9.4, 9.5, 'missing', 'unknown'],
  [9.5, 9.8, 'recorded', null],
  // Of two files that meet within the last seconds: 0.36 s.
  [9.8, 9.8001, 'pending', null],
  [9.8001, 9.994, 'recorded', null],
  [9.994, 10, 'pending', null],
  [10, 24, 'future', null],
] as const;
const spans = parts.map(([from, to, state, reason]) => ({
  ...{ from: midnight + Math.round(from * HOUR), to: midnight + Math.round(to * HOUR), state, reason },
  ...{ by: null, at: reason === 'expired' || reason === 'deleted-unreported' ? at(9, 0) : null },
}));
const day = {
  ...{ camera: { id: camera, name: 'Quầy 5A, trước' }, from: midnight, to: midnight + DAY, spans },
  day: new Date(midnight + 7 * HOUR).toISOString().slice(0, 10),
  totals: totalsOf(spans as never),
  latencies: [
    { from: midnight, to: at(8, 30), latencyMs: 2_000, measured: null },
    {
      ...{ from: at(8, 30), to: at(10, 0), latencyMs: 760 },
      measured: { at: at(8, 30), by: 'user:quantri', measuredMs: 640, errorMs: 120, mappingBoundMs: 300 },
    },
  ],
  clock: Array.from({ length: 300 }, (_, i) => ({
    at: at(10, 0) - (300 - i) * 2 * HOUR,
    offsetMs: Math.round(-800 - i * 14 + 400 * Math.sin(i)),
  })),
};
const hold = (id: string, more: object) => ({
  ...{
    id,
    kind: 'rating',
    state: 'living',
    owner: null,
    case: null,
    secret: false,
    transactionId: null,
    walkup: null,
  },
  ...{
    cameras: [{ id: camera, name: 'Quầy 5A, trước' }],
    from: at(9, 10),
    to: at(9, 37),
    askedAt: at(9, 40),
  },
  ...{ until: at(9, 40) + 30 * DAY, endedAt: null, endedBy: null, reason: null, ...more },
});
const holds = [
  hold('rating:1', {}),
  hold('walkup:2', { walkup: { counter: '5A', at: at(9, 30) } }),
  hold('case:2', {
    kind: 'case',
    owner: 'Lê Văn Hùng',
    until: null,
    case: { id: camera, number: 'XXL-2026-0012', type: 'appeal' },
  }),
  hold('case:3', { kind: 'case', secret: true, cameras: [], from: null, to: null }),
  hold('4', { kind: 'officer', owner: 'Trần Thị Lan' }),
  hold('5', {
    ...{ kind: 'manual', owner: 'Lê Văn Hùng, Phạm Quốc Bảo', reason: 'Toà án yêu cầu giữ lại' },
    ...{ state: 'ended', endedAt: at(9, 50), endedBy: ['Lê Văn Hùng', 'Phạm Quốc Bảo'] },
  }),
];
const listed = (shown: object[], next: string | null = null) => ({
  ...{ holds: shown, count: { living: 3_214, ended: 1 }, next },
});
const act = (more: Partial<ActAnswer>) => ({
  ...{ id: '0197b000-0000-7000-8000-0000000000aa', kind: 'hold-end', object: 'hold:4', body: { hold: '4' } },
  ...{ reason: 'Cán bộ rút đề nghị', askedBy: { username: 'hung', name: 'Lê Văn Hùng' }, askedAt: at(9, 55) },
  ...{
    expiresAt: at(9, 55) + 5 * DAY,
    state: 'pending',
    decidedBy: null,
    decidedAt: null,
    decidedReason: null,
  },
  ...{ result: null, mine: false, mayDecide: true, ...more },
});

let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('inspector', 'Lê Văn Hùng'));
  hub.answer('GET /api/v1/coverage/cameras', coverageCameras, cameras);
  hub.answer('GET /api/v1/coverage', coverageAnswer, day as never);
  hub.answer('GET /api/v1/holds', holdList, listed(holds) as never);
  hub.answer('GET /api/v1/acts', actList, { acts: [act({})] } as never);
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(place: string, size = { width: 1366, height: 768 }, who = 'inspector'): Promise<Page> {
  if (who === 'admin') hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  opened = await openHubPage(browser, `${hub.url}/${who}#/${place}`, size, at(10, 0));
  return opened.page;
}

test('a day is a bar and a list of parts, each with its reason; what nobody can explain stands first', async () => {
  const page = await open('coverage');
  await page.getByText('6 phút chưa rõ nguyên nhân', { exact: true }).waitFor();
  await page.getByRole('cell', { name: /đã xóa: thiếu chỗ lưu, thiết bị đánh giá chưa báo về/ }).waitFor();
  await page.getByRole('img', { name: /Các đoạn trong ngày/ }).waitFor();
  // How far its pictures stand behind the event, from when on, and by whose measurement.
  await page.getByRole('cell', { name: 'chưa đo: lấy theo khai báo của camera' }).waitFor();
  await page.getByRole('cell', { name: 'đo được 0,6 ± 0,5 giây, 23/11/2026 08:30, quantri' }).waitFor();
  await page.getByRole('img', { name: /300 lần đo, lệch từ -5,3 đến -0,[0-9] giây/ }).waitFor();
  // What is written down each few seconds is no part of a day while it is shorter than one.
  const lengths = await page
    .locator('.footage-parts tbody tr', { hasText: 'đang ghi' })
    .locator('td:nth-child(3)')
    .allInnerTexts();
  expect(lengths).toEqual([expect.stringMatching(/^21\sgiây$/)]);
  await opened?.shot('coverage-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  expect(await page.getByRole('button', { name: 'Ngày sau' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Ngày trước' }).click();
  await page.getByLabel('Camera').selectOption({ label: 'Quầy 5A, sau' });
  await page.getByText('6 phút chưa rõ nguyên nhân', { exact: true }).waitFor();
  expect(hub.count('GET /api/v1/coverage')).toBeGreaterThanOrEqual(3);
});

test('without a camera it says who adds one; a failure says what to do; an absent hub keeps what was shown', async () => {
  hub.answer('GET /api/v1/coverage/cameras', coverageCameras, { cameras: [] });
  const page = await open('coverage', { width: 390, height: 844 }, 'admin');
  await page.getByText('Chưa có camera nào.').waitFor();
  await opened?.shot('coverage-empty-390x844');
  expect(await fitsAcross(page)).toBe(true);
  hub.refuse('GET /api/v1/coverage', 'reference.unknown');
  hub.answer('GET /api/v1/coverage/cameras', coverageCameras, cameras);
  await page.reload();
  await page.locator('[data-code="reference.unknown"]').waitFor();
  hub.answer('GET /api/v1/coverage', coverageAnswer, day as never);
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await page.getByText('6 phút chưa rõ nguyên nhân', { exact: true }).waitFor();
  await opened?.shot('coverage-390x844', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  // Known by its RTSP address alone, and on a day with nothing measured.
  hub.answer('GET /api/v1/coverage', coverageAnswer, { ...day, latencies: [], clock: [] } as never);
  await page.getByRole('button', { name: 'Ngày trước' }).click();
  await page.getByText('Không có số đo. Camera chỉ có địa chỉ RTSP không cho biết giờ.').waitFor();
  hub.away(true);
  await page.getByRole('button', { name: 'Ngày trước' }).click();
  await page.locator('[data-code="program.unreachable"]').waitFor();
  await opened?.shot('coverage-away-390x844');
});

test('while a day is being folded it says so', async () => {
  const page = await open('coverage');
  await page.getByRole('img', { name: /Các đoạn trong ngày/ }).waitFor();
  let answer: () => void = () => undefined;
  const held = new Promise<void>((done) => {
    answer = done;
  });
  await page.route('**/api/v1/coverage?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Ngày trước' }).click();
  await page.getByText('Đang tải…').waitFor();
  answer();
  await page.getByRole('img', { name: /Các đoạn trong ngày/ }).waitFor();
});

test('every hold with whose it is, its case and its end; a second person agrees; a denunciation stays closed', async () => {
  const page = await open('holds');
  await page.getByText('XXL-2026-0012').waitFor();
  await page.getByText('phiếu đóng').waitFor();
  await page.getByText('Nội dung chỉ người được giao xem').waitFor();
  await opened?.shot('holds-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  hub.answer(
    'POST /api/v1/acts/0197b000-0000-7000-8000-0000000000aa/approve',
    actAnswer,
    act({ state: 'approved' }) as never,
  );
  await page.getByRole('button', { name: 'Đồng ý', exact: true }).click();
  // Read once more before it happens.
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Cán bộ rút đề nghị').waitFor();
  expect(hub.sent).toEqual([]);
  await dialog.getByRole('button', { name: 'Đồng ý' }).click();
  await expect.poll(() => hub.sent.length).toBe(1);
});

test.each([390, 1024, 1366])(
  'the list fits %i px, goes on page by page and shows one kind alone',
  async (width) => {
    hub.answer('GET /api/v1/holds', holdList, listed(holds, '0.3.1.rating:1') as never);
    const shown = await open('holds', { width, height: width === 390 ? 844 : 768 }, 'admin');
    await shown.getByText('Đang bảo lưu 3.214; đã kết thúc trong 30 ngày qua 1.').waitFor();
    await shown.getByText('Khiếu nại lần hai, đề nghị xem xét lại').waitFor();
    await opened?.shot(`holds-${width}`, { full: true });
    expect(await fitsAcross(shown)).toBe(true);
    // Nothing of a row is cut or hides behind a scroll of its own.
    expect(
      await shown.$$eval('.holds-list, .holds-list td', (boxes) =>
        boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent),
      ),
    ).toEqual([]);
    const asked: string[] = [];
    shown.on('request', (request) => request.url().includes('/holds?') && asked.push(request.url()));
    await shown.getByRole('button', { name: 'Trang sau' }).click();
    await expect.poll(() => asked.at(-1)).toBe(`${hub.url}/api/v1/holds?after=0.3.1.rating%3A1`);
    await shown.getByRole('button', { name: 'Về trang đầu' }).waitFor();
    await shown.getByLabel('Vì sao giữ').selectOption({ label: 'Hai người quyết định' });
    await expect.poll(() => asked.at(-1)).toBe(`${hub.url}/api/v1/holds?kind=manual`);
  },
);

test('one asks for a hold and for the end of one, in Vietnam’s time, and reads that another must agree', async () => {
  const page = await open('holds', undefined, 'admin');
  hub.answer('POST /api/v1/acts', actAnswer, act({ mine: true, mayDecide: false }) as never);
  await page.getByRole('button', { name: 'Giữ lại, không xóa' }).click();
  await page.getByLabel('Từ', { exact: true }).fill('2026-11-20T08:00');
  await page.getByLabel('Đến', { exact: true }).fill('2026-11-20T08:30');
  await page.getByLabel('Giữ đến hết ngày').fill('2027-01-31');
  await page.getByLabel('Lý do').fill('Toà án yêu cầu giữ lại');
  await opened?.shot('hold-add-1366x768', { full: true });
  await page.getByRole('button', { name: 'Đề nghị bảo lưu' }).click();
  await page.getByText('Có hiệu lực khi người thứ hai đồng ý.').waitFor();
  expect(hub.sent[0]?.body).toEqual({
    kind: 'hold-add',
    body: {
      ...{
        cameraId: camera,
        from: Date.UTC(2026, 10, 20, 1),
        to: Date.UTC(2026, 10, 20, 1, 30),
        caseId: null,
      },
      until: Date.UTC(2027, 0, 31, 16, 59, 59),
    },
    reason: 'Toà án yêu cầu giữ lại',
  });
  await page.getByRole('button', { name: 'Kết thúc bảo lưu' }).first().click();
  await page.getByLabel('Lý do').fill('Không còn cần nữa');
  await opened?.shot('hold-end-1366x768');
  await page.getByRole('button', { name: 'Đề nghị kết thúc' }).click();
  await expect.poll(() => hub.sent.length).toBe(2);
  expect(hub.sent[1]?.body).toMatchObject({ kind: 'hold-end', body: { hold: 'rating:1' } });
});

test('an inspector chooses one of the own open cases by its number; while it cannot be read the hold goes without', async () => {
  const one = (n: number, more: object = {}) => ({
    ...{
      id: `0197b000-0000-7000-8000-00000000c0${10 + n}`,
      number: `KN-2026-00${10 + n}`,
      type: 'complaint',
    },
    ...{ documentNumber: `${n}/QĐ-VP`, purpose: `Xác minh khiếu nại lần ${n}`, transactionId: null },
    ...{ interval: { counterId: camera, from: at(9, 0), to: at(9, 30) }, wider: [], status: 'open' },
    ...{
      assignee: { id: camera, name: 'Lê Văn Hùng' },
      disputed: false,
      openedAt: at(9, 30),
      closedAt: null,
    },
    ...{ toldAt: null, hasPetitioner: false, ...more },
  });
  const cases = [one(1, { status: 'closed' }), ...[2, 3, 4, 5, 6, 7, 8].map((n) => one(n))];
  hub.answer('GET /api/v1/cases', caseList, { cases } as never);
  hub.answer('POST /api/v1/acts', actAnswer, act({ mine: true, mayDecide: false }) as never);
  const page = await open('holds');
  await page.getByRole('button', { name: 'Giữ lại, không xóa' }).click();
  await page.getByText('và 2 phiếu nữa: gõ thêm để thu hẹp.').waitFor();
  expect(await page.getByRole('button', { name: 'KN-2026-0011' }).count()).toBe(0);
  await opened?.shot('hold-case-1366x768', { full: true });
  await page.getByLabel('Theo phiếu').fill('khieu nai lan 9');
  await page.getByText('Không có phiếu đang mở nào khớp.').waitFor();
  await page.getByLabel('Theo phiếu').fill('kn-2026-0017');
  await page.getByLabel('Theo phiếu').press('Enter');
  await page.getByText('Xác minh khiếu nại lần 7').waitFor();
  await page.getByLabel('Từ', { exact: true }).fill('2026-11-20T08:00');
  await page.getByLabel('Đến', { exact: true }).fill('2026-11-20T08:30');
  await page.getByLabel('Giữ đến hết ngày').fill('2027-01-31');
  await page.getByLabel('Lý do').fill('Toà án yêu cầu giữ lại');
  await opened?.shot('hold-case-chosen-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  await page.getByRole('button', { name: 'Đề nghị bảo lưu' }).click();
  await expect.poll(() => hub.sent.length).toBe(1);
  expect(hub.sent[0]?.body).toMatchObject({ kind: 'hold-add', body: { caseId: one(7).id } });

  await page.setViewportSize({ width: 390, height: 844 });
  hub.answer('GET /api/v1/cases', caseList, { cases: [] });
  await page.getByRole('button', { name: 'Giữ lại, không xóa' }).click();
  await page.getByText('Không có phiếu nào đang mở.').waitFor();
  await opened?.shot('hold-case-none-390x844', { full: true });
  hub.refuse('GET /api/v1/cases', 'access.refused');
  await page.reload();
  await page.getByRole('button', { name: 'Giữ lại, không xóa' }).click();
  await page.locator('[data-code="access.refused"]').waitFor();
});

test('without holds it says what is held by itself; while the hub is away it says so', async () => {
  hub.answer('GET /api/v1/holds', holdList, listed([]) as never);
  hub.answer('GET /api/v1/acts', actList, { acts: [] });
  const page = await open('holds', { width: 390, height: 844 });
  await page.getByText('Không có hình nào đang được bảo lưu.').waitFor();
  await opened?.shot('holds-empty-390x844');
  expect(await fitsAcross(page)).toBe(true);
  hub.refuse('GET /api/v1/holds', 'access.refused');
  await page.reload();
  await page.locator('[data-code="access.refused"]').waitFor();
});
