/* Notices and hours of kiosks' screens in the administration: empty, filled, saved, refused, away; by the sizes of an old office PC and a phone. */
import { adminLists, sessionAnswer } from '@hailong/shared/protocol/http.ts';
import { noticesAnswer } from '@hailong/shared/protocol/notices.ts';
import { PREVIEW_PATH } from '@hailong/shared/protocol/preview.ts';
import { screenHoursSettings } from '@hailong/shared/protocol/screen-hours.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session } from '../support/hub-fixtures.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const HOURS = 'GET /api/v1/admin/screen-hours';
const NOTICES = 'GET /api/v1/admin/notices';
const tet = {
  ...{
    id: '0198c0de-0000-7000-8000-000000000011',
    vi: 'Trung tâm nghỉ Tết Nguyên đán.',
    en: 'Closed for Tết.',
  },
  ...{ from: '2026-11-01', to: '2026-11-30', units: null },
};
const empty = { office: null, exceptions: [], closedDays: [] };
const week = { opensMin: 450, closesMin: 1_020, days: 31 };

let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub({ [PREVIEW_PATH]: inRepo('kiosk-app/dist/renderer') });
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  hub.answer(HOURS, screenHoursSettings, empty);
  hub.answer(NOTICES, noticesAnswer, { notices: [] });
  hub.answer('GET /api/v1/admin/units', adminLists.units, {
    items: [{ id: ids.unit, code: 'DD', name: 'Đất đai, xây dựng' }],
  });
  hub.answer('GET /api/v1/admin/counters', adminLists.counters, {
    items: [{ id: ids.counter, number: '5A', name: 'Đất đai', unitId: ids.unit, active: true }],
  });
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(size = { width: 1366, height: 768 }): Promise<Page> {
  opened = await openHubPage(browser, `${hub.url}/admin#/screens`, size, at(10, 0));
  await opened.page.getByRole('heading', { name: /Giờ sáng màn hình/ }).waitFor();
  return opened.page;
}
const last = () => hub.sent.at(-1)?.body;

test('from nothing: the office’s hours, an exception, a holiday; saved as one', async () => {
  hub.accept('PUT /api/v1/admin/screen-hours');
  const page = await open();
  await page.getByText('Mọi quầy theo giờ chung.').waitFor();
  await opened?.shot('admin-hours-empty-1366x768');
  await page.getByLabel('Tắt màn hình ngoài giờ').check();
  await page.getByLabel('Đóng cửa').fill('16:30');
  await page.getByLabel('Bảy', { exact: true }).check();
  await page.getByRole('button', { name: 'Thêm nơi' }).click();
  await page.getByLabel('Nơi', { exact: true }).selectOption({ label: 'Quầy 5A' });
  await page.getByLabel('Cách').selectOption({ label: 'luôn sáng' });
  await page.getByRole('button', { name: 'Thêm ngày' }).click();
  await page.getByLabel('Ngày', { exact: true }).fill('2027-01-01');
  await page.getByLabel('Tên').fill('Tết Dương lịch');
  await opened?.shot('admin-hours-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  await page.getByRole('button', { name: 'Lưu', exact: true }).last().click();
  await page.getByText('Đã lưu. Thiết bị đang nối nhận trong vài giây.').waitFor();
  expect(last()).toEqual({
    office: { ...week, closesMin: 990, days: 63 },
    exceptions: [{ unitId: null, counterId: ids.counter, hours: null }],
    closedDays: [{ date: '2027-01-01', name: 'Tết Dương lịch' }],
  });
});

test('what is held is changed and taken away; what the hub refuses is said, and so is a hub that is away', async () => {
  const own = { unitId: ids.unit as never, counterId: null, hours: { ...week, days: 63 } };
  hub.answer(HOURS, screenHoursSettings, {
    ...{ office: week, exceptions: [own], closedDays: [{ date: '2027-04-30', name: 'Giải phóng miền Nam' }] },
  });
  hub.refuse('PUT /api/v1/admin/screen-hours', 'request.invalid');
  const page = await open({ width: 390, height: 844 });
  await page.getByRole('group', { name: 'Đơn vị Đất đai, xây dựng' }).waitFor();
  await opened?.shot('admin-hours-390x844', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  await page.getByRole('button', { name: 'Lưu', exact: true }).last().click();
  await page.getByRole('alert').waitFor();
  hub.accept('PUT /api/v1/admin/screen-hours');
  await page.getByRole('button', { name: 'Bỏ: Đơn vị Đất đai, xây dựng' }).click();
  await page.getByRole('button', { name: 'Bỏ: Giải phóng miền Nam' }).click();
  await page.getByLabel('Tắt màn hình ngoài giờ').uncheck();
  await page.getByRole('button', { name: 'Lưu', exact: true }).last().click();
  await poll(() => hub.sent.length === 2, { what: 'saved' });
  expect(last()).toEqual(empty);
  hub.refuse(HOURS, 'program.unreachable');
  await page.reload();
  await page.getByRole('alert').waitFor();
  hub.answer(HOURS, screenHoursSettings, empty);
  await page.getByRole('button', { name: 'Thử lại' }).click();
  await page.getByText('Mọi quầy theo giờ chung.').waitFor();
});

test('notices: empty, written, seen in the kiosk’s own window, ordered, for a unit alone, saved; the hub’s refusal and absence are said', async () => {
  const page = await open();
  await page.getByText('Chưa có thông báo nào.').waitFor();
  await opened?.shot('admin-notices-empty-1366x768');
  await page.getByRole('button', { name: 'Thêm thông báo' }).click();
  await page.getByLabel('Tiếng Việt').fill(tet.vi);
  await page.getByText('còn 90 ký tự').waitFor();
  const glass = page.frameLocator('iframe');
  await glass.locator('.board').waitFor();
  await page.getByRole('button', { name: 'Thêm thông báo' }).click();
  await page.getByLabel('Tiếng Việt').last().fill('Quầy 7 chuyển lên tầng 2.');
  await page.getByLabel('Nơi hiện').last().selectOption({ label: 'quầy của những đơn vị được chọn' });
  await page.getByLabel('Đất đai, xây dựng').check();
  await page.getByRole('button', { name: 'Đưa lên: thông báo 2' }).click();
  await opened?.shot('admin-notices-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  hub.refuse('PUT /api/v1/admin/notices', 'request.conflict');
  const save = page.getByRole('button', { name: 'Lưu', exact: true }).first();
  await save.click();
  await page.getByRole('alert').waitFor();
  hub.answer('PUT /api/v1/admin/notices', noticesAnswer, { notices: [tet] });
  await save.click();
  await page.getByText('Đã lưu. Thiết bị đang nối nhận trong vài giây.').waitFor();
  expect(last()).toMatchObject({
    base: [],
    notices: [
      { id: null, vi: 'Quầy 7 chuyển lên tầng 2.', en: null, units: [ids.unit] },
      { id: null, vi: tet.vi, en: null, units: null },
    ],
  });
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('on show').waitFor();
  await opened?.shot('admin-notices-en-1366x768');
  hub.refuse(NOTICES, 'program.unreachable');
  await page.reload();
  await page.getByRole('alert').waitFor();
});
