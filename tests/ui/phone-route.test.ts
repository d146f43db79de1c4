/*
 * The private route as a citizen walks it, over real processes: the kiosk's line to the hub is cut, the code on its screen is
 * read as a phone reads it, the vote is sent on the phone before the hub has ever heard of the rating, the kiosk comes back,
 * and the receipt says that it counts, and nothing else. Its pictures lie in tests/.out/phone-route.
 */
import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChaosProxy } from '../prove/chaos-proxy.ts';
import { launchChromium } from '../support/chromium.ts';
import { KioskWindow } from '../support/kiosk-window.ts';
import {
  ApiClient,
  type DemoSetup,
  enrolCode,
  StationClient,
  setupDemoHub,
  startHub,
} from '../support/office.ts';
import { inRepo, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { readQr } from '../support/read-qr.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const shots = inRepo('tests/.out/phone-route');
let folder: TempFolder;
let setup: DemoSetup;
let hub: { program: Program; url: string };
let line: ChaosProxy;
let kiosk: Program;
let window: KioskWindow;
let browser: Browser;
let api: ApiClient;
let counter: DemoSetup['counters'][number];

beforeAll(async () => {
  await mkdir(shots, { recursive: true });
  folder = await tempFolder('phone-route');
  const data = `${folder.path}/hub`;
  setup = await setupDemoHub(data);
  hub = await startHub(data);
  api = new ApiClient(hub.url, setup.apiKey);
  counter = setup.counters[0]!;
  const officer = setup.officers[0]!;
  const admin = setup.users.find((each) => each.roles.includes('admin'))!;
  const desk = new StationClient(hub.url);
  await desk.call('POST', '/api/v1/session', { username: admin.username, password: admin.password });
  const { body: office } = await desk.call<object>('GET', '/api/v1/admin/office');
  const saved = await desk.call('PUT', '/api/v1/admin/office', { ...office, privateUrl: hub.url });
  expect(saved).toMatchObject({ status: 200, body: { privateUrl: hub.url } });

  line = await ChaosProxy.make(() => Number(new URL(hub.url).port));
  const code = await enrolCode(data, 'counter', counter.id);
  kiosk = startProgram(kioskBin, [
    ...['run', '--data', `${folder.path}/kiosk`, '--hub', line.url, '--enrol', code],
    ...['--panel', 'none', '--ui-port', '0', '--json'],
  ]);
  window = await KioskWindow.open(String((await kiosk.line('ready'))['ui']));
  const station = new StationClient(hub.url);
  await station.startDuty(await enrolCode(data, 'station', counter.id), officer.code, officer.pin);
  browser = await launchChromium();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  window?.close();
  await Promise.all([kiosk?.stop(), hub?.program.stop()]);
  await line?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
}, 60_000);

/** Another phone: a browser that shares nothing with the first. */
async function phone(url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'vi-VN' });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  return page;
}

test('a kiosk that is offline at that moment: voted on the phone first, counted when it comes back', async () => {
  const { transactionId, intentId } = await api.open(counter.id, ['H21.27-261125-0007']);
  await api.intent(intentId, 'accepted');
  await window.screen('serving');
  line.way = { kind: 'refuse' };
  line.cutAll();
  await poll(async () => !(await window.screen('serving')).online, { what: 'the kiosk to be alone' });

  window.openPrompt();
  const { rating } = await window.question('overall');
  window.private(rating);
  const shown = await window.screen('private');
  expect(shown.until).toBeGreaterThan(Date.now() + 6 * 86_400_000);
  const url = readQr(shown.qr!);
  expect(url.startsWith(`${hub.url}/v#`)).toBe(true);

  const mine = await phone(url);
  await mine.getByText('Ông/bà đánh giá lần phục vụ này thế nào?').waitFor();
  await mine.getByText('Quầy').first().waitFor();
  await mine.getByRole('button', { name: 'Không hài lòng', exact: true }).click();
  // The hub has not heard of it: the questions are those that the ticket names.
  await mine.getByRole('heading', { name: 'Thái độ phục vụ' }).waitFor();
  await mine.getByRole('button', { name: 'Bình thường' }).click();
  await mine.getByRole('heading', { name: 'Chất lượng giải quyết công việc' }).waitFor();
  await mine.getByRole('button', { name: 'Bỏ qua' }).click();
  await mine.getByRole('button', { name: 'Gửi đánh giá' }).click();
  await mine.getByText('Đã nhận.').first().waitFor();
  await mine.getByText('Chờ thiết bị tại quầy báo lượt phục vụ này về máy chủ.').waitFor();
  await mine.screenshot({ path: `${shots}/received.png` });
  const other = await phone(url);
  await other.getByText('được mở trên một điện thoại khác').waitFor();

  line.way = { kind: 'calm' };
  const counted = mine.getByText(/Đã tính vào số liệu tháng \d\d\/\d{4}\./);
  await poll(
    async () => {
      if ((await counted.count()) > 0) return true;
      await mine.getByRole('button', { name: 'Xem lại' }).click({ timeout: 2_000 });
      return false;
    },
    { what: 'the receipt to say counted', timeoutMs: 60_000, everyMs: 500 },
  );
  expect((await api.ratings(transactionId)).effective).toMatchObject({
    ...{ route: 'private', overall: 2, criteria: { attitude: 3 } },
  });
  // Opened again tomorrow, by the same address.
  await mine.reload();
  await counted.waitFor();
  expect(await mine.locator('body').innerText()).not.toMatch(/hài lòng|bình thường/i);
  await mine.screenshot({ path: `${shots}/counted.png` });
}, 180_000);
