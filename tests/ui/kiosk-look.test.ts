/*
 * Every kiosk screen at every size and in both languages, from the real build in a real Chromium: nothing scrolls, is
 * cut, overlaps or is too small to touch (kiosk-app/renderer/DESIGN.md). Screenshots for the eye: tests/.out/kiosk.
 */
import { mkdir, rm } from 'node:fs/promises';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import {
  hard,
  levels,
  portraitBytes,
  portraitHash,
  questionScreen,
  screens,
} from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { startUiAgent, type UiAgent } from '../support/ui-agent.ts';
import { keyBoxes, lookFaults } from './page-look.ts';

const out = inRepo('tests/.out/kiosk');

/** Smallest key (20 mm; 15 mm for second keys on the 7" box), and the highest place where one may start. */
const sizes = [
  { width: 1280, height: 800, keyPx: 120, highest: 0.36 },
  { width: 800, height: 1280, keyPx: 120, highest: 0.33 },
  { width: 1920, height: 1080, keyPx: 160, highest: 0.36 },
  { width: 1024, height: 600, keyPx: 100, highest: 0.33 },
] as const;

const shown: Readonly<Record<string, Screen>> = {
  starting: screens.starting,
  closed: screens.closed,
  rest: screens.rest,
  'rest-hard': hard.rest,
  serving: screens.serving,
  'serving-hard': hard.serving,
  'question-overall': questionScreen(1),
  'question-attitude': questionScreen(2),
  'question-handling': questionScreen(3),
  'question-four-levels': questionScreen(1, { levels: levels.filter(({ key }) => key !== 3) }),
  'question-three-levels': questionScreen(1, { levels: levels.slice(1, 4) }),
  thanks: screens.thanks,
  'cannot-store': screens.cannotStore,
};

let agent: UiAgent;
let browser: Browser;

async function show(page: Page, screen: Screen, language: string): Promise<void> {
  // Another screen first: each one is entered as the citizen meets it.
  agent.show(screen.name === 'starting' ? screens.closed : screens.starting);
  await page.waitForSelector(`[data-screen="${screen.name === 'starting' ? 'closed' : 'starting'}"]`);
  agent.show(screen);
  await page.waitForSelector(`[data-screen="${screen.name}"]`);
  if (language === 'en') await page.click('.key-language');
  await page.waitForSelector(`html[lang="${language}"]`);
  await page.evaluate(() => document.fonts.ready);
}

beforeAll(async () => {
  await ensureScreens(process.execPath);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  agent = await startUiAgent({
    screens: inRepo('kiosk-app/dist/renderer'),
    photos: new Map([[portraitHash, portraitBytes]]),
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await agent?.[Symbol.asyncDispose]();
});

describe.each(sizes)('at $width×$height', ({ width, height, keyPx, highest }) => {
  it.each(['vi', 'en'])('every screen is designed in %s', async (language) => {
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
    await page.clock.setFixedTime(new Date('2026-11-23T02:36:00Z'));
    await page.goto(agent.address);
    for (const [name, screen] of Object.entries(shown)) {
      await show(page, screen, language);
      await page.screenshot({ path: `${out}/${name}-${width}x${height}-${language}.png` });
      const faults = await lookFaults(page, '.head .office');
      const keys = await keyBoxes(page);
      for (const key of keys) {
        const [wide, high] = [key.right - key.left, key.bottom - key.top];
        if (high < keyPx - 1 || wide < keyPx - 1) faults.push(`"${key.name}" is ${wide}×${high}`);
        if (key.top < height * highest) faults.push(`"${key.name}" starts at ${key.top}`);
      }
      for (const [at, one] of keys.entries())
        for (const other of keys.slice(at + 1)) {
          const gapX = Math.max(one.left, other.left) - Math.min(one.right, other.right);
          const gapY = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
          if (Math.max(gapX, gapY) < 12) faults.push(`"${one.name}" and "${other.name}" are ${gapX} apart`);
        }
      const tiles = keys.filter(({ isLevel }) => isLevel);
      const [first] = tiles;
      for (const tile of tiles) {
        const wider = tile.right - tile.left - ((first?.right ?? 0) - (first?.left ?? 0));
        const higher = tile.bottom - tile.top - ((first?.bottom ?? 0) - (first?.top ?? 0));
        if (Math.abs(wider) > 1 || Math.abs(higher) > 1) faults.push(`"${tile.name}" differs in size`);
      }
      expect(faults, `${name} ${language}`).toEqual([]);
    }
    expect(wrong).toEqual([]);
    await page.close();
  });
});
