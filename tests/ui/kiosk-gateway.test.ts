/*
 * The built window over the agent's real gateway: its content policy, Host, Origin and token rules must let our own
 * screens, faces, photos and line through, and a window without the token must get nothing.
 */
import { sha256Hex } from '@hailong/shared/ids.ts';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FolderBlobs } from '../../kiosk-app/agent/adapters/blob-files.ts';
import { Gateway } from '../../kiosk-app/agent/adapters/ui-gateway/gateway.ts';
import type { FromWindow } from '../../kiosk-app/agent/application/ports.ts';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { portraitBytes, portraitHash, screens } from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

let folder: TempFolder;
let browser: Browser;
let gateway: Gateway;
const received: FromWindow[] = [];

beforeAll(async () => {
  await ensureScreens(process.execPath);
  folder = await tempFolder('gateway');
  const blobs = new FolderBlobs(`${folder.path}/blobs`);
  blobs.write(sha256Hex.parse(portraitHash), portraitBytes);
  gateway = new Gateway(
    { port: 0, token: 'right-token', screens: inRepo('kiosk-app/dist/renderer'), blobs },
    {
      joined: (send) => send({ type: 'screen', revision: 1, screen: screens.serving }),
      message: (message) => received.push(message),
      counted: () => undefined,
      beat: () => undefined,
      shell: () => undefined,
    },
  );
  await gateway.listen();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  await folder?.remove();
});

it('shows the officer with the photo, in our face, and carries a touch', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const wrong: string[] = [];
  page.on('console', (line) => line.type() === 'error' && wrong.push(line.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.goto(gateway.address);
  await page.waitForSelector('[data-screen="serving"]');
  await poll(() => page.$eval('img.portrait', (photo) => (photo as HTMLImageElement).naturalWidth === 480), {
    what: 'the photo',
  });
  await page.evaluate(() => document.fonts.ready);
  expect(
    await page.evaluate(() => [...document.fonts].filter(({ status }) => status === 'loaded').length),
  ).toBeGreaterThan(2);
  await page.waitForTimeout(450);
  await page.click('.key-main');
  await poll(() => received.some(({ type }) => type === 'citizen.open'), { what: 'the touch' });
  expect(wrong).toEqual([]);
  await page.close();
});

it('gives a window without the token nothing but a calm sentence', async () => {
  const page = await browser.newPage();
  await page.goto(gateway.address.replace('right-token', 'wrong-token'));
  await page.waitForSelector('[data-screen="away"]');
  expect(await page.textContent('h1')).toContain('Xin chờ');
  expect(await page.$('img')).toBeNull();
  await page.close();
});
