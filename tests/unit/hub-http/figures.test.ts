/** Figures: Wilson by hand-checked values, rollups summed, the workbook opened again, hints and their socket. */
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import {
  type AnswerCell,
  answersByForm,
  walkupsByCounter,
} from '../../../hub-server/src/domain/figures/answer-figures.ts';
import { figuresOf, rowsBy } from '../../../hub-server/src/domain/figures/month-figures.ts';
import { wilson } from '../../../hub-server/src/domain/figures/wilson.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { type Office, openOffice } from './office.ts';
import { unzip } from './zip.ts';

describe('Wilson interval', () => {
  it.each([
    // hits, n, share, low, high: from the formula by independent computation (R: prop.test without correction)
    [0, 10, 0, 0, 2775],
    [10, 10, 10_000, 7225, 10_000],
    [9, 10, 9000, 5958, 9821],
    [97, 100, 9700, 9155, 9897],
    [50, 100, 5000, 4038, 5962],
    [1, 1, 10_000, 2065, 10_000],
  ])('%i of %i', (hits, n, share, low, high) => {
    expect(wilson(hits, n)).toEqual({ share, low, high });
  });
  it('missing is missing', () => {
    expect(wilson(0, 0)).toEqual({ share: null, low: null, high: null });
  });
});

describe('views over cells', () => {
  const cell = (
    officer: string,
    stage: string,
    levels: [number, number, number, number, number],
    served = 40,
  ) => ({
    officer,
    counter: 'c',
    procedure: '',
    stage,
    served,
    prompted: served - 5,
    answered: levels.reduce((sum, each) => sum + each, 0),
    levels,
  });
  it('sums and keeps the no-shows in the denominator', () => {
    const figures = figuresOf([
      cell('a', 'reception', [1, 0, 2, 10, 20]),
      cell('a', 'return', [0, 0, 0, 1, 0], 7),
    ]);
    expect(figures).toMatchObject({ served: 47, prompted: 37, rated: 34, satisfied: 31 });
    expect(figures.levels).toEqual({ 1: 1, 2: 0, 3: 2, 4: 11, 5: 20 });
  });
  it('says when a number is small, and when an officer mixes stages', () => {
    const cells = [
      cell('a', 'reception', [0, 0, 0, 0, 31]),
      cell('b', 'reception', [0, 0, 0, 0, 31]),
      cell('b', 'return', [0, 0, 0, 0, 31]),
      cell('c', 'reception', [0, 0, 0, 0, 29]),
    ];
    expect(rowsBy('officer', cells).map(({ key, note }) => [key, note])).toEqual([
      ['a', null],
      ['b', 'mixed'],
      ['c', 'few'],
    ]);
    expect(rowsBy('stage', cells).map(({ key, note }) => [key, note])).toEqual([
      ['reception', null],
      ['return', null],
    ]);
  });
});

