/* The private route's doors: by code and by a ticket that a kiosk signed, guessing bounded, thanks as safe as the fact is. */
import { hash, randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestDevice } from '../../support/test-device.ts';
import { Caller, NOW, type Office, openOffice } from './office.ts';

let office: Office;
let phone: Caller;
const token = (): string => randomBytes(32).toString('base64url');

beforeEach(async () => {
  office = await openOffice();
  phone = new Caller(office.app);
});
afterEach(() => office.close());

async function code(number: number): Promise<string> {
  const made = office.admin.slipCodes.ofKiosk('k', number);
  const codes = [{ number, slip: made.slip }];
  await office.storage.ownChain.issueSlips({ device: 'k', codes, at: NOW });
  return made.code;
}
const votes = (body: Record<string, unknown>) =>
  phone.call('POST', '/api/v1/private/votes', {
    ...{ vote: randomUUID(), answers: [{ question: 'overall', level: 4 }], phone: token(), ...body },
  });

it('thanks in full only when the fact lies on a second medium', async () => {
  expect((await votes({ code: await code(1) })).json()).toEqual({ thanked: 'received' });
  office.admin.own.mirrorTo({ failed: false, follow: async (place) => place !== null && place.seq > 0 });
  const typed = (await code(2)).replace(/^(.{5})/, '$1 - ').toLowerCase();
  expect((await votes({ code: typed })).json()).toEqual({ thanked: 'full' });
});

it('takes a ticket that a kiosk signed, and no other', async () => {
  const device = new TestDevice();
  const { device: id, publicKey } = device;
  const codeHash = hash('sha256', 'x', 'hex');
  const counterId = (await office.seed()).counters[0] as never;
  await office.storage.access.issueEnrolCode({
    ...{ codeHash, kind: 'kiosk', counterId, expiresAt: NOW + 1_000 },
    audit: { at: NOW, actor: 't', action: 'enrol.code_issued', object: 'c', reason: null },
  });
  await office.storage.devices.enrol({ codeHash, device: id, publicKey, build: 't', at: NOW });
  const says = (change: Record<string, unknown> = {}): string =>
    JSON.stringify({
      ...{ v: 'hailong-vote-v1', device: id, rating: randomUUID(), transaction: randomUUID() },
      ...{ issuedAt: NOW, validMs: 60_000, ...change },
    });
  const ticket = (text: string, signed = text) => ({
    ...{ bytes: Buffer.from(text).toString('base64url'), sig: device.signText(signed) },
  });
  const good = says();
  const mine = token();
  const open = (given: object, by = mine) =>
    phone.call('POST', '/api/v1/private/open', { ticket: given, phone: by });
  expect((await open(ticket(good))).json()).toMatchObject({ inTime: true });
  expect((await open(ticket(good), token())).json()).toMatchObject({ code: 'private.other_phone' });
  for (const bad of [
    ticket(good, says()),
    ticket(says({ device: 'f'.repeat(64) })),
    ticket(says({ v: 'x' })),
  ])
    expect((await open(bad)).json()).toMatchObject({ code: 'private.ticket_invalid' });
  office.clock.at = NOW + 60_001;
  expect((await open(ticket(good))).json()).toMatchObject({ inTime: false });
  // A kiosk whose clock stands in 2020, or is a day ahead, gives as much time as one that is right.
  for (const issuedAt of [Date.UTC(2020, 0, 1), NOW + 86_400_000])
    expect((await open(ticket(says({ issuedAt })))).json()).toMatchObject({ inTime: true });

  const shown = (await open(ticket(says({ stage: 'refusal' })))).json();
  expect(shown).toMatchObject({ stage: 'refusal', voted: false, openedAt: null });
  expect(shown).toMatchObject({
    office: 'Bộ phận Một cửa phường Thử',
    counter: { number: '1', name: 'Hộ tịch' },
  });
  const receipt = async (given: object, by: string) =>
    (await phone.call('POST', '/api/v1/private/receipt', { ticket: given, phone: by })).json();
  expect(await receipt(ticket(good), mine)).toEqual({ state: 'none', month: null, at: null });
  expect(await receipt(ticket(good), token())).toMatchObject({ code: 'private.other_phone' });

  // What a citizen holds of a kiosk that was revoked is kept.
  await office.storage.devices.revoke({
    id,
    audit: { at: NOW, actor: 't', action: 'device.revoked', object: `device:${id}`, reason: null },
    at: NOW,
  });
  const kept = says();
  expect((await open(ticket(kept))).json()).toMatchObject({ inTime: false });
  expect((await votes({ ticket: ticket(kept), phone: mine })).statusCode).toBe(200);
});

it('keeps nobody with a ticket out because somebody guesses codes, and comes from any page', async () => {
  const anywhere = { origin: 'https://danhgia.example.vn' };
  for (let i = 0; i < 31; i++) await votes({ code: `00000${i}` });
  expect((await votes({ code: '0000099' })).statusCode).toBe(429);
  const bad = { ticket: { bytes: 'e30', sig: 'A'.repeat(86) }, phone: token() };
  const answer = await phone.call('POST', '/api/v1/private/open', bad, anywhere);
  expect(answer.json()).toMatchObject({ code: 'private.ticket_invalid' });
});

it('lets nobody guess, and costs the honest nothing', async () => {
  const right = await code(1);
  const by = token();
  for (let i = 0; i < 40; i++) expect((await votes({ code: right, phone: by })).statusCode).toBe(200);
  const answers: number[] = [];
  for (let i = 0; i < 31; i++) answers.push((await votes({ code: `00000${i}` })).statusCode);
  expect(answers.slice(0, 30)).toEqual(Array(30).fill(404));
  expect(answers[30]).toBe(429);
  expect((await votes({ code: right, phone: by })).statusCode).toBe(429);
});

it('refuses what is no vote', async () => {
  const right = await code(1);
  for (const body of [
    { code: right, answers: [] },
    { code: right, answers: [{ question: 'attitude', level: 3 }] },
    { code: right, answers: [{ question: 'overall', level: 9 }] },
    { code: right, answers: Array(2).fill({ question: 'overall', level: 3 }) },
    { code: right, phone: 'short' },
    { code: right, ticket: { bytes: 'a', sig: 'b' } },
    {},
  ])
    expect((await votes(body)).json()).toMatchObject({ code: 'request.invalid' });
});

it('counts by the caller whom a believed proxy names, and by nobody else’s word', async () => {
  const guess = (caller: Caller, from: string, i: number) =>
    caller.call(
      'POST',
      '/api/v1/private/votes',
      { vote: randomUUID(), answers: [{ question: 'overall', level: 4 }], phone: token(), code: `00000${i}` },
      { 'x-forwarded-for': from },
    );
  const last = async (caller: Caller) => {
    for (let i = 0; i < 31; i++) await guess(caller, '203.0.113.7', i);
    return [
      (await guess(caller, '203.0.113.7', 40)).statusCode,
      (await guess(caller, '203.0.113.8', 41)).statusCode,
    ];
  };
  expect(await last(phone)).toEqual([429, 429]);
  const behind = await openOffice({ proxies: ['127.0.0.0/8'] });
  try {
    expect(await last(new Caller(behind.app))).toEqual([429, 404]);
  } finally {
    await behind.close();
  }
});
