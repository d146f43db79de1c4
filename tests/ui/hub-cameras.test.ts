/* A camera's own page and the hub's clock page in Chromium: found, checked, approved by two words, measured by a picture. */
import { cameraMap } from '@hailong/shared/protocol/camera-map.ts';
import {
  type CameraPage,
  cameraPage,
  clockAnswer,
  discovered,
  latencyAnswer,
  measuringAnswer,
  recentFrames,
} from '@hailong/shared/protocol/cameras.ts';
import { footageDisk } from '@hailong/shared/protocol/footage.ts';
import { adminLists, probeResult, savedAnswer, sessionAnswer } from '@hailong/shared/protocol/http.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session } from '../support/hub-fixtures.ts';
import { fitsAcross, type HubPage, openHubPage, sidewaysScrolls } from './hub-page.ts';

const CAMERA = '0192f0c1-0000-7000-8000-00000000c001';
const STILL = '0192f0c1-0000-7000-8000-00000000c002';
const OLD = '0192f0c1-0000-7000-8000-00000000c003';
const SEGMENT = '0192f0c1-0000-7000-8000-00000000c004';
const NOW = at(10, 0);
const DAY = 86_400_000;
const result = {
  ...{ ok: true as const, streamUri: 'rtsp://10.0.0.21:554/main', codec: 'hevc', width: 1920, height: 1080 },
  ...{
    fps: 25,
    gopMs: 4_000,
    bFrames: false,
    manufacturer: 'Hikvision',
    model: 'DS-2CD',
    via: 'onvif' as const,
  },
  ...{ clockOffsetMs: -5_400, advice: ['camera.hevc', 'camera.long_gop', 'camera.clock_off'] },
};
const MAP = `GET /api/v1/admin/cameras/${CAMERA}/map`;
const counterOf = (id: string, number: string, name: string) => ({
  ...{ id: id as never, number, name, unitId: ids.unit as never, active: true },
});
const five = counterOf(ids.counter, '5', 'Đất đai, xây dựng');
const six = counterOf(ids.duty, '6', 'Trả kết quả');
const still = { id: STILL, sha256: 'ab'.repeat(32), takenAt: NOW - 60_000, takenBy: 'quantri' };
const page = (over: object = {}): CameraPage =>
  cameraPage.parse({
    ...{ id: CAMERA, name: 'Quầy 5', address: 'http://10.0.0.21/onvif/device_service', active: true },
    standing: { state: 'no-still', dueAt: null, alarms: ['camera.clock_off'] },
    check: { at: NOW - 3_600_000, by: 'quantri', ok: true, codes: result.advice, result },
    stills: [{ ...still, approvedAt: null, approvedBy: null }],
    clock: Array.from({ length: 300 }, (_, i) => ({
      at: NOW - (300 - i) * 2 * 3_600_000,
      offsetMs: Math.round(-800 - i * 14 + 400 * Math.sin(i)),
    })),
    ...{ configuredLatencyMs: 2_000, latencies: [] },
    ...over,
  });

let browser: Browser;
let hub: FixtureHub;
let shown: HubPage;
beforeAll(async () => {
  browser = await launchChromium();
  hub = await startFixtureHub();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});
beforeEach(() => {
  hub.away(false);
  hub.sent.length = 0;
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  hub.answer('GET /api/v1/admin/counters', adminLists.counters, { items: [five, six] });
  hub.answer(MAP, cameraMap, { rows: [] });
  hub.answer('GET /api/v1/admin/recorder/disk', footageDisk, { undeletable: null, lost: [] });
  hub.answer(`GET /api/v1/admin/cameras/${CAMERA}/page`, cameraPage, page());
  hub.answer('GET /api/v1/admin/cameras', adminLists.cameras, {
    items: [
      {
        ...{
          id: CAMERA as never,
          name: 'Quầy 5',
          address: 'http://10.0.0.21/onvif/device_service',
          user: 'xem',
        },
        ...{
          counterIds: [ids.counter as never],
          retentionDays: 30,
          latencyMs: 2_000,
          active: true,
          live: null,
        },
        standing: { state: 'overdue', dueAt: (NOW - 20 * DAY) as never, alarms: [] },
      },
    ],
  });
});
afterEach(() => shown?.close());

