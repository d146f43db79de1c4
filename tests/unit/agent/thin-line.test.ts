/*
 * A line that carries one event and is cut: the backlog must shrink with every connection, although each welcome may ask
 * for an anchor, which is an event too. The sync runner and the anchors as main.ts wires them, on a real database.
 */
import { readBatch } from '@hailong/shared/edge/batch.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import { type DeviceToHub, deviceToHub, type HubToDevice } from '@hailong/shared/protocol/edge.ts';
import { expect, it } from 'vitest';
import { SqliteSettings } from '../../../kiosk-app/agent/adapters/sqlite/settings-store.ts';
import { TimeAnchors } from '../../../kiosk-app/agent/application/anchor-time.ts';
import type { HubLink } from '../../../kiosk-app/agent/application/ports.ts';
import { SyncRunner } from '../../../kiosk-app/agent/application/sync-outbox.ts';
import { finish, open, start } from '../../support/counter-kit.ts';
import { countingIds, FakeReport, FakeTime } from './fakes.ts';
import { DEVICE, StoredCounter, tempData } from './store-kit.ts';

const TRAVEL_MS = 20;

/** Takes one event a connection, and only when it comes alone; whatever follows cuts the line. */
class OneEventLine implements HubLink {
  readonly heads = new Map<EpochId, { seq: number; hash: Sha256Hex }>();
  connections = 0;
  readonly #time: FakeTime;
  #listener: Parameters<HubLink['open']>[0] | null = null;
  #isSpent = false;

  constructor(time: FakeTime) {
    this.#time = time;
  }

  open(listener: Parameters<HubLink['open']>[0]): void {
    this.#listener = listener;
    this.#isSpent = false;
    this.connections++;
    this.#say({ type: 'challenge', nonce: 'n'.repeat(20), protocolMin: 1, protocolMax: 1 });
  }

  send(frame: string | Uint8Array): boolean {
    if (typeof frame === 'string') this.#said(deviceToHub.parse(JSON.parse(frame)));
    else this.#batch(frame);
    return true;
  }

  close(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.ended();
  }

  #say(message: HubToDevice): void {
    const listener = this.#listener;
    this.#time.after(TRAVEL_MS, () => {
      if (listener === this.#listener) listener?.message(message);
    });
  }

  #said(message: DeviceToHub): void {
    if (message.type === 'anchor.request') {
      const { nonce } = message;
      this.#say({ type: 'time.anchor', nonce, hubAt: this.#time.stamp().at as never, sig: 's' });
    }
    if (message.type !== 'hello') return;
    const none = { seq: 0, hash: '0'.repeat(64) as Sha256Hex };
    this.#say({
      ...{ type: 'welcome', lineage: 'a', checkpoint: null, blobToken: 't' },
      ...{ eventsMax: 500, bytesMax: 1_048_576 },
      have: message.epochs.map(({ epoch }) => ({ epoch, ...(this.heads.get(epoch) ?? none) })),
    });
  }

  #batch(frame: Uint8Array): void {
    const read = readBatch(frame);
    if (!read.ok) throw new Error(read.detail);
    if (this.#isSpent || read.events.length > 1) {
      this.#time.after(TRAVEL_MS, () => this.close());
      return;
    }
    this.#isSpent = true;
    const { epoch, batch, head } = read.header;
    this.heads.set(epoch, head);
    this.#say({ type: 'verdicts', batch, epoch, head: { epoch, ...head }, exceptions: [], later: false });
  }
}

it('brings a backlog over a line that carries one event a connection, and every fact has an anchor', async () => {
  const data = tempData();
  const counter = new StoredCounter(data.file);
  const time = new FakeTime();
  const line = new OneEventLine(time);
  for (const intent of [start(1), open(1), finish(1)])
    counter.feed({ type: 'intent', intent, expiresInMs: 60_000 });
  const parts = { clock: time, timers: time, ids: countingIds(), report: new FakeReport() };
  const identity = { device: DEVICE, publicKey: 'k', sign: () => 's' };
  const sync: SyncRunner = new SyncRunner(
    {
      ...{ ...parts, link: line, outbox: counter.outbox, settings: new SqliteSettings(counter.db), identity },
      certificate: { bytes: 'Y2VydA', sig: 'c2ln' },
      highWater: { before: (_epoch, _seq, then) => then() },
      checkpoints: { held: null, welcomed: () => undefined, grown: () => undefined },
      standing: {
        service: { closed: null, handover: null },
        ...{ told: () => undefined, revoked: () => undefined },
      },
    },
    {
      online: (online) => anchors.online(online),
      message: (message) => {
        if (message.type === 'time.anchor') anchors.answer(message);
      },
      status: () => ({ build: 'b', panel: 'none', screens: 0, configRevision: 0, diskFreeBytes: null }),
    },
  );
  const anchors = new TimeAnchors({
    ...{ ...parts, identity, hubKey: 'h', verify: () => true, send: (message) => sync.send(message) },
    append: (body) =>
      sync.appended(
        counter.store.commit({ ...time.stamp() }, (held) => ({
          ...{ state: held.state, events: [body], marks: [], effects: [] },
        })),
      ),
  });
  const behind = () => {
    const head = counter.outbox.epochs()[0]?.head ?? 0;
    return head - (line.heads.get(counter.epoch)?.seq ?? 0);
  };
  const backlog = behind();
  expect(backlog).toBeGreaterThan(4);
  sync.start();
  await time.pass(120_000);
  expect(line.connections).toBeGreaterThan(4);
  expect(behind()).toBe(0);
  const written = () => counter.types().filter((type) => type === 'time.anchor').length;
  expect(written()).toBe(1);
  // Later lines ask again, and hourly where the line holds.
  await time.pass(700_000);
  sync.reconnect();
  await time.pass(30_000);
  expect(written()).toBe(2);
  await time.pass(3_700_000);
  expect(written()).toBe(3);
  sync.stop();
  counter.db.close();
  data.remove();
});
