/* Two thousand kiosks on one page: worst first, what to do beside it, by keyboard, on an old office PC and on a phone. */

import {
  fleetAnswer,
  fleetCounts,
  fleetRule,
  reloadAnswer,
  rolloutAnswer,
} from '@hailong/shared/protocol/fleet.ts';
import { adminLists, sessionAnswer } from '@hailong/shared/protocol/http.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const counts = {
  ...{ critical: 3, attention: 1, well: 1_996, revoked: 12, unacknowledged: 4 },
  byCode: [
    { code: 'fleet.unseen', kiosks: 3 },
    { code: 'fleet.panel_away', kiosks: 1 },
  ],
};
const rule = {
  ...{ unseenMs: 600_000, opensMin: 450, closesMin: 1_020, days: 31, diskFreeBytes: 536_870_912 },
  ...{ clockBoundMs: 5_000, unsyncedMs: 3_600_000, build: null },
};
const report = {
  ...{ build: 'hailong-kiosk/0.2.0', panel: 'away', unsynced: 14, oldestUnsyncedMs: 5_400_000, screens: 1 },
  ...{ configRevision: 41, diskFreeBytes: 12e9 },
  storage: { usedBytes: 48e6, budgetBytes: 1_073_741_824, ballastBytes: 33_554_432 },
  health: {
    ...{
      runtime: 'node 24.21.0, linux 6.1.0 x64',
      epoch: '0f'.repeat(16),
      upMs: 8_640_000,
      clockBoundMs: 14,
    },
    panel: {
      ...{ family: 'cpp1', path: '/dev/serial/by-id/usb-hailong_panel_53494d0000000001-if00' },
      ...{ hwid: '53494d0000000001', firmware: '1.0.3', stuck: [], capabilities: ['arm-device', 'led'] },
      lastFault: { code: 'handshake-failed', agoMs: 12_000 },
    },
    ...{
      witness: { size: 1_204, heardAgoMs: 42_000, refusals: 0 },
      isStoring: true,
      reload: { isWaiting: true, done: 2 },
      window: {
        ...{ shell: 'chromium', version: 'Chrome/150.0.7871.46', restarts: 3 },
        shown: { screen: 'rest', agoMs: 400 },
      },
    },
  },
} as const;
const alarm = (code: string, severity: 1 | 2, detail = '') => ({
  ...{ code, severity, detail, openedAt: at(9, 12), acknowledgedAt: null, acknowledgedBy: null },
});
const row = (n: number, alarms: ReturnType<typeof alarm>[], online = true) => ({
  ...{ device: n.toString(16).padStart(64, 'a'), counterId: ids.counter, counter: String(n) },
  ...{ counterName: 'Đất đai, xây dựng', unit: 'Bộ phận Một cửa phường Bình An', online },
  ...{ enrolledAt: at(7, 0), revokedAt: null, lastSeenAt: at(9, 2), build: 'hailong-kiosk/0.2.0' },
  ...{
    status: alarms.length > 0 ? report : { ...report, panel: 'ready', unsynced: 0 },
    wantedRevision: 42,
    confirmed: false,
    alarms,
  },
});
const answer = (page: number) => ({
  ...{ total: 2_000, page, counts },
  rows:
    page === 0
      ? [
          row(5, [alarm('fleet.unseen', 2), alarm('fleet.unsynced_old', 1, '14')], false),
          row(12, [
            {
              ...alarm('fleet.panel_away', 1, 'away'),
              acknowledgedAt: at(9, 30),
              acknowledgedBy: 'Lê Văn Hùng',
            } as never,
          ]),
          ...Array.from({ length: 48 }, (_, n) => row(100 + n, [])),
        ]
      : Array.from({ length: 50 }, (_, n) => row(200 + n, [])),
});

const rolled = (state: 'running' | 'rolled_back' | null, stages: number) => ({
  rollout: state && {
    ...{ from: 41, to: 42, state, stage: 1, stageAt: at(9, 40), startedAt: at(9, 40) },
    reason: state === 'rolled_back' ? 'health 2/40' : null,
  },
  rule: { stages, soakMs: 1_800_000, confirmMs: 300_000, sickShare: 0 },
  groups: stages === 1 ? [] : [{ counterId: ids.counter, stage: 1 }],
  stages: Array.from({ length: stages }, (_, n) => ({ stage: n + 1, kiosks: 40, confirmed: 38 })),
});

