/*
 * The kiosk window at work, from the real build in a real Chromium against an agent that answers only when the test
 * says so: by touch, by keyboard alone, by panel; with a slow agent, an agent that goes away, and levels that must
 * leave no trace on the screen.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUSY_AFTER_MS, GUARD_MS } from '../../kiosk-app/renderer/kiosk-machine.ts';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { portraitBytes, portraitHash, questionScreen, screens } from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { startUiAgent, type UiAgent } from '../support/ui-agent.ts';
import { restedPicture } from './page-look.ts';

const out = inRepo('tests/.out/kiosk-states');
const size = { width: 1280, height: 800 };
/** The window ignores touches just after a new question; see GUARD_MS. */
const readyMs = 450;

let agent: UiAgent;
let browser: Browser;
let page: Page;

const level = (word: string) => page.locator('.level', { hasText: word });
const pause = (ms: number) => page.waitForTimeout(ms);

async function ask(step: 1 | 2 | 3): Promise<void> {
  agent.show(questionScreen(step));
  await page.waitForSelector('[data-screen="question"]');
  await page.locator('.question-guide', { hasText: `${step}/3` }).waitFor();
  await pause(readyMs);
}

/** A new page whose clock stands still but for what is said after: a busy machine is late. */
async function stopClock(): Promise<void> {
  await page.clock.install();
  await page.reload();
  await page.waitForSelector('[data-screen="serving"]');
  await page.clock.pauseAt(Date.now() + 5_000);
}

beforeAll(async () => {
  await ensureScreens(process.execPath);
  await mkdir(out, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  agent = await startUiAgent({
    screens: inRepo('kiosk-app/dist/renderer'),
    photos: new Map([[portraitHash, portraitBytes]]),
  });
  const context = await browser.newContext({ viewport: size, hasTouch: true });
  page = await context.newPage();
  agent.show(screens.serving);
  await page.goto(agent.address);
  await page.waitForSelector('[data-screen="serving"]');
  await pause(readyMs);
});
afterEach(async () => {
  await page.context().close();
  await agent[Symbol.asyncDispose]();
});

describe('the page', () => {
  it('hides its token, sets its language, and cannot be selected, zoomed or scrolled', async () => {
    expect(page.url()).toBe(`${agent.origin}/`);
    expect(await page.getAttribute('html', 'lang')).toBe('vi');
    await page.reload();
    await page.waitForSelector('[data-screen="serving"]');
    await page.mouse.move(300, 300);
    await page.mouse.wheel(0, 500);
    await page.keyboard.press('Control+a');
    expect(await page.evaluate(() => [scrollX, scrollY, String(getSelection())])).toEqual([0, 0, '']);
    await page.tap('.key-language');
    await page.waitForSelector('html[lang="en"]');
    agent.show(screens.rest);
    await page.waitForSelector('html[lang="vi"]');
  });

  it('fetches nothing from anywhere else', async () => {
    const strangers: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(agent.origin)) strangers.push(request.url());
    });
    await page.reload();
    await page.waitForSelector('img.portrait');
    expect(strangers).toEqual([]);
    await poll(() => page.evaluate(() => document.fonts.check('700 20px "Be Vietnam Pro"', 'Ẳạ')), {
      what: 'our face',
    });
  });
});

