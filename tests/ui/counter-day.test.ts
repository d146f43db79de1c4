/*
 * A whole day at one counter by browser, over programs as they ship: an officer at the station, citizens at the kiosk's window, its
 * panel and a phone; the hub is killed in the middle and the officer goes on by PIN; lunch, hand-over, a window and an agent that die.
 * In the evening every thanked vote is at the hub once, on the officer who served. Only the kiosk's boot clock is moved, past each
 * prompt's fixed time.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startPanelSimulator } from '@hailong/device-drivers/simulators/panel-simulator.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { KioskWindow } from '../support/kiosk-window.ts';
import { MovedClock } from '../support/moved-clock.ts';
import {
  ApiClient,
  type DemoSetup,
  enrolCode,
  type PanelSimulator,
  StationClient,
  setupDemoHub,
  startHub,
} from '../support/office.ts';
import { hubBin, inRepo, kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { freePort } from '../support/ports.ts';
import { type Program, runProgram, startProgram } from '../support/program.ts';
import { readQr } from '../support/read-qr.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** A new screen takes no touch for 350 ms, so that a finger still on the glass does not answer it. */
const SETTLE_MS = 420;
/** More than the fixed time of the demo's form. */
const PROMPT_MS = 50_000;

let folder: TempFolder;
let setup: DemoSetup;
let hub: { program: Program; url: string };
let panel: PanelSimulator;
let clock: MovedClock;
let browser: Browser;
let api: ApiClient;
let station: Page;
let kiosk: Page;
let uiPort: number;
/** Every start of the agent: what one has thanked must be at the hub, also when it was killed. */
const agents: Program[] = [];
/** Thanked vote → who was on duty. */
const thanked = new Map<string, { transaction: string | null; officer: string }>();

async function startAgent(code?: string): Promise<void> {
  clock.ended();
  const agent = startProgram(
    kioskBin,
    [
      ...['run', '--data', join(folder.path, 'kiosk'), '--hub', hub.url, '--panel', `cpp1:${panel.path}`],
      ...['--ui-port', String(uiPort), '--json', ...(code ? ['--enrol', code] : [])],
    ],
    { env: { NODE_OPTIONS: clock.args.join(' '), ...clock.env() } },
  );
  agents.push(agent);
  await agent.line('ready');
}

const address = async () => String((await agents.at(-1)!.line('ready'))['ui']);

async function openWindow(): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'vi-VN' });
  kiosk = await context.newPage();
  await kiosk.goto(await address());
}

beforeAll(async () => {
  await ensureScreens(process.execPath);
  folder = await tempFolder('counter-day');
  const data = join(folder.path, 'hub');
  setup = await setupDemoHub(data);
  hub = await startHub(data);
  api = new ApiClient(hub.url, setup.apiKey);
  const admin = new StationClient(hub.url);
  const { username, password } = setup.users.find(({ roles }) => roles.includes('admin'))!;
  await admin.call('POST', '/api/v1/session', { username, password });
  const { body: office } = await admin.call<object>('GET', '/api/v1/admin/office');
  await admin.call('PUT', '/api/v1/admin/office', { ...office, privateUrl: hub.url });
  const { body: settings } = await admin.call<object>('GET', '/api/v1/admin/kiosk-settings');
  await admin.call('PUT', '/api/v1/admin/kiosk-settings', { ...settings, walkup: { minIntervalMs: 0 } });

  uiPort = await freePort();
  panel = startPanelSimulator({ hwid: '53494d0000000001' });
  // Steps that neither the panel's nor the hub's line takes for silence.
  clock = new MovedClock(join(folder.path, 'clock'), 1_000);
  const counter = setup.counters[0]!;
  const [kioskCode, stationCode] = await Promise.all([
    enrolCode(data, 'counter', counter.id),
    enrolCode(data, 'station', counter.id),
    launchChromium().then((launched) => {
      browser = launched;
    }),
  ]);
  await startAgent(kioskCode);
  await openWindow();
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: 'vi-VN' });
  station = await context.newPage();
  await station.goto(`${hub.url}/station?enrol=${stationCode}`);
});
afterAll(async () => {
  await browser?.close();
  clock?.ended();
  await Promise.all([...agents.map((agent) => agent.stop()), hub?.program.stop()]);
  await panel?.stop();
  await folder?.remove();
});

/** What was thanked since is this officer's. */
function credit(officer: string): number {
  let found = 0;
  for (const line of agents.flatMap((agent) => agent.lines))
    if (line.event === 'thanked' && !thanked.has(String(line['id']))) {
      thanked.set(String(line['id']), { transaction: (line['transaction'] as string) ?? null, officer });
      found += 1;
    }
  return found;
}

const shows = (screen: string, text?: string) =>
  kiosk.locator(`[data-screen="${screen}"]`, text === undefined ? {} : { hasText: text }).waitFor();