let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  hub.answer('GET /api/v1/admin/fleet', fleetAnswer, answer(0) as never);
  hub.answer('GET /api/v1/admin/fleet/counts', fleetCounts, counts);
  hub.answer('GET /api/v1/admin/fleet-rule', fleetRule, rule);
  hub.answer('GET /api/v1/admin/rollout', rolloutAnswer, rolled(null, 1));
  hub.answer('GET /api/v1/admin/counters', adminLists.counters, {
    items: [{ id: ids.counter, number: '5A', name: 'Đất đai', unitId: ids.unit, active: true }],
  });
  hub.answer('GET /api/v1/admin/officers', adminLists.officers, { items: [] });
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(section: string, size = { width: 1366, height: 768 }): Promise<Page> {
  opened = await openHubPage(browser, `${hub.url}/admin#/${section}`, size, at(10, 0));
  return opened.page;
}

test('worst first, with what to do; details on demand; everything by keyboard', async () => {
  const page = await open('fleet');
  await page.locator('.fleet-alarm', { hasText: 'Thiết bị không báo về' }).first().waitFor();
  await page.getByRole('button', { name: 'Nặng 3' }).waitFor();
  await opened?.shot('fleet-1366x768');
  expect(await fitsAcross(page)).toBe(true);
  const details = page.getByRole('button', { name: 'Chi tiết quầy 5' });
  await details.focus();
  await page.keyboard.press('Enter');
  await page.getByText('bản 41, cần 42').waitFor();
  await page.getByText('usb-hailong_panel').waitFor();
  await page.getByText('Chrome/150.0.7871.46, mở lại vì hỏng 3 lần').waitFor();
  await page.getByText(/^chờ lượt, .* trước lần báo cuối$/).waitFor();
  await opened?.shot('fleet-details-1366x768');
  await page.getByText('Lê Văn Hùng nhận xử lý lúc 09:30').waitFor();
  hub.accept(`POST /api/v1/admin/fleet/${row(5, []).device}/acknowledge`);
  await page.getByRole('button', { name: /^Đã nhận xử lý: Thiết bị không báo về/ }).focus();
  await page.keyboard.press('Enter');
  await poll(() => hub.sent.length === 1, { what: 'acknowledged' });
  expect(hub.sent[0]?.body).toEqual({ code: 'fleet.unseen' });
});

test('one kiosk’s screen is reloaded from its row, a group’s below; who is away is named', async () => {
  hub.answer('GET /api/v1/admin/rollout', rolloutAnswer, rolled(null, 2));
  const page = await open('fleet');
  await page.getByRole('button', { name: 'Chi tiết quầy 12', exact: true }).click();
  await page.getByText('2 lần từ khi chạy, đang chờ xong lượt').waitFor();
  hub.answer('POST /api/v1/admin/fleet/reload', reloadAnswer, { sent: 1, away: [] });
  await page.getByRole('button', { name: 'Tải lại màn hình quầy 12' }).click();
  await page.getByText('Đã gửi.').waitFor();
  await opened?.shot('fleet-reload-1366x768');
  hub.answer('POST /api/v1/admin/fleet/reload', reloadAnswer, { sent: 38, away: ['5', '7'] });
  await page.getByLabel('Thiết bị', { exact: true }).selectOption('2');
  await page.getByRole('button', { name: 'Tải lại màn hình', exact: true }).click();
  const said = page.getByText('Đã gửi tới 38 thiết bị. 2 thiết bị mất kết nối: quầy 5, 7.');
  await said.waitFor();
  await said.scrollIntoViewIfNeeded();
  await opened?.shot('fleet-reload-group-1366x768');
  expect(hub.sent.map(({ body }) => body)).toEqual([
    { kind: 'device', device: row(12, []).device },
    { kind: 'group', stage: 2 },
  ]);
  hub.refuse('POST /api/v1/admin/fleet/reload', 'program.unreachable');
  await page.getByRole('button', { name: 'Tải lại màn hình', exact: true }).click();
  await page.getByRole('alert').waitFor();
});

