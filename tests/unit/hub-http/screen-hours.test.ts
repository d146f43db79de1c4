/* When screens are lit, by page and by command line: the counter's own before its unit's before the office's; told to each kiosk; logged. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { counterConfig } from '../../../hub-server/src/application/kiosks/counter-screen.ts';
import { CounterScreens } from '../../../hub-server/src/application/kiosks/counter-screens.ts';
import { operate } from '../../../hub-server/src/commands/operate.ts';
import type { HoursChange } from '../../../hub-server/src/commands/operate-screens.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { type Caller, type Office, openOffice } from './office.ts';

const PATH = '/api/v1/admin/screen-hours';
const week = { opensMin: 450, closesMin: 1_020, days: 31 };
const late = { opensMin: 600, closesMin: 1_440, days: 127 };
let office: Office;
let seeded: Awaited<ReturnType<Office['seed']>>;
let admin: Caller;
beforeAll(async () => {
  office = await openOffice();
  seeded = await office.seed();
  admin = await office.login('quantri');
  const first = { id: 'hai-long-5', version: 1 };
  await office.storage.instruments.seed({ instruments: SEED_INSTRUMENTS, first, at: 1_000 });
});
afterAll(() => office.close());

async function told(counter: number) {
  const screens = new CounterScreens(office.storage.screens);
  const screen = await screens.ofCounter({ counterId: seeded.counters[counter]!, withPins: false });
  return counterConfig(screen)!;
}
const put = (settings: object) => admin.call('PUT', PATH, settings);
const entries = async () =>
  (await admin.call('GET', '/api/v1/admin/audit')).json().rows as {
    seq: number;
    action: string;
    object: string;
  }[];

it('nothing is said until somebody says it', async () => {
  expect((await admin.call('GET', PATH)).json()).toEqual({ office: null, exceptions: [], closedDays: [] });
  expect((await told(0)).screenHours).toBeNull();
});

it('a counter’s hours come before its unit’s, those before the office’s; a holiday is told to all of them', async () => {
  const closedDays = [{ date: '2027-01-01', name: 'Tết Dương lịch' }];
  const [first] = seeded.counters;
  const settings = {
    ...{ office: week, closedDays },
    exceptions: [{ unitId: null, counterId: first, hours: late }],
  };
  const before = (await told(0)).revision;
  expect((await put(settings)).json()).toEqual(settings);
  const days = { closedDays: ['2027-01-01'] };
  expect((await told(0)).screenHours).toEqual({ ...late, ...days });
  expect((await told(1)).screenHours).toEqual({ ...week, ...days });
  expect((await told(0)).revision).toBeGreaterThan(before);
  const unit = { unitId: seeded.unitId, counterId: null, hours: null };
  await put({ ...settings, exceptions: [...settings.exceptions, unit] });
  expect((await told(0)).screenHours).toEqual({ ...late, ...days });
  expect((await told(1)).screenHours).toBeNull();
  expect(office.core.told.filter(({ verb }) => verb === 'directoryChanged').length).toBeGreaterThan(1);
});

it('each change is a row of the log, what stays the same is none', async () => {
  const held = (await admin.call('GET', PATH)).json();
  const before = (await entries())[0]?.seq;
  await put(held);
  expect((await entries())[0]?.seq).toBe(before);
  await put({ ...held, office: null, closedDays: [] });
  const last = (await entries()).slice(0, 2).map(({ action, object }) => `${action} ${object}`);
  expect(last.sort()).toEqual([
    'closed_day.removed closed-day:2027-01-01',
    'screen_hours.removed screen-hours:office',
  ]);
});

it('refuses hours that are none, a place or day twice, a day no calendar has, an unknown place', async () => {
  const none = { office: null, exceptions: [], closedDays: [] };
  const [first] = seeded.counters;
  const own = { unitId: null, counterId: first, hours: week };
  for (const wrong of [
    { office: { ...week, closesMin: 450 } },
    { office: { ...week, days: 0 } },
    { office: { ...week, closesMin: 1_441 } },
    { exceptions: [{ ...own, unitId: seeded.unitId }] },
    { exceptions: [{ ...own, counterId: null }] },
    { exceptions: [own, { ...own, hours: null }] },
    { closedDays: [{ date: '2027-02-30', name: '' }] },
    { closedDays: [1, 2].map(() => ({ date: '2027-01-01', name: '' })) },
  ]) {
    const answer = await put({ ...none, ...wrong });
    expect([answer.statusCode, answer.json().code, wrong]).toEqual([400, 'request.invalid', wrong]);
  }
  const strange = { ...own, counterId: '00000000-0000-7000-8000-000000000000' };
  expect((await put({ ...none, exceptions: [strange] })).json().code).toBe('reference.unknown');
});

it('the command line says and changes the same', async () => {
  const act = async (change: HoursChange) =>
    (await operate(office.admin, null, office.footage, { verb: 'screen-hours', change, by: 'An' }))[0];
  const office_ = { unit: null, counter: null };
  await put({ office: null, exceptions: [], closedDays: [] });
  await act({ what: 'set', ...office_, hours: week });
  await act({ what: 'set', unit: null, counter: '2', hours: null });
  await act({ what: 'close-day', date: '2027-01-01', name: 'Tết' });
  expect(await act({ what: 'show' })).toEqual({
    ...{ event: 'screen-hours', office: week, closedDays: [{ date: '2027-01-01', name: 'Tết' }] },
    exceptions: [{ unitId: null, counterId: seeded.counters[1], hours: null }],
  });
  await act({ what: 'clear', unit: null, counter: '2' });
  await act({ what: 'open-day', date: '2027-01-01' });
  await expect(act({ what: 'open-day', date: '2027-01-01' })).rejects.toMatchObject({
    code: 'reference.unknown',
  });
  await expect(act({ what: 'set', unit: 'XX', counter: null, hours: week })).rejects.toMatchObject({
    code: 'reference.unknown',
  });
  expect(await act({ what: 'clear', ...office_ })).toMatchObject({
    office: null,
    exceptions: [],
    closedDays: [],
  });
});
