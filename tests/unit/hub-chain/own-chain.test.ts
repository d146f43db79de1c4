/*
 * The hub's own chain on real SQLite: counters without a kiosk and handed over, decisions of two people, private votes.
 * Everything is asked through the ports that the programs use.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOwnChain, type OwnChain } from '../../../hub-server/src/application/own-chain/own-chain.ts';
import type { OwnPlace, PrivateAsk } from '../../../hub-server/src/application/ports/own-chain.ts';
import {
  createSlipCodes,
  type SlipCodes,
} from '../../../hub-server/src/application/private-route/slip-codes.ts';
import { supplySlips } from '../../../hub-server/src/application/private-route/supply-slips.ts';
import { newPlace, type Place, type TestDevice } from '../../support/test-device.ts';
import { NOW, type OpenLog, openLog } from '../hub-log/kit.ts';
import { sha256 } from '../log/keys.ts';

let hub: OpenLog;
let own: OwnChain;
let codes: SlipCodes;
let place: Place;
const PHONE = 'p'.repeat(43);

const start = (): OwnChain =>
  createOwnChain({
    ...{ device: 'd'.repeat(64), epoch: randomBytes(16).toString('hex'), build: 'test', slipCodes: codes },
    clock: { now: () => hub.clock.at as never, monotonic: () => hub.clock.at as never },
    secrets: { id: () => randomUUID() },
  });

beforeEach(async () => {
  hub = await openLog();
  codes = createSlipCodes(hub.hub, sha256);
  own = start();
  place = newPlace();
});
afterEach(() => hub.close());

/** Facts of the hub's chain in order, as their bytes say. */
async function facts(): Promise<EventBody[]> {
  const found = await hub.storage.ownChain.after({ device: own.device, heads: [], limit: 1_000 });
  return found.map(({ bytes }) => (JSON.parse(Buffer.from(bytes).toString()) as { body: EventBody }).body);
}
const types = async (): Promise<string[]> => (await facts()).map(({ type }) => type);

async function ask(intent: Record<string, unknown>) {
  const intentId = randomUUID();
  const result = await hub.storage.intents.create({
    intent: { intentId, counterId: place.counter, ...intent } as never,
    ...{ request: intentId, at: hub.clock.at, expiresAt: hub.clock.at + 60_000, own: own.fresh() },
  });
  if (!result.ok) return result.code;
  const row = await hub.storage.intents.get(intentId);
  return { ...result, state: row?.state, code: row?.code };
}
const login = () =>
  ask({
    ...{ kind: 'duty.start', duty: place.duty },
    profile: {
      id: place.officer,
      code: 'CB01',
      name: 'An',
      title: '',
      unitId: place.unit,
      unitName: 'U',
      photo: null,
    },
  });
const openFor = (transaction: string) =>
  ask({
    ...{ kind: 'transaction.open', transaction, officerCode: null, dossierCodes: [], procedure: null },
    ...{ stage: 'return', queueNumber: null },
  });
const finish = (transaction: string) =>
  ask({ kind: 'transaction.finish', transaction, outcome: 'completed' });

async function chainOf(device: TestDevice) {
  const chain = device.start(place);
  const hello = await hub.storage.inbox.hello({
    ...{ device: device.device, epochs: [chain.epoch], checkpoint: null, at: NOW },
  });
  const send = async (from = 1) => {
    const frame = device.batch(chain, from);
    const done = await hub.storage.inbox.recordBatch({
      ...{ device: device.device, fence: hello!.fence, frame, receivedAt: hub.clock.at, own: own.fresh() },
    });
    await hub.storage.inbox.project();
    return done;
  };
  return { chain, send };
}

describe('each start', () => {
  it('opens an epoch of its own that names the last fact before', async () => {
    await hub.storage.ownChain.begin(own.writer());
    const first = own.writer();
    const next = start();
    await hub.storage.ownChain.begin(next.writer());
    expect(await facts()).toMatchObject([
      { type: 'hub.started', device: own.device, epoch: first.epoch, parent: null },
      { type: 'hub.started', epoch: next.writer().epoch, parent: { epoch: first.epoch, seq: 1 } },
    ]);
  });
});

