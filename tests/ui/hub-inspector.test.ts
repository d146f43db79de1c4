/* The inspector: nothing is shown outside a case, the clip plays at once, and one timeline tells what the clocks allow. */
import { join } from 'node:path';
import { problem } from '@hailong/shared/errors.ts';
import { actAnswer, actList } from '@hailong/shared/protocol/acts.ts';
import { findAnswer, petitionerAnswer, placesAnswer } from '@hailong/shared/protocol/cases.ts';
import {
  caseAnswer,
  caseList,
  clipAnswer,
  clipSummary,
  reviewAnswer,
  sessionAnswer,
  setupAnswer,
  timelineAnswer,
} from '@hailong/shared/protocol/http.ts';
import { tokenList, tokenMade } from '@hailong/shared/protocol/tokens.ts';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { hasFfmpeg, makeClip } from '../support/fixture-clip.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session, timeline, transaction } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { fitsAcross, type HubPage, openHubPage, sidewaysScrolls } from './hub-page.ts';

const DESK = { width: 1366, height: 768 };
const CASE = `/inspector#/case/${ids.case}`;
let browser: Browser;
let folder: TempFolder;
let ffmpeg: boolean;
let hub: FixtureHub;
let opened: HubPage | null = null;

beforeAll(async () => {
  browser = await launchChromium();
  folder = await tempFolder('clip');
  ffmpeg = await hasFfmpeg();
  if (!ffmpeg) return;
  await makeClip(join(folder.path, 'a'), 40, 190);
  await makeClip(join(folder.path, 'b'), 40, 20);
});
afterAll(async () => {
  await browser?.close();
  await folder?.remove();
});
beforeEach(async () => {
  hub = await startFixtureHub(ffmpeg ? { '/footage/': folder.path } : {});
  hub.answer('GET /api/v1/session', sessionAnswer, session('inspector', 'Nguyễn Thị Hạnh'));
  hub.answer('GET /api/v1/cases', caseList, { cases: [] });
  hub.answer('GET /api/v1/acts', actList, { acts: [] });
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

/** 20 s of picture before the press, then, after a hole of 52 s of wall clock, 20 s more. */
function serveClips(): void {
  const pieces = [
    { segmentId: ids.user, startSeconds: 0, durationSeconds: 20, wallFrom: at(9, 34, 20) },
    { segmentId: ids.unit, startSeconds: 20, durationSeconds: 20, wallFrom: at(9, 36, 30) },
  ];
  hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, timeline());
  const clip = (cameraId: string, name: string) => ({
    cameraId,
    playlist: `/footage/${name}/playlist.m3u8`,
    expiresAt: at(23, 0),
    playFrom: 24,
    durationSeconds: 40,
    pieces,
    downloads: [],
    watermark: 'PXM-2026-0147 · Nguyễn Thị Hạnh · 23/11/2026 14:02',
    state: 'partial' as const,
    gaps: [],
    codec: 'h264',
  });
  hub.answer(`POST /api/v1/cases/${ids.case}/clips`, clipAnswer, clip(ids.cameraA, 'a'));
}

async function open(path: string, size = DESK): Promise<Page> {
  opened = await openHubPage(browser, `${hub.url}${path}`, size);
  return opened.page;
}
const shot = (name: string) => opened?.shot(name);
const clock = (page: Page) => page.locator('.controls-clock').innerText();
/** Words of lanes that lie under the playhead's band, but for those inside a bar. */
const labelsUnderBand = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.lane')].flatMap((lane) => {
      const band = lane.querySelector('.band')?.getBoundingClientRect();
      return [...lane.querySelectorAll('.label:not([class*="label-in"])')]
        .filter((label) => {
          const { left, right } = label.getBoundingClientRect();
          return band !== undefined && left < band.right - 1 && right > band.left + 1;
        })
        .map(({ textContent }) => textContent);
    }),
  );
const seconds = (page: Page) => page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);

test('on a phone every place of the head is in sight', async () => {
  const page = await open('/inspector', { width: 390, height: 844 });
  await page.getByRole('link', { name: 'Chờ người thứ hai' }).waitFor();
  expect(await sidewaysScrolls(page)).toEqual([]);
  await shot('inspector-places-390x844');
});

