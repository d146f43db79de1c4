/*
 * What must not be seen: nothing on chips, phone or thanks tells the level, and after rest nothing of the previous
 * citizen or officer is left anywhere in the window. From the real build in a real Chromium.
 */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { chipsScreen, desks, phone, pins, questionScreen, screens } from '../support/kiosk-screens.ts';
import { type KioskWindow, openKioskWindow } from './kiosk-window.ts';
import { keyBoxes, restedPicture } from './page-look.ts';

let browser: Browser;
let kiosk: KioskWindow;

beforeAll(async () => {
  await ensureScreens(process.execPath);
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  kiosk = await openKioskWindow(browser);
});
afterEach(() => kiosk[Symbol.asyncDispose]());

describe('no trace of the level', () => {
  const blind = '.chip-word { visibility: hidden }';

  it('on the page of chips: the same places, sizes and picture after the best and the worst answer', async () => {
    const seen: { boxes: string; picture: Buffer; text: string[] }[] = [];
    for (const set of ['low', 'high'] as const) {
      await kiosk.show(questionScreen(1));
      await kiosk.show(chipsScreen(set, { chosen: [1, 4] }));
      const boxes = (await keyBoxes(kiosk.page)).map(({ name: _words, ...box }) => box);
      const texts = await kiosk.page.locator('h1, .question-guide, .keys button').allInnerTexts();
      // Only the words of the chips differ: with them hidden the two pictures are the same.
      await kiosk.page.evaluate((css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [sheet];
      }, blind);
      seen.push({
        boxes: JSON.stringify(boxes),
        picture: await restedPicture(kiosk.page),
        text: texts,
      });
    }
    expect(seen[1]?.boxes).toBe(seen[0]?.boxes);
    expect(seen[1]?.text).toEqual(seen[0]?.text);
    expect(seen[1]?.picture.equals(seen[0]?.picture as Buffer)).toBe(true);
  });

  it('on the phone’s page and the thanks: the same bytes whatever was answered and added', async () => {
    const after: Record<string, string[]> = { private: [], thanks: [] };
    for (const set of ['low', 'high'] as const) {
      await kiosk.show(questionScreen(1, { canGoPrivate: true }));
      const from = kiosk.agent.received.length;
      await kiosk.page
        .locator('.level')
        .nth(set === 'high' ? 0 : 4)
        .tap();
      const { press } = await kiosk.agent.next('tap', from);
      kiosk.agent.tell({ type: 'recorded', press });
      await kiosk.show(chipsScreen(set));
      await kiosk.page
        .locator('.chip')
        .nth(set === 'high' ? 1 : 6)
        .tap();
      for (const screen of [phone.page, screens.thanks]) {
        await kiosk.show(screen);
        after[screen.name]?.push(
          (await kiosk.page.innerHTML('body')) + (await restedPicture(kiosk.page)).toString('hex'),
        );
      }
    }
    for (const [first, second] of Object.values(after)) expect(first === second).toBe(true);
  });
});

describe('after rest', () => {
  /** All that a page could keep of somebody. */
  const traces = () =>
    kiosk.page.evaluate(async () => ({
      html: document.documentElement.outerHTML,
      lang: document.documentElement.lang,
      session: JSON.stringify(sessionStorage),
      local: JSON.stringify(localStorage),
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      history: history.length,
      state: JSON.stringify(history.state),
      address: location.href,
      title: document.title,
      focus: document.activeElement?.tagName,
      selection: String(getSelection()),
      sounds: document.querySelectorAll('audio, video').length,
    }));

  it('nothing of the previous citizen or officer is left: the page equals a fresh one', async () => {
    const fresh = await traces();
    await kiosk.show(screens.serving);
    await kiosk.page.tap('.key-language');
    await kiosk.show(questionScreen(1, { canGoPrivate: true }));
    await kiosk.page.keyboard.press('ArrowRight');
    await kiosk.page.keyboard.press('5');
    await kiosk.show(questionScreen(2));
    await kiosk.show(chipsScreen('low', { chosen: [5, 6] }));
    await kiosk.page.locator('.chip').nth(2).tap();
    await kiosk.show(phone.page);
    await kiosk.show(screens.thanks);
    await kiosk.show(phone.offer);
    await kiosk.show(phone.cannotStore);
    await kiosk.show(pins.login);
    await kiosk.page.keyboard.type('CB014');
    await kiosk.page.keyboard.press('Enter');
    await kiosk.page.keyboard.type('2468');
    await kiosk.show(desks.serving);
    await kiosk.page.keyboard.press('ArrowDown');
    await kiosk.show(screens.rest);
    expect(await traces()).toEqual(fresh);
    // The way back of the browser leads nowhere, and no storage holds more than the window's own token.
    expect(Object.keys(JSON.parse(fresh.session))).toEqual(['kiosk-token']);
    await kiosk.page.goBack().catch(() => null);
    expect(kiosk.page.url()).not.toMatch(/private|chips|token/);
  });
});
