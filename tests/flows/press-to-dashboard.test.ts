/*
 * The promise over real processes: hub, agent and panel each on its own, killed between the steps of one tap.
 * What the citizen was thanked for is at the hub exactly once, with its officer and transaction.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type Office, openOffice, startHub } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** The prompt closes 30 s after it opened, whatever was pressed; the rest is for a busy machine. */
const CLOSE_MS = 45_000;

let folder: TempFolder;
let office: Office;
let dossier = 0;

beforeAll(async () => {
  folder = await tempFolder('press');
  office = await openOffice(folder.path);
}, 60_000);
afterAll(async () => {
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

/** Serves one citizen up to the open prompt, with the panel armed. */
async function openPrompt() {
  dossier += 1;
  const code = `H21.27-261123-${String(dossier).padStart(4, '0')}`;
  const { transactionId, intentId } = await office.api.open(office.counter.id, [code]);
  await office.api.intent(intentId, 'accepted');
  const { intentId: finish } = await office.api.finish(transactionId);
  await office.api.intent(finish, 'accepted');
  await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
  return { code, transactionId };
}

/** Waits for the prompt's fixed close, so that the next citizen can be called. */
const closed = (transactionId: string) =>
  office.kiosk.line((line) => line.event === 'closed' && line['transaction'] === transactionId, {
    timeoutMs: CLOSE_MS,
  });

/** The vote on the overall question, once it is at the hub. */
const overall = (transactionId: string) =>
  poll(
    async () => {
      const { votes, effective } = await office.api.ratings(transactionId);
      const found = votes.filter((vote) => vote.question === 'overall');
      return found.length > 0 && effective ? { votes: found, effective } : null;
    },
    { what: `the rating of ${transactionId} at the hub` },
  );

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
  await page.getByText('1 trên 1 lượt phục vụ').first().waitFor({ timeout: 15_000 });
  await closed(transactionId);

  // It arrives by itself on the open page.
  const second = await openPrompt();
  await office.panel.press(0);
  await overall(second.transactionId);
  await page.getByText('2 trên 2 lượt phục vụ').first().waitFor({ timeout: 15_000 });
  await closed(second.transactionId);
}, 120_000);

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
}, 120_000);

test('the agent killed after its thanks: the press is neither lost nor doubled', async () => {
  const { transactionId } = await openPrompt();
  office.panel.misbehave({ dropAcks: 1_000 });
  await office.panel.press(3);
  await office.kioskLine('thanked', (line) => line['transaction'] === transactionId);
  await office.kiosk.killHard();
  office.panel.misbehave({ dropAcks: 0 });
  await office.restartKiosk();
  const { votes } = await overall(transactionId);
  expect(votes.map((vote) => vote.level)).toEqual([2]);
  await poll(() => office.panel.status().queueLength === 0, { what: 'the panel’s queue to empty' });
  await closed(transactionId);
  expect(
    (await office.api.ratings(transactionId)).votes.filter((vote) => vote.question === 'overall'),
  ).toHaveLength(1);
}, 120_000);

test('the agent killed before it saw the press: the panel keeps it, and it counts', async () => {
  const { transactionId } = await openPrompt();
  await office.kiosk.killHard();
  await office.panel.press(2);
  expect(office.panel.status().queueLength).toBe(1);
  await office.restartKiosk();
  const { votes } = await overall(transactionId);
  expect(votes.map((vote) => vote.level)).toEqual([3]);
  await closed(transactionId);
}, 120_000);

test('the hub killed while it takes the batch: still one', async () => {
  const { transactionId } = await openPrompt();
  const port = Number(new URL(office.url).port);
  const pressing = office.panel.press(0);
  await pause(30);
  await office.hub.killHard();
  await pressing;
  await office.kioskLine('thanked', (line) => line['transaction'] === transactionId);
  office.hub = (await startHub(office.hubData, port)).program;
  const { votes } = await overall(transactionId);
  expect(votes.map((vote) => vote.level)).toEqual([5]);
  await closed(transactionId);
}, 120_000);