describe('way in', () => {
  test('a wrong password is said with its remedy', async () => {
    hub.refuse('GET /api/v1/session', 'access.login_required');
    hub.answer('GET /api/v1/setup', setupAnswer, { needed: false });
    hub.refuse('POST /api/v1/session', 'access.wrong_login');
    const page = await open('/inspector');
    await page.getByLabel('Tên đăng nhập').fill('thanhtra');
    await page.getByLabel('Mật khẩu').fill('sai');
    await page.keyboard.press('Enter');
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
    await page.getByText('Nhập lại; sau 5 lần sai phải chờ.').waitFor();
    await shot('login-1366x768');
  });

  test('a dossier code leads to its transactions, and a purpose to the case', async () => {
    const code = 'H21.27-261123-0043';
    hub.answer('GET /api/v1/find', findAnswer, {
      transactions: [
        transaction({ finishedAt: at(9, 36, 12), outcome: 'completed', state: 'closed' }),
        transaction({
          transactionId: ids.duty as never,
          openedAt: at(9, 41, 2),
          begin: 'unknown',
          queueNumber: 'A043',
        }),
      ],
      cases: [],
    });
    hub.answer(`GET /api/v1/transactions/${ids.transaction}/clip`, clipSummary, {
      transactionId: ids.transaction,
      cameras: [
        { cameraId: ids.cameraA, name: 'Camera 5A', state: 'partial', gaps: [] },
        { cameraId: ids.cameraB, name: 'Camera 5B', state: 'ready', gaps: [] },
      ],
    });
    hub.answer('POST /api/v1/cases', caseAnswer, timeline().case);
    serveClips();
    const page = await open('/inspector');
    await page.getByText('Gõ mã hồ sơ, số thứ tự').waitFor();
    await page.getByLabel('Mã hồ sơ').fill(code.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByText('có khoảng trống').waitFor();
    expect(await page.getByText('không rõ lúc bắt đầu, trước 09:41:02–…').count()).toBe(1);
    await shot('inspector-search-1366x768');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysScrolls(page)).toEqual([]);
    await opened?.shot('inspector-search-390x844', { full: true });
    await page.setViewportSize(DESK);
    await page.getByRole('button', { name: 'Lập phiếu' }).first().click();
    await page.getByLabel('Loại').selectOption('complaint');
    await page.getByLabel('Số văn bản giao nhiệm vụ').fill('45/QĐ-VP, 20/11/2026');
    await page.getByLabel('Mục đích').fill('Xác minh phản ánh về thái độ phục vụ');
    await page.getByLabel('Đang tranh chấp').check();
    await shot('inspector-open-case-1366x768');
    await page.getByRole('button', { name: 'Lập phiếu và mở hình' }).click();
    await page.getByRole('heading', { name: 'PXM-2026-0147' }).waitFor();
    expect(hub.sent[0]).toMatchObject({
      route: 'POST /api/v1/cases',
      csrf: 'csrf-of-this-session',
      body: {
        type: 'complaint',
        documentNumber: '45/QĐ-VP, 20/11/2026',
        purpose: 'Xác minh phản ánh về thái độ phục vụ',
        disputed: true,
        transactionId: ids.transaction,
      },
    });
  });
});

