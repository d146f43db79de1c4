/* What waits for an administrator as the second person: read whole before it is decided, in every state, by keyboard, at every size. */
import { type ActAnswer, actAnswer, actList } from '@hailong/shared/protocol/acts.ts';
import { sessionAnswer, setupAnswer } from '@hailong/shared/protocol/http.ts';
import { tokenList } from '@hailong/shared/protocol/tokens.ts';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const DAY = 86_400_000;
const idOf = (n: number): string => `0197b000-0000-7000-8000-0000000000${n}`;
const act = (n: number, more: object): ActAnswer =>
  actAnswer.parse({
    ...{ id: idOf(n), askedBy: { username: 'hung', name: 'Lê Văn Hùng' }, askedAt: at(9, n) },
    ...{ expiresAt: at(9, n) + 5 * DAY, state: 'pending', result: null, mine: false, mayDecide: true },
    ...{ decidedBy: null, decidedAt: null, decidedReason: null, ...more },
  });
const nothing = { cameras: [], from: null, to: null, counter: null, officers: [] };
const waiting = [
  act(11, {
    ...{ kind: 'hold-end', object: 'hold:4', body: { hold: '4' }, reason: 'Toà án đã trả hồ sơ' },
    about: { ...nothing, cameras: ['Quầy 5A, trước', 'Quầy 5A, sau'], from: at(8, 30), to: at(8, 52) },
  }),
  act(12, {
    ...{
      kind: 'evidence-export',
      object: 'case:PXM-2026-0147',
      reason: 'Giao cho Thanh tra tỉnh theo yêu cầu',
    },
    body: { caseId: ids.case, legalBasis: 'Quyết định 45/QĐ-VP ngày 20/11/2026' },
    about: {
      ...{ cameras: ['Quầy 3, trước'], from: at(8, 40), to: at(8, 51) },
      ...{ counter: { number: '3', name: 'Chứng thực' }, officers: ['Đỗ Minh Quân'] },
    },
  }),
  act(13, {
    ...{ kind: 'counter-reported', object: `counter:${ids.counter}`, reason: 'Thiết bị đã hỏng hẳn' },
    body: { counterId: ids.counter, upTo: at(7, 0) },
    about: { ...nothing, to: at(7, 0), counter: { number: '5', name: 'Đất đai, xây dựng' } },
  }),
];
const own = act(14, {
  ...{ kind: 'hold-add', object: `camera:${ids.cameraA}`, reason: 'Toà án yêu cầu giữ lại' },
  body: { cameraId: ids.cameraA, from: at(8, 0), to: at(8, 30), until: at(8, 0) + 60 * DAY, caseId: null },
  about: { ...nothing, cameras: ['Quầy 5A, trước'], from: at(8, 0), to: at(8, 30) },
  ...{ mine: true, mayDecide: false },
});

const logged = session('admin', 'Phạm Quốc Bảo');
const another = { ...logged, user: { ...logged.user, id: idOf(90), name: 'Trần Thị Mai' } };

let browser: Browser;
let hub: FixtureHub;
let shown: HubPage | null = null;
beforeAll(async () => {
  [browser, hub] = await Promise.all([launchChromium(), startFixtureHub()]);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});
beforeEach(() => {
  hub.away(false);
  hub.sent.length = 0;
  hub.answer('GET /api/v1/session', sessionAnswer, logged);
  hub.answer('GET /api/v1/tokens', tokenList, { tokens: [] });
  hub.answer('GET /api/v1/acts', actList, { acts: [...waiting, own] });
});
afterEach(async () => {
  await shown?.close();
  shown = null;
});
async function open(width = 1366, height = 768): Promise<Page> {
  shown = await openHubPage(browser, `${hub.url}/admin#/acts`, { width, height }, at(10, 0));
  return shown.page;
}
/** Panels whose table is wider than they are. */
const scrollsSideways = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.list-panel')]
      .filter((panel) => panel.scrollWidth > panel.clientWidth)
      .map((panel) => `${panel.scrollWidth} > ${panel.clientWidth}`),
  );

