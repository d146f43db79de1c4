/*
 * A page of the fixture hub in Chromium at a stated size and time; what it must never do fails the test at its end, and
 * so does what axe finds (WCAG 2.2 AA) wherever a picture is taken.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { axeFaults } from './axe.ts';

export const shotFolder = inRepo('tests/.out/hub');

export interface HubPage {
  readonly page: Page;
  shot(name: string, options?: { full?: boolean }): Promise<void>;
  /** Closes, and fails when a script threw, the content policy was broken or axe found something. */
  close(): Promise<void>;
}

export async function openHubPage(
  browser: Browser,
  url: string,
  size: { width: number; height: number },
  now: number | null = null,
): Promise<HubPage> {
  mkdirSync(shotFolder, { recursive: true });
  const context = await browser.newContext({
    viewport: size,
    locale: 'vi-VN',
    timezoneId: 'America/New_York',
  });
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if (/content security policy|react/i.test(message.text())) wrong.push(message.text());
  });
  if (now !== null) await page.clock.install({ time: now });
  await page.goto(url);
  return {
    page,
    async shot(name, options = {}) {
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(shotFolder, `${name}.png`), fullPage: options.full ?? false });
      const faults = [...(await axeFaults(page)), ...(await looseSentences(page))];
      wrong.push(...faults.map((fault) => `${name}: ${fault}`));
    },
    async close() {
      await context.close();
      expect(wrong).toEqual([]);
    },
  };
}

/** Hints and errors of a field that no control of it names as its description: a screen reader would not say them. */
function looseSentences(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.field > .hint, .field > .field-error')]
      .filter(({ id, parentElement }) => !id || !parentElement?.querySelector(`[aria-describedby~="${id}"]`))
      .map(({ textContent }) => `"${textContent}" is tied to no control`),
  );
}

/** True when nothing of the page lies right of the window. */
export function fitsAcross(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

/** What must be scrolled sideways to be seen whole, the page itself among it: nobody looks for what is out of sight. */
export function sidewaysScrolls(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('body *')]
      .filter((box) => {
        const { overflowX } = getComputedStyle(box);
        const scrolls = overflowX === 'auto' || overflowX === 'scroll' || box === document.documentElement;
        return scrolls && box.scrollWidth > box.clientWidth + 1;
      })
      .map((box) => `${box.tagName} ${box.className}: ${box.scrollWidth} in ${box.clientWidth}`),
  );
}
