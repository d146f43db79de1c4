/*
 * Footage of a camera this project did not write (GStreamer's RTSP server): a transaction is finished, its clip is
 * opened in Chromium, and the clock burnt into the picture is read where playback starts. It is never later than the asked
 * time and within a second of it, or within what the hub states where that is more; so is the picture at the moment of the
 * press. With figures, and after the mapping has settled: tests/bench/footage/playback.ts.
 */
import type { CoverageAnswer } from '@hailong/shared/protocol/coverage.ts';
import type { ClipAnswer, TimelineAnswer } from '@hailong/shared/protocol/http.ts';
import { vietnamDay } from '@hailong/shared/time.ts';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { startGstCamera } from '../support/gst-camera.ts';
import { openOffice, StationClient } from '../support/office.ts';
import { hubBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { runProgram } from '../support/program.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { clockAt, earlierBy } from './read-clock.ts';

const DOSSIER = 'H21.27-261123-7001';
/** The bar, where nothing wider is stated: arrivals that a busy machine took late make the stated bound wider. */
const WITHIN_MS = 1_000;
/** Two pictures of the camera. */
const PICTURES_MS = 100;
/** The window begins 10 s before the transaction and a few seconds of bounds earlier. */
const BEFORE_MS = 16_000;
/** The press is told by the kiosk's clock, and footage by what is known of the camera's. */
const AFTER_MS = 2_000;

test('the clock in the picture agrees with the asked time', async (context) => {
  const camera = await startGstCamera('kiemtra', 'mat-khau-camera');
  if (typeof camera === 'string') return context.skip(camera);
  await using _camera = camera;
  await using folder = await tempFolder('clock');
  await using office = await openOffice(folder.path);
  const common = ['--data', office.hubData, '--json'];
  const added = await runProgram(hubBin, [
    ...['camera', 'add', '--address', camera.rtspUrl, '--user', 'kiemtra', '--password', 'mat-khau-camera'],
    ...['--counter', office.counter.number, '--name', 'Camera GStreamer', ...common],
  ]);
  expect(added.code, added.stderr).toBe(0);
  await poll(
    async () => {
      const { lines } = await runProgram(hubBin, ['camera', 'list', ...common]);
      return (lines[0]?.['live'] as { state?: string } | null)?.state === 'recording';
    },
    { what: 'the camera to be recorded', everyMs: 500 },
  );
  const inspector = office.setup.users.find((user) => user.roles.includes('inspector'));
  const watcher = new StationClient(office.url);
  const login = { username: inspector?.username, password: inspector?.password };
  await watcher.call('POST', '/api/v1/session', login);
  const recorded = async () => {
    const day = vietnamDay(Date.now());
    const asked = `/api/v1/coverage?camera=${added.lines[0]?.['id']}&day=${day}`;
    const { body } = await watcher.call<CoverageAnswer>('GET', asked);
    return body.spans.filter(({ state }) => state === 'recorded');
  };
  await poll(async () => (await recorded()).some(({ from }) => from < Date.now() - BEFORE_MS), {
    ...{ what: 'footage of what will be before the transaction', everyMs: 500 },
  });
  const { transactionId, intentId } = await office.api.open(office.counter.id, [DOSSIER]);
  await office.api.intent(intentId, 'accepted');
  const { intentId: finish } = await office.api.finish(transactionId);
  await office.api.intent(finish, 'accepted');
  await poll(() => office.panel.status().armedMask !== 0, { what: 'the panel to be armed' });
  await office.panel.press(4);
  const pressed = await office.kioskLine('thanked', (line) => line['transaction'] === transactionId);

  await using browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  await page.goto(`${office.url}/inspector`);
  await page.getByLabel('Tên đăng nhập').fill(inspector?.username ?? '');
  await page.getByLabel('Mật khẩu').fill(inspector?.password ?? '');
  await page.keyboard.press('Enter');
  await page.getByLabel('Mã hồ sơ').fill(DOSSIER);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Lập phiếu' }).first().click();
  await page.getByLabel('Số văn bản giao nhiệm vụ').fill('46/QĐ-VP');
  await page.getByLabel('Mục đích').fill('Kiểm tra đồng hồ trong hình');
  // Segments of 4 s close after the transaction's end; opened later, the clip is whole.
  await poll(async () => (await recorded()).some(({ to }) => to > Number(pressed['at']) + AFTER_MS), {
    ...{ what: 'footage of the press', everyMs: 500 },
  });
  const opened = page.waitForResponse((answer) => answer.url().endsWith('/clips') && answer.ok());
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/timeline') && answer.ok());
  await page.getByRole('button', { name: 'Lập phiếu và mở hình' }).click();
  const clip = (await (await opened).json()) as ClipAnswer;
  const timeline = (await (await asked).json()) as TimelineAnswer;
  await poll(() => page.evaluate(() => (document.querySelector('video')?.readyState ?? 0) >= 2), {
    what: 'the clip to play',
  });

  const atStart = await clockAt(page, clip.playFrom);
  const startApart = earlierBy(timeline.window.from, atStart);
  const press = timeline.presses[0];
  if (!press) throw new Error('no press in the timeline');
  const piece = clip.pieces.find(
    (each) => press.at >= each.wallFrom && press.at < each.wallFrom + each.durationSeconds * 1_000,
  );
  if (!piece) throw new Error(`no footage of the press: ${JSON.stringify(clip.pieces)}`);
  const atPress = await clockAt(page, piece.startSeconds + (press.at - piece.wallFrom) / 1_000);
  const pressApart = earlierBy(press.at, atPress);
  console.log(`burnt-in clock: ${startApart} ms before the asked time, ${pressApart} ms before the press`);
  const stated = Math.max(...timeline.cameras.map(({ boundBeforeMs }) => boundBeforeMs));
  const within = Math.max(WITHIN_MS, stated + PICTURES_MS);
  for (const apart of [startApart, pressApart]) {
    expect(apart).toBeGreaterThanOrEqual(0);
    expect(apart).toBeLessThanOrEqual(within);
  }
});