const screenNow = () => kiosk.locator('.kiosk').getAttribute('data-screen');

/** Touches, and waits until something else is on the screen. */
async function touch(key: ReturnType<Page['locator']>): Promise<void> {
  await key.waitFor();
  await kiosk.waitForTimeout(SETTLE_MS);
  const before = await kiosk.locator('.kiosk').elementHandle();
  await key.click();
  await kiosk.waitForFunction((one) => document.querySelector('.kiosk') !== one, before);
}
const level = (place: number) => kiosk.locator('.level').nth(place);
const key = (name: string) => kiosk.getByRole('button', { name });

/** Answers whatever is asked until nothing is. */
async function answerAll(place: number): Promise<void> {
  for (;;) {
    const screen = await screenNow();
    if (screen === 'question') await touch(level(place));
    else if (screen === 'chips') await touch(key('Bỏ qua'));
    else return;
  }
}

/** The fixed time of the prompt passes. */
async function pass(): Promise<void> {
  await clock.move(PROMPT_MS);
  await shows('rest');
  expect(await station.locator('body').innerText()).not.toMatch(/hài lòng|bình thường/i);
}

async function callNext(code: string): Promise<void> {
  await station.locator('#code').fill(code);
  const next = station.getByRole('button', { name: /mời người tiếp theo/i });
  await poll(() => next.isEnabled(), { what: 'the key of the next citizen' });
  await station.keyboard.press('F2');
  await shows('serving', code);
  await canFinish();
}
const canFinish = () =>
  poll(() => station.getByRole('button', { name: 'Kết thúc lượt phục vụ' }).isEnabled(), {
    what: 'the key that finishes',
  });
/** Two acts: the key, and which. */
async function choose(menu: 'F9' | 'F10', digit: string): Promise<void> {
  await station.keyboard.press(menu);
  await station.getByRole('dialog').waitFor();
  await station.keyboard.press(digit);
}
const logIn = async (on: ReturnType<Page['locator']>, officer: DemoSetup['officers'][number]) => {
  await on.getByLabel('Mã cán bộ').fill(officer.code);
  await on.getByLabel('PIN').fill(officer.pin);
  await station.keyboard.press('Enter');
};