test('what is asked stands there by its names; it is read again and agreed to by keyboard alone', async () => {
  const page = await open();
  await page.getByText('Quầy 5A, trước, Quầy 5A, sau').waitFor();
  await page.getByText('Căn cứ: Quyết định 45/QĐ-VP ngày 20/11/2026').waitFor();
  await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor();
  await page.getByText('Phiếu PXM-2026-0147 · Quầy 3, trước · Quầy 3 – Chứng thực').waitFor();
  await page.getByText('Trực tại quầy: Đỗ Minh Quân').waitFor();
  await page.getByText('Giữ đến hết ngày 22/01/2027').waitFor();
  expect(await fitsAcross(page)).toBe(true);
  expect(await scrollsSideways(page)).toEqual([]);
  await shown?.shot('second-person-1366x768');
  hub.refuse(`POST /api/v1/acts/${idOf(11)}/approve`, 'access.two_people');
  await page.getByRole('button', { name: 'Đồng ý: Kết thúc bảo lưu' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Toà án đã trả hồ sơ').waitFor();
  await shown?.shot('second-person-approve-1366x768');
  await page.keyboard.press('Enter');
  await dialog.locator('[data-code="access.two_people"]').waitFor();
  hub.answer(`POST /api/v1/acts/${idOf(11)}/approve`, actAnswer, { ...waiting[0]!, state: 'approved' });
  hub.answer('GET /api/v1/acts', actList, { acts: waiting.slice(1) });
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Toà án đã trả hồ sơ').waitFor({ state: 'detached' });
  await page.getByText('Ba mươi ngày qua ông/bà chưa đề nghị việc nào.').waitFor();
  expect(hub.sent.map(({ route }) => route)).toEqual(Array(2).fill(`POST /api/v1/acts/${idOf(11)}/approve`));
});

test('refusing and withdrawing ask why; Esc goes back without a word to the hub', async () => {
  const page = await open(1024, 768);
  await page.getByRole('button', { name: 'Từ chối: Trích xuất hồ sơ, Phiếu PXM-2026-0147' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Giao cho Thanh tra tỉnh').waitFor();
  await dialog.getByText('Quầy 3, trước · Quầy 3 – Chứng thực').waitFor();
  await dialog.getByText('Trực tại quầy: Đỗ Minh Quân').waitFor();
  await dialog.getByText(/08:40.*08:51/).waitFor();
  await shown?.shot('second-person-refuse-1024x768');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(hub.sent).toEqual([]);
  expect(await fitsAcross(page)).toBe(true);
  expect(await scrollsSideways(page)).toEqual([]);
  await shown?.shot('second-person-1024x768', { full: true });
  hub.answer(`POST /api/v1/acts/${idOf(14)}/refuse`, actAnswer, { ...own, state: 'withdrawn' });
  await page.getByRole('button', { name: 'Rút lại: Giữ lại, không xóa' }).click();
  await dialog.getByLabel('Vì sao').fill('Ghi nhầm camera');
  await shown?.shot('second-person-withdraw-1024x768');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(hub.sent[0]?.body).toEqual({ reason: 'Ghi nhầm camera' });
});

test('while an answer is on its way nothing cancels it', async () => {
  const page = await open();
  const held: Route[] = [];
  await page.route('**/approve', (route) => {
    held.push(route);
  });
  await page.getByRole('button', { name: 'Đồng ý: Kết thúc bảo lưu' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Đồng ý' }).click();
  await poll(() => held.length > 0, { what: 'the act to be on its way' });
  expect(await dialog.getByRole('button', { name: 'Hủy' }).isDisabled()).toBe(true);
  for (const _ of [1, 2, 3]) await page.keyboard.press('Escape');
  expect(await dialog.isVisible()).toBe(true);
  await held[0]?.fulfill({ json: actAnswer.parse({ ...waiting[0]!, state: 'approved' }) });
  await dialog.waitFor({ state: 'detached' });
});

test('a login that ended by itself keeps what was typed for the same person, hidden until the next login', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Từ chối: Trích xuất hồ sơ, Phiếu PXM-2026-0147' }).click();
  await page.getByLabel('Vì sao').fill('Chưa đủ căn cứ');
  hub.refuse('GET /api/v1/session', 'access.login_required');
  hub.answer('GET /api/v1/setup', setupAnswer, { needed: false });
  await page.clock.runFor(31_000);
  const login = page.getByRole('dialog', { name: 'Đăng nhập' });
  await login.getByText('những gì đang nhập dở vẫn còn').waitFor();
  expect(await page.getByText('Quầy 5 – Đất đai, xây dựng').isVisible()).toBe(false);
  expect(await page.getByLabel('Vì sao').isVisible()).toBe(false);
  for (const _ of [1, 2, 3]) await page.keyboard.press('Escape');
  await shown?.shot('login-ended-1366x768');
  await login.getByLabel('Tên đăng nhập').fill('admin');
  await login.getByLabel('Mật khẩu').fill('một mật khẩu dài');
  hub.answer('POST /api/v1/session', sessionAnswer, logged);
  hub.answer('GET /api/v1/session', sessionAnswer, logged);
  await page.keyboard.press('Enter');
  await login.waitFor({ state: 'detached' });
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Vì sao').waitFor();
  expect(await dialog.getByLabel('Vì sao').inputValue()).toBe('Chưa đủ căn cứ');
  hub.answer(`POST /api/v1/acts/${idOf(12)}/refuse`, actAnswer, { ...waiting[1]!, state: 'refused' });
  await dialog.getByRole('button', { name: 'Từ chối' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(hub.sent.at(-1)?.body).toEqual({ reason: 'Chưa đủ căn cứ' });
  hub.accept('DELETE /api/v1/session');
  hub.refuse('GET /api/v1/session', 'access.login_required');
  await page.getByRole('button', { name: 'Đăng xuất' }).click();
  // Who signs out leaves nothing.
  await page.getByRole('heading', { name: 'Quản trị hệ thống' }).waitFor();
  expect(await page.getByText('Quầy 5 – Đất đai, xây dựng').count()).toBe(0);
});

test('another who logs in within the same browser finds nothing of the one before', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Từ chối: Trích xuất hồ sơ, Phiếu PXM-2026-0147' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Vì sao').fill('Chưa đủ căn cứ');
  await page.clock.runFor(31_000);
  // The same person is asked for all the time, and keeps what was typed.
  expect(await dialog.getByLabel('Vì sao').inputValue()).toBe('Chưa đủ căn cứ');
  hub.answer('GET /api/v1/session', sessionAnswer, another);
  await page.clock.runFor(31_000);
  await page.getByText('Trần Thị Mai').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor();
});

test('loading, empty, failed and away are said; a phone shows it as cards', async () => {
  hub.answer('GET /api/v1/acts', actList, { acts: [] });
  let answer: () => void = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const page = await open(360, 800);
  await page.getByText('Không có việc nào chờ ông/bà.').waitFor();
  await shown?.shot('second-person-empty-360x800');
  await page.route('**/api/v1/acts', async (route) => {
    await asked;
    await route.continue();
  });
  await page.reload();
  await page.getByText('Đang tải…').first().waitFor();
  hub.refuse('GET /api/v1/acts', 'internal.unexpected');
  answer();
  await page.locator('[data-code="internal.unexpected"]').waitFor();
  hub.answer('GET /api/v1/acts', actList, { acts: [...waiting, own] });
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor();
  expect(await fitsAcross(page)).toBe(true);
  expect(await scrollsSideways(page)).toEqual([]);
  await shown?.shot('second-person-360x800', { full: true });
  hub.away(true);
  await page.clock.runFor(31_000);
  await page.locator('[data-code="program.unreachable"]').waitFor();
  // What was had stays, with the failure beside it.
  await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor();
});

test('an answer is shown also while a later question is on its way', async () => {
  const page = await open();
  await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor();
  const held: Route[] = [];
  await page.route('**/api/v1/acts', (route) => {
    held.push(route);
  });
  const answer = (n: number, acts: ActAnswer[]) => held[n]?.fulfill({ json: actList.parse({ acts }) });
  await page.clock.runFor(31_000);
  await poll(() => held.length > 0, { what: 'the clock to ask' });
  hub.answer(`POST /api/v1/acts/${idOf(11)}/approve`, actAnswer, { ...waiting[0]!, state: 'approved' });
  await page.getByRole('button', { name: 'Đồng ý: Kết thúc bảo lưu' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Đồng ý' }).click();
  await poll(() => held.length > 1, { what: 'the page to ask after the act' });
  // Another is on its way already: what has come is the newest there is.
  await answer(0, [waiting[0]!, waiting[1]!]);
  await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor({ state: 'detached' });
  await answer(1, [waiting[1]!, own]);
  await page.getByText('Toà án đã trả hồ sơ').waitFor({ state: 'detached' });
  await page.getByText('Toà án yêu cầu giữ lại').waitFor();
});

test('at 1920 px, in English', async () => {
  const page = await open(1920, 1080);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Second person' }).waitFor();
  await page.getByText('Counter 5 – Đất đai, xây dựng').waitFor();
  await shown?.shot('second-person-en-1920x1080');
});

test.each([1920, 1366, 1024, 360])(
  'the inspector’s head cuts neither office nor name at %i px',
  async (width) => {
    hub.answer('GET /api/v1/session', sessionAnswer, session('inspector', 'Nguyễn Thị Hồng Nhung Phương'));
    shown = await openHubPage(browser, `${hub.url}/inspector#/acts`, { width, height: 768 }, at(10, 0));
    const { page } = shown;
    await page.getByText('Quầy 5 – Đất đai, xây dựng').waitFor();
    for (const part of ['.head-title', '.head-who']) {
      const cut = await page
        .locator(part)
        .evaluate((it) => it.scrollWidth > it.clientWidth || it.getBoundingClientRect().right > innerWidth);
      expect([part, await page.locator(part).isVisible(), cut]).toEqual([part, true, false]);
    }
    expect(await fitsAcross(page)).toBe(true);
    await shown.shot(`inspector-head-${width}`);
  },
);
