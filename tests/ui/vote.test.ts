/*
 * The phone page: binds nothing before somebody says yes, asks what the counter asks, sends once however often the network
 * fails, and says every refusal with what to do. At the sizes of a small and a common phone.
 */
import {
  privateOpenAnswer,
  privateReceiptAnswer,
  privateVoteAnswer,
  type VoteTicket,
} from '@hailong/shared/protocol/private.ts';
import { packTicket, ticketText } from '@hailong/shared/protocol/ticket-pack.ts';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_INSTRUMENT } from '../../hub-server/src/domain/ratings/default-instrument.ts';
import { SEED_INSTRUMENTS } from '../../hub-server/src/domain/ratings/seed-instruments.ts';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { axeFaults } from './axe.ts';
import { fitsAcross, type HubPage, openHubPage } from './hub-page.ts';

const PHONE = { width: 360, height: 800 };
const COMMON = { width: 390, height: 844 };
const TICKET = {
  ...{ v: 'hailong-vote-v1', device: 'd'.repeat(64), rating: '019aaaaa-0000-7000-8000-000000000001' },
  ...{ transaction: '019aaaaa-0000-7000-8000-000000000002', issuedAt: at(9, 34, 0), validMs: 604_800_000 },
  ...{ stage: 'return', instrument: { id: 'hai-long-5', version: 1 } },
} as VoteTicket;
const SIG = new Uint8Array(64).fill(7);
const PACKED = Buffer.from(packTicket({ ticket: TICKET, sig: SIG })!).toString('base64url');
const WIRE = {
  bytes: Buffer.from(ticketText(TICKET)).toString('base64url'),
  sig: Buffer.from(SIG).toString('base64url'),
};
const OPEN = 'POST /api/v1/private/open';
const VOTES = 'POST /api/v1/private/votes';
const RECEIPT = 'POST /api/v1/private/receipt';
const chips = (of: string, words: readonly string[]) =>
  words.map((vi, i) => ({ key: `${of}0000${i}`, word: { vi, en: `Remark ${i + 1}` } }));
const FORM = {
  ...DEFAULT_INSTRUMENT,
  chips: [
    {
      levels: [1, 2, 3],
      chips: chips('l', [
        ...['Thái độ chưa đúng mực', 'Hướng dẫn không rõ', 'Chờ lâu', 'Trả kết quả trễ hẹn'],
        ...['Phải đi lại nhiều lần', 'Yêu cầu giấy tờ ngoài quy định', 'Gợi ý chi tiền, quà', 'Lý do khác'],
      ]),
    },
    {
      levels: [4, 5],
      chips: chips('h', [
        ...['Thái độ thân thiện', 'Hướng dẫn rõ ràng', 'Nhanh', 'Đúng hẹn'],
        ...['Không phải đi lại', 'Thủ tục đơn giản', 'Nơi tiếp đón sạch đẹp', 'Lý do khác'],
      ]),
    },
  ],
};

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

const opens = (change: object = {}) =>
  hub.answer(OPEN, privateOpenAnswer, {
    ...{ inTime: true, instrument: FORM as never, stage: 'return', voted: false },
    office: 'Trung tâm Phục vụ hành chính công phường Bình An',
    ...{ counter: { number: '5', name: 'Hộ tịch' }, openedAt: at(9, 34, 0) as never },
    ...change,
  });
const receives = (change: object = {}) =>
  hub.answer(RECEIPT, privateReceiptAnswer, {
    ...{ state: 'received', month: null, at: at(9, 41, 0) as never },
    ...change,
  });
async function open(hash = PACKED, size = PHONE) {
  opened = await openHubPage(browser, `${hub.url}/v${hash && `#${hash}`}`, size);
  return opened;
}

test('the second tap of a double tap answers nothing that nobody has seen', async () => {
  opens();
  receives();
  hub.answer(VOTES, privateVoteAnswer, { thanked: 'full' });
  const { page } = await open();
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  // A finger twice on the same place of the glass, the second one on whatever is there by then.
  const twice = async (name: string) => {
    const key = page.getByRole('button', { name, exact: true });
    await key.waitFor();
    await poll(() => key.isEnabled(), { what: `${name} to take a tap` });
    const box = (await key.boundingBox())!;
    await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2, { delay: 5 });
  };
  await twice('Không hài lòng');
  await page.getByRole('heading', { name: 'Thái độ phục vụ' }).waitFor();
  await twice('Bỏ qua');
  await page.getByRole('heading', { name: 'Chất lượng giải quyết công việc' }).waitFor();
  await twice('Bỏ qua');
  await page.getByText('Gợi ý chi tiền, quà').waitFor();
  await twice('Bỏ qua');
  await page.getByRole('button', { name: 'Gửi đánh giá' }).waitFor();
  expect(hub.sent.filter(({ route }) => route === VOTES)).toEqual([]);
  await twice('Gửi đánh giá');
  await page.getByText('Đã ghi nhận.').waitFor();
  expect(hub.sent.filter(({ route }) => route === VOTES)).toHaveLength(1);
  expect(hub.sent.find(({ route }) => route === VOTES)?.body).toMatchObject({
    answers: [{ question: 'overall', level: 2 }],
  });
});