/** Pictures of stills and frames, as the test has them. */
async function pictures(on: Page, jpeg: Buffer): Promise<void> {
  for (const path of ['stills', 'frames'])
    await on.route(`**/cameras/${CAMERA}/${path}/*`, (route) =>
      route.fulfill({ contentType: 'image/png', body: jpeg }),
    );
}
async function open(hash: string, size = { width: 1366, height: 768 }): Promise<Page> {
  shown = await openHubPage(browser, `${hub.url}/admin#/${hash}`, size, NOW);
  return shown.page;
}
/** The hub's clock page as it was some time after `time`, at most so much later. */
const clockShot = async (time: number, name: string): Promise<{ picture: Buffer; laterMs: number }> => {
  const begun = performance.now();
  hub.answer('GET /api/v1/clock', clockAnswer, { at: time as never });
  shown = await openHubPage(browser, `${hub.url}/clock`, { width: 1280, height: 720 });
  await shown.page.locator('.clock-digits').waitFor();
  await shown.shot(name);
  const picture = await shown.page.screenshot();
  const laterMs = performance.now() - begun;
  await shown.close();
  return { picture, laterMs };
};

test('cameras are found in the network, named as text, and each has its page', async () => {
  hub.answer('POST /api/v1/admin/cameras/discover', discovered, {
    found: [
      { address: 'http://10.0.0.21:80/onvif/device_service', name: 'Quầy 5', known: true },
      {
        address: 'http://10.0.0.22:80/onvif/device_service',
        name: '<img src=x onerror=alert(1)>',
        known: false,
      },
    ],
    code: null,
  });
  const on = await open('cameras');
  await on.getByText('Quá hạn duyệt lại khung hình').waitFor();
  await on.getByRole('button', { name: 'Tìm camera trong mạng' }).click();
  await on.getByText('<img src=x onerror=alert(1)>').waitFor();
  await shown.shot('camera-list', { full: true });
  hub.answer('POST /api/v1/admin/cameras/discover', discovered, { found: [], code: null });
  await on.getByRole('button', { name: 'Tìm camera trong mạng' }).click();
  await on.getByText('Không camera nào trả lời').waitFor();
  await on.getByRole('link', { name: 'Trang camera Quầy 5' }).click();
  await on.getByRole('heading', { name: 'Quầy 5' }).waitFor();
  expect(await fitsAcross(on)).toBe(true);
});

test.each([
  [360, 800],
  [390, 844],
  [1366, 768],
])('adding a camera says whose password is meant and what it may be, %i px wide', async (width, height) => {
  const on = await open('cameras', { width, height });
  await on.getByRole('button', { name: 'Thêm' }).click();
  const dialog = on.getByRole('dialog');
  const password = dialog.getByLabel('Mật khẩu camera');
  await dialog
    .getByText('Mật khẩu đặt trong camera, không phải của trang này; không quá 128 ký tự')
    .waitFor();
  expect(await password.getAttribute('maxlength')).toBe('128');
  await password.scrollIntoViewIfNeeded();
  expect(await fitsAcross(on)).toBe(true);
  await shown.shot(`camera-add-${width}x${height}`);
  await dialog.getByRole('button', { name: 'Hủy' }).click();
  await on.getByRole('button', { name: 'Sửa: Quầy 5' }).click();
  await dialog.getByText('để trống thì giữ mật khẩu cũ').waitFor();
});

test('footage that the disk does not let go is said with its remedy, until it is gone', async () => {
  const files = Array.from({ length: 20 }, (_, i) => `${CAMERA}/${STILL}/${i}.mp4`);
  const tell = (count: number) =>
    hub.answer('GET /api/v1/admin/recorder/disk', footageDisk, {
      undeletable: {
        count,
        since: count === 0 ? null : NOW - 3_600_000,
        files: files.slice(0, count),
      } as never,
      lost: [],
    });
  tell(37);
  const cameras = await open('cameras');
  const note = cameras.locator('.note', { hasText: 'Ổ đĩa không cho xóa tệp hình này' });
  await note.waitFor();
  const said = await note.innerText();
  for (const each of ['lsattr, fsck', '37 tệp, từ', '09:00', `${STILL}/19.mp4 … +17`])
    expect(said).toContain(each);
  await shown.close();
  await open('holds', { width: 390, height: 844 });
  await shown.page.locator('.note', { hasText: '37 tệp' }).waitFor();
  expect(await fitsAcross(shown.page)).toBe(true);
  tell(0);
  await shown.close();
  await open('cameras');
  await shown.page.getByText('Quầy 5').first().waitFor();
  expect(await shown.page.getByText('Ổ đĩa không cho xóa').count()).toBe(0);
});

