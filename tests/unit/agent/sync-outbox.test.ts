/* The sync runner on a real database and a line in memory: what it says, in which order, and that no epoch is left out. */
import { readBatch } from '@hailong/shared/edge/batch.ts';
import { chainHash, genesisHash } from '@hailong/shared/edge/event.ts';
import { VERDICT_MS } from '@hailong/shared/edge/sync-machine.ts';
import type { EpochId, Sha256Hex } from '@hailong/shared/ids.ts';
import { type DeviceToHub, deviceToHub, type HubToDevice } from '@hailong/shared/protocol/edge.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { SqliteSettings } from '../../../kiosk-app/agent/adapters/sqlite/settings-store.ts';
import type { HubLink } from '../../../kiosk-app/agent/application/ports.ts';
import { type FromHub, SyncRunner } from '../../../kiosk-app/agent/application/sync-outbox.ts';
import { finish, open, start } from '../../support/counter-kit.ts';
import { countingIds, FakeReport, FakeTime } from './fakes.ts';
import { DEVICE, epochOf, StoredCounter, tempData } from './store-kit.ts';

let data: ReturnType<typeof tempData>;
beforeEach(() => {
  data = tempData();
});
afterEach(() => data.remove());

type Hello = Extract<DeviceToHub, { type: 'hello' }>;
type Heads = Map<EpochId, { seq: number; hash: Sha256Hex }>;

/** A hub that takes everything at once, or what `verdicts` makes of it. */
class Line implements HubLink {
  readonly heads: Heads = new Map();
  readonly hellos: Hello[] = [];
  /** How many epochs each further message named, and whether more follow. */
  readonly shown: [number, boolean][] = [];
  readonly log: string[] = [];
  words: object = {};
  /** The next batches get no answer. */
  silent = false;
  #listener: Parameters<HubLink['open']>[0] | null = null;

  open(listener: Parameters<HubLink['open']>[0]): void {
    this.#listener = listener;
    this.tell({ type: 'challenge', nonce: 'n'.repeat(20), protocolMin: 1, protocolMax: 1 });
  }

  tell(message: HubToDevice): void {
    this.#listener?.message(message);
  }

  send(frame: string | Uint8Array): boolean {
    if (typeof frame === 'string') {
      const message = deviceToHub.parse(JSON.parse(frame));
      if (message.type === 'hello') this.#greet(message);
      if (message.type === 'status') this.log.push('status');
      if (message.type === 'epochs') {
        this.shown.push([message.epochs.length, message.more]);
        this.tell({ type: 'have', have: this.#have(message.epochs), safe: [] });
      }
      return true;
    }
    const read = readBatch(frame);
    if (!read.ok) throw new Error(read.detail);
    const { epoch, batch, head } = read.header;
    this.log.push(`batch ${batch}`);
    if (this.silent) return true;
    this.heads.set(epoch, head);
    this.tell({ type: 'verdicts', batch, epoch, head: { epoch, ...head }, exceptions: [], later: false });
    return true;
  }

  close(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.ended();
  }

  #have(epochs: Hello['epochs']) {
    return epochs.map(({ epoch }) => {
      return { epoch, ...(this.heads.get(epoch) ?? { seq: 0, hash: '0'.repeat(64) as Sha256Hex }) };
    });
  }

  #greet(hello: Hello): void {
    this.hellos.push(hello);
    const have = this.#have(hello.epochs);
    const welcome = {
      lineage: 'a',
      have,
      checkpoint: null,
      blobToken: 't',
      eventsMax: 500,
      bytesMax: 1_048_576,
    };
    this.tell({ type: 'welcome', ...welcome, ...this.words });
  }
}

function syncing(counter: StoredCounter) {
  const line = new Line();
  const time = new FakeTime();
  const report = new FakeReport();
  const heard: FromHub[] = [];
  const standing: string[] = [];
  let known = 0;
  const held = { origin: 'hailong/a/1', size: 3, root: 'a'.repeat(64) as Sha256Hex, text: 'note' };
  const sync = new SyncRunner(
    {
      ...{
        link: line,
        outbox: counter.outbox,
        settings: new SqliteSettings(counter.db),
        clock: time,
        timers: time,
      },
      ...{ ids: countingIds(), report, certificate: { bytes: 'Y2VydA', sig: 'c2ln' } },
      identity: { device: DEVICE, publicKey: 'k', sign: () => 's' },
      highWater: {
        before: (_epoch, _seq, then) => {
          line.log.push(`mark ${++known}`);
          then();
        },
      },
      checkpoints: { held, welcomed: () => line.log.push('checkpoint'), grown: () => undefined },
      standing: {
        service: { closed: null, handover: null },
        told: (word, handover) => void standing.push(`${word} ${handover}`),
        revoked: (unsynced) => void standing.push(`revoked ${unsynced}`),
      },
    },
    {
      online: () => undefined,
      message: (message) => void heard.push(message),
      status: () => ({ build: 'b', panel: 'none', screens: 0, configRevision: 0, diskFreeBytes: null }),
    },
  );
  return { line, time, report, sync, heard, standing };
}

