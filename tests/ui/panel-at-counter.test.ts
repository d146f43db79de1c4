/*
 * A broken panel is replaced at a counter that goes on: real hub, agent and pseudo-terminals, the kiosk's own window in a real
 * Chromium with its lock. A PIN leads to the set-up; nothing of its test is a rating; the new panel serves at once, and after a
 * restart (kiosk-app/DESIGN.md, "The panel").
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type LineSimulator, startLineSimulator } from '@hailong/device-drivers/simulators/line-simulator.ts';
import { LINE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPanelFile } from '../../kiosk-app/agent/adapters/panel/panel-file.ts';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { type Office, openOffice } from '../support/office.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import type { JsonLine } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { axeFaults } from './axe.ts';

/** The window ignores touches just after a new page. */
const READY_MS = 450;
/** Time for a press on a busy machine; nobody waits for its end. */
const CLOSE_MS = 60_000;
/** A citizen who is not thanked presses again. */
const PRESS_AGAIN_MS = 15_000;
const out = inRepo('tests/.out/panel-at-counter');

let folder: TempFolder;
let office: Office;
let browser: Browser;
let box: LineSimulator;
let page: Page;

beforeAll(async () => {
  await ensureScreens(process.execPath);
  await mkdir(out, { recursive: true });
  folder = await tempFolder('panel-at-counter');
  const { config } = LINE_PROFILES.find(({ key }) => key === 'byte-digits')!;
  const keepAlive = { send: '\\x89', expect: 'OK\\r', everyMs: 1_000, timeoutMs: 500, misses: 3 };
  box = startLineSimulator({ config: { ...config, keepAlive, led: { on: 'L', off: 'D' } } });
  [office, browser] = await Promise.all([
    openOffice(folder.path, { closeAfterMs: CLOSE_MS, panelInFile: true }),
    launchChromium(),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await office?.[Symbol.asyncDispose]();
  await box?.stop();
  await folder?.[Symbol.asyncDispose]();
});

const step = (n: number) => page.locator('.step').nth(n - 1);
const shows = (name: string) => page.waitForSelector(`[data-screen="${name}"]`);
const shot = (name: string) => page.screenshot({ path: `${out}/${name}.png` });
const saved = () => readPanelFile(join(folder.path, 'kiosk', 'panel.json'));
/** Of the kiosk's own chain. */
function eventsOf(types: readonly string[]): number {
  const db = new Database(join(folder.path, 'kiosk', 'agent.db'), { readonly: true });
  try {
    const rows = db.prepare('SELECT bytes FROM event').all() as { bytes: Uint8Array }[];
    return rows.filter(({ bytes }) => types.some((type) => Buffer.from(bytes).includes(`"${type}"`))).length;
  } finally {
    db.close();
  }
}
async function unlock(): Promise<void> {
  await page.getByRole('button', { name: 'Cán bộ', exact: true }).click();
  await shows('pin');
  await page.getByRole('heading', { name: 'Cài đặt bộ nút của quầy' }).waitFor();
  for (const typed of [office.officer.code, office.officer.pin]) {
    await page.waitForTimeout(READY_MS);
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
  }
  await shows('setup');
}
/** A citizen is served and presses the box's button; what the hub then counts. */
async function rate(button: number): Promise<number | null | undefined> {
  const { transactionId, intentId } = await office.api.open(office.counter.id, ['H21']);
  await office.api.intent(intentId, 'accepted');
  await office.api.finish(transactionId);
  await shows('question');
  const isIt = (line: JsonLine) => line.event === 'thanked' && line['transaction'] === transactionId;
  // This process answers for the box: held up for some seconds, the box is away, and what it then says of a press is lost.
  const thanked = await poll(
    async () => {
      await poll(() => box.lit(), { what: 'the lamps of the new panel' });
      await box.press(button);
      return office.kiosk.line(isIt, { timeoutMs: PRESS_AGAIN_MS });
    },
    { what: 'thanks for a press' },
  );
  await office.passPrompt();
  await office.kioskLine('closed', ({ transaction }) => transaction === transactionId);
  return Number(thanked['level']);
}

it('another panel is set up behind a PIN, serves at once and after a restart, and its test is no rating', async () => {
  page = await browser.newPage({ viewport: { width: 1024, height: 600 }, hasTouch: true });
  page.setDefaultTimeout(60_000);
  const broken: unknown[] = [];
  page.on('pageerror', (error) => broken.push(error));
  await page.goto(String((await office.kioskLine('ready'))['ui']));
  await shows('rest');
  // A counter whose panel works has no such key on its screen.
  expect(await page.getByRole('button', { name: 'Cán bộ' }).count()).toBe(0);
  await office.panel.unplug();
  await page.getByRole('button', { name: 'Cán bộ' }).waitFor();
  await page.waitForTimeout(READY_MS);
  await unlock();
  await page.getByText('Không thấy cổng nối tiếp nào').or(page.locator('.option code').first()).waitFor();
  await shot('begin');
  expect(await axeFaults(page)).toEqual([]);

  // Nobody is served meanwhile: another system is told why.
  const refused = await office.api.open(office.counter.id, ['H20']);
  await office.api.intent(refused.intentId, 'refused');
  const { body } = await office.api.call<{ reason: { code: string } }>(
    'GET',
    `/api/v1/intents/${refused.intentId}`,
  );
  expect(body.reason.code).toBe('intent.panel_setup');

  // By touch alone where there is no keyboard, and by one where there is.
  await page.getByLabel('Cổng khác, gõ tên').tap();
  await page.locator('.touch-keys').getByRole('button', { name: '/', exact: true }).tap();
  await page.locator('.touch-keys').getByRole('button', { name: 'abc', exact: true }).tap();
  const [slash, first = '', ...rest] = box.path;
  for (const key of [first, 'x'])
    await page.locator('.touch-keys').getByRole('button', { name: key, exact: true }).tap();
  await page.locator('.touch-keys').getByRole('button', { name: 'Xóa' }).tap();
  await shot('typing');
  expect(await page.getByLabel('Cổng khác, gõ tên').inputValue()).toBe(`${slash}${first}`);
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.type(rest.join(''));
  await page.keyboard.press('Enter');
  await step(2).getByText('Mỗi lần bấm một chữ số 1–5, 9600 baud').tap();
  const field = (name: string) => step(2).getByLabel(name, { exact: true });
  await field('Đèn: gửi để bật').fill('L');
  await step(2).getByRole('button', { name: 'Thử nối' }).tap();
  await step(2).getByText('Một chuỗi byte viết sai.').or(step(2).locator('.note-critical')).first().waitFor();
  await shot('problem');
  await field('gửi để tắt').fill('D');
  await field('Kiểm tra sự có mặt: gửi').fill('\\x89');
  await field('và chờ nghe').fill('OK\\r');
  await step(2).getByRole('button', { name: 'Thử nối' }).tap();
  await step(2).getByText('● Đã nối.').waitFor();
  await step(2).locator('.wires').scrollIntoViewIfNeeded();
  await shot('fields');
  const before = eventsOf(['rating.voted', 'press.stray', 'rating.opened']);
  for (const [button, next] of [
    [0, 'Bấm nút 2'],
    [1, 'Bấm nút 3'],
    [2, 'Bấm nút 4'],
    [3, 'Bấm nút 5'],
    [4, '● Đủ 5 nút, đúng thứ tự.'],
  ] as const) {
    await box.press(button);
    await step(3).getByText(next, { exact: true }).waitFor();
  }
  await step(4).getByRole('button', { name: 'Bật đèn' }).tap();
  await step(4).getByText('mọi đèn phải sáng').waitFor();
  await poll(() => box.lit(), { what: 'the lamps' });
  await step(5).getByRole('button', { name: 'Ghi cấu hình này' }).tap();
  await step(5).getByText('● Đã ghi. Có hiệu lực khi rời trang.').waitFor();
  await shot('saved');
  expect(await axeFaults(page)).toEqual([]);
  // A window that came anew is where the one before was.
  await page.reload();
  await step(5).getByText('Đang ghi trong máy:').waitFor();
  await page.getByRole('button', { name: 'Rời trang, trở lại quầy' }).tap();
  await shows('rest');
  expect(eventsOf(['rating.voted', 'press.stray', 'rating.opened'])).toBe(before);
  expect(saved()).toMatchObject({
    ...{ family: 'line-ascii', path: box.path, led: { on: 'L', off: 'D' } },
    keepAlive: { send: '\\x89', expect: 'OK\\r' },
  });

  expect(await rate(1)).toBe(4);
  await office.restartKiosk();
  await page.goto(String((await office.kioskLine('ready'))['ui']));
  await shows('rest');
  expect(await rate(3)).toBe(2);
  // And it is the box that is missed now.
  await box.unplug();
  await page.getByRole('button', { name: 'Cán bộ' }).waitFor();
  await page.waitForTimeout(READY_MS);
  await unlock();
  await page.getByRole('button', { name: 'English' }).tap();
  await page.getByRole('button', { name: 'Leave, back to the counter' }).tap();
  await shows('rest');
  expect(broken).toEqual([]);
});
