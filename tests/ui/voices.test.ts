/*
 * The office's recordings by browser: an administrator uploads, plays, replaces and removes them at a real hub, and the window
 * of a real kiosk reads a question aloud by them when its key is pressed. Further states before a hub that says what a test says.
 */
import { sessionAnswer } from '@hailong/shared/protocol/http.ts';
import { voicesAnswer } from '@hailong/shared/protocol/voices.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { startFixtureHub } from '../support/fixture-hub.ts';
import { session } from '../support/hub-fixtures.ts';
import { type Office, openOffice } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { layerThree, opus, silentWav } from '../support/sounds.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';
import { hasKey, watchFor } from './page-look.ts';

/** See GUARD_MS of the window. */
const SETTLE_MS = 450;
const SIZE = { width: 1366, height: 768 };
let folder: TempFolder;
let office: Office;
let browser: Browser;
let opened: HubPage[] = [];
beforeAll(async () => {
  await ensureScreens(process.execPath);
  folder = await tempFolder('voices-ui');
  [office, browser] = await Promise.all([openOffice(folder.path), launchChromium()]);
});
afterEach(async () => {
  for (const page of opened) await page.close();
  opened = [];
});
afterAll(async () => {
  await browser?.close();
  await office?.[Symbol.asyncDispose]();
  await folder?.remove();
});

async function open(url: string, size = SIZE): Promise<HubPage> {
  const page = await openHubPage(browser, url, size);
  opened.push(page);
  return page;
}
const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });
const levels = ['Rất hài lòng', 'Hài lòng', 'Bình thường', 'Không hài lòng', 'Rất không hài lòng'];