function served(): StoredCounter {
  const counter = new StoredCounter(data.file);
  for (const intent of [start(1), open(1), finish(1)])
    counter.feed({ type: 'intent', intent, expiresInMs: 60_000 });
  return counter;
}

it('says who it is and what it holds, writes the mark before each batch, and heeds nothing before the welcome', async () => {
  const counter = served();
  counter.outbox.acknowledge(counter.epoch, 2);
  counter.outbox.flush();
  counter.db.exec('UPDATE epoch SET floor = 2');
  const at = syncing(counter);
  at.line.words = { standing: 'superseded', safe: [{ epoch: counter.epoch, seq: 2 }] };
  at.sync.start();
  const { head, hash } = counter.outbox.epochs()[0]!;
  expect(at.line.hellos).toMatchObject([
    {
      epochs: [{ epoch: counter.epoch, seq: head, hash, acknowledged: 2, floor: 2 }],
      checkpoint: { size: 3 },
      certificate: { bytes: 'Y2VydA' },
    },
  ]);
  expect(at.line.log).toEqual(['checkpoint', 'mark 1', 'batch 1']);
  expect(at.standing).toEqual(['superseded null']);
  expect(counter.db.prepare('SELECT safe FROM epoch').pluck().get()).toBe(2);
  // Another lineage: its predecessor's word on what is safe is forgotten.
  at.line.words = { lineage: 'b' };
  at.sync.reconnect();
  const early: HubToDevice = { type: 'slip.codes', codes: ['K7QF-2M9D'] };
  at.line.tell(early);
  expect(at.heard).toEqual([]);
  await at.time.pass(1_000);
  expect(counter.db.prepare('SELECT safe FROM epoch').pluck().get()).toBe(0);
  at.line.tell(early);
  expect(at.heard).toEqual([early]);
  // Nor what it acknowledged: the new one's word is noted, and the next hello says whose it is.
  at.line.words = { lineage: 'c' };
  at.line.heads.clear();
  at.line.heads.set(counter.epoch, { seq: 1, hash: counter.outbox.hashAt(counter.epoch, 1)! });
  at.line.silent = true;
  at.sync.reconnect();
  await at.time.pass(1_000);
  at.sync.reconnect();
  await at.time.pass(2_000);
  expect(at.line.hellos.map(({ lineage, epochs }) => [lineage, epochs[0]?.acknowledged])).toEqual([
    [undefined, 2],
    ['a', head],
    ['b', head],
    ['c', 1],
  ]);
  counter.db.close();
});

it('tells the hub that its last event is damaged, and goes on', async () => {
  const counter = served();
  const { epoch } = counter;
  const head = counter.outbox.headOf(epoch)!.seq;
  counter.db.prepare("UPDATE event SET bytes = CAST('{}' AS BLOB) WHERE seq = ?").run(head);
  const at = syncing(counter);
  at.sync.start();
  expect(at.line.hellos[0]?.epochs).toMatchObject([{ epoch, seq: head, last: head - 1 }]);
  expect(at.line.heads.get(epoch)?.seq).toBe(head - 1);
  // What follows the damage is sent behind a gap: then nothing of the end is lost.
  counter.feed({ type: 'intent', intent: finish(9), expiresInMs: 60_000 });
  const { seq } = counter.outbox.headOf(epoch)!;
  at.sync.appended({ appended: [{ epoch, seq }] } as never);
  expect(at.line.heads.get(epoch)?.seq).toBe(seq);
  at.sync.reconnect();
  await at.time.pass(1_000);
  expect(at.line.hellos[1]?.epochs[0]).not.toHaveProperty('last');
  counter.db.close();
});

it('says hello again when its end turns out to be damaged after it said hello, and only once', async () => {
  const counter = served();
  const { epoch } = counter;
  const head = counter.outbox.headOf(epoch)!.seq;
  const at = syncing(counter);
  Object.defineProperty(at.line, 'words', {
    get() {
      counter.db.prepare("UPDATE event SET bytes = CAST('{}' AS BLOB) WHERE seq = ?").run(head);
      return {};
    },
  });
  at.sync.start();
  await at.time.pass(60_000);
  expect(at.line.hellos.map(({ epochs }) => epochs[0]?.last)).toEqual([undefined, head - 1]);
  expect(at.line.heads.get(epoch)?.seq).toBe(head - 1);
  counter.db.close();
});

it('a verdict that comes twice does not end the wait for the next one', async () => {
  const counter = served();
  const at = syncing(counter);
  at.sync.start();
  const epoch = counter.epoch;
  const first = at.line.heads.get(epoch)!;
  at.line.silent = true;
  counter.feed({ type: 'intent', intent: finish(9), expiresInMs: 60_000 });
  const head = counter.outbox.headOf(epoch)!.seq;
  at.sync.appended({ appended: [{ epoch, seq: head }] } as never);
  expect(at.line.log.at(-1)).toBe('batch 2');
  at.line.tell({
    ...{ type: 'verdicts', batch: 1, epoch, exceptions: [], later: false },
    head: { epoch, ...first },
  });
  at.line.silent = false;
  expect(at.line.hellos).toHaveLength(1);
  await at.time.pass(VERDICT_MS + 2_000);
  expect(at.line.hellos).toHaveLength(2);
  expect(at.line.heads.get(epoch)?.seq).toBe(head);
  at.sync.stop();
});