test('binds nothing until somebody says yes, then asks what the counter asks and sends it once', async () => {
  opens();
  receives();
  hub.answer(VOTES, privateVoteAnswer, { thanked: 'full' });
  const { page, shot } = await open();
  await page.getByText('Đánh giá riêng trên điện thoại. Mỗi lượt chỉ một lần.').waitFor();
  expect(hub.sent).toEqual([]);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
  expect(await fitsAcross(page)).toBe(true);
  const faults = () => axeFaults(page, { enhancedContrast: true });
  expect(await faults()).toEqual([]);
  await shot('vote-start-360x800');
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  await page.getByText('Ông/bà đánh giá lần phục vụ này thế nào?').waitFor();
  await page.getByText('Quầy 5 · Hộ tịch').waitFor();
  expect(await faults()).toEqual([]);
  await shot('vote-overall-360x800');
  await page.getByRole('button', { name: 'Không hài lòng', exact: true }).click();
  await page.getByText('Thái độ phục vụ').waitFor();
  await shot('vote-criterion-360x800');
  await page.getByRole('button', { name: 'Bình thường' }).click();
  await page.getByRole('heading', { name: 'Chất lượng giải quyết công việc' }).waitFor();
  await page.getByRole('button', { name: 'Bỏ qua' }).click();
  await page.getByText('Gợi ý chi tiền, quà').waitFor();
  await page.getByRole('button', { name: 'Chờ lâu' }).click();
  expect(await fitsAcross(page)).toBe(true);
  expect(await faults()).toEqual([]);
  await shot('vote-chips-360x800');
  await page.getByRole('button', { name: 'Xong' }).click();
  await page.getByText('Gửi đánh giá này?').waitFor();
  expect(await faults()).toEqual([]);
  await shot('vote-check-360x800');
  expect(hub.count(VOTES)).toBe(0);
  await page.getByRole('button', { name: 'Gửi đánh giá' }).click();
  await page.getByText('Đã ghi nhận.').waitFor();
  await page.getByText('Chờ thiết bị tại quầy báo lượt phục vụ này về máy chủ.').waitFor();
  expect(await page.locator('body').innerText()).not.toMatch(/hài lòng|bình thường|chờ lâu/i);
  expect(await faults()).toEqual([]);
  await shot('vote-sent-360x800');

  const [openedWith, voted] = hub.sent.map(({ body }) => body as Record<string, unknown>);
  expect(openedWith).toEqual({ ticket: WIRE, phone: expect.stringMatching(/^[\w-]{43}$/) });
  expect(voted).toEqual({
    ...{ ...openedWith, vote: expect.stringMatching(/^[0-9a-f-]{36}$/), chips: ['l00002'] },
    answers: [
      { question: 'overall', level: 2 },
      { question: 'attitude', level: 3 },
    ],
  });
  expect(await page.context().cookies()).toEqual([]);
});

test('the same in English, on a larger phone; another answer puts the remarks out of force', async () => {
  opens();
  const { page, shot } = await open(PACKED, COMMON);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Rate privately on your phone. Once per visit.').waitFor();
  await shot('vote-start-en-390x844');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: 'Very satisfied' }).click();
  for (const _ of [1, 2]) await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByRole('button', { name: 'Remark 3' }).click();
  await shot('vote-chips-en-390x844');
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('Added: 1').waitFor();
  await shot('vote-check-en-390x844');
  for (const _ of [1, 2, 3, 4]) await page.getByRole('button', { name: 'Change' }).click();
  await page.getByRole('button', { name: 'Neutral' }).click();
  for (const _ of [1, 2, 3]) await page.getByRole('button', { name: 'Skip' }).click();
  await page.getByText('Send this rating?').waitFor();
  expect(await page.getByText('Added: 1').count()).toBe(0);
});

