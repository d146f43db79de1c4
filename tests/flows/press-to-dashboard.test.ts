/*
 * The promise over real processes: hub, agent and panel each on its own. What the citizen was thanked for is at the hub
 * exactly once, with its officer and transaction, and on the open dashboard, also with the hub down in between.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type Office, startHub } from '../support/office.ts';
import { openPressOffice, type PressOffice } from '../support/press-office.ts';
import { sameMonth } from '../support/same-month.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let office: Office;
let openPrompt: PressOffice['openPrompt'];
let closed: PressOffice['closed'];
let overall: PressOffice['overall'];

beforeAll(async () => {
  await sameMonth();
  folder = await tempFolder('press');
  ({ office, openPrompt, closed, overall } = await openPressOffice(folder.path));
}, 480_000);
afterAll(async () => {
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

test('a press on the panel becomes one vote at the hub and one rating on the dashboard', async () => {
  const { transactionId } = await openPrompt();
  await office.panel.press(1);
  const thanked = await office.kioskLine('thanked', (line) => line['transaction'] === transactionId);
  expect(thanked['level']).toBe(4);
  await office.kioskLine('panelAcked', (line) => line['id'] === thanked['id']);
  await office.kioskLine('acked', (line) => line['id'] === thanked['id']);
  const { votes, effective } = await overall(transactionId);
  expect(votes.map((vote) => [vote.voteId, vote.level, vote.via, vote.button])).toEqual([
    [thanked['id'], 4, 'panel', 2],
  ]);
  expect(effective.overall).toBe(4);

  await using browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  const head = office.setup.users.find((user) => user.roles.includes('head'));
  await page.goto(`${office.url}/dashboard`);
  await page.getByLabel('Tên đăng nhập').fill(head?.username ?? '');
  await page.getByLabel('Mật khẩu').fill(head?.password ?? '');
  await page.keyboard.press('Enter');
  await page.getByText('1 trên 1 lượt phục vụ').first().waitFor({ timeout: 60_000 });
  await closed(transactionId);

  // It arrives by itself on the open page.
  const second = await openPrompt();
  await office.panel.press(0);
  await overall(second.transactionId);
  await page.getByText('2 trên 2 lượt phục vụ').first().waitFor({ timeout: 60_000 });
  await closed(second.transactionId);
});

test('a press with the hub down is thanked and arrives once when it is back', async () => {
  const { transactionId } = await openPrompt();
  const port = Number(new URL(office.url).port);
  await office.hub.killHard();
  await office.panel.press(4);
  const thanked = await office.kioskLine('thanked', (line) => line['transaction'] === transactionId);
  office.hub = (await startHub(office.hubData, port)).program;
  await office.kioskLine('acked', (line) => line['id'] === thanked['id']);
  const { votes } = await overall(transactionId);
  expect(votes.map((vote) => [vote.voteId, vote.level])).toEqual([[thanked['id'], 1]]);
  await closed(transactionId);
});
