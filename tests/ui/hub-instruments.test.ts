/* Forms in the administration: where each is asked, words edited beside the real kiosk window, refusals of the hub in place. */
import { lastMonth } from '@hailong/shared/model/counter-config.ts';
import { adminLists, savedAnswer, sessionAnswer } from '@hailong/shared/protocol/http.ts';
import {
  instrumentsAnswer,
  kioskSettings,
  officeReasons,
  savedInstrument,
} from '@hailong/shared/protocol/instruments.ts';
import { PREVIEW_PATH } from '@hailong/shared/protocol/preview.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SEED_INSTRUMENTS } from '../../hub-server/src/domain/ratings/seed-instruments.ts';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session } from '../support/hub-fixtures.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;
const newest = (id: string) => SEED_INSTRUMENTS.findLast((form) => form.id === id)!;
const items = ['hai-long-3', 'hai-long-4', 'hai-long-5', 'tt01-2018'].map((id) => ({
  instrument: newest(id),
  versions: Array.from({ length: newest(id).version }, (_, i) => ({
    version: newest(id).version - i,
    since: at(9, 0),
  })),
}));
const everywhere = { counterId: null, procedureCode: null, stage: null };
const uses = [
  { ...everywhere, instrument: { id: 'hai-long-5', version: 2 }, from: at(9, 0) },
  { ...everywhere, procedureCode: '1.001193', instrument: { id: 'tt01-2018', version: 1 }, from: at(9, 0) },
];
const counter = { id: ids.counter, number: '5', name: 'Đất đai', unitId: ids.unit, active: true };
const procedure = { code: '1.001193', name: 'Đăng ký khai sinh', active: true };

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub({ [PREVIEW_PATH]: inRepo('kiosk-app/dist/renderer') });
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  hub.answer('GET /api/v1/admin/counters', adminLists.counters, { items: [counter] });
  hub.answer('GET /api/v1/admin/procedures', adminLists.procedures, { items: [procedure] });
  hub.answer('GET /api/v1/admin/instruments', instrumentsAnswer, { items, uses });
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(place: string): Promise<Page> {
  const size = { width: 1366, height: 768 };
  opened = await openHubPage(browser, `${hub.url}/admin#/${place}`, size);
  return opened.page;
}
const last = () => hub.sent.at(-1)?.body as Record<string, unknown>;

test('forms are listed with where they are asked; a place is added and ended', async () => {
  hub.answer('PUT /api/v1/admin/instrument-uses', savedAnswer, { id: 'x' });
  const page = await open('instruments');
  await page.getByRole('cell', { name: 'Mức độ hài lòng 5 mức hai-long-5' }).waitFor();
  await opened?.shot('admin-instruments-1366x768');
  expect(await fitsAcross(page)).toBe(true);
  await page.getByLabel('Giai đoạn').selectOption('refusal');
  await page.getByLabel('Quầy').selectOption(ids.counter);
  await page.getByLabel('Mẫu phiếu', { exact: true }).selectOption('hai-long-3');
  await page.getByRole('button', { name: 'Áp dụng', exact: true }).click();
  const place = { counterId: ids.counter, procedureCode: null, stage: 'refusal' };
  await poll(() => hub.sent.length === 1, { what: 'the new place' });
  expect(last()).toEqual({ ...place, instrument: { id: 'hai-long-3', version: 1 } });
  await page
    .getByRole('button', { name: 'Thôi áp dụng: Tất cả, 1.001193 Đăng ký khai sinh, Tất cả' })
    .click();
  await poll(() => hub.sent.length === 2, { what: 'the end' });
  expect(last()).toEqual({ ...everywhere, procedureCode: '1.001193', instrument: null });
});

test('a hub without forms says what to do, one that is away why nothing stands there', async () => {
  hub.answer('GET /api/v1/admin/instruments', instrumentsAnswer, { items: [], uses: [] });
  const page = await open('instruments');
  await page.getByText('Khởi động lại máy chủ').waitFor();
  hub.refuse('GET /api/v1/admin/instruments', 'internal.unexpected');
  await page.reload();
  await page.getByRole('alert').waitFor();
});

