/* The Chromium that the browser tests rely on: it starts here, draws Vietnamese, and can play what cameras send. */
import { expect, it } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.ts';

it('starts, draws Vietnamese, and plays H.264 in segments', async (context) => {
  if ((await findChromium()) === undefined) context.skip('no Chromium on this machine');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.setContent('<h1>Hài lòng</h1>');
    expect(await page.getByRole('heading').innerText()).toBe('Hài lòng');
    const plays = await page.evaluate(() => MediaSource.isTypeSupported('video/mp4; codecs="avc1.42E01E"'));
    expect(plays).toBe(true);
  } finally {
    await browser.close();
  }
});
