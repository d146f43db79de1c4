/*
 * The whole journey on the demo office, as a person walks it: the officer's profile on the kiosk, the next citizen at
 * the station, a press on the panel, the rating on the dashboard, the footage of that transaction at the inspector.
 * Separate processes, a real Chromium, real H.264. Its pictures lie in tests/.out/journey.
 */
import { mkdir } from 'node:fs/promises';
import type { CoverageAnswer, CoverageCameras } from '@hailong/shared/protocol/coverage.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { StationClient } from '../support/office.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { sameMonth } from '../support/same-month.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const DOSSIER = 'H21.27-261120-0043';
/** A new question takes no touch for 350 ms, so that a finger still on the glass does not answer it. */
const SETTLE_MS = 450;
const SERVED_MS = 6_000;
const shots = inRepo('tests/.out/journey');

interface Ready {
  readonly addresses: Readonly<Record<string, string>>;
  readonly logins: {
    readonly officers: readonly { staffCode: string; name: string; pin: string }[];
    readonly users: readonly { username: string; password: string; roles: readonly string[] }[];
  };
}

let folder: TempFolder;
let demo: Program;
let ready: Ready;
let browser: Browser;

beforeAll(async () => {
  await sameMonth();
  await mkdir(shots, { recursive: true });
  folder = await tempFolder('journey');
  demo = startProgram(inRepo('scripts/start.js'), ['--json', '--port', '0', '--data', `${folder.path}/demo`]);
  ready = (await demo.line('ready', { timeoutMs: 180_000 })) as unknown as Ready;
  browser = await launchChromium();
}, 480_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  await folder?.[Symbol.asyncDispose]();
});

const address = (name: string) => {
  const found = ready.addresses[name];
  if (!found) throw new Error(`no address of ${name}: ${JSON.stringify(ready.addresses)}`);
  return found;
};

async function open(name: string, width: number, height: number): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error.message}`));
  await page.goto(address(name));
  return page;
}

async function logIn(page: Page, role: string): Promise<void> {
  const user = ready.logins.users.find((each) => each.roles.includes(role));
  if (!user) throw new Error(`no ${role} among the demo's logins`);
  await page.getByLabel('Tên đăng nhập').fill(user.username);
  await page.getByLabel('Mật khẩu').fill(user.password);
  await page.keyboard.press('Enter');
}

