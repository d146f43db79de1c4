/*
 * The pages behind a rating at work, from the real build in a real Chromium: chips by touch and by keyboard alone, the
 * QR code pixel by pixel, walk-up, the voice, the list of languages.
 */
import { mkdir } from 'node:fs/promises';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import {
  chipsScreen,
  full,
  phone,
  qrRows,
  qrText,
  questionScreen,
  screens,
} from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { findQr } from '../support/read-qr.ts';
import { approveLanguages, type KioskWindow, openKioskWindow } from './kiosk-window.ts';
import { hasKey, watchFor } from './page-look.ts';

const out = inRepo('tests/.out/kiosk-pages');

let browser: Browser;
let kiosk: KioskWindow;

beforeAll(async () => {
  await ensureScreens(process.execPath);
  await mkdir(out, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  kiosk = await openKioskWindow(browser);
});
afterEach(() => kiosk[Symbol.asyncDispose]());

describe('chips', () => {
  const chosen = () => kiosk.page.locator('.chip[aria-pressed="true"]').allInnerTexts();

  it('by touch: a quick hand loses nothing, and "Xong" follows what was touched', async () => {
    await kiosk.show(chipsScreen('low'));
    await kiosk.page.tap('text=Chờ lâu');
    await kiosk.page.tap('text=Lý do khác');
    await kiosk.page.tap('text=Xong');
    expect(await chosen()).toEqual(
      ['Chờ lâu', 'Lý\u00a0do\u00a0khác'].map((word) => word.replaceAll(' ', '\u00a0')),
    );
    const first = await kiosk.agent.next('chips');
    expect(first.chips).toEqual(['low002']);
    expect(kiosk.sent()).toHaveLength(1);
    kiosk.agent.tell({ type: 'recorded', press: first.press });
    const second = await kiosk.agent.next('chips', 1);
    expect(second.chips).toEqual(['low002', 'low007']);
    kiosk.agent.tell({ type: 'recorded', press: second.press });
    expect(await kiosk.agent.next('skip', 2)).toMatchObject({ askTicket: 1_009 });
  });

  it('by keyboard alone: arrows and Enter, or the digit of its place', async () => {
    await kiosk.show(chipsScreen('high'));
    await kiosk.page.keyboard.press('8');
    expect((await kiosk.agent.next('chips')).chips).toEqual(['hig007']);
    kiosk.agent.show(chipsScreen('low'));
    await kiosk.pause(100);
    await kiosk.show({ ...chipsScreen('low'), askTicket: 1_010 } as Screen);
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter']) await kiosk.page.keyboard.press(key);
    const { chips } = await kiosk.agent.next('chips', 1);
    expect(chips).toEqual(['low005']);
  });

  it('corrects and goes to the phone, each only when it is offered', async () => {
    await kiosk.show(chipsScreen('low', { canCorrect: false, canGoPrivate: false }));
    expect(await kiosk.page.locator('.keys button').allInnerTexts()).toEqual(['English', 'Bỏ qua', 'Xong']);
    await kiosk.show({ ...chipsScreen('low'), askTicket: 1_010 } as Screen);
    await kiosk.page.tap('.key-private');
    expect(await kiosk.agent.next('private')).toHaveProperty('rating');
    await kiosk.show(questionScreen(2));
    await kiosk.show(chipsScreen('low'));
    await kiosk.page.tap('text=Chọn lại');
    await kiosk.agent.next('correct');
  });
});

describe('the QR code', () => {
  it.each([
    ['private', 1280, 800],
    ['private', 800, 1280],
    ['private', 1920, 1080],
    ['private', 1024, 600],
    ['rest', 1280, 800],
    ['rest', 1024, 600],
    ['cannot-store', 1024, 600],
  ] as const)(
    'on %s at %i×%i is dark on white, every module whole and at least 4 px',
    async (name, width, height) => {
      await kiosk.open(width, height);
      const screen = { private: phone.page, rest: phone.offer, 'cannot-store': phone.cannotStore }[name];
      await kiosk.show(screen);
      const box = await kiosk.page.locator('.qr svg').boundingBox();
      if (!box) throw new Error('no QR code');
      const side = qrRows.length + 8;
      const modulePx = box.width / side;
      expect(modulePx).toBeGreaterThanOrEqual(4);
      expect(Number.isInteger(modulePx)).toBe(true);
      const shot = (await kiosk.page.screenshot({ clip: box })).toString('base64');
      const reader = await kiosk.page.context().newPage();
      const read = await reader.evaluate(async (png) => {
        const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
        const picture = await createImageBitmap(new Blob([bytes]));
        const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
        if (context === null) throw new Error('no canvas');
        context.drawImage(picture, 0, 0);
        const { data } = context.getImageData(0, 0, picture.width, picture.height);
        let letters = '';
        for (const byte of data) letters += String.fromCharCode(byte);
        return btoa(letters);
      }, shot);
      const pixels = Buffer.from(read, 'base64');
      // Every pixel of the picture, so that a blurred or shifted edge is found, not only a wrong module.
      const wrong: string[] = [];
      for (let y = 0; y < box.height; y += 1)
        for (let x = 0; x < box.width; x += 1) {
          const bit = qrRows[Math.floor(y / modulePx) - 4]?.[Math.floor(x / modulePx) - 4] ?? '0';
          const at = (y * box.width + x) * 4;
          const light = (pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0);
          if (bit === '1' ? light > 150 : light !== 765) wrong.push(`${x},${y}: ${light}`);
        }
      expect(wrong.slice(0, 5)).toEqual([]);
      // And as a phone reads it.
      expect(findQr(Uint8ClampedArray.from(pixels), box.width, box.height)).toBe(qrText);
    },
  );

  it('is one picture with a name for a screen reader, and the code is read as text', async () => {
    await kiosk.show(phone.page);
    expect(await kiosk.page.getByRole('img', { name: 'Mã QR để đánh giá trên điện thoại' }).count()).toBe(1);
    const code = (await kiosk.page.innerText('.way-code')).replace(/\s+/g, ' ');
    expect(code).toBe('Hoặc mở hailong.quangninh.gov.vn/v và nhập mã K7M2Q 9XT4A');
    await kiosk.show(phone.codeOnly);
    expect((await kiosk.page.innerText('.way-code')).replace(/\s+/g, ' ')).toBe('Mã đánh giá K7M2Q 9XT4A');
    await kiosk.show(phone.page);
    expect(await kiosk.page.locator('button').count()).toBe(1);
  });
});

describe('somebody who is not served', () => {
  it('rates by the key on rest, which is there only when offered', async () => {
    expect(await kiosk.page.locator('.split-foot .key-second').count()).toBe(0);
    await kiosk.show(full.restWalkup);
    await kiosk.page.tap('.split-foot .key-second');
    expect(await kiosk.agent.next('walkup')).toEqual({ type: 'walkup' });
  });
});

describe('the voice', () => {
  const spoken = (language: string, clips: string[]) => [{ language, clips }];
  const hash = (letter: string) => letter.repeat(64);
  /** Addresses of recordings, in the order in which the window asked for them. */
  function listen(): string[] {
    const asked: string[] = [];
    kiosk.page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/voices/') && asked.at(-1) !== pathname) asked.push(pathname);
    });
    return asked;
  }
  const key = () => kiosk.page.getByRole('button', { name: 'Nghe đọc câu hỏi' });

  it('is off: nothing is fetched or said until its key is pressed, then question and answers in order', async () => {
    const asked = listen();
    await kiosk.show(questionScreen(1, { voices: spoken('vi', [hash('a'), hash('b'), hash('c')]) }));
    await kiosk.pause(300);
    expect(asked).toEqual([]);
    const stop = await watchFor(kiosk.page, hasKey, 'Dừng đọc');
    await key().tap();
    await stop();
    await key().waitFor();
    expect(asked).toEqual(['a', 'b', 'c'].map((letter) => `/voices/${hash(letter)}`));
    expect(kiosk.sent()).toEqual([]);
  });

  it('stops at a touch, which counts, and never speaks by a tap or on the next question', async () => {
    const asked = listen();
    const voices = spoken('vi', [hash('d'), hash('a')]);
    await kiosk.show(questionScreen(1, { voices }));
    await key().tap();
    await kiosk.page.getByRole('button', { name: 'Dừng đọc' }).waitFor();
    await kiosk.page.locator('.level').nth(1).tap();
    await key().waitFor();
    const tap = await kiosk.agent.next('tap');
    kiosk.agent.tell({ type: 'recorded', press: tap.press });
    await kiosk.show(questionScreen(2, { voices }));
    await kiosk.pause(300);
    expect(asked).toEqual([`/voices/${hash('d')}`]);
  });

  it('has a key only where the office recorded the language on show; a missing recording says nothing', async () => {
    await kiosk.show(questionScreen(1, { voices: spoken('en', [hash('e')]) }));
    expect(await key().count()).toBe(0);
    await kiosk.page.tap('.key-language');
    await kiosk.page.getByRole('button', { name: 'Listen to the question' }).tap();
    await kiosk.page.getByRole('button', { name: 'Listen to the question' }).waitFor();
    expect(await kiosk.page.getAttribute('[data-screen]', 'data-screen')).toBe('question');
  });
});

