/* The hub's log on real files: everything that changed is committed to once, and every proof it gives verifies. */
import { hash } from 'node:crypto';
import { fromHex, toHex } from '@hailong/shared/edge/event.ts';
import { acceptCheckpoint, type Checkpoint } from '@hailong/shared/log/advance.ts';
import { extensionOf, openCheckpoint } from '@hailong/shared/log/checkpoint.ts';
import { leafHash, rootOfLeaves, verifyInclusion } from '@hailong/shared/log/merkle.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HeadsBody, segmentLeafText } from '../../../hub-server/src/domain/audit/log-leaf.ts';
import { newPlace } from '../../support/test-device.ts';
import { sha256, statementOf, verifyKey } from '../log/keys.ts';
import { LINEAGE, NOW, type OpenLog, openLog } from './kit.ts';

const CAMERAS = ['c0000000-0000-4000-8000-000000000001', 'c0000000-0000-4000-8000-000000000002'] as const;
let log: OpenLog;
beforeEach(async () => {
  log = await openLog();
});
afterEach(() => log.close());

const seal = async (): Promise<Checkpoint> => (await log.sealer.seal())!;
const naive = (size: number, first = 1): string =>
  toHex(
    rootOfLeaves(
      sha256,
      log
        .rows()
        .filter((row) => row.seq >= first && row.seq < first + size)
        .map(({ seq, at, actor, action, object, reason, body }) =>
          leafHash(
            sha256,
            Buffer.from(
              JSON.stringify({ seq, at, actor, action, object, reason, body: body && JSON.parse(body) }),
            ),
          ),
        ),
    ),
  );
const heads = (): HeadsBody[] =>
  log
    .rows()
    .filter((row) => row.action === 'log.heads')
    .map((row) => JSON.parse(row.body ?? '') as HeadsBody);

test('the first rows name the log and the instrument; the checkpoint is their signed root', async () => {
  const checkpoint = await seal();
  const hub = hash('sha256', Buffer.from(log.hub.publicKey, 'base64url'), 'hex');
  const origin = `hailong/${hub.slice(0, 16)}/${LINEAGE}`;
  expect(log.rows().map((row) => [row.seq, row.action, row.object])).toEqual([
    [1, 'log.started', `log:${origin}`],
    [2, 'instrument.saved', expect.stringMatching(/^instrument:/)],
  ]);
  expect(checkpoint).toMatchObject({ origin, size: 2, root: naive(2) });
  const body = openCheckpoint(checkpoint.text, log.hub.publicKey, verifyKey, sha256);
  expect(body && extensionOf(body, 'enrolSerial')).toBe('0');
  expect(await log.storage.log.latest()).toEqual(checkpoint);
});

test('without a change the same checkpoint is the answer, and nobody is told again', async () => {
  const told: number[] = [];
  log.sealer.onSealed((checkpoint) => told.push(checkpoint.size));
  const first = await seal();
  log.clock.at += 60_000;
  expect(await seal()).toEqual(first);
  await log.note('unit:1');
  expect((await seal()).size).toBe(3);
  expect(told).toEqual([2, 3]);
});

test('each grown chain is committed to once, with the hash of its head', async () => {
  const place = newPlace();
  const device = await log.enrolled(place.counter);
  const { inbox } = log.storage;
  const hello = await inbox.hello({ device: device.device, epochs: [], checkpoint: null, at: NOW });
  const chain = device.start(place);
  const send = (first: number) =>
    inbox.recordBatch({
      ...{ device: device.device, fence: hello!.fence, receivedAt: NOW },
      frame: device.batch(chain, first),
    });
  await send(1);
  await seal();
  device.serve(chain, place, { level: 5 });
  await send(2);
  await seal();
  await seal();
  expect(heads().map((body) => body.heads)).toEqual([
    [[device.device, chain.epoch, 1, toHex(chain.hashes[0]!)]],
    [[device.device, chain.epoch, chain.hashes.length, toHex(chain.hashes.at(-1)!)]],
  ]);
  const body = openCheckpoint((await seal()).text, log.hub.publicKey, verifyKey, sha256);
  expect(body && extensionOf(body, 'enrolSerial')).toBe('1');
});

test('a storm of chains fills rows of 500', async () => {
  log.raw((db) => {
    const insert = db.prepare(
      'INSERT INTO device_epoch (device, epoch, head_seq, head_hash) VALUES (?,?,1,zeroblob(32))',
    );
    for (let i = 0; i < 1_200; i++) insert.run('d', String(i));
  });
  await seal();
  expect(heads().map((body) => body.heads.length)).toEqual([500, 500, 200]);
  expect(new Set(heads().flatMap((body) => body.heads.map(([, epoch]) => epoch))).size).toBe(1_200);
});

