/*
 * Purpose: what every storage of the hub's inbox must do, whatever the database. Each adapter's test calls this with
 * its own factory. See hub-server/DESIGN.md, "Inbox".
 */
import { randomUUID } from 'node:crypto';
import type { EffectiveRating } from '@hailong/shared/counter/effective-rating.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchOutcome, InboxPort } from '../../hub-server/src/application/ports/inbox.ts';
import { type Chain, newPlace, type Place, TestDevice, toHex } from '../support/test-device.ts';

export interface ContractHub {
  readonly inbox: InboxPort;
  /** As an operator would with a code. */
  enrol(device: TestDevice, counter: string): Promise<void>;
  revoke(device: TestDevice): Promise<void>;
  effective(transaction: string): Promise<Pick<EffectiveRating, 'overall' | 'route' | 'review'> | null>;
  votes(transaction: string): Promise<number>;
  /** An intent that waits, as written by an API. */
  ask(intent: { id: string; kind: string; counter: string; transaction: string }): Promise<void>;
  intent(id: string): Promise<{ state: string; code: string | null } | null>;
  /** Every projected row, in an order of its own, for comparison with a rebuild. */
  projections(): Promise<unknown>;
  close(): Promise<void>;
}

const NOW = Date.UTC(2026, 10, 23, 3, 0, 0);
type Recorded = Extract<BatchOutcome, { kind: 'recorded' }>;

