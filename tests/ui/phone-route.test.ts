/*
 * The private route as a citizen walks it, over real processes: the kiosk's line to the hub is cut, the code is read off its
 * window as a phone reads it, the vote is sent on the phone before the hub has ever heard of the rating, the kiosk comes back,
 * and the receipt says that it counts, and nothing else. Once more on a machine whose clock stands in 2020. Its pictures lie
 * in tests/.out/phone-route.
 */
import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChaosProxy } from '../prove/chaos-proxy.ts';
import { FakeClock, fakeClockImpossible } from '../prove/fake-clock.ts';
import { launchChromium } from '../support/chromium.ts';
import { KioskWindow } from '../support/kiosk-window.ts';
import type { MovedClock } from '../support/moved-clock.ts';
import {
  ApiClient,
  type DemoSetup,
  enrolCode,
  kioskClock,
  StationClient,
  setupDemoHub,
  startHub,
  startKiosk,
} from '../support/office.ts';
import { inRepo, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { findQr, readQr } from '../support/read-qr.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** Time for two pictures of a code and two phones on a busy machine; nobody waits for its end. */
const CLOSE_MS = 120_000;
/** More than that. */
const PROMPT_MS = CLOSE_MS + 5_000;
const shots = inRepo('tests/.out/phone-route');
let folder: TempFolder;
let setup: DemoSetup;
let hub: { program: Program; url: string };
let line: ChaosProxy;
let kiosk: Program;
/** Its boot clock; that of the day is another. */
let clock: MovedClock;
let address: string;
let window: KioskWindow;
let browser: Browser;
let api: ApiClient;
let counter: DemoSetup['counters'][number];

beforeAll(async () => {
  await mkdir(shots, { recursive: true });
  folder = await tempFolder('phone-route');
  const data = `${folder.path}/hub`;
  setup = await setupDemoHub(data, undefined, CLOSE_MS);
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
  clock = kioskClock(`${folder.path}/boot-clock`);
  kiosk = startKiosk({ data: `${folder.path}/kiosk`, hub: line.url, panel: 'none', code, clock });
  address = String((await kiosk.line('ready'))['ui']);
  window = await KioskWindow.open(address);
  const station = new StationClient(hub.url);
  await station.startDuty(await enrolCode(data, 'station', counter.id), officer.code, officer.pin);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  window?.close();
  clock?.ended();
  await Promise.all([kiosk?.stop(), hub?.program.stop()]);
  await line?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** Another phone: a browser that shares nothing with the first. */
async function phone(url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'vi-VN' });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  return page;
}

/** What a camera before this page sees after its cross-fade of 120 ms, decoded by another page's canvas. */
async function codeOn(page: Page, name: string): Promise<string> {
  await page.waitForTimeout(300);
  const png = (await page.screenshot({ path: `${shots}/${name}.png` })).toString('base64');
  const reader = await page.context().newPage();
  const { width, height, rgba } = await reader.evaluate(async (picture) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let letters = '';
    for (const byte of data) letters += String.fromCharCode(byte);
    return { width: bitmap.width, height: bitmap.height, rgba: btoa(letters) };
  }, png);
  await reader.close();
  return findQr(Uint8ClampedArray.from(Buffer.from(rgba, 'base64')), width, height) ?? 'no QR code';
}

async function openService(dossier: string): Promise<string> {
  await window.screen('rest');
  const { transactionId, intentId } = await api.open(counter.id, [dossier]);
  await api.intent(intentId, 'accepted');
  await window.screen('serving');
  line.way = { kind: 'refuse' };
  line.cutAll();
  await poll(async () => !(await window.screen('serving')).online, { what: 'the kiosk to be alone' });
  return transactionId;
}

async function voteOn(page: Page): Promise<void> {
  await page.getByText('Ông/bà đánh giá lần phục vụ này thế nào?').waitFor();
  await page.getByRole('button', { name: 'Không hài lòng', exact: true }).click();
  // The hub has not heard of it: the questions are those that the ticket names.
  await page.getByRole('heading', { name: 'Thái độ phục vụ' }).waitFor();
  await page.getByRole('button', { name: 'Bình thường' }).click();
  await page.getByRole('heading', { name: 'Chất lượng giải quyết công việc' }).waitFor();
  await page.getByRole('button', { name: 'Bỏ qua' }).click();
  await page.getByRole('button', { name: 'Gửi đánh giá' }).click();
  await page.getByText('Đã nhận.').first().waitFor();
  await page.getByText('Chờ thiết bị tại quầy báo lượt phục vụ này về máy chủ.').waitFor();
}