describe('a counter without a kiosk', () => {
  it('is served by the hub at once; its rating waits for a phone', async () => {
    expect(await login()).toMatchObject({ state: 'accepted' });
    const transaction = randomUUID();
    expect(await openFor(transaction)).toMatchObject({ state: 'accepted' });
    expect(await openFor(randomUUID())).toMatchObject({ state: 'refused', code: 'intent.busy' });
    const done = await finish(transaction);
    expect(done).toMatchObject({ state: 'accepted', own: { rating: expect.any(String) } });
    expect(await types()).toEqual([
      ...['hub.started', 'counter.handed_over', 'duty.started', 'transaction.opened', 'transaction.finished'],
      'rating.opened',
    ]);
    await hub.storage.inbox.project();
    const view = await hub.storage.views.transaction({ id: transaction, now: Date.now() });
    expect(view).toMatchObject({ state: 'closed' });

    // The code that was told is the one its rating carries.
    const rating = typeof done === 'object' && done.own?.rating;
    const { code } = codes.ofRating(String(rating));
    const vote = await voted({ via: 'slip', slip: codes.slipOf(code) }, 2);
    expect(vote).toMatchObject({ ok: true });
    await hub.storage.inbox.project();
    expect(await hub.storage.views.ratings(transaction)).toMatchObject({ effective: { overall: 2 } });
  });

  it('goes over to a kiosk when one is enrolled and accepts, with nothing left open', async () => {
    await login();
    const transaction = randomUUID();
    await openFor(transaction);
    const device = await hub.enrolled(place.counter);
    const handover = await hub.storage.ownChain.holdOf(place.counter);
    // Until it accepts the hub goes on.
    expect(await openFor(randomUUID())).toMatchObject({ state: 'refused', code: 'intent.busy' });
    const { chain, send } = await chainOf(device);
    expect(await send()).toMatchObject({ takenBack: false });
    device.append(chain, { type: 'handover.accepted', handover } as EventBody);
    expect(await send(2)).toMatchObject({ kind: 'recorded', takenBack: true });
    expect((await types()).slice(-3)).toEqual(['transaction.finished', 'rating.opened', 'duty.ended']);
    expect(await hub.storage.ownChain.holdOf(place.counter)).toBeNull();
    // Now it waits for the kiosk again, and the same acceptance does nothing twice.
    expect(await openFor(randomUUID())).toMatchObject({ state: 'pending' });
    const before = (await types()).length;
    await send(2);
    expect((await types()).length).toBe(before);
  });
});

describe('a broken kiosk', () => {
  it('loses what waited for it, and its counter, once', async () => {
    await hub.enrolled(place.counter);
    const waiting = await openFor(randomUUID());
    expect(waiting).toMatchObject({ state: 'pending' });
    const act = { counterId: place.counter, reason: 'màn hình vỡ', by: 'An' };
    const taken = await hub.storage.ownChain.handOver({ fresh: own.fresh(), ...act });
    expect(taken).toMatchObject({ device: expect.any(String) });
    expect(await hub.storage.ownChain.handOver({ fresh: own.fresh(), ...act })).toBeNull();
    expect(await hub.storage.intents.sendable({ counterId: place.counter, at: NOW })).toMatchObject({
      pending: [],
    });
    expect(await login()).toMatchObject({ state: 'accepted' });
    expect(hub.rows().map(({ action }) => action)).toContain('counter.handed_over');
  });
});

