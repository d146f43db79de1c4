/*
 * Footage of a camera this project did not write (GStreamer's RTSP server): a transaction is finished, its clip is
 * opened in Chromium, and the clock burnt into the picture is read where playback starts. It is never later than the asked
 * time and within what is stated of it, and within a second once a file has come without delay; so is the picture at the
 * moment of the press. With figures, and after the mapping has settled: tests/bench/footage/playback.ts.
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
/** The bar. */
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
  const answer = await opened;
  const clip = (await answer.json()) as ClipAnswer;
  const timeline = (await (await asked).json()) as TimelineAnswer;
  await poll(() => page.evaluate(() => (document.querySelector('video')?.readyState ?? 0) >= 2), {
    what: 'the clip to play',
  });

  const press = timeline.presses[0];
  if (!press) throw new Error('no press in the timeline');
  const shown = [
    { what: 'asked time', asked: timeline.window.from, at: clip.playFrom },
    { what: 'press', asked: press.at, at: placeIn(clip, clip, press.at) },
  ];
  const stated = timeline.cameras[0];
  if (!stated) throw new Error('no camera in the timeline');
  // Footage is placed by the file that came most promptly: on a busy machine one that did may come later, and moves all of its run.
  const clips = new URL(answer.url()).pathname;
  for (const { what, asked, at } of shown) {
    let apart = earlierBy(asked, await clockAt(page, at));
    console.log(`burnt-in clock: ${apart} ms before the ${what}`);
    expect(apart).toBeGreaterThanOrEqual(0);
    expect(apart).toBeLessThanOrEqual(stated.boundBeforeMs + PICTURES_MS);
    await poll(
      async () => {
        if (apart <= WITHIN_MS) return true;
        const { body } = await watcher.call<ClipAnswer>('POST', clips, { cameraId: clip.cameraId });
        apart = earlierBy(asked, await clockAt(page, placeIn(clip, body, asked)));
        throw new Error(`${apart} ms`);
      },
      { what: `a picture within ${WITHIN_MS} ms before the ${what}`, everyMs: 4_000 },
    );
    expect(apart).toBeGreaterThanOrEqual(0);
  }
});

/** Where the page, which plays `played`, shows a moment as the hub places it now. */
function placeIn(played: ClipAnswer, placed: ClipAnswer, asked: number): number {
  const piece = placed.pieces.find(
    (each) => asked >= each.wallFrom && asked < each.wallFrom + each.durationSeconds * 1_000,
  );
  const same = played.pieces.find((each) => each.segmentId === piece?.segmentId);
  if (!piece || !same)
    throw new Error(`no footage of ${asked}: ${JSON.stringify([played.pieces, placed.pieces])}`);
  return same.startSeconds + (asked - piece.wallFrom) / 1_000;
}
