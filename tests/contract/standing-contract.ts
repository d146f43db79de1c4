/*
 * Purpose: times, standing, private votes and what may not be said, whatever the storage. Called like inbox-contract.ts.
 * See hub-server/DESIGN.md, "Times", "Standing" and "Quarantine".
 */
import { hash, randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { Instrument } from '@hailong/shared/model/instrument.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchOutcome } from '../../hub-server/src/application/ports/inbox.ts';
import { type Chain, newPlace, type Place, TestDevice } from '../support/test-device.ts';
import type { ContractHub } from './inbox-contract.ts';

export interface StandingHub extends ContractHub {
  /** Facts of the hub's own chain. */
  own(at: number, bodies: readonly EventBody[]): Promise<void>;
  transaction(
    id: string,
  ): Promise<{ finishedAt: number; bound: number | null; provisional: boolean; month: string } | null>;
  /** Sums of the rollup over everything. */
  sums(): Promise<{ served: number; prompted: number; rated: number; marked: number }>;
  /** Counts by form, as `kind question answer`, without those that went back to nothing. */
  answers(): Promise<Readonly<Record<string, number>>>;
  /** The hub holds this version of a form. */
  hold(form: Instrument): Promise<void>;
  gaps(): Promise<readonly { from: number; to: number }[]>;
  /** Lets out what is good by now. */
  judgeAgain(): Promise<number>;
}

const NOW = Date.UTC(2026, 10, 23, 3, 0, 0);
const MINUTE = 60_000;
type Recorded = Extract<BatchOutcome, { kind: 'recorded' }>;

export function standingContract(open: () => Promise<StandingHub>): void {
  let hub: StandingHub;
  let device: TestDevice;
  let place: Place;
  let fence: number;

  async function greet(target = device, epochs: readonly string[] = []): Promise<number> {
    return (await hub.inbox.hello({ device: target.device, epochs, checkpoint: null, at: NOW }))!.fence;
  }
  async function send(frame: Uint8Array, target = device, line = fence): Promise<Recorded> {
    const result = await hub.inbox.recordBatch({
      ...{ device: target.device, fence: line, frame, receivedAt: NOW },
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
  const decided = (epoch: string, counted: boolean, at = NOW) =>
    hub.own(at, [
      {
        ...{ type: 'chain.decided', device: device.device, epoch, counted, reason: 'checked' },
        by: ['An', 'Bình'],
      } as EventBody,
    ]);
  const cut = (chain: Chain, length: number): Chain => ({
    ...chain,
    bytes: chain.bytes.slice(0, length),
    hashes: chain.hashes.slice(0, length),
  });
  const kinds = async (transaction: string) =>
    (await hub.inbox.review({ month: null, after: null, limit: 100 }))
      .filter((each) => each.transaction === transaction)
      .map((each) => each.kind)
      .sort();
  const rated = async () => (await hub.sums()).rated;

  beforeEach(async () => {
    hub = await open();
    device = new TestDevice();
    place = newPlace();
    await hub.enrol(device, place.counter);
    fence = await greet();
  });
  afterEach(() => hub.close());

  describe('times', () => {
    test('a claim stands until the first anchor of its boot; then facts move to their month', async () => {
      device.at = Date.UTC(2000, 0, 1);
      const chain = device.start(place);
      const transaction = device.serve(chain, place, { level: 3 });
      await send(device.batch(chain));
      expect(await hub.transaction(transaction)).toMatchObject({
        month: '2000-01',
        provisional: true,
        bound: null,
      });
      const finishedMono = JSON.parse(Buffer.from(chain.bytes[2]!).toString()).mono;
      const hubAt = Date.UTC(2026, 9, 31, 17, 0, 2);
      device.anchor(chain, hubAt, 40);
      await send(device.batch(chain, 8));
      const held = await hub.transaction(transaction);
      expect(held).toEqual({
        ...{ finishedAt: hubAt + 20 + finishedMono - device.mono, month: '2026-10' },
        ...{ bound: 21, provisional: false },
      });
      expect(await rated()).toBe(1);
      expect(await kinds(transaction)).toEqual([]);
      await rebuiltSame();
    });

    test('an anchor that comes late moves also what is kept beside a chain', async () => {
      const first = device.start(place);
      device.anchor(first, NOW, 40);
      const beside = cut(first, 2);
      device.serve(first, place);
      await send(device.batch(first));
      const end = device.mono;
      device.mono += 60_000;
      const transaction = device.serve(beside, place, { dossier: randomUUID() });
      await send(device.batch(beside, 3));
      await decided(first.epoch, true);
      const before = await hub.transaction(transaction);
      device.mono = end;
      const next = device.start(place, first);
      device.anchor(next, NOW + 3_600_000, 40);
      await send(device.batch(next));
      const after = await hub.transaction(transaction);
      expect(after!.finishedAt).toBeGreaterThan(before!.finishedAt + 3_500_000);
      await rebuiltSame();
    });

    test('a bound that reaches over the month’s edge goes to review', async () => {
      const chain = device.start(place);
      device.anchor(chain, Date.UTC(2026, 9, 31, 16, 0, 0), 40);
      device.mono += 3_600_000 - 2_000 - 100;
      const transaction = device.serve(chain, place);
      await send(device.batch(chain));
      expect(await hub.transaction(transaction)).toMatchObject({ month: '2026-10', bound: 380 });
      expect(await kinds(transaction)).toEqual(['month_edge']);
    });

    test('epochs of one boot share its anchors; another boot lies between its neighbours', async () => {
      const first = device.start(place);
      const offline = device.serve(first, place, { level: 4 });
      const second = device.start(place, first);
      device.anchor(second, NOW, 0);
      const [end] = [device.mono];
      device.bootId = 'boot-2';
      device.mono = 10;
      device.at = Date.UTC(2000, 0, 1);
      const third = device.start(place, second);
      const lost = device.serve(third, place, { level: 2 });
      await send(device.batch(third));
      expect((await hub.transaction(lost))?.month).toBe('2000-01');
      await send(device.batch(first));
      await send(device.batch(second));
      const mono = JSON.parse(Buffer.from(first.bytes[2]!).toString()).mono;
      expect(await hub.transaction(offline)).toMatchObject({
        finishedAt: NOW + mono - end,
        provisional: false,
      });
      expect(await hub.transaction(lost)).toMatchObject({ finishedAt: NOW, provisional: true });
      device.bootId = 'boot-3';
      device.at = Date.UTC(2030, 0, 1);
      device.mono = 500;
      const fourth = device.start(place, third);
      const late = device.serve(fourth, place, { level: 5 });
      device.bootId = 'boot-4';
      device.mono = 500;
      const fifth = device.start(place, fourth);
      device.anchor(fifth, NOW + MINUTE, 0);
      await send(device.batch(fourth));
      expect(await hub.transaction(late)).toMatchObject({ finishedAt: Date.UTC(2030, 0, 1) + 3_000 });
      await send(device.batch(fifth));
      expect(await hub.transaction(late)).toMatchObject({
        finishedAt: NOW + MINUTE - 1_000,
        provisional: true,
      });
      await rebuiltSame();
    });
  });

  describe('standing', () => {
    test('a start from behind what is held is suspended with all that goes on from it, until it is decided', async () => {
      const first = device.start(place);
      device.serve(first, place);
      await send(device.batch(first));
      const behind = device.start(place, cut(first, 3));
      device.serve(behind, place);
      const after = device.start(place, behind);
      device.serve(after, place);
      expect(await send(device.batch(behind))).toMatchObject({ alarm: 'rewound', standing: 'suspended' });
      await send(device.batch(after));
      expect((await hub.inbox.standing(device.device))?.standing).toBe('suspended');
      expect(await rated()).toBe(1);
      await decided(behind.epoch, true);
      expect((await hub.inbox.standing(device.device))?.standing).toBe('serving');
      expect(await rated()).toBe(3);
      await rebuiltSame();
      await decided(behind.epoch, false, NOW + 1);
      expect(await rated()).toBe(1);
      // What goes on from a rejected one needs a decision of its own.
      expect((await hub.inbox.standing(device.device))?.standing).toBe('suspended');
      await rebuiltSame();
    });

    test('the parent that grows behind its child suspends the child, whichever came first', async () => {
      const first = device.start(place);
      const early = cut(first, 1);
      device.serve(first, place);
      const child = device.start(place, early);
      device.serve(child, place);
      await send(device.batch(first, 1, 1));
      expect(await send(device.batch(child))).toMatchObject({ alarm: null });
      expect(await rated()).toBe(1);
      expect(await send(device.batch(first))).toMatchObject({ alarm: 'rewound', standing: 'suspended' });
      expect(await rated()).toBe(1);
      await decided(child.epoch, true);
      expect(await rated()).toBe(2);
      await rebuiltSame();
    });

    test('a loss that the kiosk tells of suspends its epoch; a fork counts only when it is decided', async () => {
      const first = device.start(place);
      const branch: Chain = { ...first, bytes: [...first.bytes], hashes: [...first.hashes] };
      device.serve(first, place);
      device.serve(branch, place);
      await send(device.batch(first));
      expect(await send(device.batch(branch))).toMatchObject({ alarm: 'forked', standing: 'suspended' });
      expect(await rated()).toBe(1);
      await decided(first.epoch, true);
      expect(await rated()).toBe(2);
      await rebuiltSame();
      const next = device.start(place, first);
      device.append(next, {
        ...{ type: 'loss.detected', epoch: first.epoch, seq: 99, hash: 'ab'.repeat(32), held: null },
      } as EventBody);
      device.serve(next, place);
      expect(await send(device.batch(next))).toMatchObject({ alarm: 'lost', standing: 'suspended' });
      expect(await rated()).toBe(2);
      await rebuiltSame();
    });

    test('a newer kiosk of the counter supersedes the older one, whose facts still count', async () => {
      const newer = new TestDevice();
      await hub.enrol(newer, place.counter);
      expect((await hub.inbox.standing(device.device))?.standing).toBe('superseded');
      expect((await hub.inbox.standing(newer.device))?.standing).toBe('serving');
      const chain = device.start(place);
      device.serve(chain, place);
      await send(device.batch(chain));
      expect(await rated()).toBe(1);
    });

    test('events after what was deleted as safe are taken, and the gap is listed', async () => {
      const chain = device.start(place);
      device.serve(chain, place);
      device.serve(chain, place);
      await send(device.batch(chain, 1, 2));
      expect(await send(device.batch(chain, 8, 13))).toMatchObject({ stored: 0, head: { seq: 2 } });
      const behind = device.batch(chain, 8, 13, { afterFloor: true });
      expect(await send(behind)).toMatchObject({ stored: 6, alarm: 'gap', head: { seq: 13 } });
      expect(await send(behind)).toMatchObject({ stored: 0, duplicates: 6 });
      expect(await hub.gaps()).toEqual([{ from: 3, to: 7 }]);
      expect(await rated()).toBe(1);
      await rebuiltSame();
    });

    test('what a kiosk states and cannot send any more is listed once, suspends nothing, and goes when it comes after all', async () => {
      const pruned = device.start(place);
      device.serve(pruned, place);
      const chain = device.start(place, pruned);
      device.serve(chain, place);
      await send(device.batch(chain, 1, 2));
      const lost = [
        { epoch: chain.epoch, from: 6, to: 7 },
        { epoch: pruned.epoch, from: 1, to: 7 },
      ];
      const stated = {
        device: device.device,
        epochs: [chain.epoch, pruned.epoch],
        checkpoint: null,
        at: NOW,
      };
      const hello = async () => (await hub.inbox.hello({ ...stated, lost }))!;
      ({ fence } = await hello());
      const have = (await hello()).have.map(({ seq }) => seq);
      ({ fence } = await hello());
      expect(have).toEqual([2, 0]);
      await hub.inbox.lost({ device: device.device, lost, at: NOW });
      const gaps = async () => [...(await hub.gaps())].sort((a, b) => a.from - b.from);
      const listed = [
        { from: 1, to: 7 },
        { from: 6, to: 7 },
      ];
      expect(await gaps()).toEqual(listed);
      // What it can still send, damage in the middle included; it went on from an epoch that is nowhere.
      expect(await send(device.batch(chain, 3, 3))).toMatchObject({ stored: 1, alarm: null });
      expect(await send(device.batch(chain, 5, 5, { afterFloor: true }))).toMatchObject({ alarm: 'gap' });
      expect(await gaps()).toEqual([listed[0], { from: 4, to: 4 }, listed[1]]);
      expect((await hub.inbox.standing(device.device))?.standing).toBe('serving');
      expect(await rated()).toBe(0);
      // It went on behind the damage: the list says the same, and nothing is told twice.
      device.serve(chain, place);
      const behind = await send(device.batch(chain, 8, 13, { afterFloor: true }));
      expect(behind).toMatchObject({ stored: 6, alarm: null, head: { seq: 13 } });
      expect(await gaps()).toEqual([listed[0], { from: 4, to: 4 }, listed[1]]);
      expect(await rated()).toBe(1);
      await rebuiltSame();
      // They turn up: in order behind the head, within a gap, and a part of a tail.
      await send(device.batch(chain));
      expect(await gaps()).toEqual([{ from: 1, to: 7 }]);
      await send(device.batch(pruned, 1, 3));
      expect(await gaps()).toEqual([{ from: 4, to: 7 }]);
      await send(device.batch(pruned));
      expect(await gaps()).toEqual([]);
      expect(await rated()).toBe(3);
      await hello();
      expect(await gaps()).toEqual([]);
      await rebuiltSame();
    });

    test('events of a listed gap that turn up fill it where their hashes lead on, from its end', async () => {
      const chain = device.start(place);
      const first = device.serve(chain, place);
      device.serve(chain, place);
      await send(device.batch(chain, 1, 2));
      await send(device.batch(chain, 8, 13, { afterFloor: true }));
      // Another line under these numbers is a fork, and what cannot be told yet lies aside like one.
      const other = cut(chain, 2);
      device.serve(other, place);
      expect(await send(device.batch(other, 3, 6))).toMatchObject({ stored: 4, alarm: 'forked' });
      expect(await hub.gaps()).toEqual([{ from: 3, to: 7 }]);
      expect(await send(device.batch(chain, 3, 5))).toMatchObject({ stored: 3, alarm: 'forked' });
      expect(await rated()).toBe(1);
      // The end of the gap proves all before it, also what lies aside.
      expect(await send(device.batch(chain, 6, 8))).toMatchObject({
        stored: 5,
        exceptions: [],
        head: { seq: 13 },
      });
      expect(await hub.gaps()).toEqual([]);
      expect(await rated()).toBe(2);
      expect(await hub.transaction(first)).not.toBeNull();
      expect(await send(device.batch(chain))).toMatchObject({ stored: 0, duplicates: 13 });
      await rebuiltSame();
    });

    test('a gap is filled by whoever sends everything again; nothing is left of it', async () => {
      const chain = device.start(place);
      device.serve(chain, place);
      device.serve(chain, place);
      await send(device.batch(chain, 1, 2));
      await send(device.batch(chain, 8, 10, { afterFloor: true }));
      await send(device.batch(chain, 12, 13, { afterFloor: true }));
      expect(await hub.gaps()).toEqual([
        { from: 3, to: 7 },
        { from: 11, to: 11 },
      ]);
      const again = await send(device.batch(chain));
      expect(again).toMatchObject({ stored: 6, duplicates: 7, alarm: null, standing: 'serving' });
      expect(await hub.gaps()).toEqual([]);
      expect(await rated()).toBe(2);
      // The beginning of a chain too, and a part of a gap that reaches its end.
      const late = device.start(place, chain);
      device.serve(late, place);
      await send(device.batch(late, 5, 7, { afterFloor: true }));
      await send(device.batch(late, 3, 4));
      expect(await hub.gaps()).toEqual([{ from: 1, to: 2 }]);
      await send(device.batch(late, 1, 2));
      expect(await hub.gaps()).toEqual([]);
      expect(await rated()).toBe(3);
      await rebuiltSame();
    });

    test('a hand-over of the counter stands until its kiosk accepts it', async () => {
      const handover = randomUUID();
      const counter = place.counter;
      await hub.own(NOW, [
        {
          type: 'counter.handed_over',
          handover,
          counter,
          device: device.device,
          reason: 'r',
          by: 'An',
        } as never,
      ]);
      const hello = await hub.inbox.hello({ device: device.device, epochs: [], checkpoint: null, at: NOW });
      expect(hello).toMatchObject({ handover, standing: 'serving' });
      const chain = device.start(place);
      device.append(chain, { type: 'handover.accepted', handover } as EventBody);
      await send(device.batch(chain), device, hello!.fence);
      const again = await hub.inbox.hello({ device: device.device, epochs: [], checkpoint: null, at: NOW });
      expect(again).toMatchObject({ handover: null });
    });
  });

  describe('what a chain may say', () => {
    test('facts of a counter it was never enrolled at wait in quarantine until it is', async () => {
      const other = newPlace();
      const chain = device.start(place);
      device.serve(chain, other, { level: 2 });
      device.serve(chain, place);
      const result = await send(device.batch(chain));
      expect(result.exceptions).toEqual([
        { seq: 2, verdict: 'quarantined', code: 'event.foreign_counter' },
        { seq: 4, verdict: 'quarantined', code: 'event.foreign_counter' },
      ]);
      expect(await rated()).toBe(1);
      await rebuiltSame();
      await hub.enrol(device, other.counter);
      expect(await rated()).toBe(2);
      expect(await hub.inbox.asideCount()).toBe(0);
      await rebuiltSame();
    });

    test('a kiosk may not state what is the hub’s to say', async () => {
      const chain = device.start(place);
      device.append(chain, {
        ...{ type: 'chain.decided', device: device.device, epoch: chain.epoch, counted: true, reason: 'r' },
        by: ['a', 'b'],
      } as EventBody);
      expect((await send(device.batch(chain))).exceptions).toEqual([
        { seq: 2, verdict: 'quarantined', code: 'event.wrong_writer' },
      ]);
      expect(await hub.judgeAgain()).toBe(0);
      await expect(
        hub.own(NOW, [{ type: 'press.stray', rating: null } as unknown as EventBody]),
      ).rejects.toThrow();
    });
  });

  describe('private votes', () => {
    const vote = (route: unknown, level: number, phone = 'p'): EventBody =>
      ({
        ...{ type: 'private.voted', vote: randomUUID(), route, inTime: true },
        ...{ answers: [{ question: 'overall', level }], phone: hash('sha256', phone, 'hex') },
      }) as EventBody;

    test('the first counts; where both routes voted the lower one, and the pair goes to review', async () => {
      const chain = device.start(place);
      const transaction = device.serve(chain, place, { level: 4 });
      const rating = JSON.parse(Buffer.from(chain.bytes[3]!).toString()).body.rating;
      const route = { via: 'ticket', device: device.device, rating, transaction };
      await hub.own(NOW, [vote(route, 2), vote(route, 5)]);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 2, route: 'private', review: false });
      expect(await rated()).toBe(0);
      await send(device.batch(chain));
      expect(await hub.effective(transaction)).toMatchObject({ overall: 2, route: 'private', review: true });
      expect(await hub.sums()).toMatchObject({ served: 1, rated: 1, prompted: 1 });
      expect(await kinds(transaction)).toEqual(['both_routes', 'provisional']);
      await rebuiltSame();
    });

    test('a typed code finds its rating, whichever came first; a mark is void when anybody voted', async () => {
      const [slip, transaction] = [hash('sha256', 'code', 'hex'), randomUUID()];
      const chain = device.start(place);
      const bodies = device.bodiesOf(place, { level: null, transaction });
      const silent = bodies
        .slice(0, 3)
        .map((body) =>
          body.type === 'transaction.finished'
            ? { ...body, outcome: 'no_show' }
            : body.type === 'rating.opened'
              ? { ...body, prompt: false, slip }
              : body,
        ) as EventBody[];
      await hub.own(NOW, [vote({ via: 'slip', slip }, 1)]);
      for (const body of silent.slice(0, 2)) device.append(chain, body);
      await send(device.batch(chain));
      expect(await hub.sums()).toEqual({ served: 1, prompted: 0, rated: 0, marked: 1 });
      device.append(chain, silent[2]!);
      await send(device.batch(chain, 4));
      expect(await hub.sums()).toEqual({ served: 1, prompted: 0, rated: 1, marked: 0 });
      expect(await hub.effective(transaction)).toMatchObject({ overall: 1, route: 'private' });
      await rebuiltSame();
    });

    /** A start, and a transaction whose rating carries that code. */
    const withCode = (slip: string, parent: Chain | null = null) => {
      const chain = device.start(place, parent);
      const bodies = device.bodiesOf(place, { level: 5, dossier: randomUUID() });
      for (const body of bodies)
        device.append(chain, body.type === 'rating.opened' ? ({ ...body, slip } as EventBody) : body);
      return { chain, transaction: (bodies[0] as { transaction: string }).transaction };
    };

    test('by a code on two papers it counts for neither, whether or not both of their chains count', async () => {
      const slip = hash('sha256', 'code', 'hex');
      const first = withCode(slip);
      const clone = withCode(slip, cut(first.chain, 1));
      await send(device.batch(first.chain));
      await hub.own(NOW, [vote({ via: 'slip', slip }, 1)]);
      expect(await hub.effective(first.transaction)).toMatchObject({ overall: 1, route: 'private' });
      await send(device.batch(clone.chain));
      const both = async () => [
        (await hub.effective(first.transaction))?.overall ?? null,
        (await hub.effective(clone.transaction))?.overall ?? null,
      ];
      expect(await both()).toEqual([5, null]);
      expect(await kinds(first.transaction)).toContain('same_code');
      await decided(clone.chain.epoch, true);
      expect(await both()).toEqual([5, 5]);
      await decided(first.chain.epoch, false, NOW + 1);
      expect(await both()).toEqual([null, 5]);
      await rebuiltSame();
    });

    test('by a code whose rating is kept beside a chain it waits, also once that counts', async () => {
      const slip = hash('sha256', 'code', 'hex');
      const main = device.start(place);
      const { chain, transaction } = withCode(slip);
      const beside = cut(main, 1);
      for (const bytes of chain.bytes.slice(1)) {
        const { body } = JSON.parse(Buffer.from(bytes).toString()) as { body: EventBody };
        device.append(beside, body);
      }
      device.serve(main, place, { dossier: randomUUID() });
      await send(device.batch(main));
      await hub.own(NOW, [vote({ via: 'slip', slip }, 1)]);
      await send(device.batch(beside, 2));
      await decided(main.epoch, true);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 5, route: 'counter' });
      expect(await kinds(transaction)).toContain('same_code');
      await rebuiltSame();
    });

    test('by a code it counts no more when the chain of its rating does not', async () => {
      const slip = hash('sha256', 'code', 'hex');
      const { chain, transaction } = withCode(slip);
      await send(device.batch(chain));
      await hub.own(NOW, [vote({ via: 'slip', slip }, 1)]);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 1 });
      await decided(chain.epoch, false);
      expect(await hub.effective(transaction)).toBeNull();
      await decided(chain.epoch, true, NOW + 1);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 1, route: 'private', review: true });
      await rebuiltSame();
    });
  });

  test('the same dossier served twice at once counts one rating', async () => {
    const chain = device.start(place);
    const [a, b] = [device.bodiesOf(place, { level: 5 }), device.bodiesOf(place, { level: 1 })];
    for (let i = 0; i < a.length; i++) for (const body of [a[i]!, b[i]!]) device.append(chain, body);
    device.serve(chain, place, { level: 2 });
    await send(device.batch(chain));
    expect(await hub.sums()).toMatchObject({ served: 3, rated: 2 });
    const second = (b[0] as { transaction: string }).transaction;
    expect(await kinds(second)).toEqual(['provisional', 'same_dossier']);
    await rebuiltSame();
  });
}
