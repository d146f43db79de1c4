/* The dashboard: satisfaction never alone, nothing said under the minimum n, live by hints, and whole on a phone. */
import { dashboardAnswers } from '@hailong/shared/protocol/answers.ts';
import {
  dashboardAnswer,
  dashboardEvents,
  neverAskedAnswer,
  recoveringAnswer,
  sessionAnswer,
} from '@hailong/shared/protocol/http.ts';
import { liveHint } from '@hailong/shared/protocol/live.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, dashboard, figures, ids, session, transaction } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const NOW = at(14, 5);
const NO_ANSWERS = { month: '2026-11', taps: [], forms: [], chips: [], walkups: [] };
let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('head', 'Trần Văn Dũng'));
  hub.answer('GET /api/v1/dashboard', dashboardAnswer, dashboard());
  hub.answer('GET /api/v1/dashboard/answers', dashboardAnswers, NO_ANSWERS);
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(width: number, height: number, path = '/dashboard'): Promise<Page> {
  opened = await openHubPage(browser, `${hub.url}${path}`, { width, height }, NOW);
  return opened.page;
}
const row = (page: Page, name: string) => page.locator('.by-table tbody tr', { hasText: name });

describe('a hub that was set back', () => {
  test('says calmly what it waits for, what is nowhere, and what two people have to confirm', async () => {
    hub.answer('GET /api/v1/recovering', recoveringAnswer, {
      ...{ recovering: true, since: NOW, overridden: false },
      awaited: [
        { counterId: ids.counter, counter: '1', device: 'a', state: 'unheard', replaced: false },
        { counterId: ids.counter, counter: '2', device: 'b', state: 'sending', replaced: false },
      ],
      gaps: [{ counter: null, device: 'd', from: 41, to: null }],
      toConfirm: [{ device: 'e', counterId: ids.counter, counter: '2' }],
    } as never);
    const page = await open(1366, 768);
    await page.getByText('đang chờ các thiết bị gửi lại').waitFor();
    for (const each of [
      'Chưa kết nối lại: quầy 1.',
      'Đang gửi lại: quầy 2.',
      'Chuỗi của máy chủ: sự kiện 41–…',
      'chưa từng bị thu hồi',
    ])
      await page.getByText(each).waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await opened!.shot('dashboard-recovering');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Not heard yet: counter 1.').waitFor();
  });
});

describe('dossiers nobody was asked about', () => {
  test('stand by counter, marked ones and unknown ones in columns of their own, officers as a count', async () => {
    const counts = { closed: 40, asked: 31, unasked: 5, silent: 3, unknown: 1, waiting: 0 };
    hub.answer('GET /api/v1/dashboard/never-asked', neverAskedAnswer, {
      ...{ month: '2026-11', judgedFor: at(2, 30), truncated: false },
      counters: [
        { label: 'Quầy 1 – Hộ tịch', ...counts },
        { label: null, ...counts, closed: 6, asked: 0, unasked: 2, silent: 0, unknown: 4 },
      ],
      officers: [{ label: 'Trần Thị Lan (CB001)', unasked: 4, silent: 3 }],
      dossiers: (['unasked', 'silent', 'unknown'] as const).map((state, place) => ({
        ...{ dossierCode: `H21.27-261120-004${place}`, closedAt: at(10, place), step: 'return', state },
        label: place === 2 ? null : 'Quầy 1 – Hộ tịch',
      })),
    } as never);
    const page = await open(1366, 768, '/dashboard#/never-asked');
    await page.getByText('Đối chiếu lúc 23/11/2026 02:30').waitFor();
    const first = page.locator('.marks').first().locator('tbody tr').first();
    expect((await first.innerText()).split(/\s*\t\s*/).slice(1)).toEqual(['40', '31', '5', '3', '1']);
    await page.getByText('Chưa rõ: thiết bị chưa báo').waitFor();
    await page.getByText('không rõ quầy').first().waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await opened!.shot('dashboard-never-asked-1366x768');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Dossiers nobody was asked about').waitFor();
    await opened!.shot('dashboard-never-asked-en-1366x768');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await fitsAcross(page)).toBe(true);
    await opened!.shot('dashboard-never-asked-en-390x844');
  });
});