describe('the case', () => {
  test('of a service that is not known whole says which end is not, how far it may be viewed, and what to do', async () => {
    serveClips();
    const dead = timeline({
      transaction: transaction({
        openedAt: at(9, 36, 13),
        finishedAt: null,
        outcome: null,
        state: 'serving',
      }),
      ...{ served: { begin: 'unknown', end: 'unknown' }, prompt: null, presses: [], ratings: null },
      window: { from: at(9, 33), to: at(13, 33, 10) },
    });
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, dead);
    const page = await open(CASE);
    const facts = page.locator('.footage-facts');
    await facts.getByText('Máy chủ chưa có lúc kết thúc lượt này. Xem được đến 13:33:10').waitFor();
    expect(await facts.innerText()).toContain('Không rõ lúc bắt đầu lượt này. Xem được lùi đến 09:33:00');
    const lane = page.locator('.timeline');
    // The prompt's moment stands in for the opening nowhere.
    expect(await lane.innerText()).not.toContain('09:36:13');
    expect(await lane.innerText()).toContain('không rõ lúc bắt đầu');
    expect(await lane.innerText()).toContain('chưa rõ lúc kết thúc');
    await shot('inspector-unknown-1366x768');
    for (const size of [{ width: 390, height: 844 }, DESK]) {
      await page.setViewportSize(size);
      expect([size.width, await fitsAcross(page)]).toEqual([size.width, true]);
      if (size.width !== 390) continue;
      await poll(async () => (await page.locator('.timeline .tick text').count()) > 1, { what: 'the hours' });
      await opened?.shot('inspector-unknown-390x844', { full: true });
    }
    await page.getByRole('button', { name: 'English' }).click();
    await facts.getByText('The hub holds no end of this service.').waitFor();
  });

  test('plays at once, shows the wall clock of the picture, and moves by keyboard', async (context) => {
    if (!ffmpeg) context.skip('no ffmpeg on this machine');
    serveClips();
    const page = await open(CASE);
    await poll(async () => (await seconds(page)) > 24.2, { what: 'the clip to play' });
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(false);
    await page.keyboard.press('Space');
    await poll(() => page.evaluate(() => document.querySelector('video')?.paused), { what: 'the pause' });
    // Playlist 24 s is 4 s into the second piece: the hole is in the clock, not in the picture.
    expect(await clock(page)).toMatch(/^09:36:3[4-9]$/);
    await page.getByRole('button', { name: 'Đến lúc nhấn nút' }).click();
    await poll(async () => (await clock(page)) === '09:36:41', { what: 'the press' });
    await page.getByText('không xác định được thứ tự').waitFor();
    await shot('inspector-1366x768');
    expect(await labelsUnderBand(page)).toEqual([]);
    await page.keyboard.press('ArrowLeft');
    await poll(async () => (await clock(page)) === '09:36:40', { what: 'one second back' });
    await page.getByRole('button', { name: '−5 giây' }).click();
    await poll(async () => (await clock(page)) === '09:36:35', { what: 'five seconds back' });
    await page.keyboard.press('n');
    await poll(async () => (await clock(page)) === '09:36:41', { what: 'the next mark' });
    await page.getByRole('button', { name: 'Tốc độ' }).click();
    await poll(() => page.evaluate(() => document.querySelector('video')?.playbackRate === 2), {
      what: '2×',
    });
    // One log row for each camera, whatever is pressed.
    expect(hub.sent.filter((each) => each.route.endsWith('/clips')).map((each) => each.body)).toEqual([
      { cameraId: ids.cameraA },
      { cameraId: ids.cameraB },
    ]);
    expect(await fitsAcross(page)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(768);
  });

  test('draws gaps with length and reason, the press, the face, and each lane’s own clock', async () => {
    serveClips();
    const page = await open(CASE);
    const lanes = page.locator('.timeline-body svg');
    await lanes.locator('.label', { hasText: '52 giây không có hình: mất kết nối camera' }).waitFor();
    await lanes.locator('.label', { hasText: 'nút 4 · 09:36:41,212' }).waitFor();
    await lanes.locator('.label', { hasText: 'không tính' }).waitFor();
    expect(await lanes.locator('[data-lane=press] path').count()).toBe(2);
    expect(await lanes.locator(`[data-lane="${ids.cameraA}"]`).textContent()).toContain('1,8');
    expect(await lanes.locator('[data-lane=press]').textContent()).toContain('0,3');
    expect(await lanes.locator(`[data-lane="${ids.cameraA}"] .gap`).count()).toBe(1);
    // The band is as wide as the uncertainty of its lane: 2.2 s against 0.6 s.
    const bands = await lanes
      .locator('rect.band')
      .evaluateAll((all) => all.map((each) => Number(each.getAttribute('width'))));
    expect(bands).toHaveLength(7);
    expect(bands[5]).toBeGreaterThan(bands[0] as number);
    expect(Math.min(...bands)).toBeGreaterThanOrEqual(8);
    await page.getByRole('button', { name: 'Phóng to' }).click();
    await page.getByText('đang xem 2 phút 20 giây').waitFor();
    expect(await page.locator('.watermark').first().innerHTML()).toContain('PXM-2026-0147 · Nguyễn Thị Hạnh');
    expect(await page.locator('.rating-word').innerText()).toBe('Không hài lòng');
    await page.getByText('Hướng dẫn rõ ràng: Bình thường').waitFor();
  });

  test('without footage it says why, and without a rating that there is none', async () => {
    hub.answer(
      `GET /api/v1/cases/${ids.case}/timeline`,
      timelineAnswer,
      timeline({
        ratings: { transactionId: ids.transaction, instrument: null, effective: null, votes: [] },
        presses: [],
        kioskBoundMs: null,
        cameras: timeline().cameras.map((camera) => ({
          ...camera,
          covered: [],
          gaps: [{ from: at(9, 33), to: at(9, 37, 40), reason: 'recorder-down' as const }],
          state: 'missing' as const,
        })),
      }),
    );
    const page = await open(CASE);
    await page.getByText('Không có đoạn hình', { exact: true }).waitFor();
    await page.locator('.clip-none').getByText('bộ ghi hình dừng').first().waitFor();
    await page.getByText('Chưa có lượt đánh giá').first().waitFor();
    await page.getByText('Thiết bị chưa rõ sai số').waitFor();
    expect(hub.sent).toEqual([]);
    await shot('inspector-missing-1366x768');
  });

  test.each([
    [360, 800],
    [390, 844],
    [1366, 768],
  ])(
    'a camera that was taken out of the map keeps its lane, by whom and when, %i px wide',
    async (width, height) => {
      serveClips();
      const [front, door] = timeline().cameras;
      const { from, to } = timeline().window;
      const out = { reason: 'not-configured' as const, unmappedAt: at(11, 5), unmappedBy: 'user:quantri' };
      hub.answer(
        `GET /api/v1/cases/${ids.case}/timeline`,
        timelineAnswer,
        timeline({
          cameras: [
            front!,
            { ...door!, covered: [], gaps: [{ from, to, ...out }], state: 'missing' as const },
          ],
        }),
      );
      const page = await open(CASE, { width, height });
      const said = 'camera đã bị bỏ khỏi sơ đồ của quầy này ngày 23/11/2026, người thực hiện: quantri';
      await page.locator('.footage-facts').getByText(said).waitFor();
      const label = page.locator(`.lane[data-lane="${ids.cameraB}"] .label-within`);
      await label.waitFor();
      expect(await label.textContent()).toContain('không có hình');
      expect(await fitsAcross(page)).toBe(true);
      await opened?.shot(`inspector-unmapped-${width}x${height}`, { full: width < 1366 });
      // No address is asked for of what shows nothing.
      expect(hub.sent.filter((each) => each.route.endsWith('/clips')).map(({ body }) => body)).toEqual([
        { cameraId: ids.cameraA },
      ]);
    },
  );

  test('a turn that is still served is waited for, calmly, and asked for again by itself', async () => {
    serveClips();
    const served = timeline({
      transaction: transaction({ finishedAt: null, outcome: null, state: 'serving' }),
      ...{
        served: { begin: 'recorded', end: 'unknown' },
        opensBy: at(13, 33, 10),
        prompt: null,
        presses: [],
      },
      cameras: timeline().cameras.map((camera) => ({ ...camera, gaps: [], state: 'pending' as const })),
    });
    const path = `GET /api/v1/cases/${ids.case}/timeline`;
    hub.answer(path, timelineAnswer, served);
    opened = await openHubPage(browser, `${hub.url}${CASE}`, DESK, at(9, 40));
    const { page } = opened;
    await page.getByText('Hình mở được khi lượt kết thúc, chậm nhất 23/11/2026 13:33.').waitFor();
    expect(await page.getByText('xem được khi lượt kết thúc').count()).toBe(2);
    const lanes = await page.locator('.timeline').innerText();
    expect([lanes.includes('đang phục vụ'), lanes.includes('chưa mời đánh giá')]).toEqual([true, true]);
    expect(lanes).not.toContain('chưa rõ lúc kết thúc');
    expect(await page.locator('.case-head').innerText()).toMatch(/\d\d:\d\d–…/);
    // No frame without a word in it.
    expect(await page.locator('.clip-small').count()).toBe(0);
    expect(await page.locator('.note-critical').count()).toBe(0);
    await shot('inspector-still-served-1366x768');
    // No address is asked for meanwhile.
    expect(hub.sent).toEqual([]);
    hub.answer(path, timelineAnswer, timeline());
    await page.clock.runFor(16_000);
    await poll(() => hub.sent.find((each) => each.route.endsWith('/clips')), { what: 'the clip' });
    await page.getByText('Lượt này còn đang phục vụ').waitFor({ state: 'detached' });
  });

  test('footage still being written is waited for; closing asks first', async () => {
    const pending = timeline({
      cameras: timeline()
        .cameras.slice(0, 1)
        .map((camera) => ({ ...camera, covered: [], gaps: [], state: 'pending' as const })),
    });
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, pending);
    hub.refuse(`POST /api/v1/cases/${ids.case}/clips`, 'footage.recorder_away');
    hub.answer(`PATCH /api/v1/cases/${ids.case}`, caseAnswer, {
      ...pending.case,
      status: 'closed',
      closedAt: at(15, 0),
    });
    const page = await open(CASE);
    await page.getByText('Chưa kết nối được bộ ghi hình.').waitFor();
    await page.getByText('đoạn ghi chưa đóng').waitFor();
    // Once the footage is whole the clip is asked for once more, by itself.
    const asked = () => hub.sent.filter((each) => each.route.endsWith('/clips')).length;
    expect(asked()).toBe(1);
    const whole = pending.cameras.map((camera) => ({ ...camera, state: 'ready' as const }));
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, { ...pending, cameras: whole });
    await poll(() => asked() === 2, { what: 'the whole clip to be asked for' });
    await page.getByRole('button', { name: 'Đóng phiếu' }).click();
    await page.getByText('Đóng PXM-2026-0147?').waitFor();
    expect(hub.sent.some((each) => each.route.startsWith('PATCH'))).toBe(false);
    await page.getByRole('dialog').getByRole('button', { name: 'Đóng phiếu' }).click();
    await poll(() => hub.sent.find((each) => each.route.startsWith('PATCH')), { what: 'the change' });
    expect(hub.sent.at(-1)?.body).toEqual({ status: 'closed' });
  });

  test('an unfinished clip that is answered late does not replace the whole one', async () => {
    const cameras = timeline().cameras.slice(0, 1);
    const pending = timeline({
      cameras: cameras.map((camera) => ({ ...camera, state: 'pending' as const })),
    });
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, pending);
    opened = await openHubPage(browser, `${hub.url}/inspector`, DESK);
    const { page } = opened;
    const held: Route[] = [];
    await page.route('**/clips', (route) => {
      held.push(route);
    });
    await page.goto(`${hub.url}${CASE}`);
    await poll(() => held.length === 1, { what: 'the unfinished clip to be asked for' });
    const whole = cameras.map((camera) => ({ ...camera, state: 'ready' as const }));
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, { ...pending, cameras: whole });
    await poll(() => held.length === 2, { what: 'the whole clip to be asked for' });
    await held[1]?.fulfill({ status: 409, json: problem('footage.no_download') });
    await page.locator('[data-code="footage.no_download"]').waitFor();
    const late = page.waitForResponse((response) => response.request() === held[0]?.request());
    await held[0]?.fulfill({ status: 409, json: problem('footage.recorder_away') });
    await (await late).finished();
    // Whatever the page makes of it is drawn after two frames.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    expect(await page.locator('[data-code="footage.recorder_away"]').count()).toBe(0);
    expect(await page.locator('[data-code="footage.no_download"]').isVisible()).toBe(true);
  });

  test.each([
    [390, 844],
    [1024, 768],
  ])('says whole what it is about, %i px wide', async (width, height) => {
    serveClips();
    const purpose =
      'Xác minh phản ánh của công dân về thái độ phục vụ và việc yêu cầu giấy tờ ngoài quy định tại quầy';
    const shown = timeline({ case: { ...timeline().case, purpose } });
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, shown);
    const page = await open(`/inspector#/case/${ids.case}`, { width, height });
    await page.locator('.case-head').getByText(purpose).waitFor();
    await shot(`case-head-${width}x${height}`);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('.case-head *, .timeline-head *')]
        .filter((each) => {
          const { right } = each.getBoundingClientRect();
          return right > innerWidth || (each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1);
        })
        .map(({ tagName, className, textContent }) => `${tagName}.${className}: ${textContent}`),
    );
    expect(cut).toEqual([]);
    expect(await fitsAcross(page)).toBe(true);
  });

  test('of H.265 says that the browser may not play it, and offers each unbroken stretch as a file', async () => {
    const shown = timeline();
    shown.cameras = shown.cameras.slice(0, 1).map((camera) => ({ ...camera, codec: 'hevc' }));
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, shown);
    const part = (n: number, from: number, to: number) => ({
      ...{ from, to, bytes: 31_400_000 },
      address: `/api/v1/footage/${'t'.repeat(43)}/download/${n}.mp4`,
    });
    hub.answer(`POST /api/v1/cases/${ids.case}/clips`, clipAnswer, {
      ...{ cameraId: ids.cameraA, playlist: '/footage/none/playlist.m3u8', expiresAt: at(23, 0), pieces: [] },
      ...{ playFrom: 0, durationSeconds: 230, watermark: 'PXM-2026-0147', state: 'partial', gaps: [] },
      codec: 'hevc',
      downloads: [part(1, at(9, 33), at(9, 34, 40)), part(2, at(9, 35, 32), at(9, 37, 40))],
    });
    for (const size of [{ width: 390, height: 844 }, DESK]) {
      const page = await open(`/inspector#/case/${ids.case}`, size);
      await page.getByRole('heading', { name: 'Tải đoạn hình' }).waitFor();
      await page.getByText('trình duyệt có thể không phát được', { exact: false }).waitFor();
      await page.getByText('trình duyệt này không đọc được', { exact: false }).waitFor();
      expect(await page.getByRole('link', { name: /^Tải 09:3\d/ }).allInnerTexts()).toEqual([
        'Tải 09:33:00–09:34:40 (31 MB)',
        'Tải 09:35:32–09:37:40 (31 MB)',
      ]);
      await opened?.shot(`hevc-${size.width}x${size.height}`, { full: size !== DESK });
      expect(await fitsAcross(page)).toBe(true);
      if (size !== DESK) await opened?.close();
    }
    // Half an hour later the address is asked for anew, and not followed into an error.
    const page = opened?.page;
    await page?.evaluate(() => {
      const late = Date.now() + 1_800_000;
      Date.now = () => late;
    });
    const before = hub.count(`POST /api/v1/cases/${ids.case}/clips`);
    await page?.getByRole('link', { name: /^Tải 09:33/ }).click();
    await page?.getByText('Địa chỉ tải đã hết hạn và vừa được xin lại', { exact: false }).waitFor();
    await expect.poll(() => hub.count(`POST /api/v1/cases/${ids.case}/clips`)).toBe(before + 1);
  });

  test('own cases, English, and a narrower window', async () => {
    hub.answer('GET /api/v1/cases', caseList, { cases: [timeline().case] });
    const page = await open('/inspector#/cases', { width: 1024, height: 768 });
    await page.getByRole('link', { name: 'PXM-2026-0147' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'My cases' }).waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('inspector-cases-1024x768');
  });

  test('what is to be reviewed, a page at a time, leads to the search of its dossier', async () => {
    const item = (kind: 'both_routes' | 'one_phone' | 'provisional', known: boolean) => ({
      ...{ kind, transactionId: transaction().transactionId, month: known ? '2026-11' : null },
      transaction: known ? transaction({ openedAt: at(9, 31, 5), begin: 'unknown' }) : null,
    });
    const [first, second] = [item('both_routes', true), item('one_phone', false)];
    hub.answer('GET /api/v1/review', reviewAnswer, { items: [first, second], next: 'cursor' });
    const page = await open('/inspector');
    await page.getByRole('link', { name: 'Cần xem lại' }).click();
    await page.getByText('đánh giá cả tại quầy và trên điện thoại').waitFor();
    await page.getByText('chưa nhận được lúc bắt đầu lượt này').waitFor();
    // Its opening is not held: the first that is known of it is no beginning.
    await page.getByText('không rõ lúc bắt đầu, trước 09:31:05').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('inspector-review-1366x768');
    const asked = page.waitForRequest((request) => request.url().endsWith('/api/v1/review?after=cursor'));
    hub.answer('GET /api/v1/review', reviewAnswer, { items: [item('provisional', true)], next: null });
    await page.getByRole('button', { name: 'Trang sau' }).click();
    await asked;
    await page.getByText('tháng chỉ dựa vào đồng hồ của thiết bị').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('its month rests on the kiosk’s clock alone').waitFor();
    await page.getByRole('link', { name: transaction().dossierCodes[0]! }).click();
    await page.getByRole('heading', { name: 'Search transactions' }).waitFor();
  });
});

