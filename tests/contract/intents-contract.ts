/*
 * Purpose: what every storage of the hub's intents must do, whatever the database. See hub-server/DESIGN.md, "Intents".
 */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IntentsPort } from '../../hub-server/src/application/ports/intents.ts';
import type { OwnFresh } from '../../hub-server/src/application/ports/own-chain.ts';
import { newPlace, type Place, TestDevice } from '../support/test-device.ts';
import type { ContractHub } from './inbox-contract.ts';

const NOW = Date.UTC(2026, 10, 23, 3, 0, 0);
const fresh = (): OwnFresh => ({
  writer: { device: 'd'.repeat(64), epoch: 'e'.repeat(32), build: 'test', at: NOW, mono: 1 },
  ...{ handover: randomUUID(), rating: randomUUID(), slip: 'f'.repeat(64) },
});

export function intentsContract(open: () => Promise<ContractHub & { readonly intents: IntentsPort }>): void {
  let hub: ContractHub & { readonly intents: IntentsPort };
  let device: TestDevice;
  let place: Place;
  let fence: number;

  async function send(frame: Uint8Array) {
    const result = await hub.inbox.recordBatch({ device: device.device, fence, frame, receivedAt: NOW });
    if (result.kind !== 'recorded') throw new Error(result.kind);
    return result;
  }

  beforeEach(async () => {
    hub = await open();
    device = new TestDevice();
    place = newPlace();
    await hub.enrol(device, place.counter);
    fence = (await hub.inbox.hello({ device: device.device, epochs: [], checkpoint: null, at: NOW }))!.fence;
  });
  afterEach(() => hub.close());

  describe('intents', () => {
    const open = (id: string, transaction: string, request = 'a') =>
      hub.intents.create({
        intent: {
          ...{
            kind: 'transaction.open',
            intentId: id,
            counterId: place.counter,
            transaction,
            officerCode: null,
          },
          ...{ dossierCodes: [], procedure: null, stage: 'return', queueNumber: null },
        } as never,
        ...{ request, at: NOW, expiresAt: NOW + 60_000, own: fresh() },
      });
    const finish = (transaction: string) =>
      hub.intents.create({
        intent: {
          kind: 'transaction.finish',
          intentId: randomUUID(),
          transaction,
          outcome: 'completed',
        } as never,
        ...{ request: `f ${transaction}`, at: NOW, expiresAt: NOW + 60_000, own: fresh() },
      });

    test('same id, same answer; same id for something else is refused', async () => {
      const [id, transaction] = [randomUUID(), randomUUID()];
      expect(await open(id, transaction)).toMatchObject({ ok: true, created: true });
      const again = await open(id, randomUUID());
      expect(again).toMatchObject({ ok: true, created: false, intent: { transaction } });
      expect(await open(id, transaction, 'b')).toEqual({ ok: false, code: 'intent.reused' });
    });

    test('an outcome that asks nobody says why, by a reason of the list', async () => {
      const transaction = randomUUID();
      await open(randomUUID(), transaction);
      const end = (intentId: string, outcome: string, reason?: string) =>
        hub.intents.create({
          intent: { kind: 'transaction.finish', intentId, transaction, outcome, reason } as never,
          ...{ request: `f ${outcome} ${reason}`, at: NOW, expiresAt: NOW + 60_000, own: fresh() },
        });
      const needed = { ok: false, code: 'intent.reason_needed' };
      for (const outcome of ['no_show', 'test', 'accident']) {
        expect(await end(randomUUID(), outcome)).toEqual(needed);
        expect(await end(randomUUID(), outcome, 'khong_co')).toEqual(needed);
      }
      // A reason of another outcome is none.
      expect(await end(randomUUID(), 'test', 'goi_ba_lan')).toEqual(needed);
      const id = randomUUID();
      expect(await end(id, 'no_show', 'goi_ba_lan')).toMatchObject({
        ok: true,
        intent: { reason: 'goi_ba_lan' },
      });
      expect(await end(id, 'no_show', 'goi_ba_lan')).toMatchObject({ ok: true, created: false });
      expect(await end(randomUUID(), 'refused')).toMatchObject({ ok: true });
    });

    test('a fact accepts it, even after the hub called it expired', async () => {
      const [id, transaction] = [randomUUID(), randomUUID()];
      await open(id, transaction);
      expect(await hub.intents.expire(NOW + 60_001)).toEqual([]);
      expect(await hub.intents.expire(NOW + 200_000)).toEqual([place.counter]);
      expect(await hub.intents.get(id)).toMatchObject({ state: 'expired', code: 'intent.expired' });
      const chain = device.start(place);
      device.serve(chain, place, { intent: id, transaction });
      const result = await send(device.batch(chain));
      expect(result.counters).toContain(place.counter);
      expect(await hub.intents.get(id)).toMatchObject({ state: 'accepted', code: null });
    });

    test('a finish falls with its opening, and finds its counter by it', async () => {
      const [id, transaction] = [randomUUID(), randomUUID()];
      expect(await finish(transaction)).toEqual({ ok: false, code: 'intent.unknown_transaction' });
      await open(id, transaction);
      const asked = await finish(transaction);
      expect(asked).toMatchObject({ ok: true, intent: { counterId: place.counter } });
      const chain = device.start(place);
      device.append(chain, { type: 'intent.refused', intent: id, code: 'intent.no_duty' } as never);
      await send(device.batch(chain));
      expect(await hub.intents.get(id)).toMatchObject({ state: 'refused', code: 'intent.no_duty' });
      const finishId = asked.ok ? asked.intent.intentId : '';
      expect(await hub.intents.get(finishId)).toMatchObject({
        state: 'refused',
        code: 'intent.open_fell',
      });
      expect(await finish(transaction)).toEqual({ ok: false, code: 'intent.open_fell' });
    });

    test('a finish of what a kiosk opened by itself finds its counter at once', async () => {
      const chain = device.start(place);
      const transaction = device.serve(chain, place, { level: null });
      await send(device.batch(chain));
      expect(await finish(transaction)).toMatchObject({ ok: true, intent: { counterId: place.counter } });
    });

    test('waits only for counters with a device, and is offered while it lives', async () => {
      const [id, transaction] = [randomUUID(), randomUUID()];
      await open(id, transaction);
      const { pending } = await hub.intents.sendable({ counterId: place.counter, at: NOW + 20_000 });
      expect(pending).toMatchObject([{ intent: { intentId: id }, expiresInMs: 40_000 }]);
      expect((await hub.intents.sendable({ counterId: place.counter, at: NOW + 60_000 })).pending).toEqual(
        [],
      );
      const elsewhere = newPlace();
      place = elsewhere;
      // Nobody is on duty there, and the hub's own chain says so at once.
      const asked = randomUUID();
      expect(await open(asked, randomUUID())).toMatchObject({ ok: true, own: { rating: null } });
      expect(await hub.intents.get(asked)).toMatchObject({ state: 'refused', code: 'intent.no_duty' });
    });
  });
}
