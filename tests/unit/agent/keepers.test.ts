/*
 * What the kiosk keeps of the hub's words: checkpoints (it is a witness), standing, what is safe. Real keys, a real
 * Merkle log, a real database; time in the test's hand.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { SERVING } from '@hailong/shared/counter/counter-state.ts';
import { toHex } from '@hailong/shared/edge/event.ts';
import type { HandoverId } from '@hailong/shared/ids.ts';
import { toBase64Url } from '@hailong/shared/log/base64.ts';
import { type LogHead, signCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import { appendLeaf, consistencyProof, EMPTY_RANGE, leafHash, rootAt } from '@hailong/shared/log/merkle.ts';
import type { EventBody } from '@hailong/shared/model/event.ts';
import type { HubToDevice, SignedStatement } from '@hailong/shared/protocol/edge.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyEd25519 } from '../../../kiosk-app/agent/adapters/hub-link/device-key.ts';
import { sha256 } from '../../../kiosk-app/agent/adapters/sha256.ts';
import { SqliteSettings } from '../../../kiosk-app/agent/adapters/sqlite/settings-store.ts';
import { CheckpointKeeper } from '../../../kiosk-app/agent/application/keep-checkpoint.ts';
import { StandingKeeper } from '../../../kiosk-app/agent/application/keep-standing.ts';
import { ChainPruner, KEPT_MS } from '../../../kiosk-app/agent/application/prune-chain.ts';
import { finish, id, open, start } from '../../support/counter-kit.ts';
import { FakeReport, FakeTime } from './fakes.ts';
import { StoredCounter, tempData } from './store-kit.ts';

let data: ReturnType<typeof tempData>;
beforeEach(() => {
  data = tempData();
});
afterEach(() => data.remove());

const utf8 = new TextEncoder();
function keyPair() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('base64url');
  return { publicKey: raw, sign: (bytes: Uint8Array) => signed(bytes, privateKey) };
}
const signed = (bytes: Uint8Array, key: KeyObject) => sign(null, bytes, key).toString('base64url');
const hub = keyPair();
const recovery = keyPair();
const stranger = keyPair();

/** A log of texts, with checkpoints and proofs as the hub makes them. */
function logOf(origin: string, leaves: readonly string[], key = hub) {
  const nodes = new Map<string, Uint8Array>();
  let range = EMPTY_RANGE;
  for (const leaf of leaves) {
    const step = appendLeaf(sha256, range, leafHash(sha256, utf8.encode(leaf)));
    range = step.range;
    for (const { level, index, hash } of step.nodes) nodes.set(`${level}/${index}`, hash);
  }
  const read = (level: number, index: number) => nodes.get(`${level}/${index}`)!;
  const at = (size: number) => {
    const head = { origin, size, root: toHex(rootAt(sha256, read, size)) };
    return { ...head, text: signCheckpoint({ ...head, extensions: [] }, key, sha256) };
  };
  const proof = (from: number, to: number) => consistencyProof(sha256, read, from, to).map(toHex);
  return { at, proof };
}
const texts = (n: number, mark = '') => Array.from({ length: n }, (_, i) => `leaf ${i}${mark}`);
const welcome = (rest: Partial<Extract<HubToDevice, { type: 'welcome' }>>) => ({ ...rest }) as never;

