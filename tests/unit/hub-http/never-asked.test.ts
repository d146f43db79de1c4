/*
 * Closed dossiers come in by the API and as CSV, once however often; the night judges them on a real database; the head reads who
 * was never asked, by counter, officers only as counts; nobody else reads a dossier code, and it goes after its days.
 */
import { vietnamMonth } from '@hailong/shared/time.ts';
import type Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWriter } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { reconcileNight } from '../../../hub-server/src/application/figures/reconcile-night.ts';
import { keepJobs } from '../../../hub-server/src/application/keep-jobs.ts';
import { poll } from '../../support/poll.ts';
import { Caller, NOW, type Office, openOffice } from './office.ts';
import { unzip } from './zip.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Half past two in Vietnam, the night after NOW. */
const NIGHT = Date.UTC(2026, 10, 20, 19, 30);
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let db: Database.Database;
let api: Caller;

beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  db = openWriter(office.data);
  api = new Caller(office.app, seeded.key.key);
});
afterAll(async () => {
  db.close();
  await office.close();
});

/** A kiosk as its last status left it. */
function kiosk(
  id: string,
  counter: string,
  lastSeenAt: number | null,
  unsynced = 0,
  oldestUnsyncedMs = 0,
): void {
  const status = lastSeenAt === null ? null : JSON.stringify({ unsynced, oldestUnsyncedMs });
  db.prepare(
    `INSERT INTO device (id, counter_id, public_key, enrol_serial, enrolled_at, last_seen_at, status)
     VALUES (?,?,x'00',1,1,?,?) ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at, status = excluded.status`,
  ).run(id, counter, lastSeenAt, status);
  db.prepare('INSERT OR IGNORE INTO device_enrolment (device, counter_id, serial, at) VALUES (?,?,1,1)').run(
    id,
    counter,
  );
}

let turns = 0;
/** A finished transaction as projecting leaves it. */
function turn(
  dossier: string,
  at: number,
  counter: string,
  more: { shown?: boolean; outcome?: string } = {},
): void {
  turns += 1;
  const id = `019aaaaa-0000-7000-8000-${String(turns).padStart(12, '0')}`;
  db.prepare(
    `INSERT INTO service_transaction (id, counter_id, officer_id, finished_at, month, outcome) VALUES (?,?,?,?,?,?)`,
  ).run(id, counter, seeded.officers[0], at, vietnamMonth(at), more.outcome ?? 'completed');
  db.prepare(
    'INSERT INTO transaction_dossier (dossier_code, transaction_id, counter_id, opened_at) VALUES (?,?,?,0)',
  ).run(dossier, id, counter);
  if (more.shown)
    db.prepare('INSERT INTO rating_prompt (transaction_id, rating_id, shown) VALUES (?,?,1)').run(
      id,
      `r-${id}`,
    );
}

async function night(due: number): Promise<void> {
  const reported: unknown[] = [];
  office.clock.at = due + 60_000;
  const stop = keepJobs(
    {
      store: office.storage.jobs,
      clock: office.clock,
      timers: office.timers,
      report: (error) => void reported.push(error),
    },
    [reconcileNight(office.storage.reconcile, office.clock)],
  );
  office.timers.pass(600_000);
  await poll(async () => reported.length > 0 || (await office.storage.jobs.done('reconcile')) === due, {
    what: 'the end of the night',
  });
  stop();
  expect(reported).toEqual([]);
}
const shown = async (month = '2026-11') =>
  (await (await office.login('truong')).call('GET', `/api/v1/dashboard/never-asked?month=${month}`)).json();

describe('closed dossiers', () => {
  const dossier = (code: string, more: Record<string, unknown> = {}) => ({
    ...{ dossierCode: code, closedAt: NOW, step: 'return', counterId: seeded.counters[0], ...more },
  });
  const post = (dossiers: unknown[], caller = api) =>
    caller.call('POST', '/api/v1/closed-dossiers', { dossiers });

  it('come once however often, and are judged anew when something is said otherwise', async () => {
    const both = [dossier('H42.A-1', { officerCode: 'CB001' }), dossier('H42.B-1', { officerCode: 'CB002' })];
    expect((await post(both)).json()).toEqual({ added: 2, changed: 0, same: 0 });
    expect((await post(both)).json()).toEqual({ added: 0, changed: 0, same: 2 });
    const moved = dossier('H42.B-1', { officerCode: 'CB001' });
    expect((await post([moved])).json()).toEqual({ added: 0, changed: 1, same: 0 });
    // Another step, or another time, is another closing.
    expect(
      (await post([dossier('H42.B-1', { step: 'refusal', closedAt: NOW - 40 * DAY })])).json().added,
    ).toBe(1);
  });

  it('of a counter the key was not issued for, of none, or of tomorrow are refused', async () => {
    const narrow = new Caller(office.app, seeded.narrowKey.key);
    expect((await post([dossier('H42.C-1')], narrow)).statusCode).toBe(403);
    expect((await post([dossier('H42.C-1', { counterId: undefined })], narrow)).statusCode).toBe(403);
    expect((await post([dossier('H42.C-1', { counterId: seeded.counters[1] })], narrow)).statusCode).toBe(
      200,
    );
    expect((await post([dossier('H42.D-1', { closedAt: NOW + DAY })])).json().code).toBe('request.invalid');
    expect((await post([dossier('=1+1')])).statusCode).toBe(400);
    const unknown = dossier('H42.D-1', { counterId: '019aaaaa-0000-7000-8000-00000000dead' });
    expect((await post([unknown])).json().code).toBe('reference.unknown');
  });

  it('come as CSV, all rows or none, and no cell is a formula', async () => {
    const admin = await office.login('quantri');
    const send = (csv: string, apply: 0 | 1) =>
      admin.call('POST', `/api/v1/admin/import/closed?apply=${apply}`, csv, { 'content-type': 'text/csv' });
    const good =
      'Mã hồ sơ;Kết thúc lúc;Bước;Quầy;Mã cán bộ\nH42.E-1;20/11/2026 09:00;Trả kết quả;1;CB001\nH42.E-2;2026-11-20 09:05;Từ chối;;\n';
    const wrong = `${good}=CMD();20/11/2026 09:00;Trả kết quả;1;\nH42.E-3;31/02/2026 09:00;Ngồi;77;\nH42.E-4;21/11/2026 09:00;return;1;\n`;
    const refused = await send(wrong, 1);
    expect(refused.statusCode).toBe(422);
    expect(refused.json().where.map((each: { path: string }) => each.path)).toEqual([
      ...['dòng 4, dossier', 'dòng 5, closedAt', 'dòng 5, step', 'dòng 5, counter', 'dòng 6, closedAt'],
    ]);
    const acts = async (apply: 0 | 1) => {
      const { rows, applied } = (await send(good, apply)).json();
      return [applied, ...rows.map((row: { action: string }) => row.action)];
    };
    expect(await acts(0)).toEqual([false, 'add', 'add']);
    expect(await acts(1)).toEqual([true, 'add', 'add']);
    expect(await acts(1)).toEqual([true, 'same', 'same']);
  });
});

