/*
 * The guided set-up of a panel as a technician walks it: the real command, a real Chromium, real pseudo-terminals. What is saved
 * is what the agent then reads (firmware-notes/families.md, "Set-up").
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startLineSimulator } from '@hailong/device-drivers/simulators/line-simulator.ts';
import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
import { LINE_PROFILES } from '@hailong/shared/model/panel-profiles.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readPanelFile } from '../../kiosk-app/agent/adapters/panel/panel-file.ts';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { inRepo, kioskBin } from '../support/paths.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { axeFaults } from './axe.ts';

const out = inRepo('tests/.out/panel-setup');
let browser: Browser;
let folder: TempFolder;
let program: Program;
let address: string;
let page: Page;
const cleanups: Array<() => Promise<unknown>> = [];

const saved = () => readPanelFile(join(folder.path, 'panel.json'));
const step = (n: number) => page.locator('.step').nth(n - 1);
const shot = (name: string) => page.screenshot({ path: `${out}/${name}.png`, fullPage: true });

async function usePort(path: string): Promise<void> {
  await page.getByLabel('Cổng khác, gõ tên').fill(path);
  await page.getByRole('button', { name: 'Dùng cổng này' }).click();
}
const connected = () => step(2).getByText('● Đã nối.').waitFor();

beforeAll(async () => {
  await ensureScreens(process.execPath);
  await mkdir(out, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  folder = await tempFolder('panel-setup');
  program = startProgram(kioskBin, ['panel', 'setup', '--data', folder.path, '--json']);
  address = String((await program.line('ready'))['ui']);
  page = await browser.newPage({ viewport: { width: 1024, height: 600 } });
  await page.goto(address);
  await page.getByText('Không thấy cổng nối tiếp nào').or(page.locator('.option code').first()).waitFor();
});
afterEach(async () => {
  await page.close();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  await program.stop();
  await folder[Symbol.asyncDispose]();
});

describe('the page', () => {
  it('shows its states, in both languages, and axe finds nothing', async () => {
    await shot('empty');
    expect(await page.evaluate(() => [location.hash, document.documentElement.lang])).toEqual(['', 'vi']);
    expect(await axeFaults(page)).toEqual([]);
    await usePort('/dev/khong-co');
    await step(2).getByText('Mỗi dòng một chữ số 1–5, 9600 baud').click();
    await step(2).getByRole('button', { name: 'Thử nối' }).click();
    await step(2).getByText('Không mở được cổng').waitFor();
    await shot('away');
    await usePort('ttyUSB0');
    await step(2).getByText('Mỗi lần bấm một chữ số 1–5, 9600 baud').click();
    await step(2).getByRole('button', { name: 'Thử nối' }).click();
    await step(2).getByText('Tên cổng không đúng.').waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('The port’s name is not valid.').waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await shot('problem-en');
    await program.stop();
    await page.getByText('The set-up program does not answer').waitFor();
    await shot('offline-en');
  });

  it('is nobody’s without the token, and not beside a serving agent', async () => {
    const stranger = await browser.newPage();
    await stranger.goto(address.replace(/#token=.*/, '#token=wrong'));
    await stranger.getByText('Chương trình cài đặt không trả lời').waitFor();
    expect(await stranger.locator('.saved').count()).toBe(0);
    await stranger.close();
    const second = startProgram(kioskBin, ['panel', 'setup', '--data', folder.path]);
    expect(await second.exited).toBe(3);
    expect(second.stderr()).toContain('program.data_locked');
  });
});