test('officers and citizens, from the first login to the evening', async () => {
  onTestFailed(async () => {
    for (const [i, page] of browser
      .contexts()
      .flatMap((each) => each.pages())
      .entries())
      await page.screenshot({ path: inRepo(`tests/.out/counter-day-failed-${i}.png`) });
  });
  const [first, second] = setup.officers as [DemoSetup['officers'][number], DemoSetup['officers'][number]];
  await shows('closed');
  await logIn(station.locator('body'), first);
  await shows('rest');

  // Completed: touched to the end, its first answer corrected.
  await callNext('H21.27-261126-0001');
  await station.keyboard.press('F4');
  await touch(level(0));
  await touch(key('Chọn lại'));
  await touch(level(3));
  await answerAll(1);
  await pass();

  // Papers are missing: by the panel. The citizen leaves after the first answer.
  await callNext('H21.27-261126-0002');
  await station.keyboard.press('F6');
  await shows('question');
  await poll(() => panel.status().armedTicket !== 0, { what: 'the panel to be armed' });
  await panel.press(2);
  await agents.at(-1)!.line((line) => line.event === 'panelAcked');
  await pass();

  // Refused; nobody touches anything.
  await callNext('H21.27-261126-0003');
  await station.keyboard.press('F7');
  await shows('question');
  await pass();
  expect(credit(first.code)).toBeGreaterThanOrEqual(4);

  // The citizen opens the prompt, and takes it to the phone.
  await callNext('H21.27-261126-0004');
  await touch(key('Tôi đã xong, tôi muốn đánh giá'));
  await touch(key('Đánh giá riêng trên điện thoại'));
  const phone = await (await browser.newContext({ viewport: { width: 360, height: 800 } })).newPage();
  const window = await KioskWindow.open(await address());
  await phone.goto(readQr((await window.screen('private')).qr!));
  window.close();
  await phone.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  await phone.getByRole('button', { name: 'Không hài lòng', exact: true }).click();
  const send = phone.getByRole('button', { name: 'Gửi đánh giá' });
  while (!(await send.isVisible())) await phone.getByRole('button', { name: 'Bỏ qua' }).click();
  await send.click();
  await phone.getByText('Đã nhận.').first().waitFor();
  await pass();

  // Did not come; called by mistake; somebody else who only asked the way.
  await callNext('H21.27-261126-0005');
  await station.keyboard.press('F8');
  await station.keyboard.press('F8');
  await shows('rest');
  await callNext('H21.27-261126-0006');
  await choose('F9', '1');
  await shows('rest');
  await touch(key('Đánh giá không kèm lượt phục vụ'));
  await answerAll(2);
  await pass();
  credit(first.code);

  // Lunch and back.
  await poll(() => station.locator('#code').isEnabled(), { what: 'the desk' });
  await choose('F10', '1');
  await shows('closed');
  await station.getByText('Máy trạm đang khóa').waitFor();
  await station.getByLabel('PIN').fill(first.pin);
  await station.keyboard.press('Enter');
  await shows('rest');

  // The hub dies while a citizen is being asked; the next one is served by PIN.
  await callNext('H21.27-261126-0007');
  await station.keyboard.press('F4');
  await shows('question');
  await hub.program.killHard();
  await answerAll(1);
  await pass();
  await touch(kiosk.locator('.key-officer'));
  await shows('pin');
  await kiosk.waitForTimeout(SETTLE_MS);
  await kiosk.keyboard.type(first.code);
  await kiosk.keyboard.press('Enter');
  await kiosk.keyboard.type(first.pin);
  await kiosk.keyboard.press('Enter');
  await kiosk.locator('.desk-keys').waitFor();
  await touch(kiosk.locator('.desk-keys >> text="Mời người tiếp theo"'));
  await touch(kiosk.locator('.desk-keys >> text="Hoàn thành"'));
  await answerAll(0);
  await pass();
  expect(credit(first.code)).toBeGreaterThanOrEqual(2);
  hub = await startHub(join(folder.path, 'hub'), Number(new URL(hub.url).port));
  await poll(async () => (await kiosk.locator('.desk-keys, .key-officer').count()) === 0, {
    what: 'the officer’s keys to close with the hub back',
  });

  // Over to the colleague. The window dies in the middle of an answer, a new one shows what is asked.
  await poll(() => station.locator('#code').isEnabled(), {
    what: 'the station with its hub',
  });
  // What the kiosk did meanwhile comes in steps: until its turn without a dossier has come and ended, the station shows the
  // turn of before, then that one as being served, and nobody hands over amid one.
  await station.locator('.current dd', { hasText: 'chưa gắn hồ sơ' }).waitFor({ timeout: 120_000 });
  const state = station.locator('.current-state');
  await poll(async () => !/Đang (phục vụ|mời đánh giá)/.test(await state.innerText()), {
    what: 'the station to know that the kiosk’s turn and its question are over',
  });
  await choose('F10', '2');
  await logIn(station.getByRole('dialog'), second);
  await station.getByRole('dialog').waitFor({ state: 'detached' });
  await callNext('H21.27-261126-0008');
  await station.keyboard.press('F4');
  await touch(level(2));
  const asked = await kiosk.locator('h1').innerText();
  await kiosk.context().close();
  await openWindow();
  await shows('question');
  expect(await kiosk.locator('h1').innerText()).toBe(asked);
  await answerAll(2);
  await pass();

  // The agent dies after a thank-you: the window says so, and comes back by itself to what is true.
  await callNext('H21.27-261126-0009');
  await station.keyboard.press('F4');
  await touch(level(4));
  await agents.at(-1)!.killHard();
  await shows('away');
  await startAgent();
  await poll(async () => (await screenNow()) !== 'away', { what: 'the window to come back' });
  await answerAll(4);
  await pass();
  expect(credit(second.code)).toBeGreaterThanOrEqual(3);

  await poll(() => station.locator('#code').isEnabled(), { what: 'the desk' });
  await choose('F10', '3');
  await shows('closed');

  // In the evening.
  for (const [vote, { transaction, officer }] of thanked) {
    if (transaction === null) continue;
    const { votes } = await poll(
      async () => {
        const answer = await api.ratings(transaction).catch(() => null);
        return answer?.votes.some(({ voteId }) => voteId === vote) ? answer : null;
      },
      { what: `vote ${vote} at the hub` },
    );
    expect(votes.filter(({ voteId }) => voteId === vote)).toHaveLength(1);
    const { body } = await api.call<{ officer: { code: string } }>(
      'GET',
      `/api/v1/transactions/${transaction}`,
    );
    expect(body.officer.code).toBe(officer);
  }
  const { body } = await api.call<{ transactions: { transactionId: string; outcome: string }[] }>(
    'GET',
    '/api/v1/transactions?dossier=H21.27-261126-0004',
  );
  const { effective } = await api.ratings(body.transactions[0]!.transactionId);
  expect(effective).toMatchObject({ route: 'private', overall: 2 });

  // Every event of the kiosk is there, the walk-up's too, and the hub's own books are in order.
  const printed = await runProgram(kioskBin, ['witness', '--data', join(folder.path, 'kiosk'), '--json']);
  const file = join(folder.path, 'witness');
  await writeFile(file, printed.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const verified = await poll(
    async () => {
      const run = await runProgram(hubBin, ['verify', '--data', join(folder.path, 'hub'), '--witness', file]);
      return run.code === 0 ? run : null;
    },
    { what: 'verify to find nothing', everyMs: 500 },
  );
  expect(verified.code).toBe(0);
}, 480_000);