describe('by touch', () => {
  it('opens the prompt, answers, and thanks only when the agent says so', async () => {
    await page.tap('.key-main');
    await agent.next('citizen.open');
    await ask(1);
    await level('Không hài lòng').first().tap();
    const tap = await agent.next('tap');
    expect(tap).toMatchObject({ level: 2, askTicket: 1_001 });
    expect(await page.locator('.level[data-marked]').count()).toBe(1);
    expect(await page.getAttribute('[data-screen]', 'data-screen')).toBe('question');
    agent.tell({ type: 'recorded', press: tap.press });
    agent.show(screens.thanks);
    await page.waitForSelector('[data-screen="thanks"]');
  });

  it('sends one tap for a trembling hand', async () => {
    await stopClock();
    const taps = () => agent.received.filter(({ type }) => type === 'tap');
    agent.show(questionScreen(1));
    await page.locator('.question-guide', { hasText: '1/3' }).waitFor();
    await page.clock.runFor(GUARD_MS);
    await level('Bình').dblclick();
    await agent.next('tap');
    agent.show(questionScreen(2));
    await page.locator('.question-guide', { hasText: '2/3' }).waitFor();
    await page.clock.runFor(GUARD_MS - 1);
    await level('Bình').tap();
    await page.clock.runFor(GUARD_MS);
    await level('Bình').tap();
    const second = await poll(() => taps()[1], { what: 'the tap of the second question' });
    expect(second).toMatchObject({ askTicket: 1_002 });
    expect(taps()).toHaveLength(2);
  });

  it('skips and corrects', async () => {
    await ask(1);
    await page.tap('text=Bỏ qua');
    expect(await agent.next('skip')).toMatchObject({ askTicket: 1_001 });
    await ask(2);
    await page.tap('text=Chọn lại');
    expect(await agent.next('correct')).toHaveProperty('rating');
  });

  it('says it is recording only when the agent is slow', async () => {
    await stopClock();
    agent.show(questionScreen(1));
    await page.locator('.question-guide', { hasText: '1/3' }).waitFor();
    await page.clock.runFor(GUARD_MS);
    await level('Hài lòng').nth(1).tap();
    await agent.next('tap');
    await page.clock.runFor(BUSY_AFTER_MS - 1);
    expect(await page.textContent('.question-guide')).toContain('Chạm một khuôn mặt');
    await page.clock.runFor(1);
    await page.locator('.question-guide', { hasText: 'Đang ghi nhận…' }).waitFor();
    await page.screenshot({ path: `${out}/busy.png` });
  });
});

describe('outside office hours', () => {
  it('is black, and a touch or a key lights it and does nothing else', async () => {
    agent.show({ ...screens.rest, dark: true });
    await page.waitForSelector('[data-screen="dark"]');
    await page.screenshot({ path: `${out}/dark.png` });
    const before = agent.received.length;
    await page.touchscreen.tap(640, 400);
    await agent.next('wake', before);
    await page.keyboard.press('1');
    await agent.next('wake', before + 1);
    expect(agent.received.slice(before).every(({ type }) => type === 'wake')).toBe(true);
    agent.show(screens.rest);
    await page.waitForSelector('[data-screen="rest"]');
  });

  it('is nowhere while somebody is asked, and begins anew when it is told to', async () => {
    await ask(1);
    const before = agent.windows();
    agent.tell({ type: 'reload' });
    await page.waitForEvent('load');
    await page.waitForSelector('[data-screen="question"]');
    // The line of the page before may end after the new one's hello.
    await poll(() => agent.windows() === before, { what: 'the new page alone' });
  });
});

describe('by keyboard alone', () => {
  it('walks with arrows, presses with Enter, answers by digit, and shows where it is', async () => {
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const ring = await page.$eval(':focus', (key) => {
      const style = getComputedStyle(key);
      return [key.className, style.outlineWidth, style.outlineStyle, style.outlineOffset, style.outlineColor];
    });
    expect(ring).toEqual(['key key-main', '4px', 'solid', '3px', 'rgb(20, 36, 43)']);
    await page.keyboard.press('Enter');
    await agent.next('citizen.open');
    await ask(1);
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await page.screenshot({ path: `${out}/focus.png` });
    await page.keyboard.press('Enter');
    expect(await agent.next('tap')).toMatchObject({ level: 3 });
    await ask(2);
    // The focus of the first answer must not point at it on the second question.
    expect(await page.$(':focus-visible')).toBeNull();
    await page.keyboard.press('5');
    expect(await agent.next('tap', 2)).toMatchObject({ level: 1, askTicket: 1_002 });
    await ask(3);
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter'])
      await page.keyboard.press(key);
    expect(await agent.next('skip')).toMatchObject({ askTicket: 1_003 });
  });
});

describe('by panel alone', () => {
  it('marks the pressed tile like a touch and sends nothing', async () => {
    await ask(1);
    agent.tell({ type: 'pressed', button: 1 });
    await page.waitForSelector('.level[data-marked]');
    expect(await page.textContent('.level[data-marked]')).toContain('Rất');
    await page.screenshot({ path: `${out}/pressed.png` });
    expect(agent.received).toEqual([]);
  });
});

