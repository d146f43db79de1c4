/* A kiosk broke: its counter gets another one, let in by its digits; what the old one held is written off by two people; the roster prints. */
import { join } from 'node:path';
import { rosterAnswer, waitingEnrolments, writeOffAnswer } from '@hailong/shared/protocol/enrolment.ts';
import { adminLists, enrolCodeAnswer, sessionAnswer } from '@hailong/shared/protocol/http.ts';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawQr } from '../../hub-server/src/adapters/qr-code.ts';
import { launchChromium } from '../support/chromium.ts';
import { startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, session } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { findQr } from '../support/read-qr.ts';
import { fitsAcross, openHubPage, shotFolder } from './hub-page.ts';

const CODE = 'K7QX-M2PA-9RTD-V0ZB';
const [OLD, GONE, FRESH] = ['c'.repeat(64), 'd'.repeat(64), 'e'.repeat(64)];
const device = {
  ...{
    kind: 'kiosk' as const,
    counterId: ids.counter,
    enrolledAt: at(7, 0),
    online: false,
    lastSeenAt: at(9, 59),
  },
  ...{ panel: 'ready', build: 'hailong-kiosk/0.2.0' },
};
const items = [
  { ...device, id: OLD, revokedAt: null, unsynced: 3, open: 0, writeOffAsked: null },
  { ...device, id: GONE, revokedAt: at(8, 0), unsynced: 7, open: 7, writeOffAsked: 'Lê Văn Hùng' },
];
const line = {
  ...{ counterId: ids.counter, counter: '5', counterName: 'Đất đai, xây dựng', enrolledAt: at(7, 0) },
  ...{ approvedBy: 'Phạm Quốc Bảo', approvedAt: at(6, 59), revokedAt: null, open: 0 },
};
const waiting = {
  ...{
    id: 'f'.repeat(64),
    counterId: ids.counter,
    counter: '5',
    device: FRESH,
    build: 'hailong-kiosk/0.2.0',
  },
  ...{ fingerprint: 'EEEE-EEEE-EEEE-EEEE-EEEE', claimedAt: at(9, 59), expiresAt: at(10, 9) },
  ...{ contested: true, replaces: OLD },
};

/** As a scanner sees it: the pixels of the picture. */
async function scan(page: Page, png: string): Promise<string | null> {
  const blank = await page.context().newPage();
  const { width, height, rgba } = await blank.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, image.width, image.height);
    return { width: pixels.width, height: pixels.height, rgba: [...pixels.data] };
  }, png);
  await blank.close();
  return findQr(Uint8ClampedArray.from(rgba), width, height);
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

test('from the broken kiosk to the printed line', async () => {
  await using hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  hub.answer('GET /api/v1/admin/counters', adminLists.counters, {
    items: [{ id: ids.counter, number: '5', name: 'Đất đai, xây dựng', unitId: ids.unit, active: true }],
  });
  hub.answer('GET /api/v1/admin/devices', adminLists.devices, { items });
  hub.answer('GET /api/v1/admin/enrolments', waitingEnrolments, { items: [] });
  hub.answer('GET /api/v1/admin/roster', rosterAnswer, {
    printedAt: at(10, 0),
    lines: [
      { ...line, serial: 2, device: OLD, fingerprint: 'CCCC-CCCC-CCCC-CCCC-CCCC' },
      {
        ...{ ...line, serial: 1, device: GONE, fingerprint: 'DDDD-DDDD-DDDD-DDDD-DDDD' },
        ...{ approvedBy: null, approvedAt: null, revokedAt: at(8, 0), open: 7 },
      },
    ],
  });
  hub.answer('POST /api/v1/admin/enrol-codes', enrolCodeAnswer, {
    ...{ code: CODE, expiresAt: at(10, 10), qr: drawQr(CODE) },
    log: { size: 41, fingerprint: '01234 56789 01234 56789 01234 56789' },
  });
  const opened = await openHubPage(
    ...([browser, `${hub.url}/admin#/devices`, { width: 1366, height: 768 }, at(10, 0)] as const),
  );
  const { page } = opened;
  await page.getByRole('button', { name: 'Thay thiết bị' }).click();
  await page.getByText('thiết bị cũ bị thu hồi').waitFor();
  await page.getByRole('button', { name: 'Lấy mã ghi danh' }).click();
  await page.getByText(CODE, { exact: true }).waitFor();
  expect(hub.sent.at(-1)?.body).toEqual({ counterId: ids.counter, kind: 'kiosk', replaces: OLD });
  const qr = page.getByRole('img', { name: 'Mã QR của mã ghi danh' });
  await qr.scrollIntoViewIfNeeded();
  const png = (await qr.screenshot()).toString('base64');
  expect(await scan(page, png)).toBe(CODE);

  hub.answer('GET /api/v1/admin/enrolments', waitingEnrolments, { items: [waiting] });
  await page.clock.runFor(3_500);
  await page.getByText('EEEE-EEEE-EEEE-EEEE-EEEE').waitFor();
  await page.getByText('Có máy khác cũng đưa mã này.').waitFor();
  await opened.shot('enrol-waiting-1366x768', { full: true });
  expect(await fitsAcross(page)).toBe(true);
  hub.accept(`POST /api/v1/admin/enrolments/${waiting.id}/decide`);
  await page.getByRole('button', { name: 'Dãy khớp, duyệt: EEEE-EEEE-EEEE-EEEE-EEEE' }).click();
  await poll(() => hub.sent.length === 2, { what: 'the approval' });
  // Not before: the page asks again by itself, and what it no longer lists has no key.
  hub.answer('GET /api/v1/admin/enrolments', waitingEnrolments, { items: [] });
  expect(hub.sent.at(-1)?.body).toEqual({ approve: true });

  await page.getByText('Lê Văn Hùng đã đề nghị xóa sổ').waitFor();
  await page.getByRole('button', { name: 'Xóa sổ' }).click();
  await page.getByLabel('Lý do').fill('Ổ đĩa hỏng, không đọc được.');
  hub.answer(`POST /api/v1/admin/devices/${GONE}/write-off`, writeOffAnswer, { state: 'done' });
  await page.getByRole('dialog').getByRole('button', { name: 'Xóa sổ' }).click();
  await poll(() => hub.sent.length === 3, { what: 'the write-off' });
  expect(hub.sent.at(-1)?.body).toEqual({ reason: 'Ổ đĩa hỏng, không đọc được.' });

  await page.emulateMedia({ media: 'print' });
  await page.getByText('CCCC-CCCC-CCCC-CCCC-CCCC').waitFor();
  expect(await page.getByText('Ghi danh thiết bị').isVisible()).toBe(false);
  expect(await page.getByText('In lúc').isVisible()).toBe(true);
  await page.screenshot({ path: join(shotFolder, 'roster-print.png') });
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await fitsAcross(page)).toBe(true);
  await opened.close();
});
