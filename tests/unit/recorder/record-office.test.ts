/* Orders of the hub, failures of cameras and a full disk, with cameras that do what the test says and a fake clock. */
import { existsSync } from 'node:fs';
import type { CameraState, RecorderCamera } from '@hailong/shared/protocol/footage.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { expect, it } from 'vitest';
import { inspectFile } from '../../../hub-server/src/recorder/adapters/inspect-file.ts';
import { answerQuestion, PROBE_MS } from '../../../hub-server/src/recorder/application/answer-hub.ts';
import { FootageLedger } from '../../../hub-server/src/recorder/application/footage-ledger.ts';
import { FIND_AGAIN_MS, REFUSED_PAUSE_MS } from '../../../hub-server/src/recorder/application/keep-camera.ts';
import type {
  Cameras,
  FoundStream,
  RecorderFact,
} from '../../../hub-server/src/recorder/application/ports.ts';
import {
  FULL_TICK_MS,
  RecordOffice,
  TICK_MS,
} from '../../../hub-server/src/recorder/application/record-office.ts';
import { RESUME_BYTES } from '../../../hub-server/src/recorder/domain/disk-rule.ts';
import { cameraA, openParts, type Parts, settle, T0 } from './parts.ts';

const DAY = 86_400_000;
const FLOOR = 1_000_000;
const entry = (more: Partial<RecorderCamera> = {}): RecorderCamera => ({
  ...{ id: cameraA, name: 'Quầy 1', address: 'rtsp://10.0.0.9/', user: 'u', password: 'p' },
  ...{ retentionDays: 30, latencyMs: 500, active: true, ...more },
});

function openOffice(parts: Parts) {
  const states: CameraState[] = [];
  const stage = {
    found: { ok: true, streamUri: 'rtsp://10.0.0.9:554/', clockOffsetMs: 7 } as FoundStream,
    finds: 0,
    /** A look-up waits for it. */
    answer: Promise.resolve(),
    knocks: 0,
    listens: false,
    stops: 0,
    uri: '',
    freeBytes: FLOOR * 2,
    free: (): number => stage.freeBytes,
    tell: (_: RecorderFact): void => undefined,
  };
  const cameras: Cameras = {
    allow: () => undefined,
    find: async () => {
      stage.finds += 1;
      await stage.answer;
      return stage.found;
    },
    knock: async () => {
      stage.knocks += 1;
      return stage.listens;
    },
    record: (_camera, uri, _folder, listen) => {
      stage.uri = uri;
      stage.tell = listen;
      return {
        stop: async () => {
          stage.stops += 1;
        },
      };
    },
    runClock: () => {
      throw new Error('no run in this test');
    },
    probe: () => new Promise(() => undefined),
    clockOffset: async () => null,
    frame: () => Promise.reject(new Error('no ffmpeg')),
    discover: () => Promise.reject(new Error('no network')),
  };
  /** What of the disk fails. */
  const fails = { secrets: false, free: false };
  const office = new RecordOffice({
    ...parts,
    ...{
      cameras,
      inspect: inspectFile,
      limits: { budgetBytes: null, floorBytes: FLOOR, holdReserveBytes: 0 },
    },
    files: {
      ...parts.files,
      removeSecrets: async () => {
        if (fails.secrets) throw new Error('EACCES: permission denied, opendir');
      },
      freeBytes: async () => {
        if (fails.free) throw new Error('EIO: i/o error, statfs');
        return stage.free();
      },
    },
    hub: { ...parts.hub, tellState: (state) => void states.push(state) },
  });
  const set = async (list: RecorderCamera[]) => {
    office.setCameras({ type: 'cameras.set', cameras: list, allowCidrs: [] });
    await settle();
  };
  const gaps = () => [...new Map(parts.facts('gap.recorded').map(({ gap }) => [gap.id, gap])).values()];
  return { office, stage, states, set, gaps, cameras, fails };
}

const recording: RecorderFact = {
  ...{ kind: 'state', state: 'recording', code: null },
  ...{ codec: 'h264', width: 640, height: 360 },
};

it('knocks twice a second where nobody answers, tries seldom where a person must act first', async () => {
  await using parts = await openParts();
  const { office, stage, states, set, gaps } = openOffice(parts);
  await office.start();
  stage.found = { ok: false, code: 'camera.unreachable', detail: '' };
  await set([entry()]);
  expect(states.at(-1)).toMatchObject({ state: 'down', code: 'camera.unreachable' });
  expect(gaps()).toMatchObject([{ from: parts.time.at, to: null, reason: 'camera-down' }]);
  await parts.time.pass(20_000);
  expect([stage.finds, stage.knocks]).toEqual([1, 40]);
  stage.found = { ok: false, code: 'camera.bad_reply', detail: '' };
  stage.listens = true;
  await parts.time.pass(500 + 1_000 + 2_000 + 4_000);
  expect(stage.finds).toBe(5);
  stage.found = { ok: false, code: 'camera.auth_refused', detail: '' };
  await parts.time.pass(4_000);
  expect(gaps()).toMatchObject([
    { to: parts.time.at, reason: 'camera-down' },
    { to: null, reason: 'refused' },
  ]);
  const before = stage.finds;
  await parts.time.pass(REFUSED_PAUSE_MS - 1);
  expect(stage.finds).toBe(before);
  await parts.time.pass(1);
  expect(stage.finds).toBe(before + 1);
  await office.stop();
});

