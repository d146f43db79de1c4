/* Purpose: the hub's end of the recorder link on a real loopback socket: token, order, acknowledgement after commit. */
import { randomUUID } from 'node:crypto';
import type { LoginSeen } from '@hailong/shared/protocol/cameras.ts';
import type { FootageFact, HubToRecorder, ReportedCamera } from '@hailong/shared/protocol/footage.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock, systemTimers } from '../../../hub-server/src/adapters/clock.ts';
import { RecorderLink } from '../../../hub-server/src/adapters/recorder-link/recorder-link.ts';
import { LiveBus } from '../../../hub-server/src/application/live-bus.ts';
import type { FootagePort } from '../../../hub-server/src/application/ports/footage.ts';
import type { LivingHold } from '../../../hub-server/src/application/ports/holds.ts';
import { poll } from '../../support/poll.ts';

/** Holds facts until the test lets them be committed. */
class SlowFootage {
  cursorNow = 0;
  readonly facts: FootageFact[] = [];
  readonly limits: unknown[] = [];
  /** The hub's own disk is full. */
  fails = false;
  commit: (() => void) | null = null;
  port = {
    cursor: async () => this.cursorNow,
    noteLimits: async (told: unknown) => {
      if (this.fails) throw new Error('SQLITE_FULL');
      this.limits.push(told);
      return null;
    },
    record: (input: { facts: readonly { cursor: number; fact: FootageFact }[] }) =>
      new Promise<number>((done) => {
        this.commit = () => {
          for (const each of input.facts) this.facts.push(each.fact);
          this.cursorNow = Math.max(this.cursorNow, ...input.facts.map((each) => each.cursor));
          done(this.cursorNow);
        };
      }),
  } as unknown as FootagePort;
}

const camera = {
  ...{
    id: randomUUID(),
    name: 'C',
    address: 'rtsp://10.0.0.9/',
    user: 'u',
    counterIds: [],
    retentionDays: 30,
  },
  ...{ latencyMs: 2_000, active: true, sealedPassword: 'sealed:secret' },
};
let cameras: (typeof camera)[];
let link: RecorderLink;
let held: LivingHold[];
let clocks: unknown[];
let seen: LoginSeen[];
let refused: unknown[];
let recording: string[];
let due: number;
let full: boolean;
let logged: unknown[];
let reported: ReportedCamera[] | null;
let footage: SlowFootage;
let strange: unknown[];
const sockets: WebSocket[] = [];

beforeEach(async () => {
  held = [];
  cameras = [camera];
  strange = [];
  clocks = [];
  seen = [];
  refused = [];
  recording = [];
  due = 0;
  full = false;
  logged = [];
  reported = [];
  footage = new SlowFootage();
  link = await RecorderLink.listen({
    aged: systemClock,
    footage: footage.port,
    segments: {
      async rowsOfFiles({ files }) {
        strange.push(...files);
        return [];
      },
    },
    cameras: {
      noteClock: async (sample) => clocks.push(sample) > 0,
      logins: async () => ({ [camera.id]: seen }),
      async noteLogin(told) {
        if (seen.includes(told.seen)) return false;
        seen.push(told.seen);
        return true;
      },
      async noteBasicRefused(told) {
        refused.push(told);
        return null;
      },
      async noteRecording(told) {
        recording.push(told.cameraId);
        return null;
      },
    },
    holds: {
      async keep() {
        if (full) throw new Error('SQLITE_FULL');
        const more = due > 0;
        due = 0;
        return more;
      },
      orders: async () => ({ holds: due > 0 ? [] : held, cameras: reported }),
    },
    clock: { now: () => 0 as never },
    directory: { camerasWithSecrets: async () => cameras as never },
    sealer: {
      seal: (text) => text,
      open(sealed) {
        if (!sealed.startsWith('sealed:')) throw new Error('bad decrypt');
        return sealed.replace('sealed:', '');
      },
    },
    bus: new LiveBus(),
    timers: systemTimers,
    allowCidrs: ['10.0.0.0/8'],
    log: (error) => logged.push(error),
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await link.close();
});

async function connect(token: string, more: object = {}) {
  const socket = new WebSocket(link.url);
  sockets.push(socket);
  const heard: HubToRecorder[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)) as HubToRecorder);
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  await new Promise((done) => socket.once('open', done));
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  send({ type: 'hello', token, recorder: 'r1', footageRoot: '/footage', ...more });
  async function next<T extends HubToRecorder['type']>(
    type: T,
  ): Promise<Extract<HubToRecorder, { type: T }>> {
    for (;;) {
      const at = heard.findIndex((each) => each.type === type);
      if (at >= 0) return heard.splice(at, 1)[0] as Extract<HubToRecorder, { type: T }>;
      await new Promise<void>((wake) => waiting.push(wake));
    }
  }
  return { send, next, heard, closed };
}

