/* The administration: first start, people and places by form and by CSV, codes shown large, nothing destroyed unasked. */

import { office as officeSchema, officeSettings } from '@hailong/shared/model/directory.ts';
import {
  adminLists,
  auditAnswer,
  enrolCodeAnswer,
  importAnswer,
  probeResult,
  savedAnswer,
  sessionAnswer,
  setupAnswer,
} from '@hailong/shared/protocol/http.ts';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { type FixtureHub, startFixtureHub } from '../support/fixture-hub.ts';
import { at, ids, office, session } from '../support/hub-fixtures.ts';
import { poll } from '../support/poll.ts';
import { fitsAcross, type HubPage, openHubPage, sidewaysScrolls } from './hub-page.ts';

let browser: Browser;
let hub: FixtureHub;
let opened: HubPage | null = null;
const unit = { id: ids.unit, code: 'DD', name: 'Đất đai, xây dựng' };
const counter = { id: ids.counter, number: '5', name: 'Đất đai, xây dựng', unitId: ids.unit, active: true };
const officer = {
  id: ids.officer,
  code: 'CB012',
  name: 'Nguyễn Thị Ngọc Ánh',
  position: 'Công chức địa chính – xây dựng',
  unitId: ids.unit,
  photo: null,
  active: true,
};

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFixtureHub();
  hub.answer('GET /api/v1/session', sessionAnswer, session('admin', 'Phạm Quốc Bảo'));
  hub.answer('GET /api/v1/admin/units', adminLists.units, { items: [unit] });
  hub.answer('GET /api/v1/admin/counters', adminLists.counters, { items: [counter] });
  hub.answer('GET /api/v1/admin/officers', adminLists.officers, { items: [officer] });
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await hub.close();
});

async function open(section: string): Promise<Page> {
  opened = await openHubPage(
    browser,
    `${hub.url}/admin#/${section}`,
    { width: 1366, height: 768 },
    at(10, 0),
  );
  return opened.page;
}
const last = () => {
  const sent = hub.sent.at(-1);
  return { route: sent?.route, body: sent?.body };
};

describe('first start', () => {
  test('the printed token makes the first administrator and names the office', async () => {
    hub.refuse('GET /api/v1/session', 'access.login_required');
    hub.answer('GET /api/v1/setup', setupAnswer, { needed: true });
    hub.accept('POST /api/v1/setup');
    hub.refuse('POST /api/v1/session', 'access.wrong_login');
    const page = await open('office');
    await page.getByLabel('Mã thiết lập').fill('TOKEN-12345678');
    await page.getByLabel('Tên đăng nhập').fill('quantri');
    await page.getByLabel('Họ và tên').fill('Phạm Quốc Bảo');
    await page.getByLabel('Mật khẩu').fill('một mật khẩu dài');
    await page.getByLabel('Tên cơ quan').fill('Phường Bình An');
    await page.getByLabel('Xã, phường').fill('Tỉnh Quảng Ninh');
    await opened?.shot('admin-setup', { full: true });
    await page.getByRole('button', { name: 'Tạo quản trị viên' }).click();
    await poll(() => hub.sent.length === 2, { what: 'set-up and login' });
    expect(hub.sent[0]?.body).toEqual({
      token: 'TOKEN-12345678',
      username: 'quantri',
      name: 'Phạm Quốc Bảo',
      password: 'một mật khẩu dài',
      office: { name: 'Phường Bình An', place: 'Tỉnh Quảng Ninh', phone: '', retentionDays: 30 },
    });
  });
});

test('what was typed while a save was on its way is not said to be saved', async () => {
  hub.answer('GET /api/v1/admin/office', officeSettings, { ...office, privateUrl: null });
  const page = await open('office');
  const place = page.getByLabel('Xã, phường');
  await place.waitFor();
  const held: Route[] = [];
  await page.route('**/api/v1/admin/office', (route) => {
    held.push(route);
  });
  const saved = page.getByText('Đã lưu.');
  const save = page.getByRole('button', { name: 'Lưu', exact: true });
  await place.fill('Tỉnh Hà Nam');
  await save.click();
  await poll(() => held.length === 1, { what: 'the save to be on its way' });
  await place.fill('Tỉnh Hà Giang');
  await held[0]?.fulfill({ json: {} });
  await save.waitFor();
  expect(await saved.count()).toBe(0);
  await save.click();
  await poll(() => held.length === 2, { what: 'the second save' });
  expect(held[1]?.request().postDataJSON()).toMatchObject({ place: 'Tỉnh Hà Giang' });
  await held[1]?.fulfill({ json: {} });
  await saved.waitFor();
});