it('looks a camera up again when its stream stays away, and follows it where it went', async () => {
  await using parts = await openParts();
  const { office, stage, states, set } = openOffice(parts);
  await office.start();
  await set([entry()]);
  stage.tell(recording);
  expect(states.at(-1)).toMatchObject({ state: 'recording', codec: 'h264', width: 640, clockOffsetMs: 7 });
  stage.tell({ ...recording, state: 'down', code: 'camera.silent' });
  await parts.time.pass(FIND_AGAIN_MS - 1);
  stage.tell({ ...recording, state: 'down', code: 'camera.unreachable' });
  expect([stage.finds, stage.stops]).toEqual([1, 0]);
  await parts.time.pass(1);
  expect([stage.finds, stage.stops]).toEqual([2, 0]);
  stage.found = { ok: true, streamUri: 'rtsp://10.0.0.9:555/', clockOffsetMs: 7 };
  await parts.time.pass(FIND_AGAIN_MS);
  expect([stage.finds, stage.stops]).toEqual([4, 1]);
  expect(stage.uri).toBe('rtsp://10.0.0.9:555/');
  // Found elsewhere it must show a picture first: it is still looked up.
  stage.tell(recording);
  await parts.time.pass(10 * FIND_AGAIN_MS);
  expect(stage.finds).toBe(4);
  await office.stop();
});

it('looks one camera up once at a time, however it comes and goes, and a removed one no more', async () => {
  await using parts = await openParts();
  const { office, stage, set } = openOffice(parts);
  await office.start();
  await set([entry()]);
  const down: RecorderFact = { ...recording, state: 'down', code: 'camera.unreachable' };
  const { promise, resolve } = Promise.withResolvers<void>();
  stage.tell(recording);
  stage.tell(down);
  stage.answer = promise;
  await parts.time.pass(FIND_AGAIN_MS);
  expect(stage.finds).toBe(2);
  stage.tell(recording);
  stage.tell(down);
  await parts.time.pass(FIND_AGAIN_MS / 2);
  resolve();
  await parts.time.pass(FIND_AGAIN_MS);
  expect(stage.finds).toBe(3);
  await set([]);
  await parts.time.pass(10 * FIND_AGAIN_MS);
  expect(stage.finds).toBe(3);
  await office.stop();
});

it('starts anew for another login only, and explains what is switched off or removed', async () => {
  await using parts = await openParts();
  const { office, stage, set, gaps } = openOffice(parts);
  await office.start();
  await set([entry()]);
  await set([entry({ name: 'Quầy 01', retentionDays: 60 })]);
  expect([stage.finds, stage.stops]).toEqual([1, 0]);
  await set([entry({ password: 'new' })]);
  expect([stage.finds, stage.stops]).toEqual([2, 1]);
  await set([entry({ active: false })]);
  expect(stage.stops).toBe(2);
  expect(gaps().at(-1)).toMatchObject({ to: null, reason: 'not-configured' });
  expect(office.states()).toMatchObject([{ state: 'off', code: null }]);
  await set([]);
  expect(office.states()).toEqual([]);
  await office.stop();
});

it('pauses on a full disk with its own gap and code, and resumes when there is space', async () => {
  await using parts = await openParts();
  const { office, stage, states, set, gaps } = openOffice(parts);
  await office.start();
  await set([entry()]);
  stage.freeBytes = FLOOR - 1;
  await parts.time.pass(TICK_MS);
  expect(stage.stops).toBe(1);
  expect(states.at(-1)).toMatchObject({ state: 'down', code: 'program.disk_full' });
  expect(gaps().at(-1)).toMatchObject({ to: null, reason: 'disk-full' });
  stage.freeBytes = FLOOR + RESUME_BYTES;
  await parts.time.pass(TICK_MS);
  expect(stage.finds).toBe(2);
  await office.stop();
  expect(gaps().at(-1)).toMatchObject({ to: null, reason: 'recorder-down' });
});

