/*
 * Purpose: a rating's ticket and its code are one way for a phone, what the phone is told depends on no level, and time runs by
 * the hub's clock, whatever the kiosk's said. On real SQLite files.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { signedAnchor } from '@hailong/shared/edge/hello.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import { PRIVATE_VALID_MS } from '@hailong/shared/protocol/private.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createOwnChain, type OwnChain } from '../../../hub-server/src/application/own-chain/own-chain.ts';
import type { PrivateAsk } from '../../../hub-server/src/application/ports/own-chain.ts';
import { createSlipCodes } from '../../../hub-server/src/application/private-route/slip-codes.ts';
import { DEFAULT_INSTRUMENT } from '../../../hub-server/src/domain/ratings/default-instrument.ts';
import { SEED_INSTRUMENTS } from '../../../hub-server/src/domain/ratings/seed-instruments.ts';
import { newPlace, type Place, type TestDevice } from '../../support/test-device.ts';
import { NOW, type OpenLog, openLog } from '../hub-log/kit.ts';
import { sha256 } from '../log/keys.ts';

const [LAN, NAM] = ['p'.repeat(43), 'q'.repeat(43)];
let hub: OpenLog;
let own: OwnChain;
let place: Place;
let device: TestDevice;
/** What the kiosk has not sent yet. */
let chain: ReturnType<TestDevice['start']>;

beforeEach(async () => {
  hub = await openLog();
  own = createOwnChain({
    ...{ device: 'd'.repeat(64), epoch: randomBytes(16).toString('hex'), build: 'test' },
    slipCodes: createSlipCodes(hub.hub, sha256),
    clock: { now: () => hub.clock.at as never, monotonic: () => hub.clock.at as never },
    secrets: { id: () => randomUUID() },
  });
  place = newPlace();
  device = await hub.enrolled(place.counter);
  chain = device.start(place);
});
afterEach(() => hub.close());

/** A finished service whose rating carries a code; stated, not sent. */
async function served(more: { anchored?: boolean; stageAsked?: string; level?: number } = {}) {
  const [rating, transaction, slip] = [randomUUID(), randomUUID(), randomBytes(32).toString('hex')];
  await hub.storage.ownChain.issueSlips({
    ...{ device: device.device, codes: [{ number: randomBytes(2).readUInt16BE(), slip }], at: NOW },
  });
  if (more.anchored !== false) {
    const nonce = randomBytes(16).toString('base64url');
    const sig = hub.hub.sign(signedAnchor(device.device, nonce, hub.clock.at));
    const anchor = { type: 'time.anchor', hubAt: hub.clock.at, rttMs: 40, nonce, sig };
    device.append(chain, anchor as unknown as EventBody);
  }
  const bodies = device.bodiesOf(place, { transaction, level: (more.level ?? null) as never });
  const old = (bodies.find((body) => body.type === 'rating.opened') as { rating: string }).rating;
  const named = JSON.parse(JSON.stringify(bodies).replaceAll(old, rating)) as EventBody[];
  for (const body of named)
    device.append(
      chain,
      body.type === 'rating.opened'
        ? ({ ...body, slip, ...(more.stageAsked ? { stageAsked: more.stageAsked } : {}) } as EventBody)
        : body,
    );
  const route = { via: 'ticket', device: device.device, rating, transaction } as PrivateAsk['route'];
  return { ticket: route, slip: { via: 'slip', slip } as PrivateAsk['route'], transaction, rating };
}
async function send(): Promise<void> {
  const hello = await hub.storage.inbox.hello({
    ...{ device: device.device, epochs: [chain.epoch], checkpoint: null, at: hub.clock.at },
  });
  const from = (hello?.have[0]?.seq ?? 0) + 1;
  await hub.storage.inbox.recordBatch({
    ...{ device: device.device, fence: hello!.fence, frame: device.batch(chain, from), own: own.fresh() },
    receivedAt: hub.clock.at,
  });
  await hub.storage.inbox.project();
}

type More = Partial<Pick<PrivateAsk, 'revoked' | 'said' | 'validMs'>>;
const ask = (route: PrivateAsk['route'], phone: string, more: More = {}): PrivateAsk => ({
  ...{ route, phone, at: hub.clock.at, validMs: route.via === 'slip' ? null : PRIVATE_VALID_MS },
  ...{ revoked: false, said: { stage: null, instrument: null }, ...more },
});
const opens = (route: PrivateAsk['route'], phone: string, more?: More) =>
  hub.storage.ownChain.openPrivate(ask(route, phone, more));
