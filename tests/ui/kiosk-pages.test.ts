/*
 * The pages behind a rating at work, from the real build in a real Chromium: chips and the way to the phone by touch and
 * by keyboard alone, the QR code pixel by pixel, walk-up, PIN and officer's keys; and what must not differ: nothing on
 * chips or phone tells the level, and after rest nothing of the previous citizen is left in the page.
 */
import { mkdir } from 'node:fs/promises';
import type { Screen } from '@hailong/shared/protocol/ui.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import {
  chipsScreen,
  desks,
  full,
  phone,
  pins,
  portraitBytes,
  portraitHash,
  qrRows,
  questionScreen,
  screens,
} from '../support/kiosk-screens.ts';
import { inRepo } from '../support/paths.ts';
import { startUiAgent, type UiAgent } from '../support/ui-agent.ts';
import { keyBoxes } from './page-look.ts';

const out = inRepo('tests/.out/kiosk-pages');
/** The window ignores touches just after a new page; see GUARD_MS. */
const readyMs = 450;

/** A WAV file of that length: 8 kHz, 8 bits, one channel. */
function silence(ms: number): Uint8Array {
  const samples = Buffer.alloc(ms * 8, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

let agent: UiAgent;
let browser: Browser;
let page: Page;

const pause = (ms: number) => page.waitForTimeout(ms);
const sent = () => agent.received.filter(({ type }) => type !== 'hello');

async function show(screen: Screen): Promise<void> {
  agent.show(screen);
  await page.waitForSelector(`[data-screen="${screen.name}"]`);
  await pause(readyMs);
}

async function open(width: number, height: number): Promise<void> {
  await page?.context().close();
  const context = await browser.newContext({ viewport: { width, height }, hasTouch: true });
  page = await context.newPage();
  await page.clock.setFixedTime(new Date('2026-11-23T02:36:00Z'));
  await page.goto(agent.address);
  await page.waitForSelector('[data-screen="rest"]');
}

beforeAll(async () => {
  await ensureScreens(process.execPath);
  await mkdir(out, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  agent = await startUiAgent({
    screens: inRepo('kiosk-app/dist/renderer'),
    photos: new Map([[portraitHash, portraitBytes]]),
    voices: new Map([...'abc'].map((letter) => [letter.repeat(64), silence(200)] as const)).set(
      'd'.repeat(64),
      silence(20_000),
    ),
  });
  agent.show(screens.rest);
  await open(1280, 800);
});
afterEach(() => agent[Symbol.asyncDispose]());

describe('chips', () => {
  const chosen = () => page.locator('.chip[aria-pressed="true"]').allInnerTexts();

  it('by touch: a quick hand loses nothing, and "Xong" follows what was touched', async () => {
    await show(chipsScreen('low'));
    await page.tap('text=Chờ lâu');
    await page.tap('text=Lý do khác');
    await page.tap('text=Xong');
    expect(await chosen()).toEqual(
      ['Chờ lâu', 'Lý\u00a0do\u00a0khác'].map((word) => word.replaceAll(' ', '\u00a0')),
    );
    const first = await agent.next('chips');
    expect(first.chips).toEqual(['low002']);
    expect(sent()).toHaveLength(1);
    agent.tell({ type: 'recorded', press: first.press });
    const second = await agent.next('chips', 1);
    expect(second.chips).toEqual(['low002', 'low007']);
    agent.tell({ type: 'recorded', press: second.press });
    expect(await agent.next('skip', 2)).toMatchObject({ askTicket: 1_009 });
  });

  it('by keyboard alone: arrows and Enter, or the digit of its place', async () => {
    await show(chipsScreen('high'));
    await page.keyboard.press('8');
    expect((await agent.next('chips')).chips).toEqual(['hig007']);
    agent.show(chipsScreen('low'));
    await pause(100);
    await show({ ...chipsScreen('low'), askTicket: 1_010 } as Screen);
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    const { chips } = await agent.next('chips', 1);
    expect(chips).toEqual(['low005']);
  });

  it('corrects and goes to the phone, each only when it is offered', async () => {
    await show(chipsScreen('low', { canCorrect: false, canGoPrivate: false }));
    expect(await page.locator('.keys button').allInnerTexts()).toEqual(['English', 'Bỏ qua', 'Xong']);
    await show({ ...chipsScreen('low'), askTicket: 1_010 } as Screen);
    await page.tap('.key-private');
    expect(await agent.next('private')).toHaveProperty('rating');
    await show(questionScreen(2));
    await show(chipsScreen('low'));
    await page.tap('text=Chọn lại');
    await agent.next('correct');
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
      await open(width, height);
      const screen = { private: phone.page, rest: phone.offer, 'cannot-store': phone.cannotStore }[name];
      await show(screen);
      const box = await page.locator('.qr svg').boundingBox();
      if (!box) throw new Error('no QR code');
      const side = qrRows.length + 8;
      const modulePx = box.width / side;
      expect(modulePx).toBeGreaterThanOrEqual(4);
      expect(Number.isInteger(modulePx)).toBe(true);
      const shot = (await page.screenshot({ clip: box })).toString('base64');
      const reader = await page.context().newPage();
      // Every pixel of the picture, so that a blurred or shifted edge is found, not only a wrong module.
      const wrong = await reader.evaluate(
        async ({ png, rows, px }) => {
          const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
          const picture = await createImageBitmap(new Blob([bytes]));
          const canvas = new OffscreenCanvas(picture.width, picture.height);
          const context = canvas.getContext('2d');
          if (context === null) return ['no canvas'];
          context.drawImage(picture, 0, 0);
          const { data, width: wide } = context.getImageData(0, 0, picture.width, picture.height);
          const found: string[] = [];
          const all = rows.length + 8;
          for (let y = 0; y < all * px; y += 1)
            for (let x = 0; x < all * px; x += 1) {
              const bit = rows[Math.floor(y / px) - 4]?.[Math.floor(x / px) - 4] ?? '0';
              const at = (y * wide + x) * 4;
              const light = (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0);
              if (bit === '1' ? light > 150 : light !== 765) found.push(`${x},${y}: ${light}`);
            }
          return found.slice(0, 5);
        },
        { png: shot, rows: qrRows, px: modulePx },
      );
      expect(wrong).toEqual([]);
    },
  );

  it('is one picture with a name for a screen reader, and the code is read as text', async () => {
    await show(phone.page);
    expect(await page.getByRole('img', { name: 'Mã QR để đánh giá trên điện thoại' }).count()).toBe(1);
    expect((await page.innerText('.way-code')).replace(/\s+/g, ' ')).toBe('Mã đánh giá K7M2Q 9XT4A');
    expect(await page.locator('button').count()).toBe(1);
  });
});

describe('somebody who is not served', () => {
  it('rates by the key on rest, which is there only when offered', async () => {
    expect(await page.locator('.split-foot .key-second').count()).toBe(0);
    await show(full.restWalkup);
    await page.tap('.split-foot .key-second');
    expect(await agent.next('walkup')).toEqual({ type: 'walkup' });
  });
});

describe('an officer while the hub is away', () => {
  it('by touch alone: from rest to code and PIN; no digit is ever in the page', async () => {
    await show(full.rest);
    await page.tap('.key-officer');
    await agent.next('officer.ask');
    await show(pins.login);
    await page.tap('.pad >> text="A–O"');
    for (const letter of 'CB') await page.tap(`.pad-key:text-is("${letter}")`);
    await page.tap('.pad >> text="P–Z"');
    await page.tap('.pad >> text="Số"');
    for (const digit of '014') await page.tap(`.pad-key:text-is("${digit}")`);
    await page.tap('.pad >> text="Tiếp"');
    for (const digit of '99') await page.tap(`.pad-key:text-is("${digit}")`);
    await page.tap('.pad >> text="Xóa"');
    expect(await page.locator('.pad >> text="Mở"').count()).toBe(0);
    for (const digit of '753') await page.tap(`.pad-key:text-is("${digit}")`);
    expect(await page.innerText('.desk-top')).not.toMatch(/9753|9 7|\b9\b/);
    expect(await page.innerText('.field[data-active]')).toContain('••••');
    await page.tap('.pad >> text="Mở"');
    expect(await agent.next('officer.login')).toEqual({
      type: 'officer.login',
      staffCode: 'CB014',
      pin: '9753',
    });
    expect(await page.content()).not.toContain('9753');
  });

  it('by keyboard alone, with a wrong PIN, a wait that ends by itself, and Escape', async () => {
    await show(pins.login);
    await page.keyboard.type('cb014');
    await page.keyboard.press('Enter');
    await page.keyboard.type('12345');
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Enter');
    expect(await agent.next('officer.login')).toMatchObject({ staffCode: 'CB014', pin: '1234' });
    agent.show({ ...pins.login, problem: 'kiosk.pin_wrong' } as Screen);
    await page.locator('.desk-problem', { hasText: 'không đúng' }).waitFor();
    expect(await page.innerText('.field[data-active]')).not.toContain('•');
    agent.show({ ...pins.login, problem: 'kiosk.pin_locked', waitMs: 1_200 } as Screen);
    await page.locator('.desk-problem', { hasText: 'Chờ 0:0' }).waitFor();
    expect(await page.locator('.pad').count()).toBe(0);
    await page.locator('.pad').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await agent.next('officer.lock');
  });

  it('calls, finishes with a reason, and locks, by touch', async () => {
    await show(desks.rest);
    await page.tap('.desk-keys >> text="Mời người tiếp theo"');
    expect(await agent.next('officer.act')).toEqual({ type: 'officer.act', act: { act: 'next' } });
    await show(desks.serving);
    await page.tap('.desk-keys >> text="Không có mặt"');
    await page.tap('.desk-keys >> text="Người dân xin về"');
    const finish = { act: 'finish', outcome: 'no_show', reason: 'gave_up' };
    expect((await agent.next('officer.act', 1)).act).toEqual(finish);
    await show(desks.refused);
    expect(await page.innerText('.desk-problem')).toBe('Quầy đang phục vụ lượt khác.');
    await page.tap('text="Khóa phím"');
    await agent.next('officer.lock');
  });

  it('calls by the code of a scanner, whatever key has the focus', async () => {
    await show(desks.rest);
    await page.tap('.desk-keys >> text="Nhập số hoặc mã hồ sơ"');
    await page.tap('.pad-key:text-is("7")');
    await page.tap('.pad >> text="Xóa"');
    await page.keyboard.type('H21.27-261123-0043');
    await page.keyboard.press('Enter');
    expect((await agent.next('officer.act')).act).toEqual({ act: 'next', code: 'H21.27-261123-0043' });
  });
});

describe('the voice', () => {
  const spoken = (language: string, clips: string[]) => [{ language, clips }];
  const hash = (letter: string) => letter.repeat(64);
  /** Addresses of recordings, in the order in which the window asked for them. */
  function listen(): string[] {
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/voices/') && asked.at(-1) !== pathname) asked.push(pathname);
    });
    return asked;
  }
  const key = () => page.getByRole('button', { name: 'Nghe đọc câu hỏi' });

  it('is off: nothing is fetched or said until its key is pressed, then question and answers in order', async () => {
    const asked = listen();
    await show(questionScreen(1, { voices: spoken('vi', [hash('a'), hash('b'), hash('c')]) }));
    await pause(300);
    expect(asked).toEqual([]);
    await key().tap();
    await page.getByRole('button', { name: 'Dừng đọc' }).waitFor();
    await key().waitFor();
    expect(asked).toEqual(['a', 'b', 'c'].map((letter) => `/voices/${hash(letter)}`));
    expect(sent()).toEqual([]);
  });

  it('stops at a touch, which counts, and never speaks by a tap or on the next question', async () => {
    const asked = listen();
    const voices = spoken('vi', [hash('d'), hash('a')]);
    await show(questionScreen(1, { voices }));
    await key().tap();
    await page.getByRole('button', { name: 'Dừng đọc' }).waitFor();
    await page.locator('.level').nth(1).tap();
    await key().waitFor();
    const tap = await agent.next('tap');
    agent.tell({ type: 'recorded', press: tap.press });
    await show(questionScreen(2, { voices }));
    await pause(300);
    expect(asked).toEqual([`/voices/${hash('d')}`]);
  });

  it('has a key only where the office recorded the language on show; a missing recording says nothing', async () => {
    await show(questionScreen(1, { voices: spoken('en', [hash('e')]) }));
    expect(await key().count()).toBe(0);
    await page.tap('.key-language');
    await page.getByRole('button', { name: 'Listen to the question' }).tap();
    await page.getByRole('button', { name: 'Listen to the question' }).waitFor();
    expect(await page.getAttribute('[data-screen]', 'data-screen')).toBe('question');
  });
});

describe('more than two languages', () => {
  const fr = { languages: ['fr'] };
  const head = () => page.innerText('h1');

  it('are not offered while the third waits for approval, whatever the office has on', async () => {
    await show(questionScreen(1, fr));
    await page.tap('.key-language');
    await page.waitForSelector('html[lang="en"]');
    expect(await page.innerText('.key-language')).toBe('Tiếng Việt');
  });

  it('are listed once it is approved, by keyboard too, and rest is Vietnamese again', async () => {
    let changed = 0;
    await page.route('**/assets/*.js', async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace(/approved:(!1|false)/g, () => {
        changed += 1;
        return 'approved:true';
      });
      await route.fulfill({ response, body: text });
    });
    await page.reload();
    await page.waitForSelector('[data-screen="rest"]');
    expect(changed).toBe(1);
    await show(questionScreen(1, fr));
    await page.tap('.key-language');
    await page.waitForSelector('[data-screen="languages"]');
    await page.screenshot({ path: `${out}/languages.png` });
    expect(await page.locator('.chip').allInnerTexts()).toEqual(['Tiếng Việt', 'English', 'Français']);
    await page.keyboard.press('1');
    await page.tap('text=Français');
    await page.waitForSelector('html[lang="fr"] [data-screen="question"]');
    // The form has no French words: English ones are shown, and the window's own are French.
    expect(await head()).toContain('How was the service');
    expect(await page.innerText('.question-guide')).toContain('Touchez un visage');
    expect(sent()).toEqual([]);
    await page.screenshot({ path: `${out}/question-fr.png` });
    await show(screens.rest);
    expect(await page.getAttribute('html', 'lang')).toBe('vi');
  });
});