describe('two people', () => {
  it('decide about a suspended epoch, and their word is a fact', async () => {
    const device = await hub.enrolled(place.counter);
    const { chain, send } = await chainOf(device);
    await send();
    // A second start from nothing: a copy of the disk.
    const twin = device.start(place);
    const hello = await hub.storage.inbox.hello({
      ...{ device: device.device, epochs: [twin.epoch], checkpoint: null, at: NOW },
    });
    await hub.storage.inbox.recordBatch({
      ...{
        device: device.device,
        fence: hello!.fence,
        frame: device.batch(twin),
        receivedAt: NOW,
        own: null,
      },
    });
    expect(await hub.storage.inbox.standing(device.device)).toMatchObject({ standing: 'suspended' });
    const decide = (epoch: string, by: readonly string[]) =>
      hub.storage.ownChain.decide({
        ...{ writer: own.writer(), device: device.device, epoch, counted: true, reason: 'đổi ổ đĩa', by },
      });
    const suspended = [chain.epoch, twin.epoch];
    await expect(decide(suspended[0]!, ['An', 'an '])).rejects.toMatchObject({ code: 'access.two_people' });
    expect(await decide('0'.repeat(32), ['An', 'Bình'])).toBeNull();
    for (const epoch of suspended) await decide(epoch, ['An', 'Bình']);
    expect(await hub.storage.inbox.standing(device.device)).toMatchObject({ standing: 'serving' });
    expect((await facts()).at(-1)).toMatchObject({
      type: 'chain.decided',
      by: ['An', 'Bình'],
      counted: true,
    });
  });
});

const asked = (route: unknown, phone = PHONE, validMs: number | null = null): PrivateAsk => ({
  ...{ route: route as PrivateAsk['route'], phone, validMs, at: hub.clock.at },
  ...{ revoked: false, said: { stage: null, instrument: null } },
});
const voted = (
  route: unknown,
  level: number,
  phone = PHONE,
  vote: string = randomUUID(),
  validMs: number | null = null,
  more: Partial<Pick<PrivateAsk, 'revoked' | 'said'>> & { readonly chips?: readonly string[] } = {},
) =>
  hub.storage.ownChain.votePrivate({
    ...{ ...asked(route, phone, validMs), writer: own.writer(), vote, chips: null, ...more },
    answers: [{ question: 'overall', level }] as never,
  });

