/*
 * An officer's service at the kiosk's own screen, by keyboard and touch in a real Chromium on a real agent, with the hub
 * killed: a PIN, citizens with every outcome, another boot of the machine, the hub back; all of it counts on that officer.
 */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sumOf } from '../../kiosk-app/agent/adapters/sqlite/sealed-json.ts';
import { ensureScreens } from '../../scripts/screens.js';
import { launchChromium } from '../support/chromium.ts';
import { type Office, openOffice, startHub } from '../support/office.ts';
import { poll } from '../support/poll.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

/** The window ignores touches just after a new page. */
const READY_MS = 450;

let folder: TempFolder;
let office: Office;
let browser: Browser;

beforeAll(async () => {
  await ensureScreens(process.execPath);
  folder = await tempFolder('officer-by-pin');
  [office, browser] = await Promise.all([openOffice(folder.path), launchChromium()]);
});
afterAll(async () => {
  await browser?.close();
  await office?.[Symbol.asyncDispose]();
  await folder?.remove();
});

async function openKiosk(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(String((await office.kioskLine('ready'))['ui']));
  return page;
}

/** What the agent has stored says that it was written in another boot than this one. */
function rebootOnDisk(): void {
  const db = new Database(join(folder.path, 'kiosk', 'agent.db'));
  const json = JSON.stringify('another-boot');
  db.prepare("UPDATE counter_state SET json = ?, sum = ? WHERE part = 'bootId'").run(
    json,
    sumOf('bootId', json),
  );
  db.close();
}

function atHub<T>(sql: string): T[] {
  const db = new Database(join(office.hubData, 'hub.sqlite'), { readonly: true });
  try {
    return db.prepare(sql).all() as T[];
  } finally {
    db.close();
  }
}

test('an officer serves every outcome by PIN, over a boot, and all of it counts on the right one', async () => {
  const [, officer] = office.setup.officers;
  if (!officer) throw new Error('two officers are needed');
  let page = await openKiosk();
  const shows = (name: string) => page.waitForSelector(`[data-screen="${name}"]`);
  const press = async (text: string) => {
    const key = page.getByRole('button', { name: text, exact: true });
    await key.waitFor();
    await page.waitForTimeout(READY_MS);
    await key.click();
  };
  const problem = (text: string) => page.locator('.desk-problem', { hasText: text }).waitFor();
  const enter = async (pin: string) => {
    await page.waitForTimeout(READY_MS);
    await page.keyboard.type(pin);
    await page.keyboard.press('Enter');
  };
  await shows('rest');
  expect(await page.getByRole('button', { name: 'Cán bộ' }).count()).toBe(0);
  await office.hub.killHard();

  // A wrong PIN twice, each answered; then the colleague of whoever was on duty.
  await press('Cán bộ');
  await shows('pin');
  await enter(officer.code);
  const wrong = officer.pin === '000000' ? '111111' : '000000';
  await enter(wrong);
  await problem('Mã cán bộ hoặc PIN không đúng.');
  await enter(wrong);
  // "Đang kiểm tra…" gives way to the answer again, though the screen is the same.
  await page.locator('.desk-problem', { hasText: 'Đang kiểm tra' }).waitFor({ state: 'detached' });
  await problem('Mã cán bộ hoặc PIN không đúng.');
  await enter(officer.pin);
  for (const outcome of ['Không có mặt', 'Thử thiết bị', 'Bấm nhầm']) {
    await press('Mời người tiếp theo');
    await press(outcome);
    // The first reason of the office's list.
    await page.getByRole('heading', { name: `${outcome}: chọn lý do` }).waitFor();
    await page.waitForTimeout(READY_MS);
    await page.locator('.desk-keys .key').first().click();
    await page.getByText('Chưa phục vụ ai').waitFor();
  }
  await press('Mời người tiếp theo');
  await press('Yêu cầu bổ sung');
  await shows('question');
  await press('Hài lòng');
  const thanked = await office.kioskLine('thanked');

  // The machine boots: the prompt is over, the duty too; a PIN confirms it, and the service goes on.
  await page.close();
  await office.kiosk.killHard();
  rebootOnDisk();
  await office.restartKiosk();
  page = await openKiosk();
  await shows('closed');
  await press('Cán bộ');
  await shows('pin');
  await enter(officer.code);
  await enter(officer.pin);
  await press('Nhập số hoặc mã hồ sơ');
  await page.waitForTimeout(READY_MS);
  await page.keyboard.type('A017');
  await page.keyboard.press('Enter');
  await page.getByText('Đang phục vụ A017').waitFor();
  await press('Từ chối');
  await shows('question');

  office.hub = (await startHub(office.hubData, Number(new URL(office.url).port))).program;
  const served = await poll(
    () => {
      const rows = atHub<{ officer: string; outcome: string; queue: string | null }>(
        `SELECT officer_id AS officer, outcome, queue_number AS queue FROM service_transaction
         WHERE finished_at IS NOT NULL ORDER BY opened_at`,
      );
      return rows.length === 5 ? rows : null;
    },
    { what: 'the five services at the hub' },
  );
  expect(new Set(served.map((row) => row.officer))).toEqual(new Set([officer.id]));
  expect(served.map((row) => row.outcome)).toEqual([
    ...['no_show', 'test', 'accident', 'supplement', 'refused'],
  ]);
  expect(served.at(-1)?.queue).toBe('A017');
  const { effective } = await office.api.ratings(String(thanked['transaction']));
  expect(effective?.overall).toBe(4);
  const duties = atHub<{ officer: string; ended: number | null }>(
    'SELECT officer_id AS officer, ended_at AS ended FROM duty WHERE started_event IS NOT NULL ORDER BY started_at',
  );
  expect(duties.map((row) => [row.officer, row.ended === null])).toEqual([
    ...[
      [office.officer.id, false],
      [officer.id, false],
      [officer.id, true],
    ],
  ]);
});
