/* Evidence packages on the inspector's page: asked for, waiting, written with its progress, failed, fetched; and the page that checks one. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { actAnswer, actList } from '@hailong/shared/protocol/acts.ts';
import { archiveAddress, packageList } from '@hailong/shared/protocol/evidence.ts';
import { sessionAnswer, timelineAnswer } from '@hailong/shared/protocol/http.ts';
import { tokenList } from '@hailong/shared/protocol/tokens.ts';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session, timeline } from '../support/hub-fixtures.ts';
import { inRepo } from '../support/paths.ts';
import { axeFaults } from './axe.ts';
import { type HubPage, openHubPage, shotFolder, sidewaysScrolls } from './hub-page.ts';

const LIST = `GET /api/v1/cases/${ids.case}/packages`;
let browser: Browser;
let hub: FixtureHub;
let opened: HubPage;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('inspector', 'Nguyễn Thị Hạnh'));
  hub.answer(`GET /api/v1/cases/${ids.case}/timeline`, timelineAnswer, timeline());
  hub.refuse(`POST /api/v1/cases/${ids.case}/clips`, 'footage.missing');
  hub.answer(LIST, packageList, { packages: [] });
  hub.answer('GET /api/v1/acts', actList, { acts: [] });
  opened = await openHubPage(browser, `${hub.url}/inspector#/case/${ids.case}`, { width: 1366, height: 768 });
});
afterEach(async () => {
  await opened.close();
  await hub.close();
});

type Package = z.input<typeof packageList>['packages'][number];
const written = (change: Partial<Package> = {}): Package => ({
  ...{ id: ids.duty, state: 'ready', progress: null, code: null },
  requestedBy: { name: 'Nguyễn Thị Hạnh', at: at(14, 20) },
  approvedBy: { name: 'Đỗ Quang Huy', at: at(14, 31) },
  ...{ purpose: 'Giao cho Thanh tra tỉnh', legalBasis: 'Điều 12 Quyết định 45/QĐ-VP', interval: null },
  ...{ keptUntil: null, removedAt: null, removedReason: null },
  ...{ packageHash: 'c216da985d9f1c94'.repeat(4), bytes: 312_000_000, writtenAt: at(14, 32) },
  ...change,
});

async function openDialog(): Promise<void> {
  await opened.page.getByRole('button', { name: 'Hồ sơ trích xuất' }).click();
  await opened.page.getByRole('dialog').waitFor();
}

test('is empty at first, and asks for a package with its purpose and basis', async () => {
  const { page, shot } = opened;
  await openDialog();
  await page.getByText('chưa có hồ sơ trích xuất nào').waitFor();
  await shot('packages-empty-1366x768');
  hub.answer('POST /api/v1/acts', actAnswer, act());
  await page.getByLabel('Giao cho ai, để làm gì').fill('Giao cho Thanh tra tỉnh');
  await page.getByLabel('Căn cứ pháp lý').fill('Điều 12 Quyết định 45/QĐ-VP');
  hub.answer('GET /api/v1/acts', actList, { acts: [act()] });
  await page.getByRole('button', { name: 'Đề nghị trích xuất' }).click();
  await page.getByText('chờ người thứ hai duyệt').waitFor();
  expect(await page.getByText('Xem việc chờ người thứ hai').getAttribute('href')).toBe('#/acts');
  expect(hub.sent.at(-1)?.body).toMatchObject({
    ...{ kind: 'evidence-export', reason: 'Giao cho Thanh tra tỉnh' },
    body: { caseId: ids.case, legalBasis: 'Điều 12 Quyết định 45/QĐ-VP' },
  });
  // The other person approves elsewhere: it appears by itself, with how far it is.
  hub.answer('GET /api/v1/acts', actList, { acts: [] });
  const progress = { done: 93_000_000, total: 300_000_000 };
  hub.answer(LIST, packageList, { packages: [written({ state: 'writing', progress, packageHash: null })] });
  await page.getByText('Đã ghi 31 %').waitFor();
  await shot('packages-writing-1366x768');
});

function act(body: object = {}): z.input<typeof actAnswer> {
  return {
    ...{ id: ids.intent, kind: 'evidence-export', object: 'case:PXM-2026-0147', mine: true },
    ...{ reason: 'Giao cho Thanh tra tỉnh', askedBy: { username: 'a', name: 'A' }, askedAt: at(14, 20) },
    ...{ expiresAt: at(23, 0), state: 'pending', decidedBy: null, decidedAt: null, decidedReason: null },
    ...{ result: null, mayDecide: false, body: { caseId: ids.case, ...body } },
  };
}

test('asks for more than the case is of, says for what time it waits, and leads to where it is approved', async () => {
  const { page, shot } = opened;
  await openDialog();
  await page.getByLabel('Khoảng thời gian').selectOption({ label: 'Rộng hơn phạm vi của phiếu…' });
  await page.getByLabel('Từ', { exact: true }).fill('2026-11-23T08:30');
  await page.getByLabel('Đến', { exact: true }).fill('2026-11-23T10:15');
  await page.getByLabel('Giao cho ai, để làm gì').fill('Giao cho Thanh tra tỉnh');
  await page.getByLabel('Căn cứ pháp lý').fill('Điều 12 Quyết định 45/QĐ-VP');
  await shot('packages-wider-1366x768');
  const interval = { from: at(8, 30), to: at(10, 15) };
  hub.answer('POST /api/v1/acts', actAnswer, act({ interval }));
  hub.answer('GET /api/v1/acts', actList, { acts: [act({ interval })] });
  await page.getByRole('button', { name: 'Đề nghị trích xuất' }).click();
  await page.getByText('23/11/2026 08:30 – 23/11/2026 10:15').waitFor();
  expect(hub.sent.at(-1)?.body).toMatchObject({ body: { caseId: ids.case, interval } });
  await shot('packages-waiting-1366x768');
  // Another one may be asked for meanwhile.
  await page.getByRole('button', { name: 'Đề nghị hồ sơ khác' }).click();
  await page.getByLabel('Căn cứ pháp lý').waitFor();
  hub.answer('GET /api/v1/tokens', tokenList, { tokens: [] });
  await page.getByText('Xem việc chờ người thứ hai').click();
  await page.getByRole('heading', { name: 'Chờ người thứ hai' }).waitFor();
  await page.getByText('23/11/2026 08:30 – 23/11/2026 10:15').waitFor();
  await shot('packages-second-person-1366x768');
});

test('shows what is ready, what failed and why, and fetches by an address', async () => {
  const { page, shot } = opened;
  const failed = written({
    ...{ id: ids.rating, state: 'failed', code: 'program.disk_full' },
    packageHash: null,
  });
  const removed = written({
    ...{ id: ids.officer, state: 'removed', removedAt: at(15, 10), removedReason: 'fetched' },
    interval: { from: at(8, 30), to: at(10, 15) },
  });
  const ready = written({ keptUntil: at(15, 2) + 30 * 86_400_000 });
  hub.answer(LIST, packageList, { packages: [ready, failed, removed] });
  hub.answer(`POST /api/v1/packages/${ids.duty}/address`, archiveAddress, {
    ...{ url: '/api/v1/packages/x/archive.zip', expiresAt: at(15, 2) },
  });
  await openDialog();
  await page.locator('[data-state="failed"]').waitFor();
  await page.getByText('Giữ trên máy chủ đến 23/12/2026').waitFor();
  const gone = page.locator('[data-state="removed"]');
  await gone.getByText('Đã xóa lúc 23/11/2026 15:10: hết thời gian giữ sau khi tải').waitFor();
  expect(await gone.getByRole('button').count()).toBe(0);
  await shot('packages-ready-1366x768');
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sidewaysScrolls(page)).toEqual([]);
  await shot('packages-ready-390x844');
  const asked = page.waitForRequest('**/archive.zip');
  await page.getByRole('button', { name: 'Tải hồ sơ' }).click();
  await asked;
});

