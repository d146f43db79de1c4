/*
 * Purpose: what the hub makes of chips, of votes taken to the phone, of walk-ups, pauses and locks, whatever the storage:
 * all are kept and judged, and no figure moves by them. Called like inbox-contract.ts.
 * See shared/PROTOCOL.md, "Events", and hub-server/DESIGN.md, "Projections".
 */
import { randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchOutcome } from '../../hub-server/src/application/ports/inbox.ts';
import { type Chain, newPlace, type Place, service, TestDevice } from '../support/test-device.ts';
import type { StandingHub } from './standing-contract.ts';

const NOW = Date.UTC(2026, 10, 23, 3, 0, 0);
type Recorded = Extract<BatchOutcome, { kind: 'recorded' }>;

/** A walk-up at this counter, from its opening to its close. */
export const walkup = (counter: string, level = 1, rating = randomUUID()): EventBody[] =>
  [
    {
      ...{ type: 'walkup.opened', rating, counter, instrument: { id: 'hai-long-5', version: 1 } },
      closeAfterMs: 30_000,
    },
    { type: 'question.asked', rating, question: 'overall', attempt: 1, askTicket: 9, hwid: null },
    {
      ...{ type: 'walkup.voted', vote: randomUUID(), rating, question: 'overall', attempt: 1 },
      ...{ askTicket: 9, level, source: { via: 'touch', press: randomUUID() } },
    },
    { type: 'walkup.closed', rating, reason: 'timed', drained: true },
  ] as EventBody[];

/** What one service says of its rating, to be put between its vote and its close. */
const ratingOf = (bodies: readonly EventBody[]) => {
  const vote = bodies.find((body) => body.type === 'rating.voted')!;
  const { rating, transaction } = vote;
  return {
    chips: (n: number, chips: readonly string[]): EventBody =>
      ({
        ...{ type: 'chips.chosen', rating, transaction, overallVote: vote.vote, askTicket: 8, n, chips },
        press: randomUUID(),
      }) as EventBody,
    wentPrivate: { type: 'rating.went_private', rating, transaction, drained: true } as EventBody,
    closed: { type: 'rating.closed', rating, transaction, reason: 'private', drained: true } as EventBody,
  };
};

