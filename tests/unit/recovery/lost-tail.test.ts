/*
 * Purpose: a restored hub and a kiosk whose last events are damaged and whose oldest epoch was deleted as safe, on a real
 * database: recovering ends when what can come has come, the rest is listed, and `verify` says that it cannot be proven.
 */
import type { Sha256Hex } from '@hailong/shared/ids.ts';
import { expect, test } from 'vitest';
import { sha256 } from '../../../hub-server/src/adapters/sha256.ts';
import { databaseFile } from '../../../hub-server/src/adapters/sqlite/open-database.ts';
import { openStorage } from '../../../hub-server/src/adapters/sqlite/sqlite-storage.ts';
import { listEpochs } from '../../../hub-server/src/adapters/sqlite/verify-chains.ts';
import { eventsOf, gapsOf, openSnapshot } from '../../../hub-server/src/adapters/sqlite/verify-reader.ts';
import { lostOf } from '../../../hub-server/src/application/inbox/list-gap.ts';
import { checkEpoch } from '../../../hub-server/src/domain/verify/chain-check.ts';
import { Verdict } from '../../../hub-server/src/domain/verify/finding.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { newPlace, TestDevice } from '../../support/test-device.ts';

test('a restored hub waits for what can still come, and lists the rest', async () => {
  await using folder = await tempFolder('lost-tail');
  const { storage, close } = await openStorage(folder.path);
  const [device, place] = [new TestDevice(), newPlace()];
  const { publicKey, at } = device;
  const oldest = device.start(place);
  device.serve(oldest, place);
  const chain = device.start(place, oldest);
  device.serve(chain, place);
  device.serve(chain, place);
  try {
    await storage.devices.readmit({
      device: device.device,
      publicKey,
      counterId: place.counter,
      serial: 1,
      at,
    });
    expect(await storage.recovery.restored({ at })).toMatchObject({ recovering: true });
    const hash = '0'.repeat(64) as Sha256Hex;
    const epochs = [
      { epoch: chain.epoch, seq: 13, hash, acknowledged: 13, last: 10 },
      { epoch: oldest.epoch, seq: 7, hash, acknowledged: 7, floor: 8 },
    ];
    const { fence } = (await storage.inbox.hello({
      ...{ device: device.device, epochs: epochs.map(({ epoch }) => epoch), checkpoint: null, at },
      lost: lostOf(epochs),
    }))!;
    const heard = await storage.recovery.hello({
      ...{ device: device.device, counterId: place.counter, epochs, more: false, witnessAhead: false, at },
      ...{ lineage: null, ownMirrored: true, freshLineage: 'u-1' },
    });
    expect(heard).toMatchObject({ recovering: true, left: false });
    const { state, gaps } = await storage.recovery.show();
    expect(state?.awaited).toMatchObject([{ missing: [{ epoch: chain.epoch, seq: 10 }] }]);
    expect(gaps.map(({ epoch, from, to }) => [epoch, from, to])).toEqual([
      [chain.epoch, 11, 13],
      [oldest.epoch, 1, 7],
    ]);
    // Damage in the middle is passed over too.
    for (const frame of [device.batch(chain, 1, 4), device.batch(chain, 6, 10, { afterFloor: true })])
      await storage.inbox.recordBatch({ device: device.device, fence, frame, receivedAt: at });
    const now = await storage.recovery.held({ device: device.device, epoch: chain.epoch, seq: 10, at });
    expect(now).toMatchObject({ recovering: false, left: true });
    expect((await storage.recovery.show()).gaps).toHaveLength(3);
    expect((await storage.devices.list())[0]?.alarm).toBe('gap');
    expect((await storage.inbox.standing(device.device))?.standing).toBe('serving');
  } finally {
    await close();
  }

  const snapshot = openSnapshot(databaseFile(folder.path));
  const verdict = new Verdict();
  const tools = { sha256, signedBy: () => true, onLine: () => true, progress: () => undefined };
  for (const epoch of listEpochs(snapshot, verdict)) {
    const parts = { events: eventsOf(snapshot, epoch.id), signed: [], own: false, counters: null };
    checkEpoch(epoch, { ...parts, gaps: gapsOf(snapshot, epoch.id) }, tools, verdict);
  }
  snapshot.close();
  expect(verdict.findings).toEqual([]);
  const floors = verdict.unproven.filter(({ code }) => code === 'event.floor').map(({ place: at }) => at);
  expect(floors.map(({ epoch, seq, to }) => [epoch, seq, to])).toEqual([
    [chain.epoch, 5, 5],
    [chain.epoch, 11, 13],
    [oldest.epoch, 1, 7],
  ]);
});
