/*
 * An officer who leaves is gone from the kiosk: real hub, real agents, a Chromium with a profile folder of its own, and a
 * clock. Connected: within a minute of the administrator's save; switched off meanwhile: at the next contact. Afterwards no
 * file of the agent and none of the browser holds the photo, while a photo served as cacheable is found by the same search.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Officer } from '@hailong/shared/model/directory.ts';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchKeptChromium } from '../support/chromium.ts';
import { portraitBytes } from '../support/kiosk-screens.ts';
import { enrolCode, type Office, openOffice, StationClient } from '../support/office.ts';
import { kioskBin } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const WITHIN_MS = 60_000;
/** A picture that nothing else on this machine holds: after its last chunk PNG readers look no further. */
const pictureOfItsOwn = () => {
  const mark = randomBytes(64);
  return { mark, bytes: Buffer.concat([portraitBytes, mark]) };
};

let folder: TempFolder;
let office: Office;
let admin: StationClient;
let browser: BrowserContext;
let cacheable: Server;
let second: Program;

const profileFolder = () => join(folder.path, 'chromium');
const dataFolder = (n: 1 | 2) => join(folder.path, n === 1 ? 'kiosk' : 'kiosk-2');

beforeAll(async () => {
  await ensureScreens(process.execPath);
  folder = await tempFolder('officer-gone');
  office = await openOffice(folder.path);
  admin = new StationClient(office.url);
  const { username, password } = office.setup.users.find(({ roles }) => roles.includes('admin'))!;
  expect((await admin.call('POST', '/api/v1/session', { username, password })).status).toBe(200);
  browser = await launchKeptChromium(profileFolder());
});
afterAll(async () => {
  await browser?.close();
  cacheable?.close();
  await second?.stop();
  await office?.[Symbol.asyncDispose]();
  await folder?.remove();
});

async function filesWith(path: string, mark: Buffer): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = join(entry.parentPath, entry.name);
    // A file that goes while we look holds nothing any more.
    const bytes = await readFile(name).catch(() => null);
    if (bytes?.includes(mark)) found.push(name);
  }
  return found;
}

async function setPhoto(officer: string, bytes: Uint8Array): Promise<void> {
  const form = new FormData();
  form.append('photo', new Blob([Uint8Array.from(bytes)], { type: 'image/png' }), 'x.png');
  const { cookie, token } = admin.credentials();
  const answer = await fetch(`${office.url}/api/v1/admin/officers/${officer}/photo`, {
    ...{ method: 'PUT', headers: { origin: office.url, cookie, 'x-csrf-token': token }, body: form },
  });
  expect(answer.status).toBe(200);
}

/** Answers when the administrator's save was answered. */
async function change(id: string, what: Partial<Officer>): Promise<number> {
  const { body } = await admin.call<{ items: Officer[] }>('GET', '/api/v1/admin/officers');
  const { id: _, photo, ...held } = body.items.find((one) => one.id === id)!;
  expect((await admin.call('PUT', `/api/v1/admin/officers/${id}`, { ...held, ...what })).status).toBe(200);
  return Date.now();
}

async function openKiosk(address: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(address);
  return page;
}
const photoShown = (page: Page) =>
  poll(
    () =>
      page.evaluate(() => (document.querySelector<HTMLImageElement>('img.portrait')?.naturalWidth ?? 0) > 0),
    {
      what: 'the photo on the screen',
    },
  );
const gone = async (page: Page, name: string) => {
  await page.waitForSelector('[data-screen="closed"]', { timeout: WITHIN_MS });
  const at = Date.now();
  expect(await page.content()).not.toContain(name);
  expect(await page.$('img.portrait')).toBeNull();
  return at;
};

