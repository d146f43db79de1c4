/* The station strip: one key an act, honest while the device or the hub is away, and silent about levels. */
import { readFileSync } from 'node:fs';
import { watchedAnswer } from '@hailong/shared/protocol/cases.ts';
import {
  finishTransactionAnswer,
  ownTotalsAnswer,
  stationAnswer,
  stationHoldAnswer,
  stationTurnsAnswer,
} from '@hailong/shared/protocol/http.ts';
import { stationLive } from '@hailong/shared/protocol/live.ts';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, photo, sentences, station, transaction } from '../support/hub-fixtures.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const STRIP = { width: 360, height: 800 };
/** The same page alone on an office screen. */
const DESK = { width: 1366, height: 768 };
const NOW = at(9, 34, 0);
let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub();
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(path = '/station') {
  opened = await openHubPage(browser, `${hub.url}${path}`, STRIP, NOW);
  const { page } = opened;
  // The portrait is of the project's own making.
  await page.route(`**/api/v1/photos/${photo}`, (route) =>
    route.fulfill({
      body: readFileSync(inRepo('hub-server/demo/portraits/woman-1.png')),
      contentType: 'image/png',
    }),
  );
  await page.reload();
  return opened;
}
const tell = (change: Parameters<typeof station>[0]) =>
  hub.answer('GET /api/v1/station', stationAnswer, station(change));
const away = () => hub.sent.map(({ route, body }) => ({ route, body }));

describe('before the duty', () => {
  test('a code in the address enrols this machine and leaves the address', async () => {
    hub.answer('GET /api/v1/station', stationAnswer, {
      ...station({
        enrolled: false,
        counter: null,
        officer: null,
        duty: null,
        transaction: null,
        procedures: [],
      }),
      csrfToken: '',
    });
    hub.refuse('POST /api/v1/station/enrol', 'enrol.code_unknown');
    opened = await openHubPage(browser, `${hub.url}/station?enrol=ABCD-EFGH-1234`, STRIP, NOW);
    const { page } = opened;
    await page.getByText('Mã ghi danh sai, đã dùng hoặc đã hết hạn.').waitFor();
    await page.getByText('Xin mã mới (có hiệu lực 10 phút).').waitFor();
    expect(away()).toEqual([{ route: 'POST /api/v1/station/enrol', body: { code: 'ABCD-EFGH-1234' } }]);
    expect(page.url()).not.toContain('enrol');
    await opened.shot('station-enrol-360x800');
  });

  test('staff code and PIN; a wrong PIN is said with its remedy and the PIN is cleared', async () => {
    tell({ officer: null, duty: null, transaction: null, procedures: [] });
    hub.refuse('POST /api/v1/station/login', 'access.wrong_pin');
    const { page, shot } = await open();
    await page.getByLabel('Mã cán bộ').fill('cb012');
    await page.getByLabel('PIN').fill('4321');
    await page.keyboard.press('Enter');
    await page.getByText('Mã cán bộ hoặc PIN không đúng.').waitFor();
    expect(away()).toEqual([
      { route: 'POST /api/v1/station/login', body: { staffCode: 'CB012', pin: '4321' } },
    ]);
    expect(await page.getByLabel('PIN').inputValue()).toBe('');
    await shot('station-login-360x800');
  });
});