test('a wrong token gets nothing, least of all a camera password', async () => {
  const stranger = await connect('x'.repeat(link.token.length));
  await stranger.closed;
  expect(stranger.heard).toEqual([]);
  expect(link.root()).toBeNull();
});

test('a password that nobody can read keeps its camera from being recorded, and no other one', async () => {
  const spoilt = { ...camera, id: randomUUID(), name: 'Sảnh', sealedPassword: 'of another key' };
  cameras = [camera, spoilt];
  const told = await (await connect(link.token)).next('cameras.set');
  expect(told.cameras.map(({ id, active, password }) => [id, active, password])).toEqual([
    [camera.id, true, 'secret'],
    [spoilt.id, false, ''],
  ]);
  expect(String(logged[0])).toContain('Sảnh');
});

test('by what limits footage goes for space is noted with a hello, and keeps no recorder waiting where it cannot be', async () => {
  const limits = { budgetBytes: null, floorBytes: 5, holdReserveBytes: 7 };
  const first = await connect(link.token, { limits });
  await first.next('reported.set');
  expect(footage.limits).toEqual([{ limits, at: 0 }]);
  // One that lets nothing go.
  await (await connect(link.token)).next('reported.set');
  footage.fails = true;
  await (await connect(link.token, { limits })).next('reported.set');
  expect(footage.limits).toHaveLength(1);
  expect(String(logged[0])).toContain('SQLITE_FULL');
});

test('how a camera let us in comes back with the cameras, and is told once; one that asks for more is noted once', async () => {
  const recorder = await connect(link.token);
  expect((await recorder.next('cameras.set')).cameras[0]?.seen).toEqual([]);
  const told = { type: 'camera.login', camera: camera.id, address: camera.address, seen: 'rtsp-strong' };
  recorder.send(told);
  expect((await recorder.next('cameras.set')).cameras[0]?.seen).toEqual(['rtsp-strong']);
  recorder.send(told);
  const state = {
    ...{ camera: camera.id, state: 'down', code: 'camera.basic_refused', at: 5 },
    ...{ codec: null, width: null, height: null, clockOffsetMs: null },
  };
  recorder.send({ type: 'camera.state', state });
  recorder.send({ type: 'camera.state', state });
  // Answered in its turn.
  recorder.send({ type: 'held.ask', request: 1, files: [] });
  await recorder.next('held');
  expect(refused).toEqual([{ cameraId: camera.id, at: 5 }]);
  for (const of of ['recording', 'recording', 'down', 'recording'])
    recorder.send({ type: 'camera.state', state: { ...state, state: of, code: null } });
  recorder.send({ type: 'held.ask', request: 2, files: [] });
  await recorder.next('held');
  expect(recording).toEqual([camera.id, camera.id]);
  expect(recorder.heard.filter(({ type }) => type === 'cameras.set')).toEqual([]);
});

