/*
 * Purpose: how long a touch takes until the first frame that shows the next screen, inside a real Chromium: from the pointer
 * event's own time stamp to just after the paint of the frame in which what was asked is gone. Beside it a bare page that
 * changes by itself at once: what the browser alone takes.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { poll } from '../../support/poll.ts';

/** A new question takes no touch for 350 ms. */
const SETTLE_MS = 420;

/** Runs in the page, before its own scripts. */
const WATCH_TAPS = `window.tookMs = null;
addEventListener('pointerdown', ({ timeStamp }) => {
  const before = document.querySelector('.kiosk');
  const changed = new MutationObserver(() => {
    if (document.querySelector('.kiosk') === before) return;
    changed.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { window.tookMs = performance.now() - timeStamp; };
      port2.postMessage(0);
    });
  });
  changed.observe(document.body, { childList: true, subtree: true });
}, true);`;
const FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null";

const BARE = `<!doctype html><title>-</title><body><div class="kiosk"><button class="level">x</button></div><script>
addEventListener('click', () => {
  const next = document.querySelector('.kiosk').cloneNode(true);
  document.querySelector('.kiosk').replaceWith(next);
});</script>`;

export interface BarePage {
  readonly url: string;
  close(): void;
}
export async function serveBarePage(): Promise<BarePage> {
  const server: Server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(BARE);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => void server.close(),
  };
}

export async function openPage(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'vi-VN' });
  const page = await context.newPage();
  await page.addInitScript({ content: WATCH_TAPS });
  await page.goto(address);
  return page;
}

/** ms from touch to visible answer. */
export async function tapVisible(page: Page, place: number): Promise<number> {
  await page.waitForTimeout(SETTLE_MS);
  await page.evaluate('window.tookMs = null');
  await page.locator('.level').nth(place).click();
  return poll(() => page.evaluate<number | null>('window.tookMs'), {
    what: 'the visible answer to a tap',
    everyMs: 10,
  });
}

/** ms from the start of a cold navigation to the first paint with content. */
export async function firstPaint(browser: Browser, address: string): Promise<number> {
  const page = await openPage(browser, address);
  try {
    return await poll(() => page.evaluate<number | null>(FIRST_PAINT), { what: 'the first paint' });
  } finally {
    await page.context().close();
  }
}