test('footage that was found gone is said in every section, with camera, time and remedy', async () => {
  const gone = (n: number) => ({
    ...{ camera: `Quầy ${n}`, files: 3, from: NOW - 7_200_000, to: NOW - 3_600_000, at: NOW },
  });
  const lost = Array.from({ length: 12 }, (_, i) => gone(i + 1)) as never;
  hub.answer('GET /api/v1/admin/recorder/disk', footageDisk, { undeletable: null, lost });
  await open('holds', { width: 390, height: 844 });
  const note = shown.page.locator('.note', { hasText: 'Tệp hình mất khỏi ổ đĩa' });
  await note.waitFor();
  const said = await note.innerText();
  for (const each of ['hailong-hub verify', 'Quầy 10: 3 tệp, ghi từ', '08:00', 'thấy mất lúc', '… +2'])
    expect(said).toContain(each);
  expect(await fitsAcross(shown.page)).toBe(true);
});

test('says what to change at the camera, and takes a still frame by two words of a person', async () => {
  shown = await openHubPage(browser, `${hub.url}/admin#/cameras`, { width: 1366, height: 768 }, NOW);
  await pictures(shown.page, await shown.page.screenshot());
  await shown.page.goto(`${hub.url}/admin#/cameras/${CAMERA}`);
  const on = shown.page;
  await on.getByText('Khung hình chính cách nhau hơn 2 giây.').waitFor();
  await on.getByText('ghi được nhưng trình duyệt có thể không phát được').waitFor();
  const approve = on.getByRole('button', { name: 'Xác nhận khung hình này' });
  expect(await approve.isDisabled()).toBe(true);
  await on.getByLabel('Không thấy màn hình đánh giá').check();
  expect(await approve.isDisabled()).toBe(true);
  await on.getByLabel('Không thấy ngón tay khi bấm').check();
  await shown.shot('camera-page', { full: true });
  hub.accept(`POST /api/v1/admin/cameras/${CAMERA}/stills/${STILL}/approve`);
  hub.answer(
    `GET /api/v1/admin/cameras/${CAMERA}/page`,
    cameraPage,
    page({
      standing: { state: 'onboarded', dueAt: NOW + 90 * DAY, alarms: [] },
      stills: [{ ...still, id: OLD, approvedAt: NOW, approvedBy: 'quantri' }],
    }),
  );
  await approve.click();
  await on.getByText('Đã đưa vào dùng').waitFor();
  expect(hub.sent.at(-1)?.body).toEqual({ screenOutOfView: true, fingerOutOfView: true });
  hub.answer(`POST /api/v1/admin/cameras/${CAMERA}/check`, probeResult, result);
  await on.getByRole('button', { name: 'Kiểm tra ngay' }).click();
  hub.refuse(`POST /api/v1/admin/cameras/${CAMERA}/stills`, 'camera.silent');
  await on.getByRole('button', { name: 'Chụp khung hình mới' }).click();
  await on.getByText('Camera ngừng gửi hình.').waitFor();
  hub.answer(`POST /api/v1/admin/cameras/${CAMERA}/stills`, savedAnswer, { id: STILL });
  await on.getByRole('button', { name: 'Thử lại' }).click();
});

