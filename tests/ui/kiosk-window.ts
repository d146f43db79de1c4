/*
 * Purpose: one kiosk window of the real build before an agent that answers only when the test says so, at rest, with
 * its wall clock stopped. Recordings a, b and c last 200 ms, d 20 s.
 */
import type { Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import type { Browser, Page } from 'playwright-core';
import { portraitBytes, portraitHash, screens } from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { silentWav } from '../support/sounds.ts';
import { startUiAgent, type UiAgent } from '../support/ui-agent.ts';

/** The window ignores touches just after a new page; see GUARD_MS. */
const READY_MS = 450;

/** Approves, in the files this page is served, every language that waits for it; the answer counts how many it was. */
export async function approveLanguages(page: Page): Promise<() => number> {
  let approved = 0;
  await page.route('**/assets/*.js', async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replace(/approved:(!1|false)/g, () => {
      approved += 1;
      return 'approved:true';
    });
    await route.fulfill({ response, body: text });
  });
  return () => approved;
}

export interface KioskWindow extends AsyncDisposable {
  readonly agent: UiAgent;
  readonly page: Page;
  /** Shows a screen and waits until it takes touches. */
  show(screen: Screen): Promise<void>;
  /** A new window of that size in place of the present one. */
  open(width: number, height: number): Promise<void>;
  pause(ms: number): Promise<void>;
  sent(): readonly WindowToAgent[];
}

export async function openKioskWindow(browser: Browser): Promise<KioskWindow> {
  const agent = await startUiAgent({
    screens: inRepo('kiosk-app/dist/renderer'),
    photos: new Map([[portraitHash, portraitBytes]]),
    voices: new Map([...'abc'].map((letter) => [letter.repeat(64), silentWav(200)] as const)).set(
      'd'.repeat(64),
      silentWav(20_000),
    ),
  });
  agent.show(screens.rest);
  const openPage = async (width: number, height: number): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: true });
    const page = await context.newPage();
    await page.clock.setFixedTime(new Date('2026-11-23T02:36:00Z'));
    await page.goto(agent.address);
    await page.waitForSelector('[data-screen="rest"]');
    return page;
  };
  let page = await openPage(1280, 800);
  return {
    agent,
    get page() {
      return page;
    },
    async show(screen) {
      agent.show(screen);
      await page.waitForSelector(`[data-screen="${screen.name}"]`);
      await page.waitForTimeout(READY_MS);
    },
    async open(width, height) {
      await page.context().close();
      page = await openPage(width, height);
    },
    pause: (ms) => page.waitForTimeout(ms),
    sent: () => agent.received,
    async [Symbol.asyncDispose]() {
      await page.context().close();
      await agent[Symbol.asyncDispose]();
    },
  };
}
