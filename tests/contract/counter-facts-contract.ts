/*
 * Purpose: what the hub makes of chips, of votes taken to the phone, of walk-ups, pauses and locks, whatever the storage:
 * all are kept and judged, and what counts of them is told by form, in figures of their own. Called like inbox-contract.ts.
 * See shared/PROTOCOL.md, "Events", and hub-server/DESIGN.md, "Projections".
 */
import { randomUUID } from 'node:crypto';
import type { EventBody } from '@hailong/shared/model/event.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BatchOutcome } from '../../hub-server/src/application/ports/inbox.ts';
import { SEED_INSTRUMENTS } from '../../hub-server/src/domain/ratings/seed-instruments.ts';
import { type Chain, newPlace, type Place, service, TestDevice, walkup } from '../support/test-device.ts';
import type { StandingHub } from './standing-contract.ts';

const NOW = Date.UTC(2026, 10, 23, 3, 0, 0);
type Recorded = Extract<BatchOutcome, { kind: 'recorded' }>;

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

  describe('facts of a counter beside its votes', () => {
    test('a walk-up is a class of its own and enters nobody’s figures', async () => {
      const bodies = service(place, { level: 4 });
      await sendAll(bodies);
      const sums = await hub.sums();
      const [opened, asked, voted, closed] = walkup(place.counter, 2) as [never, never, never, never];
      const again = { ...(voted as object), vote: randomUUID(), attempt: 2, level: 1 } as EventBody;
      // The last attempt counts, in whatever order they come.
      expect((await sendAll([again, closed, opened, asked, voted])).exceptions).toEqual([]);
      expect(await hub.answers()).toEqual({ 'service overall 4': 1, 'walkup overall 1': 1 });
      expect(await hub.sums()).toEqual(sums);
      await rebuiltSame();
    });

    test('a form counts by its options, the route of fewer points where both voted, and in no level', async () => {
      const form = SEED_INSTRUMENTS.find(({ kind }) => kind === 'form')!;
      await hub.hold(form);
      const bodies = service(place, { level: null });
      const opened = bodies.find((body) => body.type === 'rating.opened')!;
      const { rating, transaction } = opened;
      const answered = (question: string, level: number, attempt = 1): EventBody =>
        ({
          ...{ type: 'rating.voted', vote: randomUUID(), rating, transaction, question, attempt },
          ...{ askTicket: 9, level, source: { via: 'touch', press: randomUUID() } },
        }) as EventBody;
      const asked = bodies.map((body) =>
        body === opened ? { ...opened, instrument: { id: form.id, version: form.version } } : body,
      );
      await sendAll([
        ...asked.slice(0, -1),
        ...[answered('tieu_chi_1', 5), answered('tieu_chi_1', 3, 2), answered('tieu_chi_7', 5)],
        // Neither a question nor an option of this form.
        ...[answered('overall', 1), answered('tieu_chi_3', 4)],
        ...asked.slice(-1),
      ]);
      expect(await hub.sums()).toMatchObject({ served: 1, rated: 1 });
      expect(await hub.answers()).toEqual({ 'service tieu_chi_1 3': 1, 'service tieu_chi_7 5': 1 });
      await rebuiltSame();
      await hub.own(NOW, [
        {
          ...{ type: 'private.voted', vote: randomUUID() },
          answers: [
            { question: 'tieu_chi_1', level: 1 },
            { question: 'tieu_chi_3', level: 5 },
          ],
          route: { via: 'ticket', device: device.device, rating, transaction },
          ...{ phone: 'ab'.repeat(32), inTime: true },
        } as EventBody,
      ]);
      expect(await hub.answers()).toEqual({ 'service tieu_chi_1 1': 1, 'service tieu_chi_3 5': 1 });
      expect(await hub.sums()).toMatchObject({ served: 1, rated: 1 });
      await rebuiltSame();
    });

    test('chips count with the overall answer that counts', async () => {
      const bodies = service(place, { level: 2 });
      const { chips } = ratingOf(bodies);
      const vote = bodies.find((body) => body.type === 'rating.voted')!;
      const better = { ...vote, vote: randomUUID(), attempt: 2, level: 5 } as typeof vote;
      await sendAll([...bodies.slice(0, -1), chips(2, ['cho001', 'tre002']), chips(1, ['cho001'])]);
      const low = { 'service overall 2': 1, 'service chips cho001': 1, 'service chips tre002': 1 };
      expect(await hub.answers()).toEqual(low);
      // Corrected: what was chosen at the old level counts for nothing.
      await sendAll([better, ...bodies.slice(-1)]);
      expect(await hub.answers()).toEqual({ 'service overall 5': 1 });
      await sendAll([{ ...chips(3, ['nhanh3']), overallVote: better.vote } as EventBody]);
      expect(await hub.answers()).toEqual({ 'service overall 5': 1, 'service chips nhanh3': 1 });
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
      expect(await hub.answers()).toEqual({ 'service overall 2': 1, 'service chips cho001': 1 });
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