describe('people and places', () => {
  test('an officer is added; what the hub refuses stands at its field', async () => {
    hub.refuse('POST /api/v1/admin/officers', 'request.conflict', [{ path: 'code', message: 'Mã đã có.' }]);
    const page = await open('officers');
    await page.getByText('Nguyễn Thị Ngọc Ánh').waitFor();
    await opened?.shot('admin-officers-1366x768');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysScrolls(page)).toEqual([]);
    await opened?.shot('admin-officers-390x844', { full: true });
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.getByRole('button', { name: 'Thêm' }).click();
    await page.getByLabel('Mã cán bộ').fill('CB012');
    await page.getByLabel('Họ và tên').fill('Lê Văn Hùng');
    await page.getByLabel('Chức vụ').fill('Công chức tư pháp – hộ tịch');
    await page.getByLabel('PIN').fill('4321');
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.locator('.field-error', { hasText: 'Mã đã có.' }).waitFor();
    await opened?.shot('admin-officer-refused-1366x768');
    expect(last()).toEqual({
      route: 'POST /api/v1/admin/officers',
      body: {
        code: 'CB012',
        name: 'Lê Văn Hùng',
        position: 'Công chức tư pháp – hộ tịch',
        unitId: ids.unit,
        active: true,
        pin: '4321',
      },
    });
    hub.answer('POST /api/v1/admin/officers', savedAnswer, { id: ids.case });
    await page.getByRole('button', { name: 'Lưu' }).click();
    await poll(async () => (await page.getByRole('dialog').count()) === 0, { what: 'the dialog to close' });
  });

  test('a photo goes up as a form; an edit without a PIN keeps the old one', async () => {
    hub.accept(`PUT /api/v1/admin/officers/${ids.officer}/photo`);
    hub.answer(`PUT /api/v1/admin/officers/${ids.officer}`, savedAnswer, { id: ids.officer });
    const page = await open('officers');
    await page.getByRole('button', { name: 'Sửa: Nguyễn Thị Ngọc Ánh' }).click();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'anh.png', mimeType: 'image/png', buffer: Buffer.from('89504e47', 'hex') });
    await page.getByText('Đã lưu.').waitFor();
    expect(last().route).toBe(`PUT /api/v1/admin/officers/${ids.officer}/photo`);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await poll(() => hub.sent.length === 2, { what: 'the edit' });
    expect(last().body).not.toHaveProperty('pin');
  });

  test('a camera is probed before it is saved, with advice in words', async () => {
    hub.answer('GET /api/v1/admin/cameras', adminLists.cameras, { items: [] });
    hub.answer('POST /api/v1/admin/cameras/probe', probeResult, {
      ok: true,
      streamUri: 'rtsp://10.0.0.7/live',
      codec: 'hevc',
      width: 1920,
      height: 1080,
      fps: 25,
      gopMs: 2000,
      bFrames: false,
      manufacturer: 'Bình Minh',
      model: 'BM-2',
      clockOffsetMs: 1400,
      advice: ['camera.hevc'],
    });
    const page = await open('cameras');
    await page.getByText('Chưa có dữ liệu: Camera.').waitFor();
    await page.getByRole('button', { name: 'Thêm' }).click();
    await page.getByLabel('Địa chỉ').fill('http://10.0.0.7/onvif/device_service');
    await page.getByLabel('Tài khoản camera').fill('viewer');
    expect(await page.getByText('giữ mật khẩu cũ').count()).toBe(0);
    await page.getByLabel('Mật khẩu').fill('bí mật');
    await page.getByRole('button', { name: 'Kiểm tra camera' }).click();
    await page.getByText('rtsp://10.0.0.7/live').waitFor();
    await page.getByText('Nên chỉnh tại camera').waitFor();
    expect(await page.getByRole('dialog').innerText()).not.toContain('camera.hevc');
    expect(last().body).toEqual({
      address: 'http://10.0.0.7/onvif/device_service',
      user: 'viewer',
      password: 'bí mật',
      via: null,
    });
    await opened?.shot('admin-camera-probe-1366x768');
  });

  test('the office is kept when the hub is lost', async () => {
    hub.answer('GET /api/v1/admin/office', officeSchema, office);
    const page = await open('office');
    await page.getByLabel('Tên cơ quan').waitFor();
    hub.away(true);
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Không kết nối được máy chủ.').waitFor();
    expect(await page.getByLabel('Tên cơ quan').inputValue()).toBe('Phường Bình An');
  });
});