test('words are edited beside the real window, which shows them as they are typed', async () => {
  const page = await open('instruments/hai-long-5');
  const glass = page.frameLocator('iframe');
  await glass.getByRole('button', { name: 'Rất hài lòng', exact: true }).waitFor();
  await page.getByLabel('Rất hài lòng: Tiếng Việt').fill('Rất vừa lòng');
  await glass.getByRole('button', { name: 'Rất vừa lòng', exact: true }).waitFor();
  await opened?.shot('admin-instrument-1366x768');
  expect(await fitsAcross(page)).toBe(true);
  // As a citizen: the overall answer, both criteria of a returned result, then the chips of that level.
  for (const text of ['Thái độ phục vụ', 'Chất lượng giải quyết công việc']) {
    await page.waitForTimeout(400);
    await glass.getByRole('button', { name: 'Không hài lòng', exact: true }).click();
    await glass.getByText(text).waitFor();
  }
  await page.waitForTimeout(400);
  await glass.getByRole('button', { name: 'Hài lòng', exact: true }).click();
  await glass.getByText('Gợi ý chi tiền, quà').waitFor();
  await page.waitForTimeout(400);
  await opened?.shot('admin-instrument-chips-1366x768');
  await page.getByRole('button', { name: 'Xem lại từ đầu' }).click();
  await page.getByRole('button', { name: 'Màn hình dọc' }).click();
  await glass.getByRole('button', { name: 'Rất vừa lòng', exact: true }).waitFor();

  hub.refuse('PUT /api/v1/admin/instruments/hai-long-5', 'request.conflict');
  await page.getByRole('button', { name: 'Lưu thành phiên bản 3' }).click();
  await page.getByRole('alert').getByText('Dữ liệu đã thay đổi').waitFor();
  hub.answer('PUT /api/v1/admin/instruments/hai-long-5', savedInstrument, { id: 'hai-long-5', version: 3 });
  await page.getByRole('button', { name: 'Lưu thành phiên bản 3' }).click();
  await page.getByText('Đã lưu phiên bản 3').waitFor();
  const sent = last() as { base: number; inUse: boolean; instrument: { levels: { word: { vi: string } }[] } };
  expect([sent.base, sent.inUse, sent.instrument.levels[0]?.word.vi]).toEqual([2, true, 'Rất vừa lòng']);
});

test('a save goes on from the version that was saved, not from what another made since', async () => {
  const page = await open('instruments/hai-long-5');
  const save = page.getByRole('button', { name: 'Lưu thành phiên bản 3' });
  await save.waitFor();
  const put = 'PUT /api/v1/admin/instruments/hai-long-5';
  hub.answer(put, savedInstrument, { id: 'hai-long-5', version: 3 });
  // Another administrator saves the fourth before this page loads the list again.
  hub.answer('GET /api/v1/admin/instruments', instrumentsAnswer, {
    items: items.map((each) =>
      each.instrument.id === 'hai-long-5'
        ? { ...each, instrument: { ...each.instrument, version: 4 } }
        : each,
    ),
    uses,
  });
  const before = hub.count('GET /api/v1/admin/instruments');
  await save.click();
  await page.getByText('Đã lưu phiên bản 3').waitFor();
  await poll(() => hub.count('GET /api/v1/admin/instruments') > before, { what: 'the list again' });
  hub.refuse(put, 'request.conflict');
  await page.getByRole('button', { name: 'Lưu thành phiên bản 4' }).click();
  await page.getByRole('alert').getByText('Dữ liệu đã thay đổi').waitFor();
  expect(last()).toMatchObject({ base: 3 });
});