test('hello is answered with the cursor and the cameras; facts are acknowledged after their commit', async () => {
  const recorder = await connect(link.token);
  expect(await recorder.next('welcome')).toMatchObject({ acknowledged: 0, recorder: 'r1' });
  expect((await recorder.next('holds.set')).holds).toEqual([]);
  expect((await recorder.next('cameras.set')).cameras[0]).toMatchObject({
    id: camera.id,
    password: 'secret',
  });
  expect(link.root()).toBe('/footage');
  const fact = { kind: 'segment.deleted', id: randomUUID(), at: 1, reason: 'expired' };
  recorder.send({ type: 'facts', facts: [{ cursor: 5, fact }] });
  const answered = recorder.next('acknowledged');
  while (!footage.commit) await new Promise((done) => setImmediate(done));
  expect(recorder.heard.some((each) => each.type === 'acknowledged')).toBe(false);
  footage.commit();
  expect((await answered).cursor).toBe(5);
});

test('a recorder asks for rows of files; its own rows and what it mended are answers', async () => {
  const recorder = await connect(link.token);
  await recorder.next('cameras.set');
  const file = { file: `${camera.id}/run/000001.mp4`, modifiedAt: 7 };
  recorder.send({ type: 'held.ask', request: 3, files: [file] });
  expect(await recorder.next('held')).toEqual({ type: 'held', request: 3, rows: [] });
  expect(strange).toEqual([file]);

  const page = link.rows(null);
  const asked = await recorder.next('rows');
  const ids = [randomUUID()];
  recorder.send({ type: 'rowed', request: asked.request, ids, more: false });
  expect(await page).toEqual({ ids, more: false });

  const mended = link.repair({ apply: true, by: 'user:an', apart: [], unknown: [], files: true });
  const order = await recorder.next('repair');
  expect(order).toMatchObject({ apply: true, by: 'user:an', files: true });
  const [nothing, one] = [
    { count: 0, files: [] },
    { count: 1, files: [file.file] },
  ];
  const kinds = { strange: nothing, deleted: nothing, unindexed: nothing, untold: nothing, held: nothing };
  const result = { lost: one, ...kinds, more: false };
  recorder.send({ type: 'repaired', request: order.request, result });
  expect(await mended).toEqual(result);
});

test('holds are told in the hello and after every change, as they stand then', async () => {
  const hold = (from: number) => ({ camera: camera.id, from, to: from + 1 }) as LivingHold;
  held = [hold(1)];
  const recorder = await connect(link.token);
  expect((await recorder.next('holds.set')).holds).toEqual([hold(1)]);
  held = [hold(1), hold(5)];
  await link.holdsChanged();
  expect((await recorder.next('holds.set')).holds).toEqual([hold(1), hold(5)]);
});

test('what is reported is told behind the holds it brought about, and not while facts wait to be projected', async () => {
  held = [{ camera: camera.id, from: 1, to: 2 } as LivingHold];
  due = 1;
  const recorder = await connect(link.token);
  const told = await recorder.next('reported.set');
  recorder.heard.push(told);
  const order = () => recorder.heard.map(({ type }) => type);
  expect(order()).toEqual(['welcome', 'cameras.set', 'holds.set', 'reported.set']);
  expect((await recorder.next('holds.set')).holds).toEqual(held);
  expect(await recorder.next('reported.set')).toMatchObject({ at: 0, cameras: [] });
  reported = null;
  await link.holdsKept();
  await recorder.next('holds.set');
  expect(order()).not.toContain('reported.set');
  // An officer waits for this one: how much was rated changes nothing in how long it takes.
  due = 1;
  await link.holdsChanged();
  await recorder.next('holds.set');
  expect(due).toBe(1);
});

