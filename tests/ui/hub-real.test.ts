/*
 * The pages against the real hub of the demo office, without a device: every section of every page loads under the
 * hub's own headers, a station enrols by an administrator's code, and what no device has answered yet says so.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type DemoSetup, setupDemoHub, startHub } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import type { Program } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { type HubPage, openHubPage } from './hub-page.ts';

let browser: Browser;
let folder: TempFolder;
let setup: DemoSetup;
let hub: { program: Program; url: string };
let opened: HubPage[] = [];

beforeAll(async () => {
  folder = await tempFolder('hub-real');
  setup = await setupDemoHub(`${folder.path}/data`);
  hub = await startHub(`${folder.path}/data`);
  browser = await launchChromium();
}, 120_000);
afterEach(async () => {
  for (const page of opened) await page.close();
  opened = [];
});
afterAll(async () => {
  await browser?.close();
  await hub?.program.stop();
  await folder?.remove();
});

async function open(path: string, size = { width: 1366, height: 768 }): Promise<HubPage> {
  const page = await openHubPage(browser, `${hub.url}${path}`, size);
  opened.push(page);
  return page;
}

async function logIn(page: Page, role: string): Promise<void> {
  const user = setup.users.find((each) => each.roles.includes(role));
  if (!user) throw new Error(`no ${role} in the demo`);
  await page.getByLabel('Tên đăng nhập').fill(user.username);
  await page.getByLabel('Mật khẩu').fill(user.password);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Đăng xuất' }).waitFor();
}

const noProblem = (page: Page) =>
  page.locator('[data-code]').evaluateAll((all) => all.map((each) => each.outerHTML));

test('every section of the administration loads, and a change comes back', async () => {
  const { page, shot } = await open('/admin');
  await logIn(page, 'admin');
  for (const name of [
    'Cơ quan',
    'Đơn vị',
    'Cán bộ',
    'Quầy',
    'Thủ tục',
    'Camera',
    'Tài khoản',
    'Thiết bị',
    'Khóa API',
    'Nhật ký',
  ]) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await poll(async () => (await page.locator('.loading').count()) === 0, { what: `${name} to load` });
    expect(await noProblem(page)).toEqual([]);
  }
  await page.getByRole('link', { name: 'Cán bộ', exact: true }).click();
  await page.locator('.list .portrait').first().waitFor();
  await shot('real-admin-officers-1366x768');
  await page.getByRole('link', { name: 'Đơn vị', exact: true }).click();
  await page.getByRole('button', { name: 'Thêm' }).click();
  await page.getByLabel('Mã', { exact: true }).fill('TN');
  await page.getByLabel('Tên', { exact: true }).fill('Tài nguyên');
  await page.getByRole('button', { name: 'Lưu' }).click();
  await page.getByRole('cell', { name: 'Tài nguyên', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Nhập CSV', exact: true }).first().click();
  await page.getByLabel('Danh sách').selectOption('procedures');
  const csv = 'Mã thủ tục;Tên thủ tục\n1.999999;Thủ tục thử\n sai mã ;\n'.replaceAll(';', ',');
  await page
    .getByLabel('Tệp CSV')
    .setInputFiles({ name: 'tt.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('button', { name: 'Xem trước' }).click();
  await page.locator('.row-error .field-error').first().waitFor();
  await shot('real-admin-import-1366x768');
});

test('a station enrols by the administrator’s code, and an officer’s login waits for the device', async () => {
  const admin = await open('/admin#/devices');
  await logIn(admin.page, 'admin');
  await admin.page.getByLabel('Loại').selectOption('station');
  await admin.page.getByRole('button', { name: 'Lấy mã ghi danh' }).click();
  const code = await admin.page.locator('.enrol-large').innerText();
  const { page, shot } = await open(`/station?enrol=${code}`, { width: 360, height: 800 });
  const officer = setup.officers[0];
  if (!officer) throw new Error('no officer in the demo');
  await page.getByLabel('Mã cán bộ').fill(officer.code);
  await page.getByLabel('PIN').fill('0000');
  await page.keyboard.press('Enter');
  await page.getByText('Mã cán bộ hoặc PIN không đúng.').waitFor();
  await page.getByText('Quầy chưa có thiết bị đánh giá').waitFor();
  await page.getByLabel('PIN').fill(officer.pin);
  await page.keyboard.press('Enter');
  await poll(async () => (await page.getByText(/đang chờ thiết bị|chưa có thiết bị đánh giá/i).count()) > 0, {
    what: 'what the device owes',
  });
  await shot('real-station-360x800');
});

test('dashboard and inspector of an office without a transaction', async () => {
  const head = await open('/dashboard');
  await logIn(head.page, 'head');
  await head.page.getByText('Chưa có lượt phục vụ nào trong tháng này.').waitFor();
  for (const name of ['Theo người phục vụ', 'Theo thủ tục', 'Theo giai đoạn']) {
    await head.page.getByRole('tab', { name }).click();
    await head.page.getByText('Chưa có lượt phục vụ nào trong tháng này.').waitFor();
  }
  const download = head.page.waitForEvent('download');
  await head.page.getByRole('link', { name: 'Xuất XLSX' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.xlsx$/);
  await head.shot('real-dashboard-1366x768');
  const inspector = await open('/inspector');
  await logIn(inspector.page, 'inspector');
  await inspector.page.getByLabel('Mã hồ sơ').fill('H21.27-000000-0000');
  await inspector.page.keyboard.press('Enter');
  await inspector.page.getByText('Không có lượt phục vụ nào mang mã').waitFor();
  await inspector.page.getByRole('link', { name: 'Phiếu của tôi' }).click();
  await inspector.page.getByText('Chưa có phiếu nào giao cho ông/bà.').waitFor();
});