describe('checkpoints', () => {
  function witness() {
    const counter = new StoredCounter(data.file);
    const settings = new SqliteSettings(counter.db);
    const report = new FakeReport();
    const events: EventBody[] = [];
    const keeper = () =>
      new CheckpointKeeper({
        ...{ settings, verify: verifyEd25519, sha256, report, clock: new FakeTime() },
        keys: { hubKey: hub.publicKey, recoveryKey: recovery.publicKey },
        append: (body) => events.push(body),
      });
    const refused = () =>
      events.map((body) => (body.type === 'checkpoint.refused' ? body.reason : body.type));
    return { counter, keeper, report, events, refused };
  }

  it('takes the first, then only what provably follows, and keeps it over a restart', () => {
    const at = witness();
    const log = logOf('hailong/a/1', texts(20));
    const keeper = at.keeper();
    keeper.enrolled(log.at(3));
    expect(at.report.said.join()).toMatch(/(\d{5} ){5}\d{5}/);
    keeper.welcomed(welcome({ checkpoint: log.at(9), consistency: log.proof(3, 9) }));
    keeper.grown({ type: 'log.checkpoint', checkpoint: log.at(12), from: 9, consistency: log.proof(9, 12) });
    expect(keeper.held?.size).toBe(12);
    // From another size than ours: no proof, and no offence.
    keeper.grown({ type: 'log.checkpoint', checkpoint: log.at(15), from: 9, consistency: log.proof(9, 15) });
    expect(at.keeper().held?.size).toBe(12);
    expect(at.events).toEqual([]);
    at.counter.db.close();
  });

  it('refuses what is smaller, forged, inconsistent or of another log: one event an offer, over restarts', () => {
    const at = witness();
    const log = logOf('hailong/a/1', texts(20));
    const other = logOf('hailong/a/1', texts(20, ' rewritten'));
    const keeper = at.keeper();
    keeper.enrolled(log.at(10));
    keeper.welcomed(welcome({ checkpoint: log.at(9) }));
    keeper.welcomed(welcome({ checkpoint: other.at(12), consistency: other.proof(10, 12) }));
    keeper.welcomed(welcome({ checkpoint: other.at(10), consistency: [] }));
    keeper.welcomed(welcome({ checkpoint: logOf('hailong/a/1', texts(20), stranger).at(11) }));
    keeper.welcomed(welcome({ checkpoint: { ...log.at(11), size: 19 } }));
    keeper.welcomed(welcome({ checkpoint: logOf('hailong/a/2', texts(4)).at(4) }));
    const reasons = [
      'smaller',
      'inconsistent',
      'inconsistent',
      'bad-signature',
      'bad-signature',
      'other-origin',
    ];
    expect(at.refused()).toEqual(reasons);
    const { origin, size, root } = log.at(10);
    expect(at.events[0]).toMatchObject({ held: { origin, size, root } satisfies LogHead });
    at.keeper().welcomed(welcome({ checkpoint: log.at(9) }));
    keeper.welcomed(welcome({ checkpoint: other.at(10), consistency: [] }));
    expect(at.refused()).toEqual(reasons);
    at.keeper().welcomed(welcome({ checkpoint: log.at(8) }));
    expect(at.refused()).toHaveLength(reasons.length + 1);
    expect(at.keeper().held?.size).toBe(10);
    at.counter.db.close();
  });

  it('follows a lawful restore by the recovery key alone', () => {
    const at = witness();
    const old = logOf('hailong/a/1', texts(10));
    const next = logOf('hailong/a/2', ['restored', ...texts(3)]);
    const keeper = at.keeper();
    keeper.enrolled(old.at(10));
    const statement = (key: { sign(bytes: Uint8Array): string }): SignedStatement => {
      const { origin, size, root } = old.at(7);
      const said = {
        ...{ v: 'hailong-restore-v1', from: { origin, size, root }, origin: 'hailong/a/2', lineage: 'b' },
        ...{ by: ['ql-binh', 'ql-hoa'], at: 1_795_391_000_000 },
      };
      const bytes = utf8.encode(JSON.stringify(said));
      return { bytes: toBase64Url(bytes), sig: key.sign(bytes) };
    };
    keeper.welcomed(welcome({ checkpoint: next.at(2), successions: [statement(hub)] }));
    expect(at.refused()).toEqual(['other-origin']);
    keeper.welcomed(welcome({ checkpoint: next.at(2), successions: [statement(recovery)] }));
    expect(keeper.held).toMatchObject({ origin: 'hailong/a/2', size: 2 });
    expect(at.report.said.at(-1)).toContain('ql-binh, ql-hoa');
    at.counter.db.close();
  });
});

describe('standing', () => {
  const handover = id<HandoverId>('e', 1);

  it('is obeyed at once, kept over a restart, and told once', () => {
    const counter = new StoredCounter(data.file);
    const settings = new SqliteSettings(counter.db);
    const report = new FakeReport();
    const applied: unknown[] = [];
    const keeper = () =>
      new StandingKeeper({
        ...{ settings, report, clock: new FakeTime(), apply: (service) => void applied.push(service) },
      });
    const first = keeper();
    expect(first.service).toEqual(SERVING);
    first.told('serving', null);
    first.told('suspended', null);
    first.told('suspended', null);
    first.told('suspended', handover);
    first.revoked(17);
    first.revoked(17);
    expect(applied).toEqual([
      { closed: 'device.suspended', handover: null },
      { closed: 'device.suspended', handover },
      { closed: 'device.revoked', handover },
    ]);
    expect(report.lines.map((line) => line['code'])).toEqual([
      'device.suspended',
      'kiosk.handed_over',
      'device.revoked',
    ]);
    expect(report.lines.at(-1)).toMatchObject({ detail: 'unsynced: 17' });
    const second = keeper();
    expect(second.service).toEqual({ closed: 'device.revoked', handover });
    second.told('serving', null);
    expect(keeper().service).toEqual(SERVING);
    counter.db.close();
  });
});

