/** The review list over HTTP on a real database: who may see it, every page once, months, and places nobody was given. */
import { randomUUID } from 'node:crypto';
import type { ReviewAnswer } from '@hailong/shared/protocol/http.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newPlace, TestDevice } from '../../support/test-device.ts';
import { type Office, openOffice } from './office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  const { counters } = await office.seed();
  const { devices, inbox } = office.storage as unknown as {
    devices: { readmit(input: object): Promise<null> };
    inbox: {
      hello(input: object): Promise<{ fence: number }>;
      recordBatch(input: object): Promise<unknown>;
      project(): Promise<null>;
    };
  };
  const [device, place] = [new TestDevice(), { ...newPlace(), counter: counters[0] }];
  const { publicKey, at } = device;
  await devices.readmit({ device: device.device, publicKey, counterId: counters[0], serial: 1, at });
  const { fence } = await inbox.hello({ device: device.device, epochs: [], checkpoint: null, at });
  // Two months that rest on a claim, and one whose bound reaches over the edge of a month.
  device.at = Date.UTC(2026, 7, 5);
  const claimed = device.start(place);
  for (let i = 0; i < 5; i++) device.serve(claimed, place, { dossier: randomUUID() });
  device.at = Date.UTC(2026, 9, 5);
  for (let i = 0; i < 2; i++) device.serve(claimed, place, { dossier: randomUUID() });
  Object.assign(device, { bootId: 'boot-2', mono: 500 });
  const edge = device.start(place, claimed);
  device.anchor(edge, Date.UTC(2026, 9, 31, 16, 0, 0), 40);
  device.mono += 3_600_000 - 2_000 - 100;
  device.serve(edge, place);
  for (const chain of [claimed, edge])
    await inbox.recordBatch({
      ...{ device: device.device, fence, frame: device.batch(chain), receivedAt: at },
    });
  await inbox.project();
}, 60_000);
afterAll(() => office.close());

it('shows every item once, page by page, to verifiers and the head', async () => {
  for (const user of ['thanhtra', 'truong']) {
    const caller = await office.login(user);
    const ask = async (query: string): Promise<ReviewAnswer> =>
      (await caller.call('GET', `/api/v1/review${query}`)).json();
    const whole = await ask('');
    expect(whole.next).toBeNull();
    const kinds = whole.items.map(({ kind, month }) => `${kind} ${month}`);
    expect(kinds.filter((each) => each.startsWith('provisional'))).toHaveLength(7);
    expect(kinds.at(-1)).toBe('month_edge 2026-10');
    for (const limit of [1, 3, 7, 8]) {
      const paged: ReviewAnswer['items'] = [];
      let after = '';
      for (let pages = 0; pages < 20; pages++) {
        const page = await ask(`?limit=${limit}${after}`);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        paged.push(...page.items);
        if (page.next === null) break;
        after = `&after=${page.next}`;
      }
      expect(paged).toEqual(whole.items);
    }
    const ofMonth = await ask('?month=2026-10');
    expect(ofMonth.items).toEqual(whole.items.filter(({ month }) => month === '2026-10'));
    expect(ofMonth.items.length).toBeLessThan(whole.items.length);
  }
});

it('refuses a place it did not give, and strange months and sizes', async () => {
  const caller = await office.login('thanhtra');
  const places = [
    'x',
    '%00',
    Buffer.from('["none",null,"x"]').toString('base64url'),
    'W10',
    '[]',
    'a'.repeat(201),
  ];
  for (const query of [...places.map((each) => `after=${each}`), 'limit=0', 'limit=101', 'month=2026-13']) {
    const answer = await caller.call('GET', `/api/v1/review?${query}`);
    expect([query, answer.statusCode, answer.json().code]).toEqual([query, 400, 'request.invalid']);
  }
});
