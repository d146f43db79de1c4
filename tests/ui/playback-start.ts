/*
 * Purpose: where playback starts, and how soon. Footage of a camera this project did not write (GStreamer's RTSP server) with a
 * clock burnt into its picture; an inspector opens cases from the list in a real Chromium. The picture's own clock at the
 * start is compared with the time that was asked for, the first picture with the click.
 * Its figures: tests/bench/footage/playback.ts.
 */
import type { ClipAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import type { Page } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { startGstCamera } from '../support/gst-camera.ts';
import { type Office, openOffice } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { runProgram } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { clockAt, earlierBy } from './read-clock.ts';

const TRANSACTIONS = 4;
const OPENINGS = 20;
/** Segments after which a mapping's bound is its smallest: seven of 4 s, and the window's 10 s before. */
const MAPPED_MS = 45_000;
/** No multiple of a segment: each transaction begins elsewhere in one. */
const BETWEEN_MS = 3_700;
/** The last segments of the last window close. */
const SETTLED_MS = 25_000;
const LOGIN = ['--user', 'kiemtra', '--password', 'mat-khau-camera'];
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const dossier = (number: number) => `H21.27-261123-80${String(number).padStart(2, '0')}`;

async function serve(office: Office, number: number): Promise<void> {
  const { transactionId, intentId } = await office.api.open(office.counter.id, [dossier(number)]);
  await office.api.intent(intentId, 'accepted');
  const { intentId: finish } = await office.api.finish(transactionId);
  await office.api.intent(finish, 'accepted');
  await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
  await office.panel.press(4);
  await poll(() => office.panel.status().armedMask === 0, { what: 'the prompt to close', timeoutMs: 60_000 });
}

async function login(page: Page, office: Office): Promise<void> {
  const inspector = office.setup.users.find((user) => user.roles.includes('inspector'));
  await page.goto(`${office.url}/inspector`);
  await page.getByLabel('Tên đăng nhập').fill(inspector?.username ?? '');
  await page.getByLabel('Mật khẩu').fill(inspector?.password ?? '');
  await page.keyboard.press('Enter');
  await page.getByLabel('Mã hồ sơ').waitFor();
}

async function openCase(page: Page, office: Office, number: number): Promise<void> {
  await page.goto(`${office.url}/inspector`);
  await page.getByLabel('Mã hồ sơ').fill(dossier(number));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Lập phiếu' }).first().click();
  await page.getByLabel('Số văn bản giao nhiệm vụ').fill(`46/QĐ-VP-${number}`);
  await page.getByLabel('Mục đích').fill('Đo chỗ bắt đầu xem');
  await page.getByRole('button', { name: 'Lập phiếu và mở hình' }).click();
  await page.locator('video').waitFor();
}

export interface Opening {
  /** The picture at the start was made so much before the asked time; negative: after it. */
  readonly earlierMs: number;
  /** From the click to the first picture. */
  readonly firstMs: number;
}

/** From the list of cases, by a click, to the first picture at the start of the clip. */
async function open(page: Page, office: Office, number: number): Promise<Opening> {
  await page.goto(`${office.url}/inspector#/cases`);
  const link = page
    .getByRole('row')
    .filter({ hasText: `46/QĐ-VP-${number}` })
    .getByRole('link')
    .first();
  await link.waitFor();
  const opened = page.waitForResponse((answer) => answer.url().endsWith('/clips') && answer.ok());
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/timeline') && answer.ok());
  await page.evaluate(watchFirstPicture);
  await link.click();
  const clip = (await (await opened).json()) as ClipAnswer;
  const timeline = (await (await asked).json()) as TimelineAnswer;
  const firstMs = await poll(() => page.evaluate(firstPictureFrom, clip.playFrom), {
    what: 'the first picture',
    timeoutMs: 30_000,
  });
  const clock = await clockAt(page, clip.playFrom);
  return { firstMs, earlierMs: earlierBy(timeline.window.from, clock) };
}

declare global {
  // What the page notes for a later question.
  var pictures: { clickedAt: number; shown: { at: number; seconds: number }[] };
}

/** In the page: from the next click on, notes each picture that is put before the eye. */
function watchFirstPicture(): void {
  globalThis.pictures = { clickedAt: 0, shown: [] };
  addEventListener(
    'click',
    () => {
      globalThis.pictures.clickedAt = performance.now();
    },
    { capture: true, once: true },
  );
  const look = () => {
    const video = document.querySelector('video');
    if (video === null) {
      requestAnimationFrame(look);
      return;
    }
    const shown = (at: number, { mediaTime }: { mediaTime: number }) => {
      globalThis.pictures.shown.push({ at, seconds: mediaTime });
      video.requestVideoFrameCallback(shown);
    };
    video.requestVideoFrameCallback(shown);
  };
  look();
}

/** In the page: ms from the click to the first picture at or after this place of the playlist; null: none yet. */
function firstPictureFrom(seconds: number): number | null {
  const first = globalThis.pictures.shown.find((picture) => picture.seconds >= seconds - 0.1);
  return first === undefined ? null : first.at - globalThis.pictures.clickedAt;
}

export async function measureOpenings(): Promise<readonly Opening[]> {
  const camera = await startGstCamera('kiemtra', 'mat-khau-camera');
  if (typeof camera === 'string') throw new Error(camera);
  await using _camera = camera;
  await using folder = await tempFolder('playback');
  await using office = await openOffice(folder.path, { closeAfterMs: 5_000 });
  const added = await runProgram(hubBin, [
    ...['camera', 'add', '--address', camera.rtspUrl, ...LOGIN, '--counter', office.counter.number],
    ...['--name', 'Camera GStreamer', '--data', office.hubData, '--json'],
  ]);
  if (added.code !== 0) throw new Error(added.stderr);
  await pause(MAPPED_MS);
  for (let number = 0; number < TRANSACTIONS; number += 1) {
    await serve(office, number);
    await pause(BETWEEN_MS);
  }
  await pause(SETTLED_MS);
  await using browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1_366, height: 768 } });
  await login(page, office);
  for (let number = 0; number < TRANSACTIONS; number += 1) await openCase(page, office, number);
  const openings: Opening[] = [];
  for (let opening = 0; opening < OPENINGS; opening += 1)
    openings.push(await open(page, office, opening % TRANSACTIONS));
  return openings;
}