test('says when the hub does not answer', async () => {
  const { page, shot } = opened;
  await page.getByRole('button', { name: 'Hồ sơ trích xuất' }).waitFor();
  hub.away(true);
  await openDialog();
  await page.locator('[data-code="program.unreachable"]').first().waitFor();
  await shot('packages-away-1366x768');
});

test('KIEM-TRA.html is clean at its start, for a bad folder and for wrong digits', async () => {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  await page.goto(pathToFileURL(inRepo('hub-server/dist/check/KIEM-TRA.html')).href);
  const faults: string[] = [];
  const shot = async (name: string): Promise<void> => {
    await page.screenshot({ path: join(shotFolder, `${name}.png`), fullPage: true });
    faults.push(...(await axeFaults(page)).map((fault) => `${name}: ${fault}`));
  };
  await shot('check-start');
  await page.locator('#folder').setInputFiles(inRepo('tests/law'));
  await page.locator('[data-verdict="bad"]').waitFor();
  await shot('check-bad');
  await page.locator('#key').fill('mười hai');
  await page.locator('#folder').setInputFiles(inRepo('tests/law'));
  await page.getByText('32 chữ số 0-9').waitFor();
  await page.setViewportSize({ width: 360, height: 700 });
  await shot('check-digits-360');
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(faults).toEqual([]);
  await page.close();
});