test('a copy opens at its own address once it is saved, unless its author is elsewhere by then', async () => {
  const page = await open('instruments/hai-long-5/copy');
  hub.answer('PUT /api/v1/admin/instruments/moi', savedInstrument, { id: 'moi', version: 1 });
  const fill = async (): Promise<void> => {
    await page.getByLabel('Mã mẫu').fill('moi');
    for (const language of ['Tiếng Việt', 'Tiếng Anh'])
      await page.getByLabel(`Tên mẫu: ${language}`).fill('Mới');
  };
  await fill();
  let answer: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/instruments/moi', async (route) => {
    await waits;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Lưu thành phiên bản 1' }).click();
  await page.evaluate(() => {
    location.hash = '#/import';
  });
  await page.getByLabel('Tệp CSV').waitFor();
  const listed = page.waitForResponse((response) => response.url().endsWith('/admin/instruments'));
  answer();
  await (await listed).finished();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(new URL(page.url()).hash).toBe('#/import');
  await page.goBack();
  await fill();
  await page.getByRole('button', { name: 'Lưu thành phiên bản 1' }).click();
  await page.waitForURL(/#\/instruments\/moi$/);
});

test('unequal chips are said while they are typed', async () => {
  const page = await open('instruments/hai-long-5');
  await page.getByLabel('Ô 4 · Khi chọn: Rất hài lòng, Hài lòng: Tiếng Việt').fill('Đúng hẹn');
  await page.getByText('lệch: vi 8–19 ký tự').waitFor();
});

test('what kiosks offer is switched, reasons are renamed and switched off', async () => {
  const reason = {
    key: 'bo_ve',
    outcome: 'no_show' as const,
    name: { vi: 'Bỏ về', en: 'Left' },
    active: true,
  };
  hub.answer('GET /api/v1/admin/kiosk-settings', kioskSettings, {
    walkup: null,
    lastMonth: null,
    languages: [],
    pinDays: 30,
    voices: false,
  });
  hub.answer('GET /api/v1/admin/reasons', officeReasons, { reasons: [reason] });
  hub.accept('PUT /api/v1/admin/kiosk-settings');
  hub.answer('PUT /api/v1/admin/reasons', officeReasons, { reasons: [{ ...reason, active: false }] });
  const page = await open('kiosks');
  await page.getByLabel('Cho người không được phục vụ').check();
  await page.getByLabel('Cách nhau ít nhất (phút)').fill('5');
  await page.getByLabel('Hiện dòng "Tháng trước').check();
  const lastMonthShown = await page.getByLabel('Tháng', { exact: true }).inputValue();
  hub.refuse('GET /api/v1/admin/month-cases', 'internal.unexpected');
  await page.getByRole('button', { name: 'Lấy số của máy chủ' }).click();
  await page.getByRole('alert').waitFor();
  hub.answer('GET /api/v1/admin/month-cases', lastMonth, { month: lastMonthShown, received: 14, mended: 13 });
  await page.getByRole('button', { name: 'Lấy số của máy chủ' }).click();
  await page.getByText('14 hồ sơ đã mở, 13 đã đóng').waitFor();
  expect(await page.getByLabel('Số góp ý').inputValue()).toBe('14');
  // One was closed without being mended: the administrator's word counts.
  await page.getByLabel('Đã khắc phục', { exact: true }).fill('12');
  await page.getByLabel('Có phím nghe').check();
  await page.getByLabel('PIN dùng được trong bao nhiêu ngày').fill('14');
  await opened?.shot('admin-kiosks-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  await page.getByRole('button', { name: 'Lưu', exact: true }).first().click();
  await poll(() => hub.sent.length === 1, { what: 'the settings' });
  expect(last()).toMatchObject({
    walkup: { minIntervalMs: 300_000 },
    ...{ lastMonth: { received: 14, mended: 12 }, languages: [], pinDays: 14, voices: true },
  });
  await page.getByLabel('Đang dùng').uncheck();
  await page.getByRole('button', { name: 'Lưu', exact: true }).last().click();
  await poll(() => hub.sent.length === 2, { what: 'the reasons' });
  expect(last()).toEqual({ base: [reason], reasons: [{ ...reason, active: false }] });
  // Saved again: what the hub holds by now is the base.
  await page.getByLabel('Đang dùng').check();
  hub.refuse('PUT /api/v1/admin/reasons', 'request.conflict');
  await page.getByRole('button', { name: 'Lưu', exact: true }).last().click();
  await page.getByRole('alert').getByText('Dữ liệu đã thay đổi').waitFor();
  expect(last()).toEqual({ base: [{ ...reason, active: false }], reasons: [reason] });
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'Kiosk screens' }).waitFor();
  await opened?.shot('admin-kiosks-en-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
});

test('figures that come late change nothing but themselves, and nothing of another month', async () => {
  hub.answer('GET /api/v1/admin/kiosk-settings', kioskSettings, {
    ...{ walkup: null, languages: [], pinDays: 30, voices: false },
    lastMonth: { month: '2026-09', received: 1, mended: 1 },
  });
  hub.answer('GET /api/v1/admin/reasons', officeReasons, { reasons: [] });
  const page = await open('kiosks');
  const month = page.getByLabel('Tháng', { exact: true });
  const take = page.getByRole('button', { name: 'Lấy số của máy chủ' });
  const received = page.getByLabel('Số góp ý');
  await take.waitFor();
  /** Presses, changes something, and only then the hub answers with figures of the month it was asked. */
  const late = async (meanwhile: () => Promise<unknown>, count: number): Promise<void> => {
    const asked = await month.inputValue();
    hub.answer('GET /api/v1/admin/month-cases', lastMonth, { month: asked, received: count, mended: 2 });
    let answer: () => void = () => {};
    const waits = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/month-cases*', async (route) => {
      await waits;
      await route.continue();
    });
    await take.click();
    await meanwhile();
    answer();
    await take.waitFor();
    await page.unroute('**/month-cases*');
  };
  await late(() => page.getByLabel('Có phím nghe').check(), 14);
  await poll(async () => (await received.inputValue()) === '14', { what: 'the figures' });
  expect(await page.getByLabel('Có phím nghe').isChecked()).toBe(true);
  await late(() => month.selectOption({ index: 3 }), 15);
  expect(await month.evaluate((box: HTMLSelectElement) => box.selectedIndex)).toBe(3);
  expect(await received.inputValue()).toBe('14');
});