test.each([
  [360, 640],
  [390, 844],
  [1366, 768],
])(
  'a camera that asks for the password itself: refusing takes one key, sending it asks again, %i px wide',
  async (width, height) => {
    const LOGIN = `POST /api/v1/admin/cameras/${CAMERA}/login`;
    const LONG = 'http://camera-5a.motcua.example/onvif/device_service';
    const tell = (alarms: string[]) =>
      hub.answer(
        `GET /api/v1/admin/cameras/${CAMERA}/page`,
        cameraPage,
        page({ address: LONG, standing: { state: 'onboarded', dueAt: NOW + 90 * DAY, alarms } }),
      );
    const sent = () => hub.sent.filter(({ route }) => route === LOGIN).map(({ body }) => body);
    tell(['camera.basic_refused']);
    hub.accept(LOGIN);
    const on = await open(`cameras/${CAMERA}`, { width, height });
    await on.getByText('Camera nay đòi gửi nguyên mật khẩu (Basic)').waitFor();
    const allow = on.getByRole('button', { name: 'Cho phép gửi mật khẩu (Basic)' });
    await allow.click();
    const dialog = on.getByRole('dialog');
    await dialog.getByText(LONG).waitFor();
    expect(await sidewaysScrolls(on)).toEqual([]);
    await dialog.getByText('mật khẩu lộ và không lấy lại được').waitFor();
    expect(await fitsAcross(on)).toBe(true);
    await shown.shot(`camera-login-${width}x${height}`);
    await dialog.getByRole('button', { name: 'Hủy' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(sent()).toEqual([]);
    // Refused by the hub: it stays open and says why.
    hub.refuse(LOGIN, 'access.refused');
    await allow.click();
    const send = dialog.getByRole('button', { name: 'Cho phép gửi mật khẩu (Basic)' });
    await send.click();
    await dialog.locator('[data-code="access.refused"]').waitFor();
    hub.accept(LOGIN);
    tell([]);
    await send.click();
    await dialog.waitFor({ state: 'detached' });
    await allow.waitFor({ state: 'detached' });
    expect(sent().at(-1)).toEqual({ allowBasic: true });

    tell(['camera.basic_refused']);
    await on.reload();
    const keep = on.getByRole('button', { name: 'Đã xem, vẫn không gửi' });
    await keep.waitFor();
    tell([]);
    await keep.click();
    await keep.waitFor({ state: 'detached' });
    expect(sent().at(-1)).toEqual({ allowBasic: false });
  },
);

test('reads the hub’s clock off a recorded picture of its page, and records the latency', async () => {
  const filmed = NOW - 20_640;
  const { picture, laterMs } = await clockShot(filmed, 'clock-page');
  const measuring = { until: (NOW + 900_000) as never, left: 6 };
  hub.answer(`POST /api/v1/admin/cameras/${CAMERA}/measuring`, measuringAnswer, measuring);
  hub.answer(`GET /api/v1/admin/cameras/${CAMERA}/frames`, recentFrames, {
    measuring,
    frames: [{ segmentId: SEGMENT as never, at: (NOW - 20_000) as never, boundMs: 300 }],
  });
  const latency = {
    ...{ at: NOW, by: 'quantri', latencyMs: 760, measuredMs: 640, errorMs: 120, shownAt: filmed },
    ...{ frameAt: NOW - 20_000, segmentId: SEGMENT, run: OLD, mappingVersion: 3, mappingBoundMs: 300 },
  };
  hub.answer(`POST /api/v1/admin/cameras/${CAMERA}/latency`, latencyAnswer, { latency: latency as never });
  shown = await openHubPage(browser, `${hub.url}/admin#/cameras`, { width: 1366, height: 768 }, NOW);
  await pictures(shown.page, picture);
  await shown.page.goto(`${hub.url}/admin#/cameras/${CAMERA}`);
  const on = shown.page;
  await on.getByText('Chưa đo: dùng 2').waitFor();
  await on.getByRole('button', { name: 'Bắt đầu đo' }).click();
  await on.getByText('còn mở được 6 khung hình').waitFor();
  await on.getByRole('button', { name: 'Xem các khung hình vừa ghi' }).click();
  await on.locator('.camera-frames button').first().click();
  await on.locator('.camera-measure button').first().click();
  await on.getByText('Đã đọc được mã trên khung hình.').waitFor();
  await shown.shot('camera-latency', { full: true });
  hub.answer(`GET /api/v1/admin/cameras/${CAMERA}/page`, cameraPage, page({ latencies: [latency] }));
  await on.getByRole('button', { name: 'Ghi độ trễ' }).click();
  await on.getByText(/Đang dùng 0,[78]/).waitFor();
  const body = hub.sent.at(-1)?.body as { shownAt: number; errorMs: number; segmentId: string };
  expect([body.segmentId, body.errorMs]).toEqual([SEGMENT, 120]);
  // The page's own time ran on from the hub's answer until the picture was taken.
  expect(body.shownAt).toBeGreaterThanOrEqual(filmed - 120);
  expect(body.shownAt).toBeLessThan(filmed + laterMs + 120);
});

test('loading, empty, refused and away are said; a phone shows it all', async () => {
  hub.answer(
    `GET /api/v1/admin/cameras/${CAMERA}/page`,
    cameraPage,
    page({ check: null, stills: [], clock: [], standing: { state: 'unchecked', dueAt: null, alarms: [] } }),
  );
  const on = await open(`cameras/${CAMERA}`, { width: 390, height: 844 });
  await on.getByText('Chưa kiểm tra lần nào.').waitFor();
  await on.getByText('Chưa có khung hình nào được duyệt').waitFor();
  await on.getByText('Chưa có số đo.').waitFor();
  expect(await fitsAcross(on)).toBe(true);
  await shown.shot('camera-page-phone', { full: true });
  hub.answer(`GET /api/v1/admin/cameras/${CAMERA}/page`, cameraPage, page());
  await on.reload();
  await on.getByRole('img', { name: /300 lần đo/ }).waitFor();
  expect(await fitsAcross(on)).toBe(true);
  hub.away(true);
  await on.getByRole('button', { name: 'Kiểm tra ngay' }).click();
  await on.locator('[data-code="program.unreachable"]').first().waitFor();
  await shown.close();
  hub.away(false);
  hub.refuse(`GET /api/v1/admin/cameras/${CAMERA}/page`, 'request.not_found');
  const none = await open(`cameras/${CAMERA}`);
  await none.locator('[data-code="request.not_found"]').waitFor();
});

describe('the map of a camera and its counters', () => {
  const turned = at(8, 15, 42);
  const rows = [
    { counterId: six.id, from: turned as never, to: null },
    { counterId: five.id, from: (turned - 90 * DAY) as never, to: turned as never },
  ];
  const panel = (on: Page) => on.getByRole('region', { name: 'Quầy camera này thấy, từ khi nào' });

  test('says since when, and a date is set right by the keyboard alone, without its seconds moving', async () => {
    hub.answer(MAP, cameraMap, { rows });
    hub.accept(`PUT /api/v1/admin/cameras/${CAMERA}/map`);
    const on = await open(`cameras/${CAMERA}`);
    await panel(on).getByRole('cell', { name: 'Quầy 6 – Trả kết quả', exact: true }).waitFor();
    await panel(on).getByRole('cell', { name: 'đến nay' }).waitFor();
    await panel(on).scrollIntoViewIfNeeded();
    await shown.shot('camera-map-1366x768');
    await panel(on).getByRole('button', { name: 'Sửa ngày: Quầy 5' }).focus();
    await on.keyboard.press('Enter');
    const dialog = on.getByRole('dialog');
    await dialog.getByLabel('Thấy đến').waitFor();
    expect(await dialog.getByLabel('Thấy đến').inputValue()).toBe('2026-11-23T08:15');
    await dialog.getByLabel('Thấy từ').focus();
    // Day, month, year of a browser's own field, as its language orders them.
    await dialog.getByLabel('Thấy từ').fill('2026-08-01T07:00');
    await shown.shot('camera-map-change-1366x768');
    await on.keyboard.press('Enter');
    await panel(on).getByText('Đã lưu khoảng.').waitFor();
    expect(hub.sent.at(-1)?.body).toEqual({
      ...{ counterId: five.id, was: turned - 90 * DAY, from: Date.UTC(2026, 7, 1), to: turned },
    });
    expect(await on.getByRole('dialog').count()).toBe(0);
  });

  test.each([
    [390, 844],
    [1024, 768],
  ])('what was never so is taken out with a reason, %i px wide', async (width, height) => {
    hub.answer(MAP, cameraMap, { rows });
    hub.accept(`POST /api/v1/admin/cameras/${CAMERA}/map/remove`);
    const on = await open(`cameras/${CAMERA}`, { width, height });
    const wrong = panel(on).getByRole('button', { name: 'Bỏ khoảng ghi nhầm: Quầy 5' });
    await wrong.click();
    const dialog = on.getByRole('dialog');
    await dialog.getByText('vẫn được giữ').waitFor();
    await dialog.getByLabel('Lý do').fill('Chọn nhầm quầy');
    await shown?.shot(`camera-map-remove-${width}x${height}`);
    hub.answer(MAP, cameraMap, { rows: rows.slice(0, 1) });
    await on.keyboard.press('Enter');
    await panel(on).getByText('Đã lưu khoảng.').waitFor();
    await wrong.waitFor({ state: 'detached' });
    expect(hub.sent.at(-1)?.body).toEqual({
      ...{ counterId: five.id, from: turned - 90 * DAY, reason: 'Chọn nhầm quầy' },
    });
    expect(await fitsAcross(on)).toBe(true);
  });

  test('what the hub would refuse is said at its field before it is sent; what it refuses stays to be mended', async () => {
    hub.answer(MAP, cameraMap, { rows });
    hub.refuse(`PUT /api/v1/admin/cameras/${CAMERA}/map`, 'request.conflict');
    const on = await open(`cameras/${CAMERA}`);
    await panel(on).getByRole('button', { name: 'Thêm khoảng' }).click();
    const dialog = on.getByRole('dialog');
    const save = dialog.getByRole('button', { name: 'Lưu khoảng' });
    await dialog.getByLabel('Quầy').selectOption({ label: 'Quầy 5 – Đất đai, xây dựng' });
    await dialog.getByLabel('Thấy từ').fill('2026-11-20T08:00');
    await dialog.getByText('hãy sửa ngày của khoảng đã có').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await shown.shot('camera-map-overlap-1366x768');
    await dialog.getByLabel('Thấy từ').fill('2026-11-23T08:20');
    await dialog.getByLabel('Thấy đến').fill('2026-11-23T08:19');
    await dialog.getByText('Phải sau lúc bắt đầu thấy.').waitFor();
    await dialog.getByLabel('Thấy đến').fill('2026-11-24T08:00');
    await dialog.getByText('Không ghi trước điều chưa xảy ra.').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel('Thấy đến').fill('');
    await save.click();
    await dialog.locator('[data-code="request.conflict"]').waitFor();
    hub.away(true);
    await save.click();
    await dialog.locator('[data-code="program.unreachable"]').waitFor();
    await on.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await panel(on).getByText('Đã lưu khoảng.').count()).toBe(0);
  });

  test('loading, empty, without a counter, failed: each says what to do; a phone shows it all', async () => {
    let answer: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const phone = { width: 360, height: 800 };
    shown = await openHubPage(browser, `${hub.url}/admin#/cameras`, phone, NOW);
    const on = shown.page;
    await on.route('**/map', async (route) => {
      await asked;
      await route.continue();
    });
    await on.goto(`${hub.url}/admin#/cameras/${CAMERA}`);
    await panel(on).getByText('Đang tải…').waitFor();
    answer();
    await panel(on).getByText('Chưa ghi camera này thấy quầy nào.').waitFor();
    await panel(on).scrollIntoViewIfNeeded();
    await shown.shot('camera-map-empty-360x800');
    hub.answer(MAP, cameraMap, { rows });
    await on.reload();
    await panel(on).getByRole('cell', { name: 'Quầy 6 – Trả kết quả', exact: true }).waitFor();
    await panel(on).scrollIntoViewIfNeeded();
    await shown.shot('camera-map-360x800');
    expect(await fitsAcross(on)).toBe(true);
    hub.answer('GET /api/v1/admin/counters', adminLists.counters, { items: [] });
    hub.answer(MAP, cameraMap, { rows: [] });
    await on.reload();
    await panel(on).getByText('Cơ quan chưa có quầy nào').waitFor();
    expect(await panel(on).getByRole('button', { name: 'Thêm khoảng' }).count()).toBe(0);
    hub.refuse(MAP, 'request.not_found');
    await on.reload();
    await panel(on).locator('[data-code="request.not_found"]').waitFor();
    hub.answer(MAP, cameraMap, { rows: [] });
    await panel(on).getByRole('button', { name: 'Thử lại' }).click();
    await panel(on).locator('[data-code="request.not_found"]').waitFor({ state: 'detached' });
  });
});