/** The kiosk comes back; the page is asked until it says so. */
async function countedOn(page: Page): Promise<void> {
  line.way = { kind: 'calm' };
  const counted = page.getByText(/Đã tính vào số liệu tháng \d\d\/\d{4}\./);
  await poll(
    async () => {
      if ((await counted.count()) > 0) return true;
      await page.getByRole('button', { name: 'Xem lại' }).click({ timeout: 2_000 });
      return false;
    },
    { what: 'the receipt to say counted', everyMs: 500 },
  );
}
const effective = async (transactionId: string) => (await api.ratings(transactionId)).effective;
const VOTED = { route: 'private', overall: 2, criteria: { attitude: 3 } };

test('a kiosk that is offline at that moment: voted on the phone first, counted when it comes back', async () => {
  const transactionId = await openService('H21.27-261125-0007');
  const screen = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await screen.goto(address);
  const press = async (name: string): Promise<void> => {
    const key = screen.getByRole('button', { name });
    await key.waitFor();
    // A new screen takes no touch for a moment, so that a finger still on the glass answers nothing.
    await screen.waitForTimeout(450);
    await key.click();
  };
  await press('Tôi đã xong, tôi muốn đánh giá');
  await press('Đánh giá riêng trên điện thoại');
  await window.screen('private');
  await screen.locator('.qr svg').waitFor();
  const url = await codeOn(screen, 'kiosk-1280x800');
  expect(url.startsWith(`${hub.url}/v#`)).toBe(true);
  await screen.setViewportSize({ width: 1024, height: 600 });
  expect(await codeOn(screen, 'kiosk-1024x600')).toBe(url);

  const mine = await phone(url);
  await mine.getByText('Quầy').first().waitFor();
  await voteOn(mine);
  await mine.screenshot({ path: `${shots}/received.png` });
  const other = await phone(url);
  await other.getByText('được mở trên một điện thoại khác').waitFor();

  await countedOn(mine);
  expect(await effective(transactionId)).toMatchObject(VOTED);
  // The counter is taken until the fixed time of the rating, whatever the phone did.
  await clock.move(PROMPT_MS);
  // Opened again tomorrow, by the same address.
  await mine.reload();
  await mine.getByText('Đã tính vào số liệu').waitFor();
  expect(await mine.locator('body').innerText()).not.toMatch(/hài lòng|bình thường/i);
  await mine.screenshot({ path: `${shots}/counted.png` });
});

test.skipIf(fakeClockImpossible())(
  'a kiosk that starts with its clock in 2020 and no hub signs by the last anchor of its boot',
  async () => {
    const transactionId = await openService('H21.27-261125-0008');
    window.close();
    await kiosk.stop();
    const day = new FakeClock(`${folder.path}/clock`);
    day.set(Date.UTC(2020, 0, 1) - Date.now());
    clock.ended();
    kiosk = startProgram(
      kioskBin,
      [
        ...['run', '--data', `${folder.path}/kiosk`, '--hub', line.url],
        ...['--panel', 'none', '--ui-port', '0', '--json'],
      ],
      { env: { ...day.wrapper.env, NODE_OPTIONS: clock.args.join(' '), ...clock.env() } },
    );
    window = await KioskWindow.open(String((await kiosk.line('ready'))['ui']));
    window.openPrompt();
    window.private((await window.question('overall')).rating);
    const { qr, until } = await window.screen('private');
    // Of the kiosk's boot more has passed than of the day.
    const now = Date.now() + clock.movedMs;
    expect(Math.abs(until! - (now + 7 * 86_400_000))).toBeLessThan(60_000);
    const mine = await phone(readQr(qr!));
    await voteOn(mine);
    await countedOn(mine);
    expect(await effective(transactionId)).toMatchObject(VOTED);
  },
  180_000,
);
