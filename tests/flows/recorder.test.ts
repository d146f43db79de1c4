/*
 * The recorder as its own process against a simulated camera and real ffmpeg, with the hub's end of the link played
 * by the test: contiguous segments with right hashes, a SIGKILL that loses no closed file and leaves no ffmpeg, gaps
 * with reasons, no password where others can read it.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import {
  type CameraSimulator,
  startCameraSimulator,
} from '@hailong/device-drivers/simulators/camera-simulator.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { RecorderCamera } from '@hailong/shared/protocol/footage.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, systemTimers } from '../../hub-server/src/adapters/clock.ts';
import { startRecorderProcess } from '../../hub-server/src/adapters/recorder-link/recorder-process.ts';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { isAlive, type Program, startProgram } from '../support/program.ts';
import { openRecorderHub, type RecorderHub } from '../support/recorder-hub.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const TOKEN = 'token-of-this-test';
const PASSWORD = 'Mat-khau-9f3e17';
const cameraId = '0197b000-0000-7000-8000-0000000000ca' as CameraId;
const hasFfmpeg = findFfmpeg() !== null;

let folder: TempFolder;
let hub: RecorderHub;
let camera: CameraSimulator;
let recorder: Program;

function start(env: Record<string, string> = {}): Program {
  return startProgram(inRepo('hub-server/src/recorder/main.ts'), ['--data', folder.path, '--hub', hub.url], {
    env: { HAILONG_RECORDER_TOKEN: TOKEN, HAILONG_FOOTAGE_FLOOR_MB: '1', ...env },
  });
}

function entry(address: string, more: Partial<RecorderCamera> = {}): RecorderCamera {
  return {
    ...{ id: cameraId, name: 'Quầy 1', address, user: 'hailong', password: PASSWORD },
    ...{ retentionDays: 30, latencyMs: 0, active: true, ...more },
  };
}

const segmentsAtLeast = (count: number) =>
  poll(() => hub.segments().length >= count && hub.segments(), {
    what: `${count} segments`,
    timeoutMs: 60_000,
  }).catch((error: Error) => {
    throw new Error(`${error.message}\n${JSON.stringify(hub.states.at(-1))}\n${recorder.stderr()}`);
  });

/** But for where the simulated camera itself paused, within a file or between two: a loaded machine draws pictures late. */
const gaps = () => hub.gaps().filter(({ reason }) => reason !== 'camera-silent');

/** Command lines of all processes that work in this test's folder. */
function commandLines(): { pid: number; text: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [
          { pid: Number(name), text: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') },
        ];
      } catch {
        return [];
      }
    });
}
const ffmpegs = () =>
  commandLines().filter(({ text }) => text.includes(folder.path) && text.includes('ffconcat'));

