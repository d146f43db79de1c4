/*
 * The promise over real processes, killed between the steps of one tap: what the citizen was thanked for is at the hub
 * exactly once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, startHub } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { openPressOffice, type PressOffice } from '../support/press-office.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let office: Office;
let openPrompt: PressOffice['openPrompt'];
let closed: PressOffice['closed'];
let overall: PressOffice['overall'];

beforeAll(async () => {
  folder = await tempFolder('killed');
  ({ office, openPrompt, closed, overall } = await openPressOffice(folder.path));
});
afterAll(async () => {
  await office?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

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
});

test('the agent killed before it saw the press: the panel keeps it, and it counts', async () => {
  const { transactionId } = await openPrompt();
  await office.kiosk.killHard();
  await office.panel.press(2);
  expect(office.panel.status().queueLength).toBe(1);
  await office.restartKiosk();
  const { votes } = await overall(transactionId);
  expect(votes.map((vote) => vote.level)).toEqual([3]);
  await closed(transactionId);
});

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
});