describe('devices, files and the demo', () => {
  test('an enrolment code stands large with its expiry; revoking asks first', async () => {
    hub.answer('GET /api/v1/admin/devices', adminLists.devices, {
      items: [
        {
          id: 'c'.repeat(64),
          kind: 'kiosk',
          counterId: ids.counter,
          enrolledAt: at(7, 0),
          revokedAt: null,
          online: true,
          lastSeenAt: at(9, 59),
          unsynced: 0,
          panel: 'ready',
          build: '0.1.0',
        },
      ],
    });
    hub.answer('POST /api/v1/admin/enrol-codes', enrolCodeAnswer, {
      code: 'K7QX-M2PA-9RTD',
      expiresAt: at(10, 10),
      log: { size: 41, fingerprint: '01234 56789 01234 56789 01234 56789' },
    });
    hub.accept(`POST /api/v1/admin/devices/${'c'.repeat(64)}/revoke`);
    const page = await open('devices');
    await page.getByLabel('Loại').selectOption('station');
    await page.getByRole('button', { name: 'Lấy mã ghi danh' }).click();
    await page.getByText('K7QX-M2PA-9RTD', { exact: true }).waitFor();
    await page.getByText(/còn hiệu lực (9|10)\s+phút/).waitFor();
    await page.getByText('/station?enrol=K7QX-M2PA-9RTD').waitFor();
    expect(last().body).toEqual({ counterId: ids.counter, kind: 'station' });
    await opened?.shot('admin-devices-1366x768');
    await page.getByRole('button', { name: 'Thu hồi' }).click();
    expect(hub.sent).toHaveLength(1);
    await page.getByRole('dialog').getByRole('button', { name: 'Thu hồi' }).click();
    await poll(() => hub.sent.length === 2, { what: 'the revocation' });
    await page.clock.fastForward(11 * 60_000);
    await page.getByText('Mã đã hết hạn.').waitFor();
  });

  test('a CSV with a wrong row is shown row by row and cannot be applied; a good one can', async () => {
    const row = (
      line: number,
      action: 'add' | 'error',
      code: string,
      errors: { column: string; vi: string; en: string }[],
    ) => ({
      line,
      action,
      cells: { code, name: 'Lê Văn Hùng', position: 'Công chức', unit: 'DD', pin: '••••' },
      errors,
    });
    hub.answer('POST /api/v1/admin/import/officers', importAnswer, {
      rows: [
        row(2, 'add', 'CB020', []),
        row(3, 'error', 'CB 21', [
          { column: 'code', vi: 'Mã cán bộ có dấu cách.', en: 'The code has a space.' },
        ]),
      ],
      errors: 1,
      applied: false,
    });
    const page = await open('import');
    const file = {
      name: 'can-bo.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('code,name\nCB020,Lê Văn Hùng\n'),
    };
    await page.getByLabel('Tệp CSV').setInputFiles(file);
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByText('Mã cán bộ có dấu cách.').waitFor();
    await page.getByText('1 lỗi: chưa nhập dòng nào.').waitFor();
    expect(await page.getByRole('button', { name: /^Nhập/ }).count()).toBe(0);
    expect(hub.sent.at(-1)).toMatchObject({ query: { apply: '0' }, body: 'code,name\nCB020,Lê Văn Hùng\n' });
    await opened?.shot('admin-import-1366x768');
    hub.answer('POST /api/v1/admin/import/officers', importAnswer, {
      rows: [row(2, 'add', 'CB020', [])],
      errors: 0,
      applied: false,
    });
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByText('Không có lỗi.').waitFor();
    hub.answer('POST /api/v1/admin/import/officers', importAnswer, {
      rows: [row(2, 'add', 'CB020', [])],
      errors: 0,
      applied: true,
    });
    await page.getByRole('button', { name: 'Nhập 1 dòng' }).click();
    await page.getByText('Đã nhập 1 dòng.').waitFor();
    expect(hub.sent.at(-1)?.query).toEqual({ apply: '1' });
  });

  test('what was previewed is what is applied: no other list or file is chosen while the hub looks', async () => {
    const seen = { line: 2, action: 'add' as const, cells: { code: 'CB020' }, errors: [] };
    hub.answer('POST /api/v1/admin/import/officers', importAnswer, {
      ...{ rows: [seen], errors: 0, applied: false },
    });
    const page = await open('import');
    let answer: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/import/officers*', async (route) => {
      await asked;
      await route.continue();
    });
    const file = { name: 'can-bo.csv', mimeType: 'text/csv', buffer: Buffer.from('code\nCB020\n') };
    await page.getByLabel('Tệp CSV').setInputFiles(file);
    await page.getByRole('button', { name: 'Xem trước' }).click();
    const list = page.getByLabel('Danh sách', { exact: true });
    await poll(async () => (await list.isDisabled()) && (await page.getByLabel('Tệp CSV').isDisabled()), {
      what: 'the fields, closed',
    });
    answer();
    await page.getByRole('button', { name: 'Nhập 1 dòng' }).click();
    await poll(() => hub.sent.length === 2, { what: 'applied' });
    expect(hub.sent[1]).toMatchObject({
      ...{ route: 'POST /api/v1/admin/import/officers', query: { apply: '1' }, body: 'code\nCB020\n' },
    });
    await list.selectOption('units');
    await page.getByRole('button', { name: 'Nhập 1 dòng' }).waitFor({ state: 'detached' });
  });

  test('the demo goes only after XOA is typed', async () => {
    hub.accept('DELETE /api/v1/admin/demo');
    const page = await open('demo');
    const key = page.getByRole('button', { name: 'Gỡ dữ liệu mẫu' });
    expect(await key.isEnabled()).toBe(false);
    await page.getByLabel('Gõ XOA để xác nhận').fill('xoa');
    expect(await key.isEnabled()).toBe(false);
    await page.getByLabel('Gõ XOA để xác nhận').fill('XOA');
    await key.click();
    await page.getByText('Đã gỡ dữ liệu mẫu.').waitFor();
    expect(last()).toEqual({ route: 'DELETE /api/v1/admin/demo', body: { confirm: 'XOA' } });
  });

  test('the audit log pages backwards; every section speaks English', async () => {
    const row = (seq: number, more: object) => ({
      ...{ seq, at: at(9, 0), actor: 'user:thanhtra', actorName: 'Nguyễn Thị Hạnh', withheld: false },
      ...{ action: 'case.opened', object: 'case:PXM-2026-0147', objectName: null, reason: null, ...more },
    });
    const camera = '0198c0de-0000-7000-8000-000000000011';
    hub.answer('GET /api/v1/admin/audit', auditAnswer, {
      rows: [
        row(43, {
          action: 'footage.playlist',
          object: `camera:${camera}`,
          objectName: 'Camera 5A – mặt quầy',
        }),
        row(42, { actor: 'recorder', actorName: null, action: 'footage.deleted', object: 'footage' }),
        row(41, { reason: 'Xác minh phản ánh về thái độ phục vụ' }),
        row(40, { actor: '', actorName: null, action: '', object: '', withheld: true }),
      ] as never,
      more: true,
    });
    const page = await open('audit');
    // In words, with the row's own below: what the command line and an auditor know it by.
    await page.getByRole('cell', { name: `Camera 5A – mặt quầy camera:${camera}` }).waitFor();
    await page.getByRole('cell', { name: 'Bộ ghi hình recorder' }).waitFor();
    await page.getByRole('cell', { name: 'Lập phiếu case.opened' }).waitFor();
    await page.getByRole('cell', { name: 'Phiếu PXM-2026-0147 case:PXM-2026-0147' }).waitFor();
    await opened?.shot('admin-audit-1366x768');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysScrolls(page)).toEqual([]);
    await opened?.shot('admin-audit-390x844', { full: true });
    await page.getByRole('button', { name: 'Nhật ký' }).click();
    await page.getByRole('link', { name: 'Tình trạng thiết bị' }).waitFor();
    await opened?.shot('admin-sections-390x844');
    expect(await sidewaysScrolls(page)).toEqual([]);
    await page.getByRole('link', { name: 'Nhật ký', exact: true }).click();
    await page.getByRole('link', { name: 'Tình trạng thiết bị' }).waitFor({ state: 'hidden' });
    const focused = () =>
      page.evaluate(() => {
        const { tagName, ariaLabel } = document.activeElement as HTMLElement;
        return [tagName, ariaLabel];
      });
    await poll(async () => (await focused())[0] === 'MAIN', { what: 'the section to have the focus' });
    // By keyboard alone: what was chosen is read on from, and the next key press is in it.
    await page.getByRole('button', { name: 'Nhật ký', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Cán bộ', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Cán bộ' }).waitFor();
    await poll(async () => (await focused()).join() === 'MAIN,Cán bộ', { what: 'the officers to have it' });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(
      true,
    );
    await page.goBack();
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.getByText('chỉ người được giao biết').waitFor();
    const request = page.waitForRequest((each) => each.url().includes('before=40'));
    await page.getByRole('button', { name: 'Cũ hơn' }).click();
    await request;
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Audit log' }).waitFor();
    expect(await fitsAcross(page)).toBe(true);
    await opened?.shot('admin-audit-en-1366x768');
  });
});