describe.skipIf(!hasFfmpeg)('recorder', () => {
  beforeEach(async () => {
    folder = await tempFolder('recorder');
    hub = await openRecorderHub(TOKEN);
    camera = await startCameraSimulator({ user: 'hailong', password: PASSWORD, label: 'Quầy 1' });
    recorder = start();
  });
  afterEach(async () => {
    await recorder.stop();
    await camera.stop();
    await hub[Symbol.asyncDispose]();
    await folder.remove();
  });

  it('records what closes without a break, hashed, told in order, and tells no password to anyone', async () => {
    await poll(() => hub.root() !== '', { what: 'hello' });
    hub.set([entry(camera.onvifUrl)]);
    const segments = await segmentsAtLeast(3);
    expect(commandLines().filter(({ text }) => text.includes(PASSWORD) || text.includes(TOKEN))).toEqual([]);
    expect(recorder.stderr()).not.toContain(PASSWORD);
    const inRun = new Map<string, number>();
    for (const segment of segments) {
      // A camera that draws no picture for seconds, on a loaded machine, begins another run.
      const i = inRun.get(segment.run) ?? 0;
      inRun.set(segment.run, i + 1);
      const bytes = readFileSync(join(hub.root(), segment.file));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(segment.sha256);
      expect(segment).toMatchObject({ camera: cameraId, codec: 'h264', bytes: bytes.byteLength });
      expect(bytes.toString('latin1', (segment.initBytes ?? 0) + 4).slice(0, 4)).toBe('moof');
      expect(segment.flags).toEqual(i === 0 ? ['first'] : []);
      expect(segment.file).toMatch(
        new RegExp(`^${cameraId}/${segment.run}/${String(i).padStart(6, '0')}.mp4$`),
      );
    }
    const newest = segments.at(-1);
    if (!newest) throw new Error('no segment');
    // Placed by the line that came most promptly; others come as late as the machine lets them.
    const lateMs = hub
      .segments()
      .filter(({ run }) => run === newest.run)
      .map((each) => each.arrivalAt - (hub.offset(each.run) + each.mediaEndMs));
    expect(Math.abs(Math.min(...lateMs))).toBeLessThan(1_000);
    await poll(() => hub.states.at(-1)?.state === 'recording', { what: 'state recording' });
    expect(hub.states.findLast(({ state }) => state === 'recording')).toMatchObject({
      ...{ code: null, codec: 'h264', width: 640 },
    });
    expect(hub.cursors()).toEqual(hub.cursors().map((_, i) => i + 1));

    // The hub's line goes away and comes back: what closed meanwhile is told from the acknowledged cursor.
    hub.hold(true);
    const before = hub.acknowledged();
    await segmentsAtLeast(segments.length + 1);
    hub.hold(false);
    hub.told.length = 0;
    hub.drop();
    await poll(() => hub.told.length > 0, { what: 'facts told again' });
    expect(hub.told[0]).toBe(before + 1);
    expect(gaps()).toEqual([]);

    // Asked to stop: the open file is closed, indexed and told; then nothing is left.
    const count = hub.segments().length;
    const inTime = (await recorder.stop()) === 0;
    expect(inTime ? ffmpegs() : []).toEqual([]);
    // It gives itself some seconds: what a slow machine has not told by then, the next start tells.
    if (!inTime) recorder = start();
    await poll(() => hub.segments().length > count, { what: 'the file that was open' });
    const down = await poll(() => hub.gaps().find(({ reason }) => reason === 'recorder-down'), {
      what: 'the gap behind it',
    });
    expect(down.to === null || !inTime).toBe(true);
  });

  it('that hangs is killed by the hub and started again, and the time it hung is a gap of its own', async () => {
    await recorder.stop();
    const quick = { after: (ms: number, run: () => void) => systemTimers.after(ms / 5, run) };
    const said: string[] = [];
    const child = startRecorderProcess({
      ...{
        footageDir: folder.path,
        url: hub.url,
        token: TOKEN,
        timers: quick,
        say: (line) => said.push(line),
      },
      monotonic: () => systemClock.monotonic(),
    });
    const own = () =>
      commandLines().find(({ text }) => text.includes(`recorder/main.ts --data ${folder.path}`))?.pid;
    try {
      await poll(own, { what: 'recorder' });
      hub.set([entry(camera.rtspUrl)]);
      const before = (await segmentsAtLeast(2)).length;
      const [name, stopped] = [hub.recorder(), own() as number];
      process.kill(stopped, 'SIGSTOP');
      await poll(() => !isAlive(stopped), { what: 'the end of the recorder that hung', timeoutMs: 30_000 });
      await segmentsAtLeast(before + 2);
      expect(own()).not.toBe(stopped);
      expect(said.join('\n')).toContain('without an answer: killed');
      expect(said.join('\n')).toContain('exit SIGKILL');
      expect(hub.recorder()).toBe(name);
      const gap = hub.gaps().find(({ reason }) => reason === 'recorder-down');
      expect(gap?.to ?? 0).toBeGreaterThan((gap?.from ?? 0) + 5_000);
    } finally {
      await child.stop();
    }
  });

  it('loses no closed file to SIGKILL, leaves no ffmpeg, and explains the time it was away', async () => {
    await poll(() => hub.root() !== '', { what: 'hello' });
    hub.set([entry(camera.rtspUrl)]);
    await segmentsAtLeast(2);
    const name = hub.recorder();
    const [running] = await poll(() => ffmpegs().length > 0 && ffmpegs(), { what: 'ffmpeg' });
    await recorder.killHard();
    await poll(() => running && !isAlive(running.pid) && ffmpegs().length === 0, { what: 'no ffmpeg' });
    const before = hub.segments().length;

    recorder = start();
    await segmentsAtLeast(before + 2);
    expect(hub.recorder()).toBe(name);
    const { kept, files } = await poll(
      () => {
        const kept = hub.segments();
        const files = readdirSync(hub.root(), { recursive: true, encoding: 'utf8' }).filter((file) =>
          file.endsWith('.mp4'),
        );
        // The newest file is still being written; the one before may not be told yet.
        return files.length - kept.length <= 1 && { kept, files };
      },
      { what: 'every closed file to be told' },
    );
    for (const segment of kept) expect(files).toContain(segment.file);
    expect(new Set(kept.map(({ file }) => file)).size).toBe(kept.length);
    const recovered = kept.filter(({ flags }) => flags.includes('recovered'));
    for (const segment of recovered) {
      expect(
        createHash('sha256')
          .update(readFileSync(join(hub.root(), segment.file)))
          .digest('hex'),
      ).toBe(segment.sha256);
      expect(segment.run).toBe(kept[0]?.run);
    }
    const [gap] = gaps();
    expect(gap).toMatchObject({ camera: cameraId, reason: 'recorder-down' });
    const last = kept.filter(({ run }) => run === kept[0]?.run).at(-1);
    expect(gap?.from).toBe(hub.offset(kept[0]?.run ?? '') + (last?.mediaEndMs ?? 0));
    expect(gap?.to).toBeGreaterThan(gap?.from ?? 0);
    expect(gaps()).toHaveLength(1);
    expect(recorder.stderr()).not.toContain(PASSWORD);
  });

  it('tells a camera that goes away at once, with a reason, and that it is back', async () => {
    await poll(() => hub.root() !== '', { what: 'hello' });
    const port = Number(new URL(camera.rtspUrl).port);
    hub.set([entry(camera.rtspUrl)]);
    await segmentsAtLeast(1);
    await camera.stop();
    const open = await poll(() => gaps().find(({ to }) => to === null), { what: 'an open gap' });
    expect(open).toMatchObject({ reason: 'camera-down' });
    await poll(() => hub.states.at(-1)?.state === 'down', { what: 'state down' });
    camera = await startCameraSimulator({ port, user: 'hailong', password: PASSWORD, label: 'Quầy 1' });
    await poll(() => hub.gaps().find(({ id, to }) => id === open.id && to !== null), {
      what: 'the end of the gap',
      timeoutMs: 60_000,
    });
    await poll(() => hub.states.at(-1)?.state === 'recording', { what: 'state recording' });

    // Switched off by the administrator: a gap of its own kind.
    hub.set([entry(camera.rtspUrl, { active: false })]);
    const off = await poll(() => gaps().find(({ to }) => to === null), {
      what: 'the gap of an idle camera',
    });
    expect(off.reason).toBe('not-configured');
    await poll(() => hub.states.at(-1)?.state === 'off', { what: 'state off' });
  });

  it('refuses a wrong password and a foreign network with their codes, and answers probes', async () => {
    await poll(() => hub.root() !== '', { what: 'hello' });
    hub.set([entry(camera.rtspUrl, { password: 'sai' })]);
    await poll(() => hub.states.at(-1)?.code === 'camera.auth_refused', { what: 'auth_refused' });
    await poll(() => hub.gaps()[0], { what: 'a gap' });
    expect(hub.gaps()[0]).toMatchObject({ to: null, reason: 'refused' });
    hub.set([entry('rtsp://192.0.2.7/live')]);
    await poll(() => hub.states.at(-1)?.code === 'camera.address_refused', { what: 'address_refused' });
    const right = await hub.probe({ address: camera.onvifUrl, user: 'hailong', password: PASSWORD });
    expect(right).toMatchObject({ ok: true, codec: 'h264', width: 640, height: 360, bFrames: false });
    const wrong = await hub.probe({ address: camera.onvifUrl, user: 'hailong', password: 'sai' });
    expect(wrong).toMatchObject({ ok: false, code: 'camera.auth_refused' });
  });

  it('ends with its parent, says what is wrong without ffmpeg, and refuses a second recorder', async () => {
    await poll(() => hub.root() !== '', { what: 'hello' });
    const second = start();
    expect(await second.exited).toBe(3);
    await recorder.stop();
    recorder = start({ PATH: '/nonexistent' });
    hub.set([entry(camera.rtspUrl)]);
    await poll(() => hub.states.at(-1)?.code === 'ffmpeg.missing', { what: 'ffmpeg.missing' });
    const parent = `require('node:child_process').spawn(process.execPath, process.argv.slice(1),
      { stdio: ['pipe', 'ignore', 'ignore'] }).once('spawn', function () { console.log(this.pid) }); setInterval(() => {}, 1e6)`;
    await recorder.stop();
    const starter = spawn(
      process.execPath,
      ['-e', parent, inRepo('hub-server/src/recorder/main.ts'), '--data', folder.path, '--hub', hub.url],
      {
        env: { ...process.env, HAILONG_RECORDER_TOKEN: TOKEN, HAILONG_PARENT_PIPE: '1' },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const [said] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
    const pid = Number(said);
    expect(pid).toBeGreaterThan(1);
    starter.kill('SIGKILL');
    await poll(() => !isAlive(pid), { what: 'the end of an orphaned recorder' });
  });
});