describe('on duty', () => {
  test('looks designed, says what the device shows, and nothing about levels', async () => {
    tell({});
    const { page, shot } = await open();
    await page.getByText('A012').first().waitFor();
    // The clock goes on while the page loads.
    await page.getByText(/19\sphút\s(2[4-9]|[345]\d)\sgiây/).waitFor();
    await page.getByText('Lượt A011 đã đóng lúc 09:14:20').waitFor();
    await page.getByText('ca làm việc từ 07:31').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/hài lòng|bình thường/i);
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-360x800');
    await page.setViewportSize(DESK);
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-1366x768');
    await page.setViewportSize(STRIP);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('Finish transaction').waitFor();
    await shot('station-en-360x800');
  });

  test('every act is one key, and carries the proposal chosen before', async () => {
    tell({});
    for (const path of ['next', 'finish']) hub.accept(`POST /api/v1/station/${path}`);
    const { page } = await open();
    // One act at a time: a key pressed twice in a moment is one act.
    const ready = () =>
      poll(() => page.getByRole('button', { name: 'Kết thúc lượt phục vụ' }).isEnabled(), {
        what: 'the next act',
      });
    await page.getByText('A012').first().waitFor();
    await page.getByLabel('Giai đoạn').selectOption('return');
    await page.getByLabel('Thủ tục').selectOption('2.000488');
    await page.locator('body').press('F1');
    await page.keyboard.type('a013');
    await page.keyboard.press('F2');
    await poll(() => hub.sent.length === 1, { what: 'F2' });
    await ready();
    // Enter in the field is the same key.
    await page.getByLabel('Số thứ tự hoặc mã trên phiếu').fill('H21.27-261123-0044');
    await page.keyboard.press('Enter');
    await poll(() => hub.sent.length === 2, { what: 'Enter' });
    await ready();
    await page.keyboard.press('F2');
    await poll(() => hub.sent.length === 3, { what: 'F2 without a code' });
    await ready();
    for (const [index, key] of ['F4', 'F6', 'F7'].entries()) {
      await page.keyboard.press(key);
      await poll(() => hub.sent.length === 4 + index, { what: key });
      await ready();
    }
    await page.keyboard.press('F8');
    await page.clock.fastForward(6_000);
    await poll(() => hub.sent.length === 7, { what: 'no-show' });
    await ready();
    await page.keyboard.press('F9');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('1');
    await page.clock.fastForward(100);
    await poll(() => hub.sent.length === 8, { what: 'accident' });
    const proposal = { stage: 'return', procedureCode: '2.000488' };
    const finish = (outcome: string, reason?: string) => ({
      route: 'POST /api/v1/station/finish',
      body: { transactionId: ids.transaction, outcome, ...(reason ? { reason } : {}) },
    });
    // Somebody is at the desk: the key of the next citizen ends that first.
    const ended = { finish: { transactionId: ids.transaction, outcome: 'completed' } };
    expect(away()).toEqual([
      { route: 'POST /api/v1/station/next', body: { code: 'A013', ...proposal, ...ended } },
      { route: 'POST /api/v1/station/next', body: { code: 'H21.27-261123-0044', ...proposal, ...ended } },
      { route: 'POST /api/v1/station/next', body: { ...proposal, ...ended } },
      finish('completed'),
      finish('supplement'),
      finish('refused'),
      finish('no_show', 'goi_ba_lan'),
      finish('accident', 'su_co_may'),
    ]);
    expect(new Set(hub.sent.map((each) => each.csrf))).toEqual(new Set(['csrf-of-this-station']));
    await page.reload();
    expect(await page.getByLabel('Giai đoạn').inputValue()).toBe('return');
  });

  test('a no-show leaves by itself, with another reason by a digit, with the next citizen, or not at all', async () => {
    tell({});
    for (const path of ['next', 'finish']) hub.accept(`POST /api/v1/station/${path}`);
    const { page, shot } = await open();
    const waits = page.getByText('ghi sau');
    const { transaction: transactionId } = ids;
    await page.getByText('A012').first().waitFor();
    await page.keyboard.press('F8');
    await waits.waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-no-show-360x800');
    await page.keyboard.press('Escape');
    await waits.waitFor({ state: 'detached' });
    await page.clock.fastForward(10_000);
    expect(hub.sent).toEqual([]);

    await page.keyboard.press('F8');
    await page.keyboard.press('2');
    await page.clock.fastForward(100);
    await page.locator('.reason[aria-pressed="true"]', { hasText: 'bỏ về' }).waitFor();
    expect(hub.sent).toEqual([]);
    await page.clock.fastForward(6_000);
    await poll(() => hub.sent.length === 1, { what: 'the mark to leave' });
    expect(hub.sent[0]?.body).toEqual({ transactionId, outcome: 'no_show', reason: 'bo_ve' });

    await poll(() => page.getByRole('button', { name: 'Không có mặt' }).isEnabled(), {
      what: 'the next act',
    });
    await page.keyboard.press('F8');
    await waits.waitFor();
    await page.keyboard.press('F2');
    await poll(() => hub.sent.length === 2, { what: 'the next citizen' });
    expect(hub.sent[1]?.body).toMatchObject({
      finish: { transactionId, outcome: 'no_show', reason: 'goi_ba_lan' },
    });
    await page.clock.fastForward(10_000);
    expect(hub.sent).toHaveLength(2);
  });

  test('a no-show that waits when the hub goes away is forgotten: the citizen may have come', async () => {
    tell({});
    hub.accept('POST /api/v1/station/finish');
    const { page } = await open();
    await page.getByText('A012').first().waitFor();
    await page.keyboard.press('F8');
    await page.getByText('ghi sau').waitFor();
    const isAway = () => page.getByText('Mất liên lạc với máy chủ').isVisible();
    hub.away(true);
    await poll(isAway, { what: 'the lost hub to show', everyMs: 10 });
    await page.clock.fastForward(20_000);
    hub.away(false);
    const back = async () => {
      await page.clock.fastForward(6_000);
      return !(await isAway());
    };
    await poll(back, { what: 'the hub to be back' });
    await page.clock.fastForward(10_000);
    await page.evaluate(async () => (await fetch('/api/v1/station')).text());
    expect(hub.sent).toEqual([]);
    expect(await page.getByText('ghi sau').count()).toBe(0);
  });

  test('a code that is scanned while the next citizen is being called stays for the one after', async () => {
    tell({ transaction: null });
    const { page } = await open();
    const called = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route('**/api/v1/station/next', async (route) => {
      called.resolve();
      await answer.promise;
      return route.fulfill({ json: {} });
    });
    const code = page.getByLabel('Số thứ tự hoặc mã trên phiếu');
    await code.fill('A0134567');
    await page.keyboard.press('F2');
    await called.promise;
    await code.fill('A0145678');
    answer.resolve();
    await poll(() => page.getByRole('button', { name: 'Mời người tiếp theo' }).isEnabled(), {
      what: 'the answer',
    });
    expect(await code.inputValue()).toBe('A0145678');
  });

  test('a question that fails beside a socket that lives is asked again', async () => {
    tell({});
    const asked = hub.count('GET /api/v1/station');
    const { page } = await open();
    await page.getByText('A012').first().waitFor();
    await poll(() => hub.count('GET /api/v1/station') >= asked + 2, { what: 'the socket to open' });
    hub.accept('POST /api/v1/station/finish');
    let fails = true;
    await page.route('**/api/v1/station', (route) => (fails ? route.abort() : route.continue()));
    await page.keyboard.press('F6');
    await page.getByText('Mất liên lạc với máy chủ').waitFor();
    fails = false;
    const back = async () => {
      await page.clock.fastForward(6_000);
      return !(await page.getByText('Mất liên lạc với máy chủ').isVisible());
    };
    await poll(back, { what: 'the hub to be asked again' });
  });

  test('a scan counts whatever has the focus and presses nothing', async () => {
    tell({ transaction: null });
    hub.accept('POST /api/v1/station/next');
    const { page } = await open();
    await page.getByText('Chưa phục vụ ai').waitFor();
    /** As a scanner does: in one burst, Enter at its end. */
    const scan = (code: string) =>
      page.evaluate((typed) => {
        const at = () => document.activeElement ?? document.body;
        for (const key of [...typed, 'Enter']) {
          const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
          if (at().dispatchEvent(event) && key === 'Enter') (at() as HTMLElement).click();
        }
      }, code);
    const body = { stage: 'reception', procedureCode: null };
    await page.getByRole('button', { name: 'English' }).focus();
    await scan('A0134567');
    await poll(() => hub.sent.length === 1, { what: 'the scan' });
    expect(hub.sent[0]?.body).toEqual({ code: 'A0134567', ...body });
    await page.getByText('Chưa phục vụ ai').waitFor();
    await poll(() => page.getByRole('button', { name: 'Mời người tiếp theo' }).isEnabled(), {
      what: 'the next',
    });
    await page.getByLabel('Thủ tục').focus();
    await scan('H21.27-261123-0044');
    await poll(() => hub.sent.length === 2, { what: 'the second scan' });
    expect(hub.sent[1]?.body).toEqual({ code: 'H21.27-261123-0044', ...body });

    // With somebody at the desk it waits for the key.
    tell({});
    await page.reload();
    await page.getByText('A012').first().waitFor();
    await page.getByRole('button', { name: 'Từ chối' }).focus();
    await scan('A0145678');
    expect(await page.getByLabel('Số thứ tự hoặc mã trên phiếu').inputValue()).toBe('A0145678');
    expect(hub.sent).toHaveLength(2);
  });

  test('an answer to the login of before, late, does not empty the desk with the code in it', async () => {
    tell({});
    hub.accept('POST /api/v1/station/finish');
    const asked = hub.count('GET /api/v1/station');
    const { page } = await open();
    await page.getByText('A012').first().waitFor();
    await poll(() => hub.count('GET /api/v1/station') >= asked + 2, { what: 'the socket to open' });
    const late = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let first = true;
    await page.route('**/api/v1/station', async (route) => {
      if (!first) return route.continue();
      first = false;
      held.resolve();
      await late.promise;
      const before = station({ officer: null, duty: null, transaction: null, procedures: [] });
      return route.fulfill({ json: stationAnswer.parse(before) });
    });
    // Its socket ends, as at a hand-over.
    hub.away(true);
    hub.away(false);
    await held.promise;
    const code = page.getByLabel('Số thứ tự hoặc mã trên phiếu');
    await code.fill('A0134567');
    await page.keyboard.press('F6');
    await poll(() => page.getByRole('button', { name: 'Yêu cầu bổ sung' }).isEnabled(), { what: 'the act' });
    expect(hub.sent).toHaveLength(1);
    const answered = page.waitForResponse('**/api/v1/station');
    late.resolve();
    await (await answered).finished();
    // A whole way to the hub and back is more than the page needs to draw.
    await page.evaluate(async () => (await fetch('/api/v1/station')).text());
    expect(await code.inputValue()).toBe('A0134567');
  });

  test('after a login it listens as the one who logged in', async () => {
    tell({ officer: null, duty: null, transaction: null, procedures: [] });
    const sockets = () => hub.count('GET /api/v1/station/live');
    const { page } = await open();
    await page.getByLabel('Mã cán bộ').fill('cb012');
    await page.getByLabel('PIN').fill('4321');
    await poll(() => sockets() > 0, { what: 'the socket of the station' });
    await page.evaluate(async () => (await fetch('/api/v1/station')).text());
    const before = sockets();
    hub.accept('POST /api/v1/station/login');
    tell({});
    await page.keyboard.press('Enter');
    await page.getByText('A012').first().waitFor();
    await poll(() => sockets() > before, { what: 'a socket of the officer’s own' });
  });

  test('without a kiosk the officer gets the code to hand over, until the next act', async () => {
    tell({});
    hub.answer('POST /api/v1/station/finish', finishTransactionAnswer, {
      ...{ transactionId: ids.transaction, intentId: ids.intent, privateCode: '7KQ2M9XAB3' },
    } as never);
    hub.accept('POST /api/v1/station/next');
    const { page, shot } = await open();
    await page.getByText('A012').first().waitFor();
    await page.keyboard.press('F4');
    await page.getByText('Mã đánh giá: 7KQ2M-9XAB3').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-private-code');
    await page.keyboard.press('F2');
    await page.getByText('Mã đánh giá:').waitFor({ state: 'detached' });
  });

  test('what waits for the device and what it refused stand on the strip, pushed as they happen', async () => {
    tell({});
    const asked = hub.count('GET /api/v1/station');
    const { page, shot } = await open();
    await page.getByText('A012').first().waitFor();
    await poll(() => hub.count('GET /api/v1/station') >= asked + 2, { what: 'the socket to open' });
    const pushed = station({
      transaction: transaction({
        state: 'rating',
        finishedAt: at(9, 33, 50),
        prompt: { openedAt: at(9, 33, 51), closedAt: null },
      }),
      pending: [
        { intentId: ids.intent, kind: 'transaction.open', transactionId: null, since: at(9, 33, 40) },
      ],
      lastRefusal: { intentId: ids.duty, problem: sentences('intent.busy'), at: at(9, 33, 30) },
      device: {
        enrolled: true,
        online: false,
        lastSeenAt: at(9, 30),
        panel: 'unknown',
        screens: 0,
        allSent: false,
      },
    });
    tell(pushed as never);
    hub.push('/api/v1/station/live', stationLive.parse({ type: 'station', station: pushed }));
    await page.getByText('Đang chờ thiết bị:').waitFor();
    await page.getByText('Quầy đang phục vụ lượt khác.').waitFor();
    await page.getByText('Kết thúc lượt đang phục vụ trước.').waitFor();
    await page.getByText('Đang mời đánh giá').waitFor();
    await page.getByText('lần báo cuối 09:30').waitFor();
    expect(await page.getByRole('button', { name: 'Kết thúc lượt phục vụ' }).isEnabled()).toBe(false);
    await shot('station-waiting-360x800', { full: true });
    await page.getByRole('button', { name: 'Đã hiểu' }).click();
    expect(await page.getByText('Quầy đang phục vụ lượt khác.').count()).toBe(0);
  });

  test('with the hub away it says so, locks its keys, and comes back by itself', async () => {
    tell({});
    const { page, shot } = await open();
    await page.getByText('A012').first().waitFor();
    hub.away(true);
    await poll(
      async () => {
        await page.clock.fastForward(6_000);
        return page.getByText('Mất liên lạc với máy chủ').isVisible();
      },
      { what: 'the lost hub to show' },
    );
    await page.getByText('A012').first().waitFor();
    for (const name of ['Kết thúc lượt phục vụ', 'Mời người tiếp theo', 'Từ chối'])
      expect(await page.getByRole('button', { name }).isEnabled()).toBe(false);
    await page.keyboard.press('F4');
    expect(hub.sent).toEqual([]);
    await shot('station-away-360x800');
    hub.away(false);
    await poll(
      async () => {
        await page.clock.fastForward(6_000);
        return !(await page.getByText('Mất liên lạc với máy chủ').isVisible());
      },
      { what: 'the hub to be back' },
    );
    expect(await page.getByRole('button', { name: 'Kết thúc lượt phục vụ' }).isEnabled()).toBe(true);
  });

  test('lock, lunch and hand-over take two acts, and nobody is left at the desk', async () => {
    tell({ transaction: null });
    for (const path of ['lock', 'lunch', 'login']) hub.accept(`POST /api/v1/station/${path}`);
    hub.accept('DELETE /api/v1/station/login');
    const { page, shot } = await open();
    const ready = () =>
      poll(() => page.getByRole('button', { name: 'Khóa' }).isEnabled(), { what: 'the next act' });
    await page.getByText('Chưa phục vụ ai').waitFor();
    await page.keyboard.press('F3');
    await poll(() => hub.sent.length === 1, { what: 'the lock' });
    await ready();
    await page.keyboard.press('F10');
    await page.getByRole('dialog').waitFor();
    await shot('station-duty-360x800');
    await page.keyboard.press('1');
    await page.clock.fastForward(100);
    await poll(() => hub.sent.length === 2, { what: 'lunch' });
    await ready();
    await page.keyboard.press('F10');
    await page.getByRole('button', { name: 'Bàn giao quầy' }).click();
    await page.getByLabel('Mã cán bộ').fill('cb013');
    await shot('station-hand-over-360x800');
    expect(await fitsAcross(page)).toBe(true);
    await page.getByLabel('PIN').fill('2468');
    // What the device is being asked cannot be taken back: there is no way out that would look like one.
    const cancel = page.getByRole('dialog').getByRole('button', { name: 'Hủy' });
    await cancel.waitFor();
    const asked = Promise.withResolvers<void>();
    const admitted = Promise.withResolvers<void>();
    await page.route('**/api/v1/station/login', async (route) => {
      asked.resolve();
      await admitted.promise;
      return route.continue();
    });
    await page.keyboard.press('Enter');
    await asked.promise;
    await cancel.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    admitted.resolve();
    await poll(() => hub.sent.length === 3, { what: 'the hand-over' });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(away()).toEqual([
      { route: 'POST /api/v1/station/lock', body: undefined },
      { route: 'POST /api/v1/station/lunch', body: undefined },
      { route: 'POST /api/v1/station/login', body: { staffCode: 'CB013', pin: '2468' } },
    ]);
    tell({});
    await page.reload();
    await page.getByText('A012').first().waitFor();
    await page.keyboard.press('F10');
    await page.getByText('kết thúc lượt trước khi nghỉ').waitFor();
    expect(await page.getByRole('button', { name: 'Nghỉ trưa' }).isEnabled()).toBe(false);
    await page.keyboard.press('1');
    await page.clock.fastForward(200);
    expect(hub.sent).toHaveLength(3);
  });

  test('a locked page names counter and device, takes a PIN, and a scan goes nowhere', async () => {
    tell({
      ...{ locked: true, officer: null, duty: null, transaction: null, procedures: [], reasons: [] },
      ...{ lastClosed: null, today: { served: 0, prompted: 0 } },
    });
    hub.refuse('POST /api/v1/station/unlock', 'access.wrong_pin');
    const { page, shot } = await open();
    await page.getByText('Máy trạm đang khóa').waitFor();
    // Whether anybody is on duty is not told.
    expect(await page.getByText('chưa có ca làm việc').count()).toBe(0);
    await page.keyboard.type('24681357');
    expect(await page.getByLabel('PIN').inputValue()).toBe('24681357');
    await page.keyboard.press('Enter');
    await page.getByText('Mã cán bộ hoặc PIN không đúng.').waitFor();
    expect(away()).toEqual([{ route: 'POST /api/v1/station/unlock', body: { pin: '24681357' } }]);
    expect(await page.locator('body').innerText()).not.toMatch(/Nguyễn|A011|A012|CB012/);
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-locked-360x800');
    await page.getByRole('button', { name: 'Cán bộ khác vào ca' }).click();
    await page.getByLabel('Mã cán bộ').waitFor();
    await page.setViewportSize({ width: 1366, height: 768 });
    await shot('station-locked-1366x768');
  });

  test('own totals come as released blocks, and the rule is said whether or not any came', async () => {
    tell({});
    const cut = (weeks: number) => at(6, 0) - weeks * 7 * 86_400_000;
    const block = (from: number | null, to: number, levels: [number, number, number, number, number]) => ({
      ...{ from, to, n: levels.reduce((sum, one) => sum + one, 0) },
      levels: { 1: levels[0], 2: levels[1], 3: levels[2], 4: levels[3], 5: levels[4] },
    });
    hub.answer('GET /api/v1/station/totals', ownTotalsAnswer, {
      ...{ minimum: 5, nextAt: cut(-1) },
      blocks: [block(cut(2), cut(0), [1, 0, 3, 12, 131]), block(null, cut(2), [0, 1, 0, 2, 6])],
    } as never);
    const { page, shot } = await open();
    const key = page.getByRole('button', { name: 'Kết quả đánh giá của tôi' });
    await key.click();
    await page.getByText('09/11/2026 – 22/11/2026').waitFor();
    await page.getByText('143 trên 147 lượt hài lòng trở lên').waitFor();
    await page.getByText('Đến hết 08/11/2026').waitFor();
    await page.getByText('Đợt tới: 06:00 30/11/2026').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-totals-360x800');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    hub.answer('GET /api/v1/station/totals', ownTotalsAnswer, {
      ...{ minimum: 5, nextAt: cut(-1), blocks: [] },
    } as never);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'How I was rated: results' }).click();
    await page.getByText('No block has been released yet').waitFor();
    await page.getByText('at least 5 new ratings').waitFor();
    await shot('station-totals-none-en-360x800');
  });

  test('who watched is asked for by a key of its own, and the rule is said whether or not anybody did', async () => {
    tell({});
    hub.answer('GET /api/v1/station/totals', ownTotalsAnswer, {
      ...{ minimum: 5, nextAt: at(6, 0) + 7 * 86_400_000, blocks: [] },
    } as never);
    const view = {
      ...{ at: at(14, 2), viewer: 'Nguyễn Thị Hạnh', caseNumber: 'PXM-2026-0147', counter: '5' },
      ...{ caseType: 'verification', transactionId: ids.transaction, queueNumber: 'A012' },
      ...{ camera: 'Camera 5A', from: at(9, 33), to: at(9, 37), picture: null },
    };
    const measured = {
      ...{ at: at(14, 5), viewer: 'Phạm Quốc Bảo', caseNumber: null, caseType: null, counter: '5' },
      ...{ transactionId: null, queueNumber: null, camera: 'Camera 5A', from: at(14, 4), to: at(14, 4) },
      picture: 'measuring',
    };
    const aimed = { ...measured, at: at(14, 9), picture: 'still' };
    hub.answer('GET /api/v1/station/watched', watchedAnswer, { views: [aimed, measured, view] } as never);
    const { page, shot } = await open();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/station/watched')) asked += 1;
    });
    await page.getByRole('button', { name: 'Kết quả đánh giá của tôi' }).click();
    await page.getByText('Ai đã xem hình của tôi').waitFor();
    expect(asked).toBe(0);
    await page.getByRole('button', { name: 'Xem danh sách' }).click();
    await page.getByText('Nguyễn Thị Hạnh').waitFor();
    await page.getByText('Lượt A012, quầy 5, Camera 5A, hình 09:33–09:37 23/11/2026').waitFor();
    await page.getByText('Đo độ trễ camera, một khung hình · xem lúc 14:05').waitFor();
    await page.getByText('Chỉnh hướng camera, một khung hình · xem lúc 14:09').waitFor();
    await page.getByText('Vụ tố cáo không hiện ở đây').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-watched-360x800');
    await page.keyboard.press('Escape');
    hub.answer('GET /api/v1/station/watched', watchedAnswer, { views: [] } as never);
    await page.getByRole('button', { name: 'Kết quả đánh giá của tôi' }).click();
    await page.getByRole('button', { name: 'Xem danh sách' }).click();
    await page.getByText('Chưa có ai xem hình của ông/bà').waitFor();
  });

  test('the footage of a finished turn is asked to stay, with one date as the answer', async () => {
    tell({});
    const turns = ['A011', null].map((queueNumber, place) => ({
      transactionId: transaction({}).transactionId.replace(/.$/, String(place)) as never,
      ...{ queueNumber, dossierCodes: place === 0 ? ['H42.01-1'] : [] },
      ...{ openedAt: at(9, 2, 0), finishedAt: at(9, 13 - place, 20) },
    }));
    hub.answer('GET /api/v1/station/turns', stationTurnsAnswer, { withinDays: 7, days: 30, turns });
    hub.answer('POST /api/v1/station/hold', stationHoldAnswer, { until: at(9, 34, 0) });
    const { page, shot } = await open();
    await page.getByRole('button', { name: 'Đề nghị giữ hình ảnh lượt này' }).click();
    await page.getByText('trong 7 ngày qua').waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-hold-360x800');
    await page.getByRole('button', { name: 'A011' }).click();
    await page.getByText('Đã đề nghị giữ hình ảnh lượt A011 đến').waitFor();
    expect(away()).toEqual([
      { route: 'POST /api/v1/station/hold', body: { transactionId: turns[0]?.transactionId } },
    ]);
    await shot('station-hold-kept-360x800');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Keep footage' }).click();
    await page.getByRole('button', { name: 'A011' }).waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await shot('station-hold-en-360x800');
  });

  test('digits are equally wide', async () => {
    tell({});
    const { page } = await open();
    await page.getByText('A012').first().waitFor();
    const widths = await page.evaluate(async () => {
      await document.fonts.ready;
      return ['1111', '0000', '8888'].flatMap((text) =>
        ['400', '500', '600', '700'].map((weight) => {
          const span = document.createElement('span');
          span.textContent = text;
          span.style.fontWeight = weight;
          span.style.fontSize = '34px';
          document.body.append(span);
          const { width } = span.getBoundingClientRect();
          span.remove();
          return `${weight} ${width.toFixed(2)}`;
        }),
      );
    });
    expect(new Set(widths).size).toBe(4);
  });
});
