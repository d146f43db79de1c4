/* Forms as data: a version is written once, two tabs do not overwrite each other, what betrays a level is refused, kiosks are told. */
import { type Instrument, instrument } from '@hailong/shared/model/instrument.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterConfig } from '../../../hub-server/src/application/kiosks/counter-screen.ts';
import { CounterScreens } from '../../../hub-server/src/application/kiosks/counter-screens.ts';
import { brokenRules } from '../../../hub-server/src/domain/ratings/instrument-rules.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { type Caller, type Office, openOffice } from './office.ts';

let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let admin: Caller;
beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  admin = await office.login('quantri');
  const first = { id: 'hai-long-5', version: 1 };
  await office.admin.storage.instruments.seed({ instruments: SEED_INSTRUMENTS, first, at: 1_000 });
});
afterAll(() => office.close());

const seedOf = (id: string): Instrument => SEED_INSTRUMENTS.findLast((form) => form.id === id)!;
const told = async (counter = seeded.counters[0]) =>
  counterConfig(
    await new CounterScreens(office.storage.screens).ofCounter({ counterId: counter, withPins: false }),
  )!;
const save = (form: Instrument, base: number | null, inUse = true) =>
  admin.call('PUT', `/api/v1/admin/instruments/${form.id}`, { base, inUse, instrument: form });
const use = (place: object, ref: object | null) =>
  admin.call('PUT', '/api/v1/admin/instrument-uses', {
    ...{ counterId: null, procedureCode: null, stage: null, ...place },
    instrument: ref,
  });

it('ships forms that keep their own rules', () => {
  for (const form of SEED_INSTRUMENTS) {
    expect(instrument.parse(form)).toEqual(form);
    expect([form.id, brokenRules(form)]).toEqual([form.id, []]);
  }
  const tt01 = seedOf('tt01-2018');
  expect(tt01.criteria.map(({ key }) => key)).toEqual([
    'tieu_chi_1',
    'tieu_chi_3',
    'tieu_chi_4',
    'tieu_chi_7',
  ]);
  for (const { options, stages } of tt01.criteria) {
    expect(options?.map(({ points }) => points)).toEqual([2, 1, 0]);
    expect(stages).toEqual(expect.arrayContaining(['supplement', 'refusal']));
  }
});

describe('a version', () => {
  const changed = (): Instrument => {
    const form = structuredClone(seedOf('hai-long-5'));
    form.levels[0]!.word.vi = 'Rất vừa lòng';
    return form;
  };

  it('is made by a save, put in use where its base was, and never written again', async () => {
    expect((await told()).instrument).toMatchObject({ id: 'hai-long-5', version: 1 });
    await use({}, { id: 'hai-long-5', version: 2 });
    const before = await told();
    expect((await save(changed(), 2)).json()).toEqual({ id: 'hai-long-5', version: 3 });
    const now = await told();
    expect(now.instrument).toMatchObject({
      version: 3,
      levels: [{ word: { vi: 'Rất vừa lòng' } }, {}, {}, {}, {}],
    });
    expect(now.revision).toBeGreaterThan(before.revision);
    // The tab that was opened on the older one is told; nothing was written.
    expect((await save(changed(), 2)).json().code).toBe('request.conflict');
    expect((await save({ ...changed(), id: 'khac' }, 1)).json().code).toBe('request.not_found');
    const held = await admin.call('GET', '/api/v1/admin/instruments/hai-long-5/2');
    expect(held.json()).toEqual(seedOf('hai-long-5'));
    const { items } = (await admin.call('GET', '/api/v1/admin/instruments')).json();
    expect(
      items.map((each: { versions: { version: number }[] }) => each.versions.map(({ version }) => version)),
    ).toEqual([[1], [1], [3, 2, 1], [1]]);
    const { rows } = (await admin.call('GET', '/api/v1/admin/audit')).json();
    expect(rows.slice(0, 2)).toMatchObject([
      { action: 'instrument.used', object: 'instrument-use://' },
      { action: 'instrument.saved', object: 'instrument:hai-long-5' },
    ]);
  });

  it('betrays no level by the length of its words and hurries nobody', async () => {
    const unequal = changed();
    unequal.chips![0]!.chips[3]!.word.vi = 'Đúng hẹn';
    const refused = await save(unequal, 3);
    expect([refused.statusCode, refused.json().code]).toEqual([409, 'instrument.unequal']);
    expect(refused.json().where[0].path).toBe('4 (vi): 8–19');
    const hurried = await save({ ...changed(), closeAfterMs: 30_000 }, 3);
    expect(hurried.json()).toMatchObject({ code: 'request.invalid', where: [{ path: 'closeAfterMs' }] });
    const twice = changed();
    twice.chips![0]!.chips[3]!.key = twice.chips![1]!.chips[0]!.key;
    expect((await save(twice, 3)).json().code).toBe('request.invalid');
    expect((await told()).instrument.version).toBe(3);
  });
});