describe('no trace of the level', () => {
  const blind = '.chip-word { visibility: hidden }';

  it('on the page of chips: the same places, sizes and picture after the best and the worst answer', async () => {
    const seen: { boxes: string; picture: Buffer; text: string[] }[] = [];
    for (const set of ['low', 'high'] as const) {
      await show(questionScreen(1));
      await show(chipsScreen(set, { chosen: [1, 4] }));
      const boxes = (await keyBoxes(page)).map(({ name: _words, ...box }) => box);
      const texts = await page.locator('h1, .question-guide, .keys button').allInnerTexts();
      // Only the words of the chips differ: with them hidden the two pictures are the same.
      await page.evaluate((css) => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        document.adoptedStyleSheets = [sheet];
      }, blind);
      seen.push({
        boxes: JSON.stringify(boxes),
        picture: await page.screenshot({ animations: 'disabled' }),
        text: texts,
      });
    }
    expect(seen[1]?.boxes).toBe(seen[0]?.boxes);
    expect(seen[1]?.text).toEqual(seen[0]?.text);
    expect(seen[1]?.picture.equals(seen[0]?.picture as Buffer)).toBe(true);
  });

  it('on the phone’s page and the thanks: the same bytes whatever was answered and added', async () => {
    const after: Record<string, string[]> = { private: [], thanks: [] };
    for (const set of ['low', 'high'] as const) {
      await show(questionScreen(1, { canGoPrivate: true }));
      await page
        .locator('.level')
        .nth(set === 'high' ? 0 : 4)
        .tap();
      const taps = agent.received.filter((one) => one.type === 'tap');
      agent.tell({ type: 'recorded', press: taps.at(-1)?.press ?? '' });
      await show(chipsScreen(set));
      await page
        .locator('.chip')
        .nth(set === 'high' ? 1 : 6)
        .tap();
      for (const screen of [phone.page, screens.thanks]) {
        await show(screen);
        after[screen.name]?.push(
          (await page.innerHTML('body')) +
            (await page.screenshot({ animations: 'disabled' })).toString('hex'),
        );
      }
    }
    for (const [first, second] of Object.values(after)) expect(first === second).toBe(true);
  });
});