describe('more than two languages', () => {
  const fr = { languages: ['fr'] };
  const head = () => kiosk.page.innerText('h1');

  it('are not offered while the third waits for approval, whatever the office has on', async () => {
    await kiosk.show(questionScreen(1, fr));
    await kiosk.page.tap('.key-language');
    await kiosk.page.waitForSelector('html[lang="en"]');
    expect(await kiosk.page.innerText('.key-language')).toBe('Tiếng Việt');
  });

  it('are listed once it is approved, by keyboard too, and rest is Vietnamese again', async () => {
    const approved = await approveLanguages(kiosk.page);
    await kiosk.page.reload();
    await kiosk.page.waitForSelector('[data-screen="rest"]');
    expect(approved()).toBe(1);
    await kiosk.show(questionScreen(1, fr));
    await kiosk.page.tap('.key-language');
    await kiosk.page.waitForSelector('[data-screen="languages"]');
    await kiosk.page.screenshot({ path: `${out}/languages.png` });
    expect(await kiosk.page.locator('.chip').allInnerTexts()).toEqual(['Tiếng Việt', 'English', 'Français']);
    await kiosk.page.keyboard.press('1');
    await kiosk.page.tap('text=Français');
    await kiosk.page.waitForSelector('html[lang="fr"] [data-screen="question"]');
    // The form has no French words: English ones are shown, and the window's own are French.
    expect(await head()).toContain('How was the service');
    expect(await kiosk.page.innerText('.question-guide')).toContain('Touchez un visage');
    expect(kiosk.sent()).toEqual([]);
    await kiosk.page.screenshot({ path: `${out}/question-fr.png` });
    await kiosk.show(screens.rest);
    expect(await kiosk.page.getAttribute('html', 'lang')).toBe('vi');
  });
});