describe('deleting', () => {
  const DAY = 86_400_000;
  const NOW = 1_795_392_000_000;
  const anchored = (counter: StoredCounter, hubAt: number) =>
    counter.store.commit(counter.stamp(), ({ state }) => ({
      ...{ state, marks: [], effects: [] },
      events: [{ type: 'time.anchor', hubAt: hubAt as never, rttMs: 4, nonce: 'n'.repeat(16), sig: 's' }],
    }));
  const served = (counter: StoredCounter, n: number) => {
    for (const intent of [start(n), open(n), finish(n, 'no_show')])
      counter.feed({ type: 'intent', intent, expiresInMs: 60_000 });
  };
  const bytesOf = (counter: StoredCounter) =>
    counter.db.prepare('SELECT sum(length(bytes)) FROM event').pluck().get() as number;

  /** Events 1…n of one epoch, an anchor of 100 days ago in the middle, one of today at the end. */
  function aged() {
    const counter = new StoredCounter(data.file);
    served(counter, 1);
    anchored(counter, NOW - 100 * DAY);
    const old = counter.outbox.headOf(counter.epoch)!.seq;
    served(counter, 2);
    anchored(counter, NOW);
    const head = counter.outbox.headOf(counter.epoch)!.seq;
    return { counter, old, head };
  }
  const acknowledge = (counter: StoredCounter, seq: number) => {
    counter.outbox.acknowledge(counter.epoch, seq);
    counter.outbox.flush();
  };
  const prune = (counter: StoredCounter) => counter.outbox.prune(NOW - KEPT_MS, 1_000);

  it('takes what is safe, acknowledged and older than an old anchor; the hashes stay', () => {
    const { counter, old, head } = aged();
    const hashes = Array.from({ length: head }, (_, i) => counter.outbox.hashAt(counter.epoch, i + 1));
    acknowledge(counter, head);
    counter.outbox.markSafe([{ epoch: counter.epoch, seq: head }]);
    expect(prune(counter)).toBe(old);
    expect(prune(counter)).toBe(0);
    expect(counter.outbox.epochs()).toMatchObject([{ floor: old + 1, head }]);
    expect(counter.outbox.read(counter.epoch, old, 10, 100_000)).toBeNull();
    expect(counter.outbox.read(counter.epoch, old + 1, 1_000, 100_000)).toMatchObject({
      prevHash: hashes[old - 1],
      head: { seq: head, hash: hashes.at(-1) },
    });
    expect(Array.from({ length: head }, (_, i) => counter.outbox.hashAt(counter.epoch, i + 1))).toEqual(
      hashes,
    );
    // The chain goes on over the deleted part, and a new run takes it up.
    served(counter, 3);
    counter.db.close();
    const second = new StoredCounter(data.file, 2);
    expect(second.outbox.read(second.epoch, 1, 1, 100_000)).not.toBeNull();
    second.db.close();
  });

  it.each([
    ['not called safe', (c: StoredCounter, head: number) => acknowledge(c, head)],
    [
      'called safe by an older lineage',
      (c: StoredCounter, head: number) => {
        acknowledge(c, head);
        c.outbox.markSafe([{ epoch: c.epoch, seq: head }]);
        c.outbox.forgetWords();
        acknowledge(c, head);
      },
    ],
    [
      'not acknowledged',
      (c: StoredCounter, head: number) => void c.outbox.markSafe([{ epoch: c.epoch, seq: head }]),
    ],
    [
      'of a forked epoch',
      (c: StoredCounter, head: number) => {
        acknowledge(c, head);
        c.outbox.markSafe([{ epoch: c.epoch, seq: head }]);
        c.outbox.markForked(c.epoch);
      },
    ],
  ])('takes nothing that is %s', (_what, prepare) => {
    const { counter, head } = aged();
    prepare(counter, head);
    const before = bytesOf(counter);
    expect([prune(counter), bytesOf(counter)]).toEqual([0, before]);
    counter.db.close();
  });

  it('takes nothing without an old anchor behind it, whatever this machine’s clock says', () => {
    const counter = new StoredCounter(data.file);
    served(counter, 1);
    const { seq } = counter.outbox.headOf(counter.epoch)!;
    acknowledge(counter, seq);
    counter.outbox.markSafe([{ epoch: counter.epoch, seq }]);
    expect(prune(counter)).toBe(0);
    anchored(counter, NOW - 89 * DAY);
    expect(prune(counter)).toBe(0);
    counter.db.close();
  });

  it('goes in slices, epoch after epoch, driven by the anchors alone', async () => {
    const first = new StoredCounter(data.file, 1);
    for (let n = 1; n <= 60; n++) served(first, n);
    first.db.close();
    const second = new StoredCounter(data.file, 2);
    anchored(second, NOW - 95 * DAY);
    const time = new FakeTime();
    for (const { epoch, head } of second.outbox.epochs()) {
      second.outbox.acknowledge(epoch, head);
      second.outbox.markSafe([{ epoch, seq: head }]);
    }
    second.outbox.flush();
    const pruner = new ChainPruner(second.outbox, time);
    pruner.anchored(NOW - 10 * DAY);
    await time.pass(60_000);
    expect(bytesOf(second)).toBeGreaterThan(10_000);
    pruner.anchored(NOW);
    await time.pass(51);
    expect(second.outbox.epochs()[0]?.floor).toBe(101);
    await time.pass(60_000);
    expect(bytesOf(second)).toBe(0);
    expect(second.outbox.epochs().map(({ head, floor }) => floor - head)).toEqual([1, 1]);
    second.db.close();
  });
});