async function votes(
  route: PrivateAsk['route'],
  phone: string,
  level = 4,
  more: More & { readonly chips?: readonly string[] } = {},
) {
  const { chips = null, ...rest } = more;
  const done = await hub.storage.ownChain.votePrivate({
    ...{ ...ask(route, phone, rest), writer: own.writer(), vote: randomUUID(), chips },
    answers: [{ question: 'overall', level: level as never }],
  });
  await hub.storage.inbox.project();
  return done;
}
const receipt = (route: PrivateAsk['route'], phone: string) =>
  hub.storage.ownChain.receiptPrivate(ask(route, phone));
const OTHER = { ok: false, code: 'private.other_phone' };
const kinds = async (transaction: string) =>
  (await hub.storage.inbox.review({ month: null, after: null, limit: 100 }))
    .filter((item) => item.transaction === transaction)
    .map(({ kind }) => kind);

it('makes ticket and code of one rating one way, as soon as the kiosk has said so', async () => {
  const { ticket, slip, transaction } = await served();
  expect(await opens(ticket, LAN)).toMatchObject({ ok: true, inTime: true, openedAt: null });
  await send();
  expect(await opens(slip, NAM)).toEqual(OTHER);
  expect(await votes(slip, NAM)).toEqual(OTHER);
  expect(await receipt(slip, NAM)).toEqual(OTHER);
  expect(await votes(slip, LAN, 2)).toMatchObject({ ok: true });
  expect(await opens(ticket, LAN)).toMatchObject({ voted: true });
  expect(await receipt(ticket, LAN)).toEqual(await receipt(slip, LAN));
  expect(await kinds(transaction)).toEqual([]);
});

it('lets both in before that: the first vote counts, and a person looks at it', async () => {
  const { ticket, slip, transaction } = await served();
  // Behind the opening, which the kiosk states some seconds after its anchor.
  hub.clock.at += 60_000;
  expect(await votes(slip, NAM, 5)).toMatchObject({ ok: true });
  hub.clock.at += 1;
  expect(await votes(ticket, LAN, 1)).toMatchObject({ ok: true });
  await send();
  expect(await hub.storage.views.ratings(transaction)).toMatchObject({ effective: { overall: 5 } });
  expect(await kinds(transaction)).toContain('two_phones');
  // Each still reads what became of its own vote; the way is the first one's.
  expect(await receipt(ticket, LAN)).toMatchObject({ state: 'counted' });
  expect(await votes(ticket, LAN)).toEqual(OTHER);
});

it('says the same of every level, until and after it counts', async () => {
  const said = new Map<string, string[]>();
  for (const level of [1, 2, 3, 4, 5])
    for (const tapped of [undefined, 3]) {
      const { ticket } = await served(tapped === undefined ? {} : { level: tapped });
      const told: unknown[] = [await opens(ticket, LAN), await receipt(ticket, LAN)];
      told.push((await votes(ticket, LAN, level)).ok, await opens(ticket, LAN), await receipt(ticket, LAN));
      await send();
      told.push(await opens(ticket, LAN), await receipt(ticket, LAN));
      said.set(
        `${level} ${tapped}`,
        told.map((each) => JSON.stringify(each)),
      );
    }
  const [first, ...rest] = [...said.values()].map((told) =>
    told.map((text) => text.replace(/"openedAt":\d+/, '"openedAt":0')),
  );
  for (const told of rest) expect(told).toEqual(first);
  expect(first![1]).toBe('{"ok":true,"state":"none","month":null,"at":null}');
  expect(first![4]).toBe(`{"ok":true,"state":"received","month":null,"at":${NOW}}`);
  expect(first![6]).toBe(`{"ok":true,"state":"counted","month":"2026-11","at":${NOW}}`);
});

it('judges nothing by the clock of the kiosk: time runs from the opening, else from when a phone came first', async () => {
  const [anchored, adrift] = [await served(), await served()];
  expect(await opens(adrift.ticket, LAN, { validMs: 60_000 })).toMatchObject({ inTime: true });
  hub.clock.at += 60_000;
  expect(await opens(adrift.ticket, LAN, { validMs: 60_000 })).toMatchObject({ inTime: true });
  hub.clock.at += 1;
  expect(await opens(adrift.ticket, LAN, { validMs: 60_000 })).toMatchObject({ inTime: false });
  // Its opening has come, anchored a minute ago: whoever comes first now is late.
  await send();
  expect(await opens(anchored.ticket, LAN, { validMs: 30_000 })).toMatchObject({ inTime: false });
  expect(await opens(anchored.ticket, LAN)).toMatchObject({ inTime: true, openedAt: expect.any(Number) });
});

