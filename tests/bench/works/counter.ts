/*
 * Purpose: the counter as a citizen and an old machine meet it, by built programs: touch to visible answer with its commit, start,
 * memory after a thousand ratings and through eight hours at a touch a second, first paint, what the page weighs. The agent is the
 * one that ships; only its boot clock is moved.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ensureScreens } from '../../../scripts/screens.js';
import { launchChromium } from '../../support/chromium.ts';
import { inRepo } from '../../support/paths.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { bareNodeMs, bareNodeRssMb, Counter, ended, rssMb, startAgent } from '../counter/kiosk.ts';
import { firstPaint, openPage, serveBarePage, tapVisible } from '../counter/visible.ts';
import { type Figure, figure, median, percentile, type Work, type WorkOptions } from '../figures.ts';

const HOURS = 8;
const FULL = { services: 70, ratings: 1_000, idleMs: 60_000, starts: 9, tapsAnHour: 3_600 };
const QUICK = { services: 2, ratings: 10, idleMs: 4_000, starts: 2, tapsAnHour: 10 };
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const most = (limit: number) => ({ of: 'value', is: '<=', limit }) as const;

/** Start and memory on one data folder; every start meets what a thousand ratings left. */
async function startAndMemory(
  folder: string,
  amounts: typeof FULL,
  say: WorkOptions['say'],
): Promise<Figure[]> {
  const counter = await Counter.open(folder, 'thousand');
  let rss = { value: Number.NaN, besideValue: Number.NaN };
  try {
    for (let n = 0; n < amounts.ratings; n += 1) await counter.rate();
    say(`${amounts.ratings} ratings, now idle`);
    counter.leaveWindow();
    await pause(amounts.idleMs);
    rss = { value: rssMb(counter.pid), besideValue: await bareNodeRssMb() };
  } finally {
    await counter.stop();
  }
  await counter.hub.start();
  const [ready, bare]: [number[], number[]] = [[], []];
  for (let n = 0; n < amounts.starts; n += 1) {
    const agent = await startAgent(join(folder, 'thousand'), counter.hub);
    ready.push(agent.readyMs);
    agent.child.removeAllListeners('exit');
    agent.child.kill('SIGTERM');
    await ended(agent.child);
    bare.push(await bareNodeMs());
  }
  await counter.hub.stop();
  const started = { value: percentile(ready, 0.95), besideValue: percentile(bare, 0.95) };
  return [
    figure({ work: 'counter ready p95', unit: 'ms', beside: 'node -e 0' }, started, most(2_000)),
    figure({ work: 'counter rss idle', unit: 'MB', beside: 'a node that waits' }, rss, most(100)),
  ];
}

async function inBrowser(folder: string, amounts: typeof FULL, say: WorkOptions['say']): Promise<Figure[]> {
  const browser = await launchChromium();
  const bare = await serveBarePage();
  const counter = await Counter.open(folder, 'visible', 30_000);
  try {
    const [page, beside] = [
      await openPage(browser, counter.agent.address),
      await openPage(browser, bare.url),
    ];
    const [taps, besides]: [number[], number[]] = [[], []];
    for (let service = 0; service < amounts.services; service += 1) {
      await counter.ask();
      for (let question = 0; question < 3; question += 1) {
        await page.bringToFront();
        await page.locator('.level').first().waitFor();
        taps.push(await tapVisible(page, (service + question) % 5));
        await beside.bringToFront();
        besides.push(await tapVisible(beside, 0));
      }
      await counter.close();
    }
    say(`${taps.length} taps in a browser`);
    const [paints, barePaints]: [number[], number[]] = [[], []];
    for (let n = 0; n < amounts.starts; n += 1) {
      paints.push(await firstPaint(browser, counter.agent.address));
      barePaints.push(await firstPaint(browser, bare.url));
    }
    const at = (share: number) => ({
      value: percentile(taps, share),
      besideValue: percentile(besides, share),
    });
    const alone = 'a bare page, no agent, no disk';
    return [
      figure({ work: 'counter tap visible p95', unit: 'ms', beside: alone }, at(0.95), most(100)),
      figure({ work: 'counter tap visible p50', unit: 'ms', beside: alone }, at(0.5)),
      figure(
        { work: 'counter first paint p95', unit: 'ms', beside: 'a bare page' },
        { value: percentile(paints, 0.95), besideValue: percentile(barePaints, 0.95) },
        most(1_500),
      ),
    ];
  } finally {
    await counter.stop();
    bare.close();
    await browser.close();
  }
}

/** Eight hours of the boot clock at a touch a second; the medians of an hour's samples are compared. */
async function eightHours(folder: string, amounts: typeof FULL, say: WorkOptions['say']): Promise<Figure[]> {
  const counter = await Counter.open(folder, 'hours');
  const hours: number[] = [];
  try {
    for (let hour = 0; hour < HOURS; hour += 1) {
      const samples: number[] = [];
      for (let taps = 0; taps < amounts.tapsAnHour; ) {
        taps += await counter.rateForFiveSeconds();
        samples.push(rssMb(counter.pid));
      }
      hours.push(median(samples));
      say(`hour ${hour + 1}: ${hours.at(-1)?.toFixed(1)} MB`);
    }
  } finally {
    await counter.stop();
  }
  const about = { work: 'counter rss hour 8', unit: 'MB', beside: 'hour 1' };
  const bar = { of: 'ratio', is: '<=', limit: 1.05 } as const;
  return [figure(about, { value: hours.at(-1)!, besideValue: hours[0]! }, bar)];
}

function weight(): Figure {
  const folder = inRepo('kiosk-app/dist/renderer/assets');
  const gzipKb = (files: readonly string[]) =>
    files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1_024;
  const code = readdirSync(folder).filter((name) => !/\.(woff2?|ttf)$/.test(name));
  const react = inRepo('node_modules/react-dom/cjs/react-dom-client.production.js');
  return figure(
    { work: 'counter bundle gzip', unit: 'KB', beside: 'react-dom alone, not minified' },
    { value: gzipKb(code.map((name) => join(folder, name))), besideValue: gzipKb([react]) },
    most(300),
  );
}

export const work: Work = {
  async measure({ quick, say }) {
    await ensureScreens(process.execPath);
    await using folder = await tempFolder('counter');
    const amounts = quick ? QUICK : FULL;
    return [
      ...(await inBrowser(folder.path, amounts, say)),
      ...(await startAndMemory(folder.path, amounts, say)),
      ...(await eightHours(folder.path, amounts, say)),
      weight(),
    ];
  },
};