describe('overview', () => {
  test('stands satisfaction beside participation and invitations, with n, interval and counts', async () => {
    const page = await open(1366, 768);
    const first = row(page, 'Quầy 1');
    await first.waitFor();
    const said = (await first.innerText()).replace(/\s+/g, ' ');
    for (const each of ['121', '90,1 %', '83,5–94,2', '57,1 %', '121/212', '96,7 %', '205/212'])
      expect(said).toContain(each);
    await page.getByText('số liệu tạm tính').waitFor();
    const values = await page.locator('.figure-value').allInnerTexts();
    expect(values.map((each) => each.replace('\u00a0', ' '))).toEqual([
      '89,0 %',
      '48,4 %',
      '90,4 %',
      '6',
      '2',
      '≥ 23',
    ]);
    await page.getByText('≥ 19 mục, theo lần báo cuối 13:52').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    const hidden = await page.evaluate(() => {
      const box = document.querySelector('.by-scroll');
      return box === null ? 0 : box.scrollWidth - box.clientWidth;
    });
    expect(hidden).toBe(0);
    await opened?.shot('dashboard-1366x768');
    await opened?.shot('dashboard-1366-full', { full: true });
  });

  test('under the minimum n: hollow dot, interval, no percentage', async () => {
    const page = await open(1366, 768);
    const few = row(page, 'Quầy 8');
    await few.waitFor();
    await few.getByText('chưa đủ 30 lượt').waitFor();
    expect(await few.locator('.dot-hollow').count()).toBe(1);
    expect(await few.locator('.by-share').innerText()).not.toContain('%');
    expect(await row(page, 'Quầy 1').locator('.dot-full').count()).toBe(1);
    // Fewer than 80 % invited is flagged by shape, word and colour.
    expect(await row(page, 'Quầy 3').locator('.badge-attention .mark').count()).toBe(1);
  });

  test('a hint later than what is shown brings the new figures; an older one asks nothing', async () => {
    const page = await open(1366, 768);
    await row(page, 'Quầy 1').waitFor();
    await poll(() => hub.count('GET /api/v1/dashboard') >= 2, { what: 'the fetch when the socket opened' });
    const asked = hub.count('GET /api/v1/dashboard');
    const hint = (cursor: number) =>
      liveHint.parse({ type: 'rating.recorded', cursor, month: '2026-11', counterId: ids.counter });
    hub.push('/api/v1/live', hint(5000));
    const total = figures(1163, 1052, 563, 501);
    hub.answer('GET /api/v1/dashboard', dashboardAnswer, dashboard({ total, cursor: 5211 }));
    hub.push('/api/v1/live', hint(5211));
    await page.getByText('563 trên 1.163 lượt phục vụ').waitFor();
    expect(hub.count('GET /api/v1/dashboard')).toBe(asked + 1);
  });

  test('other groupings and months are asked of the hub; the XLSX is of the month shown', async () => {
    const page = await open(1366, 768);
    await row(page, 'Quầy 1').waitFor();
    const request = page.waitForRequest((each) => each.url().includes('by=stage'));
    hub.answer(
      'GET /api/v1/dashboard',
      dashboardAnswer,
      dashboard({
        by: 'stage',
        rows: [{ key: 'reception', label: 'x', note: null, figures: figures(50, 50, 40, 38) }],
      }),
    );
    await page.getByRole('tab', { name: 'Theo giai đoạn' }).click();
    expect((await request).url()).toContain('month=2026-11');
    await row(page, 'Tiếp nhận hồ sơ').waitFor();
    await page.getByLabel('Chọn tháng').selectOption('2026-10');
    expect(await page.getByRole('link', { name: 'Xuất XLSX' }).getAttribute('href')).toBe(
      '/api/v1/dashboard.xlsx?month=2026-10',
    );
  });

  test('every row opens its events, without a level', async () => {
    hub.answer('GET /api/v1/dashboard/events', dashboardEvents, {
      transactions: [
        transaction({
          finishedAt: at(9, 36, 12),
          outcome: 'completed',
          state: 'closed',
          prompt: { openedAt: at(9, 36, 13), closedAt: at(9, 37, 13) },
        }),
        transaction({
          transactionId: ids.rating,
          queueNumber: 'A013',
          finishedAt: at(9, 50),
          outcome: 'refused',
          state: 'closed',
        }),
      ],
      truncated: false,
    });
    const page = await open(1366, 768);
    await row(page, 'Quầy 3').getByRole('link').click();
    await page.getByText('A012').waitFor();
    await page.getByText('chưa mời', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Chỉ lượt chưa được mời' }).click();
    expect(await page.getByText('A012').count()).toBe(0);
    expect(await page.locator('body').innerText()).not.toMatch(/rất hài lòng|không hài lòng/i);
    await opened?.shot('dashboard-events-1366x768');
  });
});

describe('states', () => {
  test('an empty month says what to do next', async () => {
    hub.answer(
      'GET /api/v1/dashboard',
      dashboardAnswer,
      dashboard({
        total: figures(0, 0, 0, 0),
        rows: [],
        live: { kiosks: [], cameras: [], casesOpen: 0, quarantined: 0 },
      }),
    );
    const page = await open(1366, 768);
    await page.getByText('Chưa có lượt phục vụ nào trong tháng này.').waitFor();
    await page.getByText('Chưa có quầy nào.').waitFor();
    await opened?.shot('dashboard-empty-1366x768');
  });

  test('a hub that refuses is quoted; a lost hub leaves the last figures with their time', async () => {
    const page = await open(1366, 768);
    await row(page, 'Quầy 1').waitFor();
    hub.away(true);
    await poll(
      async () => {
        await page.clock.fastForward(31_000);
        return page.getByText('Mất liên lạc với máy chủ.').isVisible();
      },
      { what: 'the lost hub to show' },
    );
    await page.getByText(/Đang hiện số liệu lúc 14:0\d/).waitFor();
    expect(await row(page, 'Quầy 1').isVisible()).toBe(true);
    await opened?.shot('dashboard-away-1366x768');
    hub.away(false);
    hub.refuse('GET /api/v1/dashboard', 'access.refused');
    await page.reload();
    await page.getByText('Không có quyền thực hiện việc này.').waitFor();
  });

  test('an account without the role is told so', async () => {
    hub.answer('GET /api/v1/session', sessionAnswer, session('inspector', 'Nguyễn Thị Hạnh'));
    const page = await open(1366, 768);
    await page.getByText('Tài khoản này không có quyền vào trang.').waitFor();
  });
});

describe('sizes', () => {
  test('a phone, a wall and paper are whole', async () => {
    const phone = await open(390, 844);
    await row(phone, 'Quầy 1').waitFor();
    expect(await fitsAcross(phone)).toBe(true);
    await opened?.shot('dashboard-390x844');
    await opened?.shot('dashboard-390-full', { full: true });
    await opened?.close();
    const wide = await open(1920, 1080);
    await row(wide, 'Quầy 1').waitFor();
    await opened?.shot('dashboard-1920x1080');
    await wide.emulateMedia({ media: 'print' });
    expect(await wide.locator('header.head').isVisible()).toBe(false);
    await wide.getByText('Khoảng tin cậy Wilson 95 %').waitFor();
    await wide.setViewportSize({ width: 1040, height: 720 });
    await opened?.shot('dashboard-print', { full: true });
  });

  test('English is complete', async () => {
    const page = await open(1366, 768);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('provisional figures').waitFor();
    await page.getByText('Participation').waitFor();
    await opened?.shot('dashboard-en-1366x768');
  });
});

test('answers stand by form, chips beside them, and walk-ups in rows of nobody who serves', async () => {
  const both = (vi: string, en: string) => ({ vi, en });
  hub.answer('GET /api/v1/dashboard/answers', dashboardAnswers, {
    ...NO_ANSWERS,
    forms: [
      {
        ...{ id: 'tt01-2018', name: both('Phiếu đánh giá theo TT 01/2018/TT-VPCP', 'Form of TT 01/2018') },
        questions: [
          {
            ...{ key: 'tieu_chi_1', name: both('Thời gian giải quyết hồ sơ', 'Time taken') },
            options: [
              { key: 5, word: both('Trước hẹn', 'Earlier'), points: 2, n: 12 },
              { key: 3, word: both('Đúng hẹn', 'On time'), points: 1, n: 40 },
              { key: 1, word: both('Trễ hẹn', 'Late'), points: 0, n: 3 },
            ],
          },
        ],
      },
    ],
    chips: [
      {
        ...{ id: 'hai-long-5', name: both('Mức độ hài lòng 5 mức', 'Five levels') },
        chips: [{ key: 'cholau', word: both('Chờ lâu', 'Long wait'), n: 7 }],
      },
    ],
    walkups: [
      {
        ...{ counterId: ids.counter, label: 'Quầy 5 – Đất đai' },
        levels: [5, 4, 3, 2, 1].map((key) => ({ key: key as 5, n: key })),
      },
    ],
  });
  const page = await open(1366, 768);
  await page.getByRole('heading', { name: 'Đánh giá không kèm lượt phục vụ' }).waitFor();
  await page.getByRole('cell', { name: 'Đúng hẹn (1 điểm)' }).waitFor();
  await page.getByRole('row', { name: 'Chờ lâu 7' }).waitFor();
  await page.getByRole('row', { name: 'Quầy 5 – Đất đai 5 4 3 2 1 15' }).waitFor();
  expect(await fitsAcross(page)).toBe(true);
  await opened!.shot('dashboard-answers-1366', { full: true });
});