export function counterFactsContract(open: () => Promise<StandingHub>): void {
  let hub: StandingHub;
  let device: TestDevice;
  let place: Place;
  let fence: number;
  let chain: Chain;
  let sent: number;

  /** Behind what was sent before, in one chain. */
  async function sendAll(bodies: readonly EventBody[]): Promise<Recorded> {
    for (const body of bodies) device.append(chain, body);
    const frame = device.batch(chain, sent + 1);
    sent = chain.bytes.length;
    const result = await hub.inbox.recordBatch({ device: device.device, fence, frame, receivedAt: NOW });
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
    await hub.enrol(device, place.counter);
    fence = (await hub.inbox.hello({ device: device.device, epochs: [], checkpoint: null, at: NOW }))!.fence;
    chain = device.start(place);
    sent = 0;
  });
  afterEach(() => hub.close());

  describe('facts of a counter that count in no figure', () => {
    test('a walk-up is kept and enters nobody’s figures', async () => {
      const bodies = service(place, { level: 4 });
      await sendAll(bodies);
      await hub.inbox.project();
      const [before, sums] = [await hub.projections(), await hub.sums()];
      expect((await sendAll(walkup(place.counter))).exceptions).toEqual([]);
      await hub.inbox.project();
      expect(await hub.projections()).toEqual(before);
      expect(await hub.sums()).toEqual(sums);
      await rebuiltSame();
    });

    test('a walk-up at a counter where its kiosk was never enrolled waits in quarantine until it is', async () => {
      const elsewhere = newPlace();
      expect((await sendAll(walkup(elsewhere.counter))).exceptions).toEqual([
        { seq: chain.bytes.length - 3, verdict: 'quarantined', code: 'event.foreign_counter' },
      ]);
      await rebuiltSame();
      await hub.enrol(device, elsewhere.counter);
      expect(await hub.inbox.asideCount()).toBe(0);
      await rebuiltSame();
    });

    test('chips of a rating that nobody knows wait for it, and change no rating then', async () => {
      const bodies = service(place, { level: 2 });
      const { transaction } = bodies[0] as { transaction: string };
      const { chips } = ratingOf(bodies);
      const first = await sendAll([chips(1, ['cho001']), chips(2, ['cho001', 'tre002']), chips(3, [])]);
      expect(first.exceptions).toEqual([]);
      expect(await hub.effective(transaction)).toBeNull();
      expect(await hub.sums()).toMatchObject({ served: 0, rated: 0 });
      await rebuiltSame();
      expect((await sendAll(bodies)).exceptions).toEqual([]);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 2, route: 'counter', review: false });
      expect(await hub.votes(transaction)).toBe(1);
      expect(await hub.sums()).toMatchObject({ served: 1, prompted: 1, rated: 1 });
      await rebuiltSame();
    });

    test('taken to the phone twice, and answered before: both facts are kept and the vote stays', async () => {
      const bodies = service(place, { level: 3 });
      const { transaction } = bodies[0] as { transaction: string };
      const { wentPrivate, closed } = ratingOf(bodies);
      const result = await sendAll([...bodies.slice(0, -1), wentPrivate, wentPrivate, closed]);
      expect(result).toMatchObject({ exceptions: [], stored: 9 });
      expect(await hub.effective(transaction)).toMatchObject({ overall: 3, route: 'counter' });
      expect(await hub.sums()).toMatchObject({ served: 1, prompted: 1, rated: 1 });
      expect(await hub.inbox.asideCount()).toBe(0);
      await rebuiltSame();
    });

    test('both routes are as they were when the phone votes lower', async () => {
      const bodies = service(place, { level: 5 });
      const { transaction, rating } = bodies.find((body) => body.type === 'rating.voted')!;
      const { wentPrivate, closed, chips } = ratingOf(bodies);
      await sendAll([...bodies.slice(0, -1), chips(1, ['nhanh3']), wentPrivate, closed]);
      await hub.own(NOW, [
        {
          ...{ type: 'private.voted', vote: randomUUID(), answers: [{ question: 'overall', level: 2 }] },
          route: { via: 'ticket', device: device.device, rating, transaction },
          ...{ phone: 'ab'.repeat(32), inTime: true, chips: ['cho001'] },
        } as EventBody,
      ]);
      expect(await hub.effective(transaction)).toMatchObject({ overall: 2, route: 'private', review: true });
      await rebuiltSame();
    });

    test('a pause answers the intent it carries, and the duty goes on', async () => {
      const { counter, duty, officer, unit } = place;
      const [pause, resume] = [randomUUID(), randomUUID()];
      await hub.ask({ id: pause, kind: 'duty.pause', counter, transaction: randomUUID() });
      await hub.ask({ id: resume, kind: 'duty.resume', counter, transaction: randomUUID() });
      const started = {
        type: 'duty.started',
        duty,
        intent: null,
        officer,
        officerCode: 'CB01',
        unit,
        counter,
      };
      const result = await sendAll([
        { ...started, via: 'pin' } as EventBody,
        { type: 'duty.paused', duty, intent: pause, reason: 'lunch' } as EventBody,
        { type: 'pin.locked', officerCode: 'CB01', failures: 5, waitMs: 60_000 } as EventBody,
        { type: 'duty.resumed', duty, intent: resume, via: 'pin' } as EventBody,
      ]);
      expect(result).toMatchObject({ exceptions: [], counters: [counter] });
      expect(await hub.intent(pause)).toEqual(expect.objectContaining({ state: 'accepted' }));
      expect(await hub.intent(resume)).toEqual(expect.objectContaining({ state: 'accepted' }));
      await rebuiltSame();
    });

    test('the hub’s chain may pause a duty, and may state nothing that only a kiosk sees', async () => {
      const { duty } = place;
      await hub.own(NOW, [{ type: 'duty.paused', duty, intent: null, reason: 'away' } as EventBody]);
      const bodies = service(place);
      const { wentPrivate, chips } = ratingOf(bodies);
      for (const body of [...walkup(place.counter), wentPrivate, chips(1, [])])
        await expect(hub.own(NOW, [body])).rejects.toThrow('event.wrong_writer');
    });
  });
}