describe('dashboard', () => {
  let office: Office;
  let seeded: Awaited<ReturnType<Office['seed']>>;
  beforeAll(async () => {
    office = await openOffice();
    seeded = await office.seed();
    const admin = await office.login('quantri');
    await admin.call('PUT', `/api/v1/admin/officers/${seeded.officers[1]}`, {
      code: 'CB002',
      name: '=HYPERLINK("http://evil.example";"bấm")',
      position: '@SUM(1+1)',
      unitId: seeded.unitId,
      active: true,
    });
    const db = new Database(databaseFile(office.data));
    const insert = db.prepare(
      `INSERT INTO rollup (month, unit_id, officer_id, counter_id, procedure_code, stage, served, prompted, rated, l1, l2, l3, l4, l5)
       VALUES ('2026-11', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const [a, b] = seeded.officers;
    const [one, two] = seeded.counters;
    insert.run(seeded.unitId, a, one, 'HT.01', 'reception', 60, 58, 40, 1, 1, 2, 6, 30);
    insert.run(seeded.unitId, b, two, '', 'return', 20, 10, 5, 0, 5, 0, 0, 0);
    insert.run(seeded.unitId, 'da-go-bo', two, 'HT.99', 'advice', 3, 3, 0, 0, 0, 0, 0, 0);
    const answered = db.prepare(
      "INSERT INTO answer_rollup VALUES (?, '2026-11', ?, 'hai-long-5', 2, ?, ?, ?)",
    );
    for (const chip of ['cholau', 'tienqu']) answered.run('service', one, 'chips', chip, 3);
    answered.run('walkup', two, 'overall', '2', 4);
    db.close();
    const first = { id: 'hai-long-5', version: 1 };
    await office.admin.storage.instruments.seed({ instruments: SEED_INSTRUMENTS, first, at: 1 });
  });
  afterAll(() => office.close());

  it('tells head and administrator what was answered, an officer and a verifier nothing', async () => {
    const path = '/api/v1/dashboard/answers?month=2026-11';
    for (const username of ['truong', 'quantri']) {
      const answer = await (await office.login(username)).call('GET', path);
      expect(answer.json()).toMatchObject({
        chips: [{ chips: [{ key: 'cholau', n: 3 }] }],
        walkups: [{ counterId: seeded.counters[1], levels: [{}, {}, {}, { key: 2, n: 4 }, {}] }],
      });
      expect(answer.body).not.toMatch(/tienqu|Gợi ý chi tiền/);
    }
    expect((await (await office.login('thanhtra')).call('GET', path)).statusCode).toBe(403);
    expect((await (await office.officer(seeded.counters[0], 'CB001')).call('GET', path)).statusCode).not.toBe(
      200,
    );
  });

  it('shows the month by each view with n, interval and participation', async () => {
    const head = await office.login('truong');
    const by = async (view: string) =>
      (await head.call('GET', `/api/v1/dashboard?month=2026-11&by=${view}`)).json();
    const officers = await by('officer');
    expect(officers.total).toMatchObject({ served: 83, prompted: 71, rated: 45, satisfied: 36, share: 8000 });
    expect(officers.rows.map((row: { label: string }) => row.label)).toEqual(
      expect.arrayContaining(['Trần Thị Lan (CB001)', 'Đã gỡ khỏi danh mục (da-go-bo)']),
    );
    const first = officers.rows.find((row: { key: string }) => row.key === seeded.officers[0]);
    expect(first).toMatchObject({ note: null, figures: { served: 60, rated: 40, share: 9000 } });
    expect((await by('procedure')).rows.map((row: { label: string }) => row.label)).toEqual([
      'Không ghi thủ tục',
      'Đăng ký khai sinh',
      'HT.99',
    ]);
    expect((await by('stage')).rows.find((row: { key: string }) => row.key === 'return').note).toContain(
      '30',
    );
    expect((await by('counter')).rows).toHaveLength(2);
    expect(officers.live.kiosks).toHaveLength(2);
    expect((await head.call('GET', '/api/v1/dashboard?month=2026-13')).statusCode).toBe(400);
    expect((await head.call('GET', '/api/v1/dashboard?by=unit')).json().where[0].path).toBe('by');
  });

  it('lists what lies under one figure or under the whole office, never under half a question', async () => {
    const head = await office.login('truong');
    const asked = (query: string) => head.call('GET', `/api/v1/dashboard/events?month=2026-11${query}`);
    expect((await asked('')).json()).toEqual({ transactions: [], truncated: false });
    expect((await asked('&by=stage&key=return')).statusCode).toBe(200);
    expect((await asked('&by=procedure&key=')).statusCode).toBe(200);
    expect((await asked('&by=stage')).json().where[0].path).toBe('key');
    expect((await asked('&key=return')).statusCode).toBe(400);
  });

  it('gives a workbook that opens, in Vietnamese, without a formula', async () => {
    const head = await office.login('truong');
    const answer = await head.call('GET', '/api/v1/dashboard.xlsx?month=2026-11');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="hai-long-2026-11.xlsx"');
    const files = unzip(answer.rawPayload);
    const names = [...files.get('xl/workbook.xml')!.matchAll(/<sheet [^>]*name="([^"]+)"/g)].map(
      (each) => each[1],
    );
    expect(names).toEqual([
      ...['Theo cán bộ', 'Theo quầy', 'Theo thủ tục', 'Theo giai đoạn'],
      ...['Theo mẫu phiếu', 'Không kèm lượt phục vụ'],
    ]);
    const sheets = [...files].filter(([name]) => name.startsWith('xl/worksheets/')).map(([, xml]) => xml);
    for (const xml of sheets) expect(xml).not.toMatch(/<f[ >]/);
    const strings = files.get('xl/sharedStrings.xml') ?? '';
    const all = strings + sheets.join('');
    expect(all).toContain('=HYPERLINK(');
    expect(all).toContain('Tham gia (đánh giá ÷ phục vụ)');
    expect(all).toContain('Chờ lâu');
    expect(all).not.toMatch(/tienqu|Gợi ý chi tiền/);
    expect(all).toContain('Mức độ hài lòng tháng 11/2026');
    const numbers = (xml: string) => [
      ...xml.matchAll(/<c r="([A-Z]+\d+)"(?![^>]*t="s")[^>]*><v>([^<]*)<\/v>/g),
    ];
    const officers = files.get('xl/worksheets/sheet1.xml')!;
    const total = Object.fromEntries(
      numbers(officers)
        .map(([, cell, value]) => [cell as string, Number(value)] as const)
        .filter(([cell]) => cell.endsWith('9')),
    );
    // Row 9: title 1–4, header 5, three officers, the whole.
    expect(total).toMatchObject({ B9: 83, C9: 71, E9: 45, G9: 36, H9: 0.8, K9: 30, O9: 1 });
    expect(total['D9']).toBeCloseTo(71 / 83, 10);
    expect(total['F9']).toBeCloseTo(45 / 83, 10);
    expect([total['I9'], total['J9']]).toEqual([0.6618, 0.891]);
    const exported = await office.storage.access.audit({ before: null, limit: 1 });
    expect(exported[0]).toMatchObject({ action: 'figures.exported', object: 'month:2026-11' });
  });

  it('hints over a socket that ends with the login', async () => {
    const head = await office.login('truong');
    const headers = { ...head.headers() };
    const before = office.core.listeners;
    const socket = await office.app.injectWS('/api/v1/live', { headers });
    const heard = new Promise((resolve) =>
      socket.once('message', (data) => resolve(JSON.parse(String(data)))),
    );
    const hint = {
      type: 'rating.recorded',
      cursor: 7,
      month: '2026-11',
      counterId: seeded.counters[0],
    } as const;
    await expect.poll(() => office.core.listeners).toBe(before + 1);
    office.core.hint(hint);
    expect(await heard).toEqual(hint);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await head.call('DELETE', '/api/v1/session');
    expect(await closed).toBe(4401);
    await expect.poll(() => office.core.listeners).toBe(before);
    await expect(office.app.injectWS('/api/v1/live', { headers })).rejects.toThrow('401');
  });
});

describe('answers by form', () => {
  const [five, two] = [
    SEED_INSTRUMENTS.find(({ version }) => version === 2)!,
    SEED_INSTRUMENTS.find(({ kind }) => kind === 'form')!,
  ];
  const of = (form: Instrument, question: string, answer: string, n = 1): AnswerCell => ({
    ...{ kind: 'service', counterId: 'a', instrumentId: form.id, instrumentVersion: form.version },
    ...{ question, answer, n },
  });
  it('tells taps and forms apart, and no chip that is the province’s', () => {
    const cells = [
      ...[
        of(five, 'overall', '5', 3),
        of(five, 'overall', '1'),
        of(five, 'chips', 'tienqu'),
        of(five, 'chips', 'cholau', 2),
      ],
      ...[of(two, 'tieu_chi_1', '3', 4), { ...of(five, 'overall', '2', 9), kind: 'walkup' as const }],
    ];
    const told = answersByForm(cells, [five, two]);
    expect(told.taps).toMatchObject([
      { id: 'hai-long-5', levels: [{ n: 3 }, { n: 0 }, { n: 0 }, { n: 0 }, { n: 1 }] },
    ]);
    expect(told.forms[0]?.questions[0]?.options.map(({ points, n }) => [points, n])).toEqual([
      [2, 0],
      [1, 4],
      [0, 0],
    ]);
    expect(told.chips).toMatchObject([{ id: 'hai-long-5', chips: [{ key: 'cholau', n: 2 }] }]);
    expect(JSON.stringify(told)).not.toContain('tienqu');
    // Nor once a later version opens it to the office, and nothing whose form is not held.
    const opened: Instrument = structuredClone({ ...five, version: 3 });
    for (const chip of opened.chips!.flatMap(({ chips }) => chips)) delete chip.to;
    expect(JSON.stringify(answersByForm(cells, [five, opened]))).not.toContain('tienqu');
    expect(answersByForm(cells, [])).toEqual({ taps: [], forms: [], chips: [] });
    expect(walkupsByCounter(cells)).toMatchObject([
      { counterId: 'a', levels: [{}, {}, {}, { key: 2, n: 9 }, {}] },
    ]);
  });
});