it('promises no hour by a clock that nobody knows, and counts all the same', async () => {
  const { ticket } = await served({ anchored: false });
  await send();
  expect(await votes(ticket, LAN)).toMatchObject({ ok: true });
  expect(await opens(ticket, LAN)).toMatchObject({ inTime: true, openedAt: null });
  expect(await receipt(ticket, LAN)).toMatchObject({ state: 'counted', month: null });
});

it('keeps a vote by a ticket of a revoked kiosk, uncounted', async () => {
  const { ticket, transaction } = await served();
  await send();
  expect(await opens(ticket, LAN, { revoked: true })).toMatchObject({ ok: true, inTime: false });
  expect(await votes(ticket, LAN, 1, { revoked: true })).toMatchObject({ ok: true });
  expect(await receipt(ticket, LAN)).toMatchObject({ state: 'late' });
  expect((await hub.storage.views.ratings(transaction))!.effective).toBeNull();
});

it('takes no kiosk’s word about another kiosk’s rating', async () => {
  const { ticket } = await served();
  await send();
  const other = await hub.enrolled(newPlace().counter);
  const forged = { ...ticket, device: other.device } as PrivateAsk['route'];
  expect(await opens(forged, NAM)).toEqual({ ok: false, code: 'private.ticket_invalid' });
});

it('asks what the chain says was asked, else what the ticket says', async () => {
  const { ticket } = await served({ stageAsked: 'refusal' });
  const said = { stage: 'reception' as const, instrument: { id: DEFAULT_INSTRUMENT.id, version: 1 } };
  expect(await opens(ticket, LAN)).toMatchObject({ stage: null });
  expect(await opens(ticket, LAN, { said })).toMatchObject({ stage: 'reception' });
  await send();
  expect(await opens(ticket, LAN, { said })).toMatchObject({
    stage: 'refusal',
    instrument: expect.stringContaining(DEFAULT_INSTRUMENT.id),
  });
});

it('takes chips of the answer’s own set', async () => {
  const chips = (of: string) =>
    Array.from({ length: 8 }, (_, i) => ({ key: `${of}0000${i}`, word: { vi: 'x', en: 'x' } }));
  const form: Instrument = {
    ...{ ...DEFAULT_INSTRUMENT, version: 2 },
    chips: [
      { levels: [1, 2, 3], chips: chips('l') },
      { levels: [4, 5], chips: chips('h') },
    ],
  };
  hub.raw((db) =>
    db
      .prepare('INSERT INTO instrument (id, version, content, since) VALUES (?,?,?,?)')
      .run(form.id, form.version, JSON.stringify(form), NOW),
  );
  const said = { stage: null, instrument: { id: form.id, version: 2 } };
  const { ticket } = await served();
  const refused = { ok: false, code: 'private.chips_unknown' };
  expect(await votes(ticket, LAN, 5, { said, chips: ['l00000'] })).toEqual(refused);
  expect(await votes(ticket, LAN, 5, { said, chips: ['h00000', 'h00007'] })).toMatchObject({ ok: true });
  const stated = await hub.storage.ownChain.after({ device: own.device, heads: [], limit: 10 });
  expect(Buffer.from(stated.at(-1)!.bytes).toString()).toContain('"chips":["h00000","h00007"]');
});

it('takes a form by its own answers alone, and a tap with its overall answer alone', async () => {
  const form = SEED_INSTRUMENTS.find(({ kind }) => kind === 'form')!;
  hub.raw((db) =>
    db
      .prepare('INSERT INTO instrument (id, version, content, since) VALUES (?,?,?,?)')
      .run(form.id, form.version, JSON.stringify(form), 0),
  );
  const answered = async (of: Instrument, question: string, level: number) => {
    const { ticket } = await served();
    const said = { stage: null, instrument: { id: of.id, version: of.version } };
    const done = await hub.storage.ownChain.votePrivate({
      ...{ ...ask(ticket, LAN, { said }), writer: own.writer(), vote: randomUUID(), chips: null },
      answers: [{ question, level: level as never }],
    });
    return done.ok || done.code;
  };
  expect(await answered(form, 'tieu_chi_1', 3)).toBe(true);
  for (const [question, level] of [
    ['overall', 5],
    ['tieu_chi_1', 2],
    ['attitude', 5],
  ] as const)
    expect(await answered(form, question, level)).toBe('request.invalid');
  expect(await answered(DEFAULT_INSTRUMENT, 'overall', 2)).toBe(true);
  expect(await answered(DEFAULT_INSTRUMENT, 'attitude', 2)).toBe('request.invalid');
});