test('connected: profile, duty and photo go within a minute, and no disk keeps the picture', async () => {
  const picture = pictureOfItsOwn();
  const { officer } = office;
  await setPhoto(officer.id, picture.bytes);
  const { ui } = await office.kioskLine('ready');
  const kiosk = await openKiosk(String(ui));
  await photoShown(kiosk);
  const name = (await kiosk.textContent('[data-screen="rest"] .on-duty-name'))!.trim();
  expect(await filesWith(dataFolder(1), picture.mark)).toHaveLength(1);
  expect(await filesWith(dataFolder(1), Buffer.from(name))).not.toEqual([]);

  // The control: the same search finds what a browser was allowed to keep.
  const kept = pictureOfItsOwn();
  cacheable = createServer((_, response) => {
    response.setHeader('cache-control', 'private, max-age=3600, immutable');
    response.setHeader('content-type', 'image/png');
    response.end(kept.bytes);
  }).listen(0, '127.0.0.1');
  await poll(() => cacheable.listening, { what: 'the cacheable picture' });
  const other = await browser.newPage();
  await other.goto(`http://127.0.0.1:${(cacheable.address() as AddressInfo).port}/`);

  const saved = await change(officer.id, { active: false });
  const took = (await gone(kiosk, name)) - saved;
  expect(took).toBeLessThanOrEqual(WITHIN_MS);
  await poll(async () => (await filesWith(dataFolder(1), picture.mark)).length === 0, {
    what: 'the photo to be deleted',
    timeoutMs: WITHIN_MS - took,
  });
  // The name too: it lies in no file, neither in the roster nor in the database's free space or log.
  await poll(async () => (await filesWith(dataFolder(1), Buffer.from(name))).length === 0, {
    what: 'the name to be deleted',
    timeoutMs: WITHIN_MS - took,
  });
  const deleted = Date.now() - saved;
  console.info(JSON.stringify({ officerGone: { connectedMs: took, deletedMs: deleted } }));

  await office.hub.stop();
  await office.restartKiosk();
  const again = await openKiosk(String((await office.kioskLine('ready'))['ui']));
  await gone(again, name);
  await office.restartHub();

  await browser.close();
  expect(await filesWith(profileFolder(), picture.mark)).toEqual([]);
  expect(await filesWith(profileFolder(), kept.mark)).not.toEqual([]);
  browser = await launchKeptChromium(profileFolder());
});

test('switched off meanwhile: they go at the next contact, also after a transfer', async () => {
  const picture = pictureOfItsOwn();
  const [counter, officer] = [office.setup.counters[1]!, office.setup.officers[1]!];
  await setPhoto(officer.id, picture.bytes);
  const code = await enrolCode(office.hubData, 'counter', counter.id);
  const args = ['run', '--data', dataFolder(2), '--hub', office.url, '--ui-port', '0', '--json'];
  second = startProgram(kioskBin, [...args, '--enrol', code]);
  const address = String((await second.line('ready'))['ui']);
  const station = new StationClient(office.url);
  await station.startDuty(await enrolCode(office.hubData, 'station', counter.id), officer.code, officer.pin);
  const kiosk = await openKiosk(address);
  await photoShown(kiosk);
  const name = (await kiosk.textContent('[data-screen="rest"] .on-duty-name'))!.trim();
  await second.stop();
  expect(await filesWith(dataFolder(2), picture.mark)).toHaveLength(1);

  const unit = { code: 'CHUYEN', name: 'Phòng khác' };
  const { body } = await admin.call<{ id: string }>('POST', '/api/v1/admin/units', unit);
  await change(officer.id, { unitId: body.id as Officer['unitId'] });
  const started = Date.now();
  second = startProgram(kioskBin, args);
  const back = await openKiosk(String((await second.line('ready'))['ui']));
  const took = (await gone(back, name)) - started;
  expect(took).toBeLessThanOrEqual(WITHIN_MS);
  await poll(async () => (await filesWith(dataFolder(2), picture.mark)).length === 0, {
    what: 'the photo to be deleted',
  });
  await poll(async () => (await station.state()).body.duty === null, { what: 'the hub to hear of it' });
  console.info(JSON.stringify({ officerGone: { afterStartMs: took } }));

  // Whoever is back by a log-in of today is shown again: a member of another unit who serves here.
  await station.login(officer.code, officer.pin);
  await photoShown(back);
  await change(officer.id, { position: 'Chuyên viên chính' });
  await back.getByText('Chuyên viên chính').first().waitFor();
});
