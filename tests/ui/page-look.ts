/*
 * Purpose: what an eye checks on a screen, as measurements in the page: nothing scrolls, no text is cut or leaves its
 * key or the screen, no two texts lie on each other, keys are large enough. Each finding is a sentence.
 */
import type { Page } from 'playwright-core';
import { poll } from '../support/poll.ts';

/** Findings about text and overflow; empty when the screen is sound. Ellipses are allowed in `mayShorten`. */
export function lookFaults(page: Page, mayShorten = ''): Promise<string[]> {
  return page.evaluate((allowed) => {
    const faults: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight)
      faults.push(`the page scrolls: ${root.scrollWidth}×${root.scrollHeight}`);
    const slackPx = 1;
    const inside = (inner: DOMRect, outer: DOMRect): boolean =>
      inner.left >= outer.left - slackPx &&
      inner.top >= outer.top - slackPx &&
      inner.right <= outer.right + slackPx &&
      inner.bottom <= outer.bottom + slackPx;
    const screen = new DOMRect(0, 0, innerWidth, innerHeight);
    const texts: { text: string; rect: DOMRect; block: Element }[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const holder = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (holder === null || text === '' || holder.closest('svg') !== null) continue;
      const { display, clipPath } = getComputedStyle(holder);
      // Clipped away: for a screen reader alone.
      if (display === 'none' || clipPath !== 'none') continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const shortened = allowed !== '' && holder.closest(allowed) !== null;
      const rect = shortened ? holder.getBoundingClientRect() : range.getBoundingClientRect();
      if (rect.width === 0) continue;
      if (holder.className.includes('numeral-digits')) {
        // A huge digit's line box is taller than the digit: its sides alone are measured.
        const panel = holder.parentElement?.getBoundingClientRect() ?? screen;
        if (rect.left < panel.left || rect.right > panel.right) faults.push(`"${text}" leaves its panel`);
        continue;
      }
      if (!shortened && holder.scrollWidth > holder.clientWidth + slackPx && holder.clientWidth > 0)
        faults.push(`"${text}" is cut`);
      const key = holder.closest('button');
      if (!shortened && !inside(rect, screen)) faults.push(`"${text}" leaves the screen`);
      if (key !== null && !inside(rect, key.getBoundingClientRect())) faults.push(`"${text}" leaves its key`);
      texts.push({ text, rect, block: holder.closest('p,h1,h2,dt,dd,button') ?? holder });
    }
    const overlapPx = 6;
    for (const [at, one] of texts.entries())
      for (const other of texts.slice(at + 1)) {
        if (one.block === other.block) continue;
        const wide = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
        const high = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
        if (wide > 1 && high > overlapPx) faults.push(`"${one.text}" lies on "${other.text}"`);
      }
    return faults;
  }, mayShorten);
}

/** Pictures and texts of `main` that reach over its upper or lower edge: onto the head, or behind the keys. */
export function mainFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const main = document.querySelector('main');
    if (main === null) return ['there is no main'];
    const { top, bottom } = main.getBoundingClientRect();
    return [...main.querySelectorAll('p, h1, h2, dl, svg, img, button, .field')]
      .filter((one) => !one.matches('.numeral-digits, svg *') && getComputedStyle(one).clipPath === 'none')
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 0 && (box.top < top - 1 || box.bottom > bottom + 1))
      .map(({ one, box }) => `${one.tagName} ${one.className} reaches from ${box.top} to ${box.bottom}`);
  });
}

export interface KeyBox {
  readonly name: string;
  readonly isLevel: boolean;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Every key on show with its place in CSS pixels. */
export function keyBoxes(page: Page): Promise<KeyBox[]> {
  return page.$$eval('button', (keys) =>
    keys.map((key) => {
      const { left, top, right, bottom } = key.getBoundingClientRect();
      return {
        name: key.textContent?.trim() ?? '',
        isLevel: key.matches('.level, .chip'),
        left,
        top,
        right,
        bottom,
      };
    }),
  );
}

/** The page as it stays: faces there, finite animations (the remaining-time line) at their end, two pictures running alike. */
export async function restedPicture(page: Page): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready.then(() => null));
  let last = await page.screenshot({ animations: 'disabled' });
  return poll(
    async () => {
      const next = await page.screenshot({ animations: 'disabled' });
      if (next.equals(last)) return next;
      last = next;
      return undefined;
    },
    { what: 'a page at rest' },
  );
}

/**
 * Watches the page from now on for what may be there only shortly: `look` is run in it at every change, and must stand alone.
 * What it answers waits until it was so, also if it is over by then.
 */
export async function watchFor<T>(
  page: Page,
  look: (wanted: T) => boolean | undefined,
  wanted: T,
): Promise<() => Promise<unknown>> {
  await page.evaluate(`
    window.noticed = false;
    new MutationObserver((_, observer) => {
      if (!(${String(look)})(${JSON.stringify(wanted)})) return;
      window.noticed = true;
      observer.disconnect();
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });`);
  return () => poll(() => page.evaluate('window.noticed'), { what: `${String(look)} of ${wanted}` });
}

/** Whether a key of that name is there; for `watchFor`. */
export const hasKey = (name: string): boolean =>
  [...document.querySelectorAll('button')].some(
    (key) => (key.getAttribute('aria-label') ?? key.textContent)?.trim() === name,
  );