describe('after rest', () => {
  /** All that a page could keep of somebody. */
  const traces = () =>
    page.evaluate(async () => ({
      html: document.documentElement.outerHTML,
      lang: document.documentElement.lang,
      session: JSON.stringify(sessionStorage),
      local: JSON.stringify(localStorage),
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      history: history.length,
      state: JSON.stringify(history.state),
      address: location.href,
      title: document.title,
      focus: document.activeElement?.tagName,
      selection: String(getSelection()),
      sounds: document.querySelectorAll('audio, video').length,
    }));

  it('nothing of the previous citizen or officer is left: the page equals a fresh one', async () => {
    const fresh = await traces();
    await show(screens.serving);
    await page.tap('.key-language');
    await show(questionScreen(1, { canGoPrivate: true }));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('5');
    await show(questionScreen(2));
    await show(chipsScreen('low', { chosen: [5, 6] }));
    await page.locator('.chip').nth(2).tap();
    await show(phone.page);
    await show(screens.thanks);
    await show(phone.offer);
    await show(phone.cannotStore);
    await show(pins.login);
    await page.keyboard.type('CB014');
    await page.keyboard.press('Enter');
    await page.keyboard.type('2468');
    await show(desks.serving);
    await page.keyboard.press('ArrowDown');
    await show(screens.rest);
    expect(await traces()).toEqual(fresh);
    // The way back of the browser leads nowhere, and no storage holds more than the window's own token.
    expect(Object.keys(JSON.parse(fresh.session))).toEqual(['kiosk-token']);
    await page.goBack().catch(() => null);
    expect(page.url()).not.toMatch(/private|chips|token/);
  });
});