test('where holds cannot be placed, cameras are told all the same and what was reported before stands', async () => {
  full = true;
  const first = await connect(link.token);
  expect((await first.next('cameras.set')).cameras).toHaveLength(1);
  first.send({ type: 'held.ask', request: 1, files: [] });
  await first.next('held');
  // Nothing was told of this start: it records and deletes nothing.
  expect(first.heard.map(({ type }) => type)).toEqual(['welcome']);
  expect(String(logged)).toContain('SQLITE_FULL');

  full = false;
  reported = [{ camera: camera.id, unreported: [{ from: 5, to: null }] } as unknown as ReportedCamera];
  await link.holdsKept();
  expect((await first.next('reported.set')).cameras).toEqual(reported);

  full = true;
  held = [{ camera: camera.id, from: 1, to: 2 } as LivingHold];
  const before = reported;
  reported = [];
  const again = await connect(link.token);
  expect((await again.next('cameras.set')).cameras).toHaveLength(1);
  expect((await again.next('holds.set')).holds).toEqual(held);
  expect((await again.next('reported.set')).cameras).toEqual(before);

  // A step moves footage: what was told of where it lay says nothing any more.
  const step = { id: randomUUID(), from: 1, to: null, shiftMs: 7 };
  again.send({ type: 'facts', facts: [{ cursor: 1, fact: { kind: 'clock.stepped', step } }] });
  while (!footage.commit) await new Promise((done) => setImmediate(done));
  footage.commit();
  await again.next('acknowledged');
  await expect(link.holdsKept()).rejects.toThrow('SQLITE_FULL');
  expect(again.heard.map(({ type }) => type)).toEqual(['welcome']);
});

test('a probe is answered by the recorder, and with nothing when the recorder leaves', async () => {
  expect(await link.probe({ address: 'a', user: '', password: '', via: null })).toBeNull();
  const recorder = await connect(link.token);
  await recorder.next('cameras.set');
  const asked = link.probe({ address: 'rtsp://10.0.0.9/', user: 'u', password: 'p', via: 'onvif' });
  const { request } = await recorder.next('probe');
  recorder.send({ type: 'probed', request, result: { ok: false, code: 'camera.unreachable', detail: '' } });
  expect(await asked).toMatchObject({ ok: false, code: 'camera.unreachable' });
  const unanswered = link.probe({ address: 'rtsp://10.0.0.9/', user: 'u', password: 'p', via: 'onvif' });
  await recorder.next('probe');
  for (const socket of sockets.splice(0)) socket.terminate();
  expect(await unanswered).toBeNull();
});

test('a picture is asked for and comes, and a camera’s clock is noted', async () => {
  expect(await link.frame({ kind: 'file', file: 'a/0.mp4' })).toBeNull();
  const recorder = await connect(link.token);
  await recorder.next('cameras.set');
  const asked = link.frame({ kind: 'file', file: 'a/0.mp4' });
  const { request, from } = await recorder.next('frame');
  expect(from).toEqual({ kind: 'file', file: 'a/0.mp4' });
  recorder.send({ type: 'camera.clock', camera: camera.id, at: 5 as never, offsetMs: -3_000 });
  recorder.send({ type: 'framed', request, result: { ok: true, jpeg: '/9j/' } });
  expect(await asked).toEqual({ ok: true, jpeg: '/9j/' });
  expect(clocks).toEqual([{ cameraId: camera.id, at: 5, offsetMs: -3_000 }]);
});

test('a message of an unknown form ends the line', async () => {
  const recorder = await connect(link.token);
  await recorder.next('cameras.set');
  recorder.send({ type: 'nonsense' });
  await recorder.closed;
});

test('files that will not go are kept as told last, while the recorder is away too', async () => {
  expect(link.undeletable()).toBeNull();
  const recorder = await connect(link.token);
  await recorder.next('welcome');
  const told = (count: number) => ({
    count,
    since: count === 0 ? null : 5,
    files: count === 0 ? [] : ['a/b.mp4'],
  });
  recorder.send({ type: 'disk.state', undeletable: told(1) });
  await poll(() => link.undeletable()?.count === 1, { what: 'what was told' });
  for (const socket of sockets.splice(0)) socket.terminate();
  await poll(() => !link.isConnected(), { what: 'the end of the line' });
  expect(link.undeletable()).toEqual(told(1));
  const again = await connect(link.token);
  again.send({ type: 'disk.state', undeletable: told(0) });
  await poll(() => link.undeletable()?.count === 0, { what: 'its end' });
});