describe('the night', () => {
  it('lists by counter who was never asked, and holds nothing against a counter that has not reported', async () => {
    const [one, two] = seeded.counters;
    kiosk('k1', one, NOW + 3 * HOUR);
    kiosk('k2', two, NOW + 60_000);
    turn('H42.A-1', NOW - 60_000, one, { shown: true });
    turn('H42.B-1', NOW - 60_000, one, { outcome: 'no_show' });
    turn('H42.E-2', NOW - HOUR, two, { outcome: 'test' });
    expect((await shown()).judgedFor).toBeNull();
    await night(NIGHT);
    const first = await shown();
    expect(first.judgedFor).toBe(NIGHT);
    const counts = (place: number) => {
      const { label, ...each } = first.counters[place];
      return [label.slice(0, 6), each];
    };
    const none = { closed: 0, asked: 0, unasked: 0, silent: 0, unknown: 0, waiting: 0 };
    expect(counts(0)).toEqual(['Quầy 1', { ...none, closed: 3, asked: 1, unasked: 1, silent: 1 }]);
    // The second counter's own, and one without a counter whose transaction names it: both wait for its kiosk.
    expect(counts(1)).toEqual(['Quầy 2', { ...none, closed: 2, unknown: 2 }]);
    expect(first.officers).toEqual([{ label: 'Trần Thị Lan (CB001)', unasked: 1, silent: 1 }]);
    expect(
      first.dossiers.map((row: { dossierCode: string; state: string }) => [row.dossierCode, row.state]),
    ).toEqual([
      ['H42.B-1', 'silent'],
      ['H42.C-1', 'unknown'],
      ['H42.E-2', 'unknown'],
      ['H42.E-1', 'unasked'],
    ]);
    expect(JSON.stringify(first.dossiers)).not.toMatch(/CB00|Lan|Nam/);
    expect((await shown('2026-10')).counters).toMatchObject([{ closed: 1, unasked: 1 }]);
  });

  it('judges again when a kiosk comes back and when a prompt turns up late, and makes up for one night only', async () => {
    kiosk('k2', seeded.counters[1], NOW + 20 * HOUR);
    turn('H42.C-1', NOW + HOUR, seeded.counters[1], { shown: true });
    turn('H42.E-1', NOW, seeded.counters[0], { shown: true });
    await night(NIGHT + 3 * DAY);
    const states = Object.fromEntries(
      (await shown()).dossiers.map((row: { dossierCode: string; state: string }) => [
        row.dossierCode,
        row.state,
      ]),
    );
    expect(states).toEqual({ 'H42.B-1': 'silent', 'H42.E-2': 'silent' });
  });

  it('is for heads alone, as a list and as a logged workbook without formulas', async () => {
    const head = await office.login('truong');
    for (const name of ['quantri', 'thanhtra'])
      expect((await (await office.login(name)).call('GET', '/api/v1/dashboard/never-asked')).statusCode).toBe(
        403,
      );
    expect((await api.call('GET', '/api/v1/dashboard/never-asked')).statusCode).toBe(403);
    const file = await head.call('GET', '/api/v1/dashboard/never-asked.xlsx?month=2026-11');
    expect(file.statusCode).toBe(200);
    const sheets = [...unzip(file.rawPayload).values()].join('');
    expect(sheets).toContain('H42.B-1');
    expect(sheets).not.toMatch(/<f>|<f /);
    const [newest] = await office.storage.access.audit({ before: null, limit: 1 });
    expect(newest).toMatchObject({ action: 'figures.exported', object: 'never-asked:2026-11' });
  });

  it('lets go of dossier codes after ninety days', async () => {
    await night(NIGHT + 91 * DAY);
    expect(db.prepare('SELECT count(*) AS n FROM closed_dossier').get()).toEqual({ n: 0 });
  });
});