/** After the page's cross-fade of 120 ms. */
async function shot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${shots}/${name}.png` });
}

/** Waits for every camera to have been recorded up to a moment. */
async function watchFootage(): Promise<(at: number) => Promise<unknown>> {
  const user = ready.logins.users.find((each) => each.roles.includes('inspector'));
  const client = new StationClient(new URL(address('inspector')).origin);
  await client.call('POST', '/api/v1/session', { username: user?.username, password: user?.password });
  const { cameras } = (await client.call<CoverageCameras>('GET', '/api/v1/coverage/cameras')).body;
  const upTo = async (id: string, at: number): Promise<boolean> => {
    const asked = `/api/v1/coverage?camera=${id}&day=${vietnamDay(at)}`;
    const { spans } = (await client.call<CoverageAnswer>('GET', asked)).body;
    return spans.some(({ state, to }) => state === 'recorded' && to > at);
  };
  return (at) =>
    poll(async () => (await Promise.all(cameras.map(({ id }) => upTo(id, at)))).every(Boolean), {
      ...{ what: 'the footage of every camera', everyMs: 500 },
    });
}

test('from the officer’s profile to the footage of that very transaction', async () => {
  onTestFailed(async () => {
    for (const [i, context] of browser.contexts().entries())
      for (const page of context.pages()) await shot(page, `failed-${i}`);
  });
  const officer = ready.logins.officers[0];
  if (!officer) throw new Error('no officer among the demo’s logins');

  const recorded = await watchFootage();
  const kiosk = await open('kiosk', 1280, 800);
  await kiosk.getByText(officer.name).first().waitFor();
  await shot(kiosk, 'kiosk-rest');

  const station = await open('station', 360, 800);
  await station.getByLabel('Mã cán bộ').fill(officer.staffCode);
  await station.getByLabel('PIN').fill(officer.pin);
  await shot(station, 'station-login');
  await station.keyboard.press('Enter');
  await station.locator('#code').fill(DOSSIER);
  const next = station.getByRole('button', { name: 'Mời người tiếp theo' });
  await poll(() => next.isEnabled(), { what: 'the duty to start' });
  await station.keyboard.press('F2');
  await station.getByText(DOSSIER).first().waitFor();
  await kiosk.getByText(DOSSIER).first().waitFor();
  await shot(kiosk, 'kiosk-serving');
  const finish = station.getByRole('button', { name: 'Kết thúc lượt phục vụ' });
  await poll(() => finish.isEnabled(), { what: 'the station to show who is served' });
  await shot(station, 'station-serving');
  // A citizen is served for a while, so that there is footage of it.
  const servedAt = Date.now();
  await recorded(servedAt);
  await station.waitForTimeout(Math.max(0, servedAt + SERVED_MS - Date.now()));
  const finishedAt = Date.now();
  await station.keyboard.press('F4');
  await kiosk.getByText('Ông/bà đánh giá lần phục vụ này thế nào?').waitFor();
  await shot(kiosk, 'kiosk-question');

  const panel = await open('panel', 800, 700);
  await panel.locator('#lamp-armed.on').waitFor();
  await shot(panel, 'panel');
  await panel.locator('#button-4').click();
  await kiosk.getByText('Thái độ phục vụ').first().waitFor();
  await shot(kiosk, 'kiosk-criterion');
  await kiosk.waitForTimeout(SETTLE_MS);
  await kiosk.getByRole('button', { name: /^Không\s+hài\s+lòng/ }).click();
  await poll(async () => !(await kiosk.getByText('Thái độ phục vụ').first().isVisible()), {
    what: 'the next question',
  });
  await kiosk.waitForTimeout(SETTLE_MS);
  await kiosk.getByRole('button', { name: /Bình\s+thường/ }).click();
  // The page of chips, with its thanks, is the same after every level.
  await kiosk.getByText('Ông/bà muốn cho biết thêm điều gì?').waitFor();
  await kiosk.waitForTimeout(SETTLE_MS);
  await kiosk.getByText('Hướng dẫn không rõ').click();
  await shot(kiosk, 'kiosk-chips');
  await kiosk.getByRole('button', { name: 'Xong' }).click();
  await kiosk.getByText('Cảm ơn').first().waitFor();
  await shot(kiosk, 'kiosk-thanks');

  const dashboard = await open('dashboard', 1366, 768);
  await logIn(dashboard, 'head');
  await dashboard.getByText('1 trên 1 lượt phục vụ').first().waitFor({ timeout: 60_000 });
  await shot(dashboard, 'dashboard');

  await recorded(finishedAt);
  const inspector = await open('inspector', 1366, 768);
  await logIn(inspector, 'inspector');
  await inspector.getByLabel('Mã hồ sơ').fill(DOSSIER);
  await inspector.keyboard.press('Enter');
  await inspector.getByRole('button', { name: 'Lập phiếu' }).first().click();
  await inspector.getByLabel('Số văn bản giao nhiệm vụ').fill('45/QĐ-VP');
  await inspector.getByLabel('Mục đích').fill('Xác minh phản ánh về thái độ phục vụ');
  await inspector.getByLabel('Đang tranh chấp').check();
  await shot(inspector, 'inspector-open-case');
  await inspector.getByRole('button', { name: 'Lập phiếu và mở hình' }).click();
  await inspector.locator('video').waitFor({ timeout: 60_000 });
  const played = await poll(
    () =>
      inspector.evaluate(() => {
        const video = document.querySelector('video');
        return video && video.readyState >= 2 && video.currentTime > 0.5 ? video.videoWidth : null;
      }),
    { what: 'the clip to play' },
  );
  expect(played).toBeGreaterThan(0);
  await shot(inspector, 'inspector');

  const admin = await open('administration', 1366, 768);
  await logIn(admin, 'admin');
  await admin.waitForTimeout(500);
  await shot(admin, 'admin');
});