test('the footage of a minute is one root a camera', async () => {
  await log.segments(CAMERAS[0], 1, 5);
  await log.segments(CAMERAS[1], 6, 2);
  await seal();
  await log.segments(CAMERAS[0], 8, 1);
  await log.storage.footage.record({
    recorder: 'r',
    facts: [
      {
        cursor: 9,
        fact: {
          kind: 'run.mapped',
          mapping: {
            ...{ run: CAMERAS[0], camera: CAMERAS[0], version: 1, method: 'min-arrival' },
            ...{ offsetMs: NOW, latencyMs: 2_000, boundMs: 300 },
          },
        } as never,
      },
    ],
  });
  await seal();
  const text = (camera: string, n: number) =>
    segmentLeafText({
      ...{ id: `a0000000-0000-4000-8000-${String(n).padStart(12, '0')}`, run: camera, bytes: 9 },
      ...{ mediaStartMs: n * 4_000, mediaEndMs: n * 4_000 + 4_000 },
      sha256: hash('sha256', `${camera} ${n}`, 'hex'),
    });
  const root = (camera: string, ...ns: number[]) =>
    toHex(
      rootOfLeaves(
        sha256,
        ns.map((n) => leafHash(sha256, Buffer.from(text(camera, n)))),
      ),
    );
  expect(heads().map((body) => body.segments)).toEqual([
    [
      [CAMERAS[0], 5, root(CAMERAS[0], 1, 2, 3, 4, 5)],
      [CAMERAS[1], 2, root(CAMERAS[1], 6, 7)],
    ],
    [[CAMERAS[0], 1, root(CAMERAS[0], 8)]],
  ]);
  expect(heads()[1]!.mappings).toEqual([[CAMERAS[0], 1, expect.stringMatching(/^[0-9a-f]{64}$/)]]);
});

test('every checkpoint leads to every later one, and every row is proven in each', async () => {
  const kept: Checkpoint[] = [];
  for (let i = 0; i < 12; i++) {
    for (let k = 0; k <= (i * 7) % 5; k++) await log.note(`unit:${i}-${k}`);
    kept.push(await seal());
    expect(kept.at(-1)!.root).toBe(naive(kept.at(-1)!.size));
  }
  for (const held of kept)
    for (const checkpoint of kept.filter((each) => each.size >= held.size)) {
      const { origin } = held;
      const consistency = (await log.storage.log.consistency({
        ...{ origin, from: held.size, to: checkpoint.size },
      }))!;
      expect(acceptCheckpoint(held, { checkpoint, consistency }, log.keys, verifyKey, sha256).kind).toBe(
        'accepted',
      );
    }
  const last = kept.at(-1)!;
  for (const row of log.rows()) {
    const said = (await log.storage.log.inclusion({ seq: row.seq, size: last.size }))!;
    expect(
      verifyInclusion(sha256, {
        ...{ index: said.index, size: last.size, leaf: row.leaf_hash, root: fromHex(last.root) },
        proof: said.proof.map(fromHex),
      }),
    ).toBe(true);
  }
  expect(await log.storage.log.consistency({ origin: last.origin, from: 3, to: 10_000 })).toBeNull();
  expect(await log.storage.log.inclusion({ seq: 10_000, size: last.size })).toBeNull();
});

test('what a witness shows is compared at its own size', async () => {
  for (let i = 0; i < 5; i++) await log.note(`unit:${i}`);
  const held = await seal();
  await log.note('unit:more');
  const now = await seal();
  const judge = (shown: Partial<Checkpoint>) => log.storage.log.judge({ held: { ...held, ...shown } });
  expect(await judge({})).toMatchObject({ verdict: 'agrees', checkpoint: now, follows: true });
  expect((await judge({})).consistency).not.toBeNull();
  expect(await log.storage.log.judge({ held: null })).toMatchObject({ checkpoint: now, follows: true });
  expect(await judge({ size: 900 })).toMatchObject({ verdict: 'ahead', consistency: null, follows: false });
  expect(await judge({ root: '0'.repeat(64) as never })).toMatchObject({
    ...{ verdict: 'inconsistent', consistency: null, follows: false },
  });
  expect(await judge({ origin: 'hailong/x/l-other' })).toMatchObject({ verdict: 'ahead', follows: false });
  const alarm = () =>
    log.storage.log.alarm({ device: 'd', held: { ...held, size: 900 }, kind: 'ahead', at: NOW });
  expect([await alarm(), await alarm()]).toEqual([true, false]);
  expect(await log.storage.log.alarms()).toEqual([
    { device: 'd', origin: held.origin, size: 900, root: held.root, kind: 'ahead', at: NOW },
  ]);
  expect(log.rows().filter((row) => row.action === 'log.witness_ahead')).toHaveLength(1);
});