describe('a case beyond its minimum', () => {
  const [interval, act] = ['0198c0de-0000-7000-8000-000000000077', '0198c0de-0000-7000-8000-000000000078'];
  const asked = (change: object = {}) => ({
    ...{ id: act, kind: 'wider-interval' as const, object: 'case:PXM-2026-0147' },
    body: { caseId: ids.case, from: at(9, 0), to: at(10, 0) },
    ...{ reason: 'Người dân nói đã đến từ sớm', askedBy: { username: 'hanh', name: 'Nguyễn Thị Hạnh' } },
    ...{ askedAt: at(14, 5), expiresAt: at(23, 0), state: 'pending' as const },
    ...{ decidedBy: null, decidedAt: null, decidedReason: null, result: null, mine: true, mayDecide: false },
    ...change,
  });

  test('asks a second person to see more, tells the officer, and reads who brought it by an own act', async () => {
    const held = { ...timeline().case, type: 'complaint' as const, hasPetitioner: true };
    hub.answer(
      `GET /api/v1/cases/${ids.case}/timeline`,
      timelineAnswer,
      timeline({ case: held, cameras: [] }),
    );
    hub.answer('POST /api/v1/acts', actAnswer, asked());
    hub.answer(`POST /api/v1/cases/${ids.case}/petitioner`, petitionerAnswer, {
      petitioner: { name: 'Trần Văn Bình', contact: '0912 000 000' },
    });
    hub.answer(`POST /api/v1/cases/${ids.case}/tell`, caseAnswer, { ...held, toldAt: at(14, 6) });
    const page = await open(CASE);
    await page.getByRole('button', { name: 'Việc khác' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Từ').fill('2026-11-23T09:00');
    await dialog.getByLabel('Lý do').fill('Người dân nói đã đến từ sớm');
    await shot('inspector-acts-1366x768');
    // A date with its time needs its room on a phone too.
    await page.setViewportSize({ width: 360, height: 640 });
    for (const label of ['Từ', 'Đến'])
      expect((await dialog.getByLabel(label).boundingBox())?.width).toBeGreaterThan(220);
    await page.setViewportSize(DESK);
    await dialog.getByRole('button', { name: 'Đề nghị người thứ hai' }).click();
    await dialog.getByText('chờ người thứ hai đồng ý').waitFor();
    expect(hub.sent.at(-1)?.body).toEqual({
      kind: 'wider-interval',
      body: { caseId: ids.case, from: at(9, 0), to: at(10, 7) },
      reason: 'Người dân nói đã đến từ sớm',
    });
    await dialog.getByRole('button', { name: 'Đọc họ tên' }).click();
    await dialog.getByText('Trần Văn Bình').waitFor();
    await dialog.getByRole('button', { name: 'cho cán bộ biết ai đã xem' }).click();
    await poll(() => hub.sent.some((each) => each.route.endsWith('/tell')), {
      what: 'the officer to be told',
    });
  });

  test('what was asked before still waits when the dialog is opened again', async () => {
    hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, timeline({ cameras: [] }));
    hub.answer('GET /api/v1/acts', actList, {
      acts: [asked(), asked({ id: interval, state: 'refused', body: { caseId: ids.case } })],
    });
    const page = await open(CASE);
    await page.getByRole('button', { name: 'Việc khác' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('23/11/2026 09:00 – 23/11/2026 10:00: Người dân nói đã đến từ sớm').waitFor();
    expect(await dialog.getByLabel('Lý do').count()).toBe(0);
    expect(await dialog.getByRole('link', { name: 'Xem việc chờ người thứ hai' }).getAttribute('href')).toBe(
      '#/acts',
    );
    await shot('inspector-wider-waits-1366x768');
  });

  test('a denunciation says that its officer never learns, and offers no way', async () => {
    const held = { ...timeline().case, type: 'denunciation' as const, number: 'TC-2026-0003' };
    hub.answer(
      `GET /api/v1/cases/${ids.case}/timeline`,
      timelineAnswer,
      timeline({ case: held, cameras: [] }),
    );
    const page = await open(CASE);
    await page.getByRole('button', { name: 'Việc khác' }).click();
    await page.getByText('cán bộ không bao giờ biết ai đã xem').waitFor();
    expect(await page.getByRole('button', { name: 'cho cán bộ biết' }).count()).toBe(0);
    await shot('inspector-denunciation-1366x768');
  });

  test('what two people allowed is chosen, asked for by its id, and has a log row of its own', async () => {
    const wider = [{ id: interval, from: at(9, 0), to: at(10, 0) }];
    hub.answer(
      `GET /api/v1/cases/${ids.case}/timeline`,
      timelineAnswer,
      timeline({ case: { ...timeline().case, wider } }),
    );
    hub.refuse(`POST /api/v1/cases/${ids.case}/clips`, 'footage.recorder_away');
    const page = await open(CASE);
    const range = page.getByRole('combobox', { name: 'Phạm vi được xem' });
    await range.waitFor();
    const request = page.waitForRequest((each) => each.url().endsWith(`timeline?interval=${interval}`));
    await range.selectOption(interval);
    await request;
    await poll(
      () => hub.sent.some((each) => (each.body as { interval?: string } | undefined)?.interval === interval),
      { what: 'the clip of that interval' },
    );
    expect(await fitsAcross(page)).toBe(true);
    // When it was opened ends where the keys begin.
    const opening = await page.locator('.case-head dl > div').last().boundingBox();
    const keys = await page.locator('.case-head > .keys').boundingBox();
    expect((opening?.x ?? 0) + (opening?.width ?? 0)).toBeLessThanOrEqual(keys?.x ?? 0);
  });

  test('a transaction that cannot be placed shows nothing and says so; a time of its counter can be asked', async () => {
    const missing = timeline().cameras.map((camera) => ({
      ...{ ...camera, covered: [], gaps: [], state: 'missing' as const },
    }));
    hub.answer(
      `GET /api/v1/cases/${ids.case}/timeline`,
      timelineAnswer,
      timeline({ kioskBoundMs: null, cameras: missing }),
    );
    let page = await open(CASE);
    await page.getByText('Không xác định được thời điểm').waitFor();
    await shot('inspector-cannot-place-1366x768');
    await opened?.close();
    hub.answer('GET /api/v1/places', placesAnswer, {
      counters: [{ id: ids.counter, number: '5', name: 'Đất đai, xây dựng' }],
    });
    hub.answer('POST /api/v1/cases', caseAnswer, timeline().case);
    page = await open('/inspector');
    await page.getByRole('button', { name: 'Theo khoảng thời gian' }).click();
    await page.getByLabel('Quầy', { exact: true }).selectOption(ids.counter);
    await page.getByLabel('Từ').fill('2026-11-23T09:00');
    await page.getByLabel('Đến').fill('2026-11-23T09:40');
    await page.getByLabel('Loại').selectOption('denunciation');
    await page.getByText('danh tính người tố cáo là bí mật').waitFor();
    await page.getByLabel('Số văn bản giao nhiệm vụ').fill('7/QĐ');
    await page.getByLabel('Mục đích').fill('Xem có người chen ngang');
    await shot('inspector-interval-1366x768');
    await page.getByRole('button', { name: 'Lập phiếu và mở hình' }).click();
    await poll(() => hub.sent.find((each) => each.route === 'POST /api/v1/cases'), { what: 'the case' });
    expect(hub.sent.at(-1)?.body).toMatchObject({
      type: 'denunciation',
      interval: { counterId: ids.counter, from: at(9, 0), to: at(9, 40) },
    });
  });

  test('of an interval shows no rating, and its lanes without one', async () => {
    const held = { ...timeline().case, transactionId: null };
    const of = { counterId: ids.counter, from: at(9, 33), to: at(9, 37, 40) };
    hub.answer(
      `GET /api/v1/cases/${ids.case}/timeline`,
      timelineAnswer,
      timeline({
        ...{ case: { ...held, interval: of }, transaction: null, ratings: null, prompt: null, presses: [] },
        kioskBoundMs: 0,
      }),
    );
    hub.refuse(`POST /api/v1/cases/${ids.case}/clips`, 'footage.recorder_away');
    const page = await open(CASE);
    await page.getByText('Phiếu theo khoảng thời gian').waitFor();
    expect(await page.locator('[data-lane=rating]').count()).toBe(0);
    expect(await page.locator('[data-lane=duty]').count()).toBe(1);
    await shot('inspector-interval-case-1366x768');
  });

  test('a second person approves or refuses; tokens are made, shown once and revoked', async () => {
    const other = {
      ...asked({ mine: false, mayDecide: true }),
      askedBy: { username: 'nam', name: 'Lê Nam' },
    };
    hub.answer('GET /api/v1/acts', actList, {
      acts: [other, asked({ id: interval, state: 'refused', decidedReason: 'Không đủ căn cứ' })],
    });
    hub.answer('GET /api/v1/tokens', tokenList, {
      tokens: [
        {
          ...{ id: interval, name: 'máy của tôi', scopes: ['footage', 'acts'], createdAt: at(8, 0) },
          ...{ expiresAt: at(8, 0) + 90 * 86_400_000, revokedAt: null, usedAt: null },
        },
      ],
    });
    const approved = { ...other, state: 'approved' as const, mayDecide: false };
    hub.answer(`POST /api/v1/acts/${act}/approve`, actAnswer, approved);
    hub.answer(`POST /api/v1/acts/${act}/refuse`, actAnswer, { ...approved, state: 'refused' });
    hub.answer('POST /api/v1/tokens', tokenMade, {
      ...{ id: act, token: `hlt_${'k'.repeat(43)}`, expiresAt: at(23, 0) },
    });
    const page = await open('/inspector#/acts');
    await page.getByText('Lê Nam').waitFor();
    await page.getByText('Không đủ căn cứ').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('inspector-second-person-1366x768');
    await page.getByRole('button', { name: 'Đồng ý' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Đồng ý' }).click();
    await poll(() => hub.sent.some((each) => each.route.endsWith('/approve')), { what: 'the approval' });
    await page.getByRole('button', { name: 'Từ chối' }).click();
    await page.getByLabel('Vì sao').fill('Không đủ căn cứ');
    await page.getByRole('dialog').getByRole('button', { name: 'Từ chối' }).click();
    await poll(() => hub.sent.some((each) => each.route.endsWith('/refuse')), { what: 'the refusal' });
    expect(hub.sent.at(-1)?.body).toEqual({ reason: 'Không đủ căn cứ' });
    // While it is open, what is typed goes to it.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Tên gợi nhớ').fill('máy chủ');
    await page.getByRole('button', { name: 'Cấp mã' }).click();
    await page.getByText('Mã chỉ hiện một lần').waitFor();
    await shot('inspector-tokens-1366x768');
    // A machine that uses it stops at once: asked before.
    const revoked = (): boolean =>
      hub.sent.some(({ route }) => route === `DELETE /api/v1/tokens/${interval}`);
    hub.accept(`DELETE /api/v1/tokens/${interval}`);
    await page.getByRole('button', { name: 'Thu hồi' }).click();
    await page.getByText('Thu hồi mã máy của tôi?').waitFor();
    expect(revoked()).toBe(false);
    await shot('inspector-token-revoke-1366x768');
    await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
    await poll(revoked, { what: 'the revocation' });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Second person' }).waitFor();
  });
});