it('a CPP/1 panel: each button in order, its lamps, and its hardware id in the file', async () => {
  const panel = startPanelSimulator();
  cleanups.push(() => panel.stop());
  await usePort(panel.path);
  await step(2).getByText('Bộ nút CPP/1').click();
  await step(2).getByRole('button', { name: 'Thử nối' }).click();
  await connected();
  await step(3).getByText('Bấm nút 1', { exact: true }).waitFor();
  await panel.press(0);
  await step(3).getByText('Bấm nút 2', { exact: true }).waitFor();
  await panel.press(3);
  await step(3).getByText('Vừa nhận nút 4, chờ nút 2.').waitFor();
  await shot('wrong-button');
  for (const [button, next] of [
    [1, 'Bấm nút 3'],
    [2, 'Bấm nút 4'],
    [3, 'Bấm nút 5'],
    [4, '● Đủ 5 nút, đúng thứ tự.'],
  ] as const) {
    await panel.press(button);
    await step(3).getByText(next, { exact: true }).waitFor();
  }
  await step(4).getByRole('button', { name: 'Bật đèn' }).click();
  await step(4).getByText('mọi đèn phải sáng').waitFor();
  expect(panel.lamp().on).toBe(0b11111);
  await step(5).getByText('Không mất lần bấm nào').waitFor();
  await step(5).getByRole('button', { name: 'Ghi cấu hình này' }).click();
  await step(5).getByText('● Đã ghi.').waitFor();
  await shot('saved');
  expect(await axeFaults(page)).toEqual([]);
  expect(saved()).toEqual({ family: 'cpp1', path: panel.path, hwid: panel.hwid });
});

it('a box that no profile knows is learned from its bytes', async () => {
  const { config } = LINE_PROFILES.find(({ key }) => key === 'line-digits')!;
  const buttons = ['#tot', '#vua', '#kem'].map((text) => ({ press: [text], release: [] }));
  const box = startLineSimulator({ config: { ...config, buttons } });
  cleanups.push(() => box.stop());
  await usePort(box.path);
  await step(2).getByText('Loại khác: học từng nút').click();
  const framing = step(2).getByRole('group', { name: 'Thông điệp' });
  await framing.getByRole('button', { name: 'kết thúc bằng \\n', exact: true }).click();
  await step(2).getByRole('button', { name: 'Thử nối' }).click();
  await connected();
  await page.waitForTimeout(100);
  for (const button of [0, 1, 1, 2]) await box.press(button);
  await step(2).getByRole('button', { name: 'Dùng 3 nút này' }).click();
  await connected();
  await step(3).getByText('Bấm nút 1', { exact: true }).waitFor();
  await page.waitForTimeout(100);
  for (const [button, next] of [
    [0, 'Bấm nút 2'],
    [1, 'Bấm nút 3'],
    [2, '● Đủ 3 nút, đúng thứ tự.'],
  ] as const) {
    await box.press(button);
    await step(3).getByText(next, { exact: true }).waitFor();
  }
  await shot('learned');
  await step(5).getByRole('button', { name: 'Ghi cấu hình này' }).click();
  await step(5).getByText('● Đã ghi.').waitFor();
  expect(saved()).toMatchObject({ family: 'line-ascii', path: box.path, buttons });
});

it('a panel that types keys is learned and tried in the page', async () => {
  await step(1).getByText('Bộ nút gõ phím như bàn phím').click();
  await step(2).getByText('Loại khác: học từng nút').click();
  for (const key of ['KeyA', 'KeyS', 'KeyS', 'KeyD']) await page.keyboard.press(key);
  await step(2).getByRole('button', { name: 'Dùng 3 nút này' }).click();
  await step(3).getByText('Bấm nút 1', { exact: true }).waitFor();
  await page.keyboard.press('KeyA');
  await page.keyboard.press('KeyD');
  await step(3).getByText('Vừa nhận nút 3, chờ nút 2.').waitFor();
  await page.keyboard.press('KeyS');
  await page.keyboard.press('KeyD');
  await step(3).getByText('● Đủ 3 nút').waitFor();
  await step(5).getByText('Không biết bộ nút còn cắm hay không').waitFor();
  await step(5).getByRole('button', { name: 'Ghi cấu hình này' }).click();
  await step(5).getByText('● Đã ghi.').waitFor();
  expect(saved()).toEqual({ family: 'hid-wedge', keys: ['KeyA', 'KeyS', 'KeyD'], ignore: [] });
});