it('on a line that is cut and cut again ratings go before a status that says nothing new', async () => {
  const counter = served();
  const at = syncing(counter);
  at.sync.start();
  at.sync.sendStatus();
  expect(at.line.log.at(-1)).toBe('status');
  at.line.silent = true;
  counter.feed({ type: 'intent', intent: finish(9), expiresInMs: 60_000 });
  const head = counter.outbox.headOf(counter.epoch)!.seq;
  at.sync.appended({ appended: [{ epoch: counter.epoch, seq: head }] } as never);
  at.line.log.length = 0;
  for (let cut = 0; cut < 3; cut++) {
    at.line.close();
    await at.time.pass(2_000);
    at.sync.sendStatus();
  }
  expect(at.line.log.filter((said) => said.startsWith('batch')).length).toBeGreaterThan(2);
  expect(at.line.log).not.toContain('status');
  at.line.silent = false;
  at.line.close();
  await at.time.pass(40_000);
  expect(at.line.heads.get(counter.epoch)?.seq).toBe(head);
  expect(at.line.log.at(-1)).toBe('status');
  at.sync.stop();
});

it('brings more epochs than a hello names, the oldest first, and the present one always', async () => {
  served().db.close();
  for (let run = 2; run <= 3; run++) new StoredCounter(data.file, run).db.close();
  const many = new StoredCounter(data.file, 4);
  // 2,500 starts that reached no hub: each a copy of an epoch's first event under a name of its own.
  const [first] = many.db.prepare('SELECT bytes FROM event WHERE epoch_no = 2').all() as [
    { bytes: Uint8Array },
  ];
  const epochRow = many.db.prepare('INSERT INTO epoch (epoch) VALUES (?)');
  const eventRow = many.db.prepare('INSERT INTO event (epoch_no, seq, bytes, hash) VALUES (?, 1, ?, ?)');
  many.db.transaction(() => {
    for (let n = 100; n < 2_600; n++) {
      const hash = chainHash(sha256, genesisHash(sha256, DEVICE, epochOf(n)), first.bytes);
      eventRow.run(epochRow.run(epochOf(n)).lastInsertRowid, first.bytes, hash);
    }
  })();
  many.db.close();
  const last = new StoredCounter(data.file, 5);
  const at = syncing(last);
  at.sync.start();
  for (let i = 0; i < 5; i++) await at.time.pass(30_000);
  expect(at.line.heads.size).toBe(2_505);
  expect(at.line.hellos.map(({ epochs, more }) => [epochs.length, more])).toEqual([[1_000, true]]);
  expect(at.line.hellos[0]?.epochs[0]?.epoch).toBe(last.epoch);
  expect(at.line.shown).toEqual([
    [1_000, true],
    [505, false],
  ]);
  // The same hub: nothing more to show, and it is told so. Another lineage: all of them again.
  at.sync.reconnect();
  await at.time.pass(30_000);
  expect(at.line.shown.slice(2)).toEqual([[0, false]]);
  at.line.words = { lineage: 'b' };
  at.line.heads.clear();
  at.sync.reconnect();
  for (let i = 0; i < 5; i++) await at.time.pass(30_000);
  expect(at.line.shown.slice(3)).toEqual([
    [1_000, true],
    [505, false],
  ]);
  expect(at.line.heads.size).toBe(2_505);
  last.db.close();
}, 60_000);

it('a revoked device counts what the hub lacks; a forked epoch is frozen; a damaged event is named and passed over', async () => {
  const counter = served();
  const { seq } = counter.outbox.headOf(counter.epoch)!;
  const at = syncing(counter);
  counter.db.exec("UPDATE event SET bytes = CAST('{}' AS BLOB) WHERE seq = 4");
  at.sync.start();
  at.line.tell({ type: 'error', code: 'device.revoked', detail: '' });
  expect(at.standing.at(-1)).toMatch(/^revoked \d+$/);
  expect(at.line.heads.get(counter.epoch)?.seq).toBe(seq);
  expect(at.report.lines.filter((line) => line['event'] === 'alarm')).toMatchObject([
    { code: 'kiosk.event_damaged', detail: `${counter.epoch}/4` },
  ]);
  at.line.heads.set(counter.epoch, { seq: 1, hash: 'f'.repeat(64) as Sha256Hex });
  at.sync.reconnect();
  await at.time.pass(1_000);
  expect(at.report.lines.map((line) => line['code'])).toContain('kiosk.chain_forked');
  expect(counter.db.prepare('SELECT forked FROM epoch').pluck().get()).toBe(1);
  counter.db.close();
});