test('a lawful restore goes on under another origin, and a witness follows it', async () => {
  await log.note('unit:1');
  const held = await seal();
  const from = (await log.storage.log.head())!;
  const lineage = 'l-after';
  const origin = held.origin.replace(LINEAGE, lineage);
  const said = {
    ...{ v: 'hailong-restore-v1' as const, from, origin, lineage },
    ...{ by: ['An', 'Bình'], at: NOW as UtcMs },
  };
  const input = { lineage, by: said.by, reason: 'ổ đĩa hỏng', at: NOW };
  const wrong = statementOf(log.recovery, { ...said, from: { ...from, size: from.size - 1 } });
  await expect(log.storage.log.startOrigin({ ...input, statement: wrong })).rejects.toThrow();
  expect(await log.storage.log.head()).toEqual(from);

  const statement = statementOf(log.recovery, said);
  expect(await log.storage.log.startOrigin({ ...input, statement })).toBe(origin);
  const first = log.rows().at(-1)!;
  expect(first).toMatchObject({ action: 'log.origin_started', actor: 'An, Bình', reason: 'ổ đĩa hỏng' });
  expect(JSON.parse(first.body!)).toEqual({ origin, from, by: ['An', 'Bình'], statement });
  await log.note('unit:2');
  const after = await seal();
  expect(after).toMatchObject({ origin, size: 2, root: naive(2, first.seq) });
  expect((await log.storage.identity.identity())!.lineage).toBe(lineage);

  const judged = await log.storage.log.judge({ held });
  expect(judged).toMatchObject({ verdict: 'agrees', follows: true, consistency: null });
  const offer = { checkpoint: judged.checkpoint!, successions: judged.successions };
  expect(acceptCheckpoint(held, offer, log.keys, verifyKey, sha256)).toMatchObject({
    ...{ kind: 'accepted', checkpoint: after },
  });
  // The old log is still proven, and one that saw more of it is heard.
  expect(await log.storage.log.consistency({ origin: held.origin, from: 2, to: held.size })).not.toBeNull();
  expect(await log.storage.log.judge({ held: { ...held, size: held.size + 9 } })).toMatchObject({
    ...{ verdict: 'ahead', follows: true },
  });
});

test('an origin that nobody signed is followed by no witness', async () => {
  const held = await seal();
  await log.storage.log.startOrigin({ lineage: 'u-1', by: [], reason: null, statement: null, at: NOW });
  await seal();
  const judged = await log.storage.log.judge({ held });
  expect(judged).toMatchObject({ verdict: 'agrees', successions: [], follows: false });
  expect(acceptCheckpoint(held, { checkpoint: judged.checkpoint! }, log.keys, verifyKey, sha256)).toEqual({
    kind: 'refused',
    reason: 'other-origin',
  });

  // Two people sign it afterwards.
  const now = (await log.storage.log.head())!;
  const { origin, size, root } = held;
  const said = {
    ...{ v: 'hailong-restore-v1' as const, from: { origin, size, root }, origin: now.origin, lineage: 'u-1' },
    ...{ by: ['An', 'Bình'], at: NOW as UtcMs },
  };
  const sign = (from: typeof said.from) =>
    log.storage.log.signOrigin({
      ...{ statement: statementOf(log.recovery, { ...said, from }), by: said.by, at: NOW },
    });
  expect(await sign({ ...said.from, size: 1 })).toBe(false);
  expect(await sign(said.from)).toBe(true);
  const { checkpoint, successions, follows } = await log.storage.log.judge({ held });
  expect(follows).toBe(true);
  expect(
    acceptCheckpoint(held, { checkpoint: checkpoint!, successions }, log.keys, verifyKey, sha256).kind,
  ).toBe('accepted');
});

test('data from before there were origins gets one over all its rows', async () => {
  await log.note('unit:1');
  log.raw((db) => {
    db.exec('DELETE FROM log_origin; DELETE FROM log_node; DELETE FROM log_checkpoint;');
  });
  const checkpoint = await seal();
  expect(log.rows().at(-1)).toMatchObject({ action: 'log.started' });
  expect(checkpoint).toMatchObject({ size: 4, root: naive(4) });
});