test('what an administrator uploads is what the kiosk reads aloud', async () => {
  const { page, shot } = await open(`${office.url}/admin#/voices`);
  const { username, password } = office.setup.users.find(({ roles }) => roles.includes('admin'))!;
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.getByLabel('Mật khẩu').fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('Đang tắt: chưa thiết bị nào có phím nghe.').waitFor();
  const used = page.locator('details.panel', { hasText: 'đang áp dụng' }).first();
  const question = await used.locator('tbody tr').first().locator('[lang=vi]').innerText();
  const send = (words: string, sound: ReturnType<typeof file>) =>
    used.getByLabel(`Tệp ghi âm của: ${words}`).setInputFiles(sound);
  const row = (words: string) => used.locator('tr', { has: page.getByText(words, { exact: true }) });

  // A name says nothing: it is the bytes that are refused, at the sentence they were meant for.
  await send(question, file('cau-hoi.mp3', 'audio/mpeg', Buffer.from('<html>no sound</html>')));
  await row(question).getByRole('alert').waitFor();
  await send(question, file('cau-hoi.ogg', 'audio/ogg', opus));
  await row(question).getByText('0,6 giây').waitFor();
  expect(await row(question).getByRole('alert').count()).toBe(0);
  for (const [at, words] of levels.entries()) {
    await send(words, file(`${at}.wav`, 'audio/wav', silentWav(250 + 50 * at)));
    await row(words).getByText('giây').waitFor();
  }
  await used.getByText('đã ghi 6/').waitFor();

  const play = async (words: string) => {
    const stopped = await watchFor(page, hasKey, `Dừng: ${words}`);
    const heard = page.waitForResponse(/\/api\/v1\/admin\/voices\/[0-9a-f]{64}$/);
    await used.getByRole('button', { name: `Nghe: ${words}`, exact: true }).click();
    const answer = await heard;
    await stopped();
    await used.getByRole('button', { name: `Nghe: ${words}`, exact: true }).waitFor();
    return answer.headers()['content-type'];
  };
  expect(await play(question)).toBe('audio/ogg');
  await send(question, file('cau-hoi-2.mp3', 'audio/mpeg', layerThree));
  await row(question).getByText('0,7 giây').waitFor();
  expect(await play(question)).toBe('audio/mpeg');
  expect(await page.getByText('không phát được').count()).toBe(0);
  await shot('admin-voices-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);

  await page.getByRole('link', { name: 'Bật trong mục Màn hình quầy' }).click();
  await page.getByLabel('Có phím nghe ở những câu hỏi đã ghi âm đủ').check();
  await page.getByRole('button', { name: 'Lưu', exact: true }).first().click();
  await page.getByText('Đã lưu.').waitFor();

  const { intentId } = await office.api.open(office.counter.id, ['H21-1']);
  await office.api.intent(intentId, 'accepted');
  const kiosk = await kioskWindow();
  await kiosk.getByRole('button', { name: 'Tôi đã xong, tôi muốn đánh giá' }).click();
  const listen = kiosk.getByRole('button', { name: 'Nghe đọc câu hỏi' });
  await listen.waitFor();
  const heard: [string, number, string | undefined][] = [];
  kiosk.on('response', (answer) => {
    const { pathname } = new URL(answer.url());
    const type = answer.headers()['content-type'];
    if (pathname.startsWith('/voices/') && heard.at(-1)?.[0] !== pathname)
      heard.push([pathname, answer.status(), type]);
  });
  await kiosk.waitForTimeout(SETTLE_MS);
  await kiosk.screenshot({ path: 'tests/.out/hub/kiosk-voice-1280x800.png' });
  const stop = await watchFor(kiosk, hasKey, 'Dừng đọc');
  await listen.click();
  await stop();
  await listen.waitFor();
  // Every one was played to its end: the next is asked for only then.
  expect(heard.map(([, status, type]) => [status, type])).toEqual([
    [200, 'audio/mpeg'],
    ...levels.map(() => [200, 'audio/wav']),
  ]);

  await page.goto(`${office.url}/admin#/voices`);
  await page.getByText('Đang bật trên các thiết bị đánh giá.').waitFor();
  await used.getByRole('button', { name: 'Xóa bản ghi của: Hài lòng', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Xóa', exact: true }).click();
  await row('Hài lòng').getByText('chưa có').waitFor();
  await used.getByText('đã ghi 5/').waitFor();
  await listen.waitFor({ state: 'detached' });
  expect(await kiosk.getAttribute('[data-screen]', 'data-screen')).toBe('question');
});

async function kioskWindow(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(String((await office.kioskLine('ready'))['ui']));
  await page.waitForSelector('[data-screen="serving"]');
  // A new page takes no touch at once.
  await page.waitForTimeout(SETTLE_MS);
  return page;
}

test('in English and on a phone; without forms, refused and with words that no form says any more', async () => {
  await using hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  const recording = {
    ...{ language: 'en', sha256: 'a'.repeat(64) as never, mediaType: 'audio/ogg' },
    ...{ durationMs: 1_840, bytes: 9_200 },
  };
  const answer = {
    on: true,
    forms: [
      {
        instrument: { id: 'hai-long-5', version: 2 },
        name: { vi: 'Mức độ hài lòng 5 mức', en: 'Satisfaction, 5 levels' },
        used: true,
        sentences: [
          { key: 'question', text: { vi: 'Lần phục vụ này thế nào?', en: 'How was the service today?' } },
          { key: 'level.5', text: { vi: 'Rất hài lòng', en: 'Very satisfied' } },
        ],
      },
    ],
    recordings: [
      { ...recording, words: 'How was the service today?' },
      { ...recording, words: 'How did we do?', sha256: 'b'.repeat(64) as never },
    ],
  };
  hub.answer('GET /api/v1/admin/voices', voicesAnswer, answer);
  const { page, shot } = await open(`${hub.url}/admin#/voices`);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'English', exact: true }).last().click();
  await page.getByText('1 of 2 recorded').waitFor();
  await page.getByText('Used by no form any more').waitFor();
  expect(await page.getByRole('button', { name: 'Choose file: How did we do?' }).count()).toBe(0);
  await shot('admin-voices-en-1366x768');
  // The bytes are not there: the browser cannot play them, and says so at their sentence.
  await page.getByRole('button', { name: 'Play: How did we do?' }).click();
  await page.getByText('This browser cannot play the recording.').waitFor();
  hub.refuse('DELETE /api/v1/admin/voices', 'request.not_found');
  await page.getByRole('button', { name: 'Remove the recording of: How did we do?' }).click();
  await shot('admin-voices-remove-en-1366x768');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('alert').first().waitFor();
  await poll(() => hub.sent.at(-1)?.query['words'] === 'How did we do?', { what: 'the removal' });
  await page.setViewportSize({ width: 390, height: 844 });
  await shot('admin-voices-en-390x844');
  expect(await fitsAcross(page)).toBe(true);

  hub.answer('GET /api/v1/admin/voices', voicesAnswer, { on: false, forms: [], recordings: [] });
  await page.reload();
  await page.getByText('There are no forms yet.').waitFor();
  hub.refuse('GET /api/v1/admin/voices', 'internal.unexpected');
  await page.reload();
  await page.getByRole('alert').waitFor();
});