describe('where a form is asked', () => {
  it('is told to each counter as it stands there, the most exact by its kiosk', async () => {
    const [one, two] = seeded.counters;
    await use({ procedureCode: 'HT.01', stage: 'return' }, { id: 'tt01-2018', version: 1 });
    await use({ counterId: two }, { id: 'hai-long-3', version: 1 });
    expect((await use({ counterId: two }, { id: 'hai-long-3', version: 9 })).json().code).toBe(
      'reference.unknown',
    );
    const [here, there] = [await told(one), await told(two)];
    const form = { procedure: 'HT.01', stage: 'return', instrument: { id: 'tt01-2018', version: 1 } };
    expect(here).toMatchObject({ instrument: { id: 'hai-long-5' }, uses: [form] });
    expect(here.instruments).toMatchObject([{ id: 'tt01-2018', kind: 'form' }]);
    expect(there).toMatchObject({ instrument: { id: 'hai-long-3' }, uses: [form] });
    // A form with answers of its own is none that every kiosk knows.
    await use({}, { id: 'tt01-2018', version: 1 });
    expect(await told(one)).toMatchObject({
      instrument: { id: 'hai-long-5', version: 3 },
      uses: [{ procedure: null, stage: null, instrument: { id: 'tt01-2018' } }, form],
    });
    await use({}, { id: 'hai-long-5', version: 3 });
    await use({ counterId: two }, null);
    expect((await told(two)).instrument.id).toBe('hai-long-5');
  });
});

it('kiosks are told what the office offers, and by which cameras they are seen', async () => {
  const lastMonth = { month: '2026-10', received: 14, mended: 12 };
  const settings = {
    walkup: { minIntervalMs: 60_000 },
    lastMonth,
    languages: ['fr'],
    pinDays: 14,
    voices: false,
  };
  expect((await told()).walkup).toBeNull();
  expect((await admin.call('PUT', '/api/v1/admin/kiosk-settings', settings)).statusCode).toBe(200);
  expect((await admin.call('GET', '/api/v1/admin/kiosk-settings')).json()).toEqual(settings);
  expect(await told()).toMatchObject({
    ...{ walkup: settings.walkup, lastMonth, languages: [{ code: 'fr', approved: true }] },
    camera: { retentionDays: 30 },
  });
  expect((await told(seeded.counters[1])).camera).toBeNull();
});

it('only the kiosk window may be framed, by the administration alone, and reaches nothing', async () => {
  const policy = async (path: string) => (await admin.call('GET', path)).headers['content-security-policy'];
  const preview = await admin.call('GET', '/kiosk-preview/assets/none.js');
  expect(preview.headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN' });
  expect(preview.headers['content-security-policy']).toMatch(/connect-src 'none'.*frame-ancestors 'self'$/);
  expect(await policy('/admin')).toMatch(/frame-ancestors 'none'; frame-src 'self'$/);
  for (const path of ['/station', '/api/v1/admin/units', '/kiosk-preview'])
    expect(await policy(path)).toMatch(/frame-ancestors 'none'$/);
});

const heldReasons = async () => (await admin.call('GET', '/api/v1/admin/reasons')).json().reasons;

it('a reason is renamed, moved, switched off, and never removed', async () => {
  const reasons = await heldReasons();
  const put = async (list: object[]) =>
    admin.call('PUT', '/api/v1/admin/reasons', { base: await heldReasons(), reasons: list });
  expect((await put(reasons.slice(1))).json().code).toBe('request.conflict');
  const off = reasons.map((each: { key: string }) => ({ ...each, active: each.key !== 'bo_ve' }));
  expect((await put(off)).statusCode).toBe(200);
  const keys = async () => (await told()).reasons?.map(({ key }) => key);
  expect(await keys()).not.toContain('bo_ve');
  expect((await office.storage.directory.allReasons()).map(({ key }) => key)).toContain('bo_ve');
  await put([...off.slice(1), off[0]]);
  expect(await keys()).toHaveLength(reasons.length - 1);
});

it('two administrators who add a reason on the same list: the second is refused, the words of the first stay', async () => {
  const base = await heldReasons();
  const add = (vi: string) =>
    admin.call('PUT', '/api/v1/admin/reasons', {
      base,
      reasons: [...base, { key: 'ly_do_1', outcome: 'no_show', name: { vi, en: vi }, active: true }],
    });
  expect((await add('Bỏ về giữa chừng')).statusCode).toBe(200);
  expect((await add('Gọi nhầm số')).json().code).toBe('request.conflict');
  const now = await heldReasons();
  expect(now.find(({ key }: { key: string }) => key === 'ly_do_1').name.vi).toBe('Bỏ về giữa chừng');
  // The page goes on from what it was answered, where a new reason stands behind those of other outcomes.
  const answered = (
    await admin.call('PUT', '/api/v1/admin/reasons', { base: now, reasons: now.toReversed() })
  ).json();
  const next = await admin.call('PUT', '/api/v1/admin/reasons', { base: answered.reasons, reasons: now });
  expect(next.statusCode).toBe(200);
});
