/* Notices by the page: whole, in order, for all counters or those of units; two tabs do not overwrite each other; each change logged. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { counterConfig } from '../../../hub-server/src/application/kiosks/counter-screen.ts';
import { CounterScreens } from '../../../hub-server/src/application/kiosks/counter-screens.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { type Caller, type Office, openOffice } from './office.ts';

const PATH = '/api/v1/admin/notices';
const fresh = {
  ...{ id: null, vi: 'Nghỉ Tết', en: 'Closed for Tết' },
  from: '2027-02-12',
  to: '2027-02-20',
  units: null,
};
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

async function told() {
  const screens = new CounterScreens(office.storage.screens);
  const counterId = seeded.counters[0];
  return counterConfig(await screens.ofCounter({ counterId, withPins: false }))!.notices!;
}
type Held = { id: string; vi: string };
const list = async (): Promise<Held[]> => (await admin.call('GET', PATH)).json().notices;
const put = async (notices: object[], base?: string[]) =>
  admin.call('PUT', PATH, { base: base ?? (await list()).map(({ id }) => id), notices });
const rows = async () =>
  (await admin.call('GET', '/api/v1/admin/audit')).json().rows as {
    seq: number;
    action: string;
    object: string;
  }[];

it('is told to every counter, whole and in its order, with an id of the hub', async () => {
  expect(await told()).toEqual([]);
  const saved = await put([fresh, { ...fresh, vi: 'Chuyển quầy', en: null }]);
  expect(saved.statusCode).toBe(200);
  const [first, second] = await list();
  expect(await told()).toMatchObject([
    { id: first!.id, vi: 'Nghỉ Tết', en: 'Closed for Tết', from: '2027-02-12', to: '2027-02-20' },
    { id: second!.id, vi: 'Chuyển quầy', en: null },
  ]);
  await put([{ ...second }, { ...first }]);
  expect((await told()).map(({ vi }) => vi)).toEqual(['Chuyển quầy', 'Nghỉ Tết']);
  expect((await list()).map(({ id }) => id)).toEqual([second!.id, first!.id]);
});

it('goes to the counters of its units alone', async () => {
  const other = (await admin.call('POST', '/api/v1/admin/units', { code: 'XX', name: 'Đơn vị khác' })).json()
    .id as string;
  const [first, second] = await list();
  await put([
    { ...first, units: [other] },
    { ...second, units: [seeded.unitId] },
  ]);
  expect((await told()).map(({ vi }) => vi)).toEqual([second!.vi]);
  expect((await told())[0]).not.toHaveProperty('units');
});

it('logs what changed and nothing else; what is left out is removed', async () => {
  const held = await list();
  const before = (await rows())[0]?.seq;
  await put(held);
  expect((await rows())[0]?.seq).toBe(before);
  await put(held.slice(0, 1));
  expect((await rows())[0]).toMatchObject({ action: 'notice.removed', object: `notice:${held[1]!.id}` });
});

it('refuses a list that another tab changed, days that are none, too many words, a notice for nobody, an unknown unit', async () => {
  const held = await list();
  expect((await put(held, [])).json().code).toBe('request.conflict');
  for (const wrong of [
    { to: '2027-02-11' },
    { from: '2027-02-30', to: '2027-03-02' },
    { vi: '' },
    { vi: 'a\nb' },
    { vi: 'x'.repeat(121) },
    { units: [] },
  ])
    expect([(await put([{ ...fresh, ...wrong }])).json().code, wrong]).toEqual(['request.invalid', wrong]);
  const strange = { ...fresh, units: ['00000000-0000-7000-8000-000000000000'] };
  expect((await put([strange])).json().code).toBe('reference.unknown');
  expect(await list()).toEqual(held);
});
