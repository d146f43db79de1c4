/*
 * The real Electron, where a machine has one: ELECTRON_OVERRIDE_DIST_PATH names its folder. The package alone brings
 * no binary and must not fetch one here, so elsewhere this is skipped and says so.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron } from 'playwright-core';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { portraitBytes, portraitHash, screens } from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { startUiAgent } from '../support/ui-agent.ts';

const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
const binary = folder === undefined ? undefined : join(folder, 'electron');
const missing = binary === undefined || !existsSync(binary);

it('shows the agent’s screen and relays a touch', async (context) => {
  if (missing) context.skip('no Electron binary');
  await ensureScreens(process.execPath);
  for (const mode of ['main', 'preload'])
    await build({ configFile: inRepo('kiosk-app/vite.electron.config.ts'), mode, logLevel: 'warn' });
  await using agent = await startUiAgent({
    screens: inRepo('kiosk-app/dist/renderer'),
    photos: new Map([[portraitHash, portraitBytes]]),
  });
  agent.show(screens.serving);
  const app = await _electron.launch({
    executablePath: binary as string,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      inRepo('kiosk-app'),
      '--windowed',
      '--agent-url',
      agent.address,
    ],
  });
  try {
    const page = await app.firstWindow();
    await page.waitForSelector('[data-screen="serving"] img.portrait');
    expect(await page.evaluate('typeof require + typeof process')).toBe('undefinedundefined');
    await page.waitForTimeout(450);
    await page.click('.key-main');
    await agent.next('citizen.open');
  } finally {
    await app.close();
  }
});