test('filters and pages are asked of the hub', async () => {
  const page = await open('fleet');
  await page.getByText('1–50 trong 2.000').waitFor();
  hub.answer('GET /api/v1/admin/fleet', fleetAnswer, answer(1) as never);
  await page.getByRole('button', { name: 'Trang sau' }).click();
  await page.getByText('51–100 trong 2.000').waitFor();
  hub.answer('GET /api/v1/admin/fleet', fleetAnswer, { ...answer(0), rows: [], total: 0 } as never);
  await page.getByLabel('Tìm quầy').fill('không có');
  await page.clock.runFor(400);
  await page.getByText('Không có thiết bị nào.').waitFor();
  await opened?.shot('fleet-empty-1366x768');
  hub.refuse('GET /api/v1/admin/fleet', 'program.unreachable');
  await page.getByRole('button', { name: 'Nặng' }).click();
  await page.getByRole('alert').waitFor();
});

test('limits are saved as data', async () => {
  const page = await open('fleet');
  await page.getByLabel('Không báo về quá').fill('20');
  await page.getByLabel('Đóng cửa').fill('16:30');
  await page.getByLabel('Bảy').check();
  hub.accept('PUT /api/v1/admin/fleet-rule');
  await page.getByRole('button', { name: 'Lưu' }).last().click();
  await page.getByText('Đã lưu.').waitFor();
  expect(hub.sent[0]?.body).toEqual({ ...rule, unseenMs: 1_200_000, closesMin: 990, days: 63 });
});

test('changes go group by group: set here, seen here, and decided where they went back', async () => {
  const page = await open('fleet');
  const panel = page.locator('.rollout');
  await panel.getByText('Mọi thay đổi tới tất cả các quầy cùng lúc.').waitFor();
  await panel.getByLabel('Cách đưa ra').selectOption('2');
  await panel.getByLabel('Nhóm 1: số quầy').fill('5a, 77');
  await panel.getByRole('button', { name: 'Lưu' }).click();
  await panel.getByText('Không có quầy: 77').waitFor();
  await panel.getByLabel('Nhóm 1: số quầy').fill('5a');
  hub.answer('PUT /api/v1/admin/rollout', rolloutAnswer, rolled('running', 2));
  hub.answer('GET /api/v1/admin/rollout', rolloutAnswer, rolled('running', 2));
  await panel.getByRole('button', { name: 'Lưu' }).click();
  await panel.getByText('Bản 42 đã tới nhóm 1 trong 2').waitFor();
  expect(hub.sent[0]?.body).toEqual({
    rule: { stages: 2, soakMs: 1_800_000, confirmMs: 300_000, sickShare: 0 },
    groups: [{ counterId: ids.counter, stage: 1 }],
  });
  hub.answer('GET /api/v1/admin/rollout', rolloutAnswer, rolled('rolled_back', 2));
  await page.clock.runFor(15_500);
  await panel.getByText('mọi quầy đã quay lại bản 41').waitFor();
  await panel.getByText('2/40 thiết bị đã nhận bị cảnh báo nặng').waitFor();
  await panel.scrollIntoViewIfNeeded();
  await opened?.shot('rollout-back-1366x768');
  hub.answer('POST /api/v1/admin/rollout/decide', rolloutAnswer, rolled('running', 2));
  let answer: () => void = () => {};
  const waits = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let asked = 0;
  await page.route('**/rollout/decide', async (route) => {
    asked += 1;
    await waits;
    await route.continue();
  });
  const retry = panel.getByRole('button', { name: 'Thử lại từ nhóm 1' });
  await retry.dblclick();
  await poll(() => asked > 0, { what: 'the press' });
  answer();
  await poll(async () => (await retry.getAttribute('aria-busy')) === null, { what: 'the key, free again' });
  expect(hub.sent.slice(1).map(({ body }) => body)).toEqual([{ what: 'retry' }]);
  expect(asked).toBe(1);
});

test('on a phone it is one column, in English too; every other section has the word at its head', async () => {
  const page = await open('fleet', { width: 390, height: 844 });
  await page.locator('.fleet-alarm', { hasText: 'Thiết bị không báo về' }).first().waitFor();
  await opened?.shot('fleet-390x844');
  expect(await fitsAcross(page)).toBe(true);
  await page.getByRole('button', { name: 'English' }).click();
  await page.locator('.fleet-alarm', { hasText: 'has not been heard' }).first().waitFor();
  await page.evaluate(() => {
    location.hash = '#/officers';
  });
  await page.getByText('3 kiosks have critical alarms, 1 need attention.').waitFor();
  await page.getByRole('link', { name: 'Open the page of kiosks' }).click();
  await page.getByRole('heading', { name: 'Kiosks now' }).waitFor();
});