it('started under the floor, resumes as soon as the hub says what may go', async () => {
  await using parts = await openParts();
  const { office, stage, states, set } = openOffice(parts);
  for (let i = 0; i < 12; i += 1) {
    const [wallTo, run] = [T0 - (20 - i) * DAY, parts.ids.uuid()];
    parts.ledger.segment(
      {
        ...{ camera: cameraA, run, file: `${cameraA}/${run}/000000.mp4`, sha256: '0'.repeat(64) as never },
        ...{ mediaStartMs: 0, mediaEndMs: 4_000, bytes: RESUME_BYTES / 8, codec: 'h264', flags: [] },
        ...{ arrivalAt: wallTo as UtcMs, arrivalMonoMs: parts.clock.monotonic() },
      },
      { method: 'min-arrival', offsetMs: wallTo - 4_000, latencyMs: 0, boundMs: 300 },
    );
  }
  const before = parts.index.keptBytes();
  const under = FLOOR - 1;
  stage.free = () => under + before - parts.index.keptBytes();
  await office.start();
  await set([entry()]);
  expect(states.at(-1)).toMatchObject({ state: 'down', code: 'program.disk_full' });
  // The reserve of holds is full: it leaves nothing open by which recording could resume.
  office.setHolds({
    ...{ type: 'holds.set' },
    holds: [{ camera: cameraA, from: (T0 - 20 * DAY - 4_000) as UtcMs, to: (T0 - 20 * DAY) as UtcMs }],
  });
  office.setReported({ type: 'reported.set', at: parts.clock.now(), cameras: [] });
  await parts.time.pass(2 * FULL_TICK_MS);
  await expect.poll(() => stage.finds).toBe(1);
  const gone = parts.facts('segment.deleted');
  expect([gone.length, new Set(gone.map(({ reason }) => reason))]).toEqual([9, new Set(['budget'])]);
  await office.stop();
});

it('records whatever fails while it cleans, and goes on cleaning', async () => {
  await using parts = await openParts();
  const { office, stage, states, set, fails } = openOffice(parts);
  Object.assign(fails, { secrets: true, free: true });
  await office.start();
  await set([entry()]);
  expect(stage.finds).toBe(1);
  await parts.time.pass(TICK_MS);
  expect(parts.logged.join()).toContain('EIO');
  fails.free = false;
  stage.freeBytes = FLOOR - 1;
  await parts.time.pass(TICK_MS);
  expect(states.at(-1)).toMatchObject({ state: 'down', code: 'program.disk_full' });
  await office.stop();
});

it('killed while a camera is away, leaves a gap that ends with its last sign of life', async () => {
  await using parts = await openParts();
  const first = openOffice({ ...parts, ledger: new FootageLedger(parts) });
  await first.office.start();
  first.stage.found = { ok: false, code: 'camera.unreachable', detail: '' };
  await first.set([entry()]);
  const [down, dead] = [parts.time.at, parts.time.at + 5_000];
  await parts.time.pass(5_000);
  // Killed: nothing of it runs any more, and nothing was told.
  parts.time.at += 2 * 86_400_000;
  const again = openOffice({ ...parts, ledger: new FootageLedger(parts) });
  again.stage.found = first.stage.found;
  await again.office.start();
  await again.set([entry()]);
  expect(again.gaps()).toMatchObject([
    { from: down, to: dead, reason: 'camera-down' },
    { from: dead, to: parts.time.at, reason: 'recorder-down' },
    { from: parts.time.at, to: null, reason: 'camera-down' },
  ]);
  await again.office.stop();
});

it('answers a question within its time, whatever the camera does', async () => {
  await using parts = await openParts();
  const { cameras } = openOffice(parts);
  const probe = { type: 'probe', request: 3, address: 'http://10.0.0.9', user: '', password: '' } as const;
  const answer = answerQuestion({ ...parts, cameras }, probe);
  await parts.time.pass(PROBE_MS);
  expect(await answer).toMatchObject({
    type: 'probed',
    request: 3,
    result: { ok: false, code: 'camera.timeout' },
  });
  expect(await answerQuestion({ ...parts, cameras }, { type: 'discover', request: 4 })).toEqual({
    ...{ type: 'discovered', request: 4, found: [], code: 'camera.bad_reply' },
  });
});

it('deletes nothing from when footage has moved until the hub tells what it read after hearing of that', async () => {
  await using parts = await openParts();
  const { office, set } = openOffice(parts);
  await office.start();
  const file = await parts.keep(cameraA, T0 - 31 * DAY);
  await set([entry({ active: false })]);
  const tell = async () => {
    office.setHolds({ type: 'holds.set', holds: [] });
    office.setReported({ type: 'reported.set', at: parts.clock.now(), cameras: [] });
    await settle();
  };
  const wall = { boot: 'b', offsetMs: 0, sure: true, confirmed: false };
  parts.ledger.placed({ kind: 'whole', ms: 90_000, sinceWall: T0, steppedWall: T0, wall });
  await tell();
  await parts.time.pass(2 * TICK_MS);
  expect(existsSync(parts.files.path(file))).toBe(true);
  office.acknowledged(parts.index.lastCursor());
  await parts.time.pass(2 * TICK_MS);
  expect(existsSync(parts.files.path(file))).toBe(true);
  await tell();
  await expect.poll(() => existsSync(parts.files.path(file))).toBe(false);
  // Told before the next one: what was told is of no use any more.
  const next = await parts.keep(cameraA, T0 - 31 * DAY);
  parts.ledger.placed({ kind: 'whole', ms: -90_000, sinceWall: T0, steppedWall: T0, wall });
  await parts.time.pass(2 * TICK_MS);
  expect(existsSync(parts.files.path(next))).toBe(true);
  await office.stop();
});
