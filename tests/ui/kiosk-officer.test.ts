/*
 * The officer at the kiosk while the hub is away: PIN and keys by touch alone, by keyboard alone and by a scanner, from
 * the real build in a real Chromium. No digit of a PIN is ever in the page.
 */
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { desks, full, pins } from '../support/kiosk-screens.ts';
import { type KioskWindow, openKioskWindow } from './kiosk-window.ts';
import { watchFor } from './page-look.ts';

let browser: Browser;
let kiosk: KioskWindow;

beforeAll(async () => {
  await ensureScreens(process.execPath);
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  kiosk = await openKioskWindow(browser);
});
afterEach(() => kiosk[Symbol.asyncDispose]());

describe('an officer while the hub is away', () => {
  it('by touch alone: from rest to code and PIN; no digit is ever in the page', async () => {
    await kiosk.show(full.rest);
    await kiosk.page.tap('.key-officer');
    await kiosk.agent.next('officer.ask');
    await kiosk.show(pins.login);
    await kiosk.page.tap('.pad >> text="A–O"');
    for (const letter of 'CB') await kiosk.page.tap(`.pad-key:text-is("${letter}")`);
    await kiosk.page.tap('.pad >> text="P–Z"');
    await kiosk.page.tap('.pad >> text="Số"');
    for (const digit of '014') await kiosk.page.tap(`.pad-key:text-is("${digit}")`);
    await kiosk.page.tap('.pad >> text="Tiếp"');
    for (const digit of '99') await kiosk.page.tap(`.pad-key:text-is("${digit}")`);
    await kiosk.page.tap('.pad >> text="Xóa"');
    expect(await kiosk.page.locator('.pad >> text="Mở"').count()).toBe(0);
    for (const digit of '753') await kiosk.page.tap(`.pad-key:text-is("${digit}")`);
    expect(await kiosk.page.innerText('.desk-top')).not.toMatch(/9753|9 7|\b9\b/);
    expect(await kiosk.page.innerText('.field[data-active]')).toContain('••••');
    await kiosk.page.tap('.pad >> text="Mở"');
    expect(await kiosk.agent.next('officer.login')).toEqual({
      type: 'officer.login',
      staffCode: 'CB014',
      pin: '9753',
    });
    expect(await kiosk.page.content()).not.toContain('9753');
  });

  it('by keyboard alone, with a wrong PIN, a wait that ends by itself, and Escape', async () => {
    await kiosk.show(pins.login);
    await kiosk.page.keyboard.type('cb014');
    await kiosk.page.keyboard.press('Enter');
    await kiosk.page.keyboard.type('12345');
    await kiosk.page.keyboard.press('Backspace');
    await kiosk.page.keyboard.press('Enter');
    expect(await kiosk.agent.next('officer.login')).toMatchObject({ staffCode: 'CB014', pin: '1234' });
    kiosk.agent.show({ ...pins.login, problem: 'kiosk.pin_wrong' } as Screen);
    await kiosk.page.locator('.desk-problem', { hasText: 'không đúng' }).waitFor();
    expect(await kiosk.page.innerText('.field[data-active]')).not.toContain('•');
    const locked = await watchFor(
      kiosk.page,
      (words) =>
        document.querySelector('.desk-problem')?.textContent?.includes(words) &&
        document.querySelector('.pad') === null,
      'Chờ 0:0',
    );
    kiosk.agent.show({ ...pins.login, problem: 'kiosk.pin_locked', waitMs: 1_200 } as Screen);
    await locked();
    await kiosk.page.locator('.pad').waitFor();
    await kiosk.page.keyboard.press('Escape');
    await kiosk.page.keyboard.press('Escape');
    await kiosk.agent.next('officer.lock');
  });

  it('calls, finishes with a reason, and locks, by touch', async () => {
    await kiosk.show(desks.rest);
    await kiosk.page.tap('.desk-keys >> text="Khâu: Tiếp nhận hồ sơ"');
    await kiosk.page.tap('.desk-keys >> text="Trả kết quả"');
    await kiosk.page.locator('.desk-keys >> text="Khâu: Trả kết quả"').waitFor();
    await kiosk.page.tap('.desk-keys >> text="Mời người tiếp theo"');
    const next = { act: 'next', stage: 'return' };
    expect(await kiosk.agent.next('officer.act')).toEqual({ type: 'officer.act', act: next });
    await kiosk.show(desks.serving);
    await kiosk.page.tap('.desk-keys >> text="Không có mặt"');
    await kiosk.page.tap('.desk-keys >> text="Người dân xin về"');
    const finish = { act: 'finish', outcome: 'no_show', reason: 'gave_up' };
    expect((await kiosk.agent.next('officer.act', 1)).act).toEqual(finish);
    await kiosk.show(desks.refused);
    expect(await kiosk.page.innerText('.desk-problem')).toBe('Quầy đang phục vụ lượt khác.');
    await kiosk.page.tap('text="Khóa phím"');
    await kiosk.agent.next('officer.lock');
  });

  it('calls by the code of a scanner, whatever key has the focus', async () => {
    await kiosk.show(desks.rest);
    await kiosk.page.tap('.desk-keys >> text="Nhập số hoặc mã hồ sơ"');
    await kiosk.page.tap('.pad-key:text-is("7")');
    await kiosk.page.tap('.pad >> text="Xóa"');
    await kiosk.page.keyboard.type('H21.27-261123-0043');
    await kiosk.page.keyboard.press('Enter');
    expect((await kiosk.agent.next('officer.act')).act).toEqual({
      ...{ act: 'next', code: 'H21.27-261123-0043', stage: 'reception' },
    });
  });
});