describe('the private route', () => {
  it('counts the first vote of the phone that opened it, and answers later ones the same', async () => {
    const device = await hub.enrolled(place.counter);
    const { chain, send } = await chainOf(device);
    const transaction = device.serve(chain, place, { level: null });
    await send();
    const rating = (await hub.storage.views.ratings(transaction))!;
    expect(rating.effective).toBeNull();
    const route = { via: 'ticket', device: device.device, rating: randomUUID(), transaction };
    expect(await hub.storage.ownChain.openPrivate(asked(route))).toMatchObject({
      ok: true,
      inTime: true,
      instrument: expect.stringContaining('hai-long-5'),
    });
    const other = { ok: false, code: 'private.other_phone' };
    expect(await voted(route, 1, 'q'.repeat(43))).toEqual(other);
    const vote = randomUUID();
    const first = await voted(route, 2, PHONE, vote);
    // The same vote sent again is the same fact; another one is a fact of its own that does not count.
    expect(await voted(route, 2, PHONE, vote)).toEqual(first);
    const later = await voted(route, 5);
    expect(later).toMatchObject({ ok: true });
    await hub.storage.inbox.project();
    expect(await hub.storage.views.ratings(transaction)).toMatchObject({
      effective: { route: 'private', overall: 2 },
    });
    for (let i = 0; i < 20; i++) await voted(route, 5);
    expect((await types()).filter((type) => type === 'private.voted')).toHaveLength(5);
    expect(JSON.stringify(await facts())).not.toContain(PHONE);
  });

  it('keeps a vote by code until the kiosk that is offline says whose it is', async () => {
    const device = await hub.enrolled(place.counter);
    const { chain, send } = await chainOf(device);
    const told = await supplySlips(
      { ownChain: hub.storage.ownChain, slipCodes: codes, clock: hub.clock },
      device.device,
      true,
    );
    expect(new Set(told).size).toBe(150);
    expect(told.every((code) => /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code))).toBe(true);
    expect(hub.raw((db) => JSON.stringify(db.prepare('SELECT * FROM slip_code').all()))).not.toContain(
      told[0],
    );
    const slip = codes.slipOf(told[0]!);
    expect(await voted({ via: 'slip', slip: codes.slipOf('0000000000') }, 3)).toEqual({
      ...{ ok: false, code: 'private.code_unknown' },
    });
    expect(await voted({ via: 'slip', slip }, 3)).toMatchObject({ ok: true });

    const transaction = randomUUID();
    const who = {
      ...{ duty: place.duty, officer: place.officer, officerCode: 'CB01', unit: place.unit },
      ...{ counter: place.counter, procedure: null, stage: 'return', dossierCodes: [] },
    };
    for (const body of [
      { type: 'transaction.opened', transaction, intent: null, ...who, queueNumber: null },
      { type: 'transaction.finished', transaction, intent: null, outcome: 'completed', by: 'officer' },
      {
        ...{ type: 'rating.opened', rating: randomUUID(), transaction, ...who, slip, openedBy: 'officer' },
        ...{ instrument: { id: 'hai-long-5', version: 1 }, closeAfterMs: 0, prompt: false },
      },
    ])
      device.append(chain, body as unknown as EventBody);
    await send();
    expect(await hub.storage.views.ratings(transaction)).toMatchObject({ effective: { overall: 3 } });
    // That one is used; the others are told again on another line.
    const again = await supplySlips(
      { ownChain: hub.storage.ownChain, slipCodes: codes, clock: hub.clock },
      device.device,
      true,
    );
    expect(again).toEqual(told.slice(1));
    // To another start of the agent none of them is: its medium may have forgotten on whose paper one stands.
    await chainOf(device);
    const fresh = await supplySlips(
      { ownChain: hub.storage.ownChain, slipCodes: codes, clock: hub.clock },
      device.device,
      true,
    );
    expect(fresh).toHaveLength(150);
    expect(fresh.filter((code) => told.includes(code))).toEqual([]);
    // Whose paper carries one votes by it all the same.
    expect(await voted({ via: 'slip', slip: codes.slipOf(told[5]!) }, 4)).toMatchObject({ ok: true });
  });

  it('says once, by its own clock, that a vote came too late; it is kept and does not count', async () => {
    const device = await hub.enrolled(place.counter);
    const { chain, send } = await chainOf(device);
    const transaction = device.serve(chain, place, { level: null });
    await send();
    const route = { via: 'ticket', device: device.device, rating: randomUUID(), transaction };
    await hub.storage.ownChain.openPrivate(asked(route, PHONE, 59_999));
    hub.clock.at += 60_000;
    expect(await voted(route, 1, PHONE, randomUUID(), 59_999)).toMatchObject({ ok: true });
    await hub.storage.inbox.project();
    expect((await facts()).at(-1)).toMatchObject({ type: 'private.voted', inTime: false });
    expect((await hub.storage.views.ratings(transaction))!.effective).toBeNull();
  });
});

describe('what a second medium gives back', () => {
  it('extends the chain, and what followed from it follows again', async () => {
    const slip = codes.ofKiosk('k', 1).slip;
    await hub.storage.ownChain.issueSlips({ device: 'k', codes: [{ number: 1, slip }], at: NOW });
    await hub.storage.ownChain.begin(own.writer());
    await voted({ via: 'slip', slip }, 4);
    await login();
    const all = await hub.storage.ownChain.after({ device: own.device, heads: [], limit: 100 });

    const lost = await openLog(hub.hub);
    try {
      const { epoch, prev } = all[0]!;
      const back = (from: number, to: number) =>
        lost.storage.ownChain.takeBack({
          ...{ device: own.device, epoch, firstSeq: all[from]!.seq, prev: all[from]!.prev, at: NOW },
          since: null,
          events: all.slice(from, to).map(({ bytes }) => bytes),
        });
      expect(await back(0, 2)).toBe(2);
      expect(await back(0, all.length)).toBe(all.length - 2);
      expect(await back(0, all.length)).toBe(0);
      expect(prev).toHaveLength(32);
      const heads: OwnPlace[] = [{ epoch, seq: all.length }];
      expect(await lost.storage.ownChain.after({ device: own.device, heads, limit: 10 })).toEqual([]);
      expect(await lost.storage.ownChain.holdOf(place.counter)).not.toBeNull();
      // The phone is still the one that voted.
      expect(
        await lost.storage.ownChain.openPrivate(asked({ via: 'slip', slip }, 'q'.repeat(43))),
      ).toMatchObject({ ok: false });
    } finally {
      await lost.close();
    }
  });
});