describe('by a panel that types keys', () => {
  const wedge = { keys: ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5'], ignore: ['Enter'] };
  const shown = { panel: { state: 'unknown', wedge } } as const;
  const taps = () => agent.received.filter(({ type }) => type === 'tap');

  it('counts each press once, marked as the panel’s; held, out of a question or beside it nothing comes', async () => {
    // At the officer's screen with the key "Tôi đã xong" in focus: neither its digits nor its Enter are for it.
    agent.show({ ...screens.serving, panel: shown.panel });
    await page.waitForTimeout(readyMs);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('2');
    agent.show(questionScreen(1, shown));
    await page.locator('.question-guide', { hasText: 'nếu có' }).waitFor();
    await pause(readyMs);
    await page.keyboard.press('ArrowRight');
    // A button held down repeats its key.
    for (let times = 0; times < 4; times += 1) await page.keyboard.down('Digit4');
    await page.keyboard.up('Digit4');
    await page.keyboard.press('Enter');
    const first = await agent.next('tap');
    expect(first).toMatchObject({ level: 2, askTicket: 1_001, wedge: 4 });
    await page.screenshot({ path: `${out}/wedge.png` });
    agent.tell({ type: 'recorded', press: first.press });
    agent.show(questionScreen(2, shown));
    await page.locator('.question-guide', { hasText: '2/3' }).waitFor();
    await pause(readyMs);
    await page.keyboard.press('Control+1');
    await page.evaluate(() => document.body.append(document.createElement('input')));
    await page.focus('input');
    await page.keyboard.press('1');
    await page.$eval('input', (field) => field.remove());
    await page.keyboard.press('5');
    const second = await poll(() => taps()[1], { what: 'the second press' });
    expect(second).toMatchObject({ level: 1, askTicket: 1_002, wedge: 5 });
    expect(agent.received).toHaveLength(2);
  });

  it.each([
    ['ready', 'Chạm một khuôn mặt hoặc bấm nút'],
    ['away', 'Bộ nút tạm hỏng: mời chạm một khuôn mặt'],
    [null, 'Chạm một khuôn mặt'],
  ] as const)('promises what there is: %s', async (state, words) => {
    agent.show(questionScreen(2, state ? { panel: { state } } : {}));
    await page.locator('.question-guide', { hasText: '2/3' }).waitFor();
    const said = page.locator('.question-guide > span:last-child');
    expect(await said.textContent()).toBe(words);
    const lines = await said.evaluate((line) => line.getClientRects().length);
    expect(lines).toBe(1);
    await pause(readyMs);
    await page.screenshot({ path: `${out}/panel-${state}.png` });
  });
});

describe('no trace of the level', () => {
  it('leaves the same picture, and marks its tile alike, whatever was answered', async () => {
    const after: Buffer[] = [];
    const marks = new Set<string>();
    await page.clock.setFixedTime(new Date('2026-11-23T02:36:00Z'));
    await page.reload();
    await page.waitForSelector('[data-screen="serving"]');
    for (const word of ['Rất hài lòng', 'Rất không hài lòng']) {
      await ask(1);
      const from = agent.received.length;
      const tile = page.getByRole('button', { name: word, exact: true });
      await tile.tap();
      marks.add(
        await tile.evaluate(async (key) => {
          await Promise.all(key.getAnimations().map(({ finished }) => finished));
          const { backgroundColor, borderColor, borderWidth } = getComputedStyle(key);
          return `${backgroundColor} ${borderColor} ${borderWidth}`;
        }),
      );
      const { press } = await agent.next('tap', from);
      agent.tell({ type: 'recorded', press });
      agent.show(questionScreen(2));
      await page.locator('.question-guide', { hasText: '2/3' }).waitFor();
      await pause(readyMs);
      after.push(await restedPicture(page));
    }
    expect(marks.size).toBe(1);
    for (const [nth, picture] of after.entries()) await writeFile(`${out}/after-${nth}.png`, picture);
    expect(after[0]?.equals(after[1] as Buffer), `${out}/after-*.png`).toBe(true);
  });
});

describe('the agent away', () => {
  it('is said calmly, and the window comes back by itself with the touch that was waiting', async () => {
    await ask(1);
    await level('Bình').tap();
    const first = await agent.next('tap');
    agent.leave();
    await page.waitForSelector('[data-screen="away"]');
    await page.screenshot({ path: `${out}/away.png` });
    agent.comeBack();
    await page.waitForSelector('[data-screen="question"]');
    expect(await agent.next('tap', 1)).toEqual(first);
  });
});
