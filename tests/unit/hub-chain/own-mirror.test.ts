/* The second medium of the hub's own chain on real files: torn tails, flipped bytes, foreign files, a data folder set back. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { deviceIdOf } from '../../../hub-server/src/adapters/keys.ts';
import { MIRROR_FILE, MirrorFile } from '../../../hub-server/src/adapters/own-mirror/mirror-file.ts';
import { OwnMirror } from '../../../hub-server/src/adapters/own-mirror/own-mirror.ts';
import { stateOwn } from '../../../hub-server/src/adapters/sqlite/stores/own-chain/own-rows.ts';
import type { OwnPlace } from '../../../hub-server/src/application/ports/own-chain.ts';
import { createSlipCodes } from '../../../hub-server/src/application/private-route/slip-codes.ts';
import { type OpenLog, openLog } from '../hub-log/kit.ts';
import { makeKey, sha256, verifyKey } from '../log/keys.ts';

let dir: string;
let hub: OpenLog;
let epoch: string;
const key = makeKey();
const codes = createSlipCodes(key, sha256);
const raw = Buffer.from(key.publicKey, 'base64url');
const device = deviceIdOf(raw);
const file = (): string => join(dir, MIRROR_FILE);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hailong-mirror-'));
  hub = await openLog(key);
  epoch = randomBytes(16).toString('hex');
});
afterEach(async () => {
  await hub.close();
  rmSync(dir, { recursive: true, force: true });
});

const said: unknown[] = [];
const openOn = (on: OpenLog, more: { independent?: boolean; signer?: typeof key; since?: string } = {}) =>
  OwnMirror.open(dir, {
    ...(more.since === undefined ? {} : { since: more.since }),
    ...{ ownChain: on.storage.ownChain, device, now: () => 7, independent: more.independent ?? true },
    ...{ hubKey: raw, sign: (more.signer ?? key).sign },
    verify: (bytes, sig) => verifyKey(key.publicKey, bytes, sig),
    report: (error) => said.push(error),
  });

let numbers = 0;
async function vote(): Promise<OwnPlace> {
  const { slip } = codes.ofKiosk('k', ++numbers);
  await hub.storage.ownChain.issueSlips({ device: 'k', codes: [{ number: numbers, slip }], at: 1 });
  const done = await hub.storage.ownChain.votePrivate({
    ...{ route: { via: 'slip', slip } as never, phone: 'p'.repeat(43), validMs: null, at: hub.clock.at },
    ...{ revoked: false, said: { stage: null, instrument: null }, chips: null },
    ...{ vote: randomUUID(), answers: [{ question: 'overall', level: 4 }] as never },
    writer: { device, epoch, build: 'test', at: hub.clock.at, mono: 1 },
  });
  if (!done.ok) throw new Error(done.code);
  return done.place;
}
const held = async (on: OpenLog): Promise<number> =>
  (await on.storage.ownChain.after({ device, heads: [], limit: 1_000 })).length;

it('holds what it says it holds, and only another device is a medium', async () => {
  const { mirror } = await openOn(hub);
  const places = await Promise.all([vote(), vote(), vote()]);
  expect(await Promise.all(places.map((place) => mirror.follow(place)))).toEqual([true, true, true]);
  expect(await mirror.follow({ epoch, seq: 99 })).toBe(false);
  await mirror.close();
  const same = await openOn(hub, { independent: false });
  expect(await same.mirror.follow(places[0]!)).toBe(false);
  await same.mirror.close();
});

it('gives back what a data folder that was set back has lost', async () => {
  const { mirror } = await openOn(hub);
  for (let i = 0; i < 4; i++) await mirror.follow(await vote());
  await mirror.close();
  const lost = await openLog(key);
  try {
    const back = await openOn(lost);
    expect(back).toMatchObject({ tookBack: 5, refused: 0, aside: null });
    await back.mirror.close();
    expect(await held(lost)).toBe(5);
    const again = await openOn(lost);
    expect(again.tookBack).toBe(0);
    await again.mirror.close();
  } finally {
    await lost.close();
  }
});

it('gives them back also to a hub that has stated facts since, and no counter is turned back', async () => {
  const { mirror } = await openOn(hub);
  const counter = randomUUID();
  const served = (on: OpenLog, at: string, bodies: readonly object[]) =>
    on.raw((db) =>
      db
        .transaction(() =>
          stateOwn(db, { device, epoch: at, build: 'test', at: on.clock.at, mono: 1 }, bodies as never),
        )
        .immediate(),
    );
  const duty = () => ({
    ...{ type: 'duty.started', intent: null, duty: randomUUID(), counter },
    ...{ officer: randomUUID(), officerCode: 'CB01', unit: randomUUID() },
  });
  const places = [await vote(), served(hub, epoch, [duty()])];
  for (const place of places) expect(await mirror.follow(place)).toBe(true);
  await mirror.close();
  const all = await hub.storage.ownChain.after({ device, heads: [], limit: 100 });

  const lost = await openLog(key);
  try {
    // An old copy of the data: the first two facts; its start states facts of its own before the medium opens.
    const bytes = all.slice(0, 2).map((each) => each.bytes);
    await lost.storage.ownChain.takeBack({
      ...{ device, epoch, firstSeq: 1, prev: all[0]!.prev, events: bytes, at: 7, since: null },
    });
    const now = randomBytes(16).toString('hex');
    const current = duty();
    served(lost, now, [current]);
    const back = await openOn(lost, { since: now });
    expect(back).toMatchObject({ tookBack: 1, refused: 0, aside: null });
    await back.mirror.close();
    const get = (text: string) => lost.raw((db) => db.prepare(text).pluck().all());
    expect(get("SELECT json_extract(state, '$.duty.duty') FROM own_counter")).toEqual([current.duty]);
    // What goes on from behind it is the hub's own, and nobody has to decide about it.
    expect(get('SELECT state FROM device_epoch WHERE own = 1')).toEqual(['counted', 'counted']);
    const again = await openOn(lost);
    expect(again.tookBack).toBe(0);
    await again.mirror.close();
  } finally {
    await lost.close();
  }
});

it('cuts a torn tail off and goes on behind it, wherever the write was cut', async () => {
  const { mirror } = await openOn(hub);
  await mirror.follow(await vote());
  const whole = readFileSync(file()).length;
  await mirror.follow(await vote());
  await mirror.close();
  const full = readFileSync(file());
  for (let cut = whole + 1; cut < full.length; cut++) {
    writeFileSync(file(), full);
    truncateSync(file(), cut);
    const found: number[] = [];
    const opened = MirrorFile.open(dir, raw, 'x', (frame) => found.push(frame.seq));
    opened.file.close();
    expect({ found, aside: opened.aside, size: readFileSync(file()).length }).toEqual({
      ...{ found: [1, 2], aside: null, size: whole },
    });
  }
  const { mirror: again } = await openOn(hub);
  await again.close();
  expect(readFileSync(file())).toEqual(full);
});

it('puts a damaged file aside, takes back what holds behind the damage and lists the gap', async () => {
  const { mirror } = await openOn(hub);
  for (let i = 0; i < 4; i++) await mirror.follow(await vote());
  await mirror.close();
  const bytes = readFileSync(file());
  const at = bytes.indexOf('"seq":3');
  bytes[at + 20]! ^= 1;
  writeFileSync(file(), bytes);
  const lost = await openLog(key);
  try {
    const back = await openOn(lost);
    expect(back.aside).toContain('.damaged-');
    expect(back.tookBack).toBe(4);
    expect(readFileSync(back.aside!)).toEqual(bytes);
    await back.mirror.close();
    const { gaps } = await lost.storage.recovery.show();
    expect(gaps).toEqual([{ counterId: null, device, epoch, from: 3, to: 3 }]);
    // Another copy of the medium is whole: what it holds fills the gap, and its vote counts.
    bytes[at + 20]! ^= 1;
    writeFileSync(file(), bytes);
    const whole = await openOn(lost);
    expect(whole).toMatchObject({ tookBack: 1, aside: null });
    await whole.mirror.close();
    expect((await lost.storage.recovery.show()).gaps).toEqual([]);
    expect(await held(lost)).toBe(5);
    const count = (what: string) =>
      lost.raw((db) => db.prepare(`SELECT count(*) FROM ${what}`).pluck().get());
    expect([count('private_vote'), count("event WHERE status = 'forked'")]).toEqual([4, 0]);
  } finally {
    await lost.close();
  }
});

it('believes only what the hub’s key signed, and leaves another hub’s file alone', async () => {
  const forged = await openOn(hub, { signer: makeKey() });
  await forged.mirror.follow(await vote());
  await forged.mirror.close();
  const lost = await openLog(key);
  try {
    const back = await openOn(lost);
    expect(back).toMatchObject({ tookBack: 0, refused: 2 });
    expect(await held(lost)).toBe(0);
    await back.mirror.close();
  } finally {
    await lost.close();
  }
  const before = readFileSync(file());
  before.fill(9, 4, 36);
  writeFileSync(file(), before);
  await expect(openOn(hub)).rejects.toMatchObject({ code: 'mirror.foreign' });
  expect(readFileSync(file())).toEqual(before);
  expect(readdirSync(dir)).toEqual([MIRROR_FILE]);
});