export function inboxContract(open: () => Promise<ContractHub>): void {
  let hub: ContractHub;
  let device: TestDevice;
  let place: Place;
  let fence: number;

  async function enrol(target: TestDevice, counter: string): Promise<number> {
    await hub.enrol(target, counter);
    return greet(target);
  }
  async function greet(target: TestDevice): Promise<number> {
    const hello = await hub.inbox.hello({
      device: target.device,
      epochs: [],
      checkpoint: null,
      at: NOW,
    });
    return hello!.fence;
  }
  async function send(frame: Uint8Array): Promise<Recorded> {
    const result = await hub.inbox.recordBatch({
      device: device.device,
      fence,
      frame,
      receivedAt: NOW,
    });
    expect(result.kind).toBe('recorded');
    return result as Recorded;
  }
  async function rebuiltSame(): Promise<void> {
    await hub.inbox.project();
    const before = await hub.projections();
    await hub.inbox.rebuild();
    expect(await hub.projections()).toEqual(before);
  }

  beforeEach(async () => {
    hub = await open();
    device = new TestDevice();
    place = newPlace();
    fence = await enrol(device, place.counter);
  });
  afterEach(() => hub.close());

  describe('inbox', () => {
    test('stores a batch once: the same batch again, or a part of it, changes nothing', async () => {
      const chain = device.start(place);
      const transaction = device.serve(chain, place, { level: 4 });
      const first = await send(device.batch(chain));
      expect(first).toMatchObject({ stored: 7, duplicates: 0, exceptions: [], head: { seq: 7 } });
      await hub.inbox.project();
      const before = await hub.projections();
      expect(await send(device.batch(chain))).toMatchObject({ stored: 0, duplicates: 7, head: { seq: 7 } });
      expect(await send(device.batch(chain, 3, 5))).toMatchObject({
        stored: 0,
        duplicates: 3,
        head: { seq: 7 },
      });
      await hub.inbox.project();
      expect(await hub.projections()).toEqual(before);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 4, route: 'counter', review: false });
      expect(await hub.votes(transaction)).toBe(1);
    });

    test('takes an overlapping batch from where its head stands', async () => {
      const chain = device.start(place);
      device.serve(chain, place);
      await send(device.batch(chain, 1, 4));
      expect(await send(device.batch(chain, 2, 7))).toMatchObject({
        stored: 3,
        duplicates: 3,
        head: { seq: 7 },
      });
    });

    test('a branch goes on behind the head and is kept to its end', async () => {
      const chain = device.start(place);
      const branch: Chain = { epoch: chain.epoch, bytes: [...chain.bytes], hashes: [...chain.hashes] };
      device.serve(chain, place);
      await send(device.batch(chain));
      device.serve(branch, place);
      device.serve(branch, place);
      expect((await send(device.batch(branch, 1, 9))).exceptions).toHaveLength(8);
      const further = await send(device.batch(branch, 10));
      expect(further).toMatchObject({ alarm: 'forked', stored: 4, head: { seq: 7 } });
      expect(await hub.inbox.asideCount()).toBe(12);
    });

    test('names the last event of a branch that it keeps whole, and of none that it knows a part of', async () => {
      const chain = device.start(place);
      const branch: Chain = { epoch: chain.epoch, bytes: [...chain.bytes], hashes: [...chain.hashes] };
      device.serve(chain, place);
      await send(device.batch(chain));
      device.serve(branch, place);
      const named = async () => {
        const [have] = await hub.inbox.have({ device: device.device, epochs: [chain.epoch] });
        expect(have).toMatchObject({ seq: 7, hash: toHex(chain.hashes[6]!) });
        return have!.beside;
      };
      expect(await named()).toBeUndefined();
      await send(device.batch(branch, 5, 5));
      expect(await named()).toEqual([]);
      await send(device.batch(branch, 2, 4));
      expect(await named()).toEqual([{ seq: 5, hash: toHex(branch.hashes[4]!) }]);
      await send(device.batch(branch, 1, 7));
      expect(await named()).toEqual([{ seq: 7, hash: toHex(branch.hashes[6]!) }]);
    });

    test('a time that no calendar holds goes aside and the line goes on', async () => {
      const chain = device.start(place);
      const far = { type: 'transaction.finished', transaction: randomUUID(), intent: null } as const;
      const body = { ...far, outcome: 'completed', by: 'officer' } as Parameters<typeof device.append>[1];
      const held = device.at;
      device.at = Number.MAX_SAFE_INTEGER - 1_000;
      device.append(chain, body);
      device.at = held;
      device.serve(chain, place, { level: 4 });
      expect(await send(device.batch(chain))).toMatchObject({
        head: { seq: 8 },
        exceptions: [{ seq: 2, verdict: 'quarantined', code: 'event.invalid' }],
      });
      await rebuiltSame();
    });

    test('takes nothing behind a hole and names its head', async () => {
      const chain = device.start(place);
      device.serve(chain, place);
      await send(device.batch(chain, 1, 2));
      expect(await send(device.batch(chain, 4, 7))).toMatchObject({
        ...{ stored: 0, duplicates: 0, head: { seq: 2, hash: toHex(chain.hashes[1]!) } },
      });
    });

    test('keeps other bytes under a held number beside the chain, once, and raises the alarm', async () => {
      const chain = device.start(place);
      device.serve(chain, place, { level: 5 });
      await send(device.batch(chain));
      await hub.inbox.project();
      const before = await hub.projections();
      const clone: Chain = {
        epoch: chain.epoch,
        bytes: chain.bytes.slice(0, 3),
        hashes: chain.hashes.slice(0, 3),
      };
      device.serve(clone, place, { level: 1 });
      const forked = await send(device.batch(clone));
      expect(forked).toMatchObject({ alarm: 'forked', head: { seq: 7, hash: toHex(chain.hashes[6]!) } });
      expect(forked.exceptions.map((each) => each.seq)).toEqual([4, 5, 6, 7, 8, 9]);
      await hub.inbox.project();
      expect(await hub.projections()).toEqual(before);
      const again = await send(device.batch(clone));
      expect(again.stored).toBe(0);
      expect(await hub.inbox.asideCount()).toBe(6);
    });

    test('quarantines what it cannot read, keeps the bytes, and moves on', async () => {
      const chain = device.start(place);
      const deep = Buffer.from(`${'['.repeat(8_000)}${']'.repeat(8_000)}`);
      const poison = [
        Buffer.from('not json'),
        Buffer.from([0xff, 0xfe, 0x80]),
        deep,
        Buffer.alloc(60_000, 0x20),
        Buffer.from(JSON.stringify({ v: 99, seq: 1 })),
        Buffer.from(
          JSON.stringify({ v: 1, seq: 9, at: -1, mono: 'x', body: { type: 'rating.voted', level: 9 } }),
        ),
        Buffer.from(JSON.stringify({ v: 1, seq: 1, at: 1, mono: 1, body: { type: 'nothing.known' } })),
      ];
      let good = 1;
      for (const each of poison) {
        device.serve(chain, place);
        good += 6;
        device.appendBytes(chain, each);
      }
      device.serve(chain, place);
      good += 6;
      const result = await send(device.batch(chain));
      expect(result.head.seq).toBe(chain.bytes.length);
      expect(result.exceptions).toHaveLength(poison.length);
      expect(result.exceptions.map((each) => each.code)).toEqual([
        ...[
          'event.unreadable',
          'event.unreadable',
          'event.invalid',
          'event.unreadable',
          'event.future_version',
        ],
        ...['event.invalid', 'event.invalid'],
      ]);
      expect(result.stored - result.exceptions.length).toBe(good);
      const aside = await hub.inbox.aside({ limit: 10 });
      expect(aside.every((each) => each.detail !== null)).toBe(true);
      await rebuiltSame();
    });

    test('refuses a batch of an older connection and of a revoked device', async () => {
      const chain = device.start(place);
      const frame = device.batch(chain);
      const old = fence;
      fence = await greet(device);
      const input = { device: device.device, frame, receivedAt: NOW };
      expect(await hub.inbox.recordBatch({ ...input, fence: old })).toEqual({ kind: 'fenced' });
      await send(frame);
      await hub.revoke(device);
      expect(await hub.inbox.recordBatch({ ...input, fence })).toEqual({
        kind: 'refused',
        code: 'device.revoked',
      });
    });

    test('takes nothing of a frame whose hashes do not lead to its signed head', async () => {
      const chain = device.start(place);
      device.serve(chain, place);
      const frame = device.batch(chain);
      frame[frame.length - 3]! ^= 1;
      const result = await hub.inbox.recordBatch({
        device: device.device,
        fence,
        frame,
        receivedAt: NOW,
      });
      expect(result.kind).toBe('damaged');
      expect(await send(device.batch(chain))).toMatchObject({ stored: 7 });
    });

    test('raises the alarm when a new start names a parent behind what is held', async () => {
      const first = device.start(place);
      device.serve(first, place);
      await send(device.batch(first));
      const rewound = device.start(place, {
        epoch: first.epoch,
        bytes: first.bytes.slice(0, 3),
        hashes: first.hashes.slice(0, 3),
      });
      expect(await send(device.batch(rewound))).toMatchObject({ alarm: 'rewound', stored: 1 });
      const lawful = device.start(place, first);
      expect(await send(device.batch(lawful))).toMatchObject({ alarm: null });
    });

    test('raises the alarm when two starts go on from the same event, as a copied disk does', async () => {
      const first = device.start(place);
      device.serve(first, place);
      await send(device.batch(first));
      const own = device.start(place, first);
      expect(await send(device.batch(own))).toMatchObject({ alarm: null });
      expect(await send(device.batch(own))).toMatchObject({ alarm: null, duplicates: 1 });
      const copy = device.start(place, first);
      expect(await send(device.batch(copy))).toMatchObject({ alarm: 'rewound', stored: 1 });
      expect(await send(device.batch(device.start(place, own)))).toMatchObject({ alarm: null });
    });

    test('counts months by transaction.finished in Vietnam and rollups equal a rebuild', async () => {
      const chain = device.start(place);
      device.at = Date.UTC(2026, 10, 30, 16, 59, 50);
      device.serve(chain, place, { level: 2 });
      device.serve(chain, place, { level: null });
      for (let first = 1; first <= chain.bytes.length; first += 3)
        await send(device.batch(chain, first, Math.min(first + 2, chain.bytes.length)));
      await rebuiltSame();
    });
  });

  describe('intents', () => {
    test('a fact answers the intent it carries; a finish falls with its opening', async () => {
      const { counter } = place;
      const [opened, refused, finish] = [randomUUID(), randomUUID(), randomUUID()];
      const [transaction, fallen] = [randomUUID(), randomUUID()];
      await hub.ask({ id: opened, kind: 'transaction.open', counter, transaction });
      await hub.ask({ id: refused, kind: 'transaction.open', counter, transaction: fallen });
      await hub.ask({ id: finish, kind: 'transaction.finish', counter, transaction: fallen });
      const chain = device.start(place);
      device.serve(chain, place, { intent: opened, transaction });
      device.append(chain, { type: 'intent.refused', intent: refused, code: 'intent.no_duty' } as never);
      expect((await send(device.batch(chain))).counters).toEqual([place.counter]);
      expect(await hub.intent(opened)).toMatchObject({ state: 'accepted', code: null });
      expect(await hub.intent(refused)).toMatchObject({ state: 'refused', code: 'intent.no_duty' });
      expect(await hub.intent(finish)).toMatchObject({ state: 'refused', code: 'intent.open_fell' });
    });
  });
}