test('a form of criteria is asked by its own answers, without an overall question', async () => {
  opens({ instrument: SEED_INSTRUMENTS.find(({ kind }) => kind === 'form')!, stage: 'refusal' });
  receives();
  hub.answer(VOTES, privateVoteAnswer, { thanked: 'full' });
  const { page } = await open(PACKED, COMMON);
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  await page.getByRole('heading', { name: 'Thời gian giải quyết hồ sơ so với giấy hẹn' }).waitFor();
  await page.getByRole('button', { name: 'Đúng hẹn' }).click();
  for (const _ of [1, 2]) await page.getByRole('button', { name: 'Bỏ qua' }).click();
  await page.getByRole('button', { name: 'Lịch sự, đúng mực' }).click();
  await page.getByRole('button', { name: 'Gửi đánh giá' }).click();
  await page.getByText('Đã ghi nhận.').waitFor();
  expect(hub.sent.find(({ route }) => route === VOTES)?.body).toMatchObject({
    answers: [
      { question: 'tieu_chi_1', level: 3 },
      { question: 'tieu_chi_7', level: 5 },
    ],
  });
});

test.for(['key', 'reload'])(
  'keeps what was answered while the hub is away, and sends it under one id: %s',
  async (after) => {
    opens({ instrument: DEFAULT_INSTRUMENT, stage: null });
    receives({ state: 'counted', month: '2026-11' });
    const { page, shot } = await open(PACKED, COMMON);
    await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
    await page.getByRole('button', { name: 'Hài lòng', exact: true }).click();
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/votes')) sent.push((request.postDataJSON() as { vote: string }).vote);
    });
    hub.away(true);
    await page.getByRole('button', { name: 'Gửi đánh giá' }).click();
    await page.getByText('Chưa gửi được.').waitFor();
    await shot('vote-unsent-390x844');
    hub.answer(VOTES, privateVoteAnswer, { thanked: 'received' });
    hub.away(false);
    // The phone drops the tab and loads it again, or somebody presses the key: the same vote.
    if (after === 'reload') await page.reload();
    else await page.getByRole('button', { name: 'Gửi lại ngay' }).click();
    await page.getByText('Đã nhận.').first().waitFor();
    await page.getByText('Đã tính vào số liệu tháng 11/2026.').waitFor();
    await shot('vote-counted-390x844');
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent).size).toBe(1);
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  },
);

test('a typed code leads to the same page, and opens again by its address', async () => {
  opens({ voted: true });
  receives({ state: 'late' });
  const { page, shot } = await open('');
  await page.getByLabel('Mã đánh giá').fill('12');
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  await page.getByText('Mã chưa đủ').waitFor();
  await page.getByLabel('Mã đánh giá').fill('abcde-fgh12');
  expect(await axeFaults(page, { enhancedContrast: true })).toEqual([]);
  await shot('vote-code-360x800');
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  await page.getByText('vẫn được giữ, không tính vào số liệu').waitFor();
  expect(hub.sent[0]?.body).toMatchObject({ code: 'abcdefgh12' });
  await page.reload();
  await page.getByText('vẫn được giữ, không tính vào số liệu').waitFor();
  expect(page.url()).toMatch(/\/v#abcdefgh12$/);
});

test('says every refusal with what to do', async () => {
  for (const [code, sentence, key] of [
    ['private.other_phone', 'được mở trên một điện thoại khác', 'Nhập mã trên phiếu'],
    ['private.code_unknown', 'Không tìm thấy mã đánh giá này', 'Thử lại'],
    ['request.too_many', 'chờ năm phút', 'Thử lại'],
  ] as const) {
    hub.refuse(OPEN, code);
    const { page, shot } = await open();
    await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
    await page.getByText(sentence).waitFor();
    await page.getByRole('button', { name: key }).waitFor();
    expect(await axeFaults(page, { enhancedContrast: true })).toEqual([]);
    await shot(`vote-${code.split('.')[1]}-360x800`);
    await opened?.close();
    opened = null;
  }
  const damaged = await open(PACKED.slice(0, -3));
  await damaged.page.getByText('không đọc được hoặc không hợp lệ').waitFor();
  expect(hub.sent.some(({ body }) => JSON.stringify(body).includes(PACKED.slice(0, 20)))).toBe(false);
});

test('a late ticket is told so before anything is asked; a slow hub is told while one waits', async () => {
  opens({ inTime: false, counter: null, openedAt: null });
  const { page, shot } = await open();
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((go) => {
    answer = go;
  });
  await page.route('**/api/v1/private/open', async (route) => {
    await asked;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Bắt đầu đánh giá' }).click();
  await page.getByText('Máy chủ trả lời chậm.').waitFor();
  await shot('vote-slow-360x800');
  answer();
  await page.getByText('Đã quá hạn đánh giá. Ý kiến vẫn được giữ, không tính vào số liệu.').waitFor();
  expect(await fitsAcross(page)).toBe(true);
  expect(await axeFaults(page, { enhancedContrast: true })).toEqual([]);
  await shot('vote-late-360x800');
  expect(hub.count(OPEN)).toBe(1);
});
