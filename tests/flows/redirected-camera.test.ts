/*
 * A camera that is honest to whoever looks first and sends ffmpeg away: nothing outside the camera networks hears a word,
 * whichever request it uses. A bare ffmpeg shows that it would have.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { grabFrame } from '@hailong/device-drivers/media/grab-frame.ts';
import { measureStream } from '@hailong/device-drivers/media/probe.ts';
import {
  type CameraSimulator,
  startCameraSimulator,
} from '@hailong/device-drivers/simulators/camera-simulator.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { poll } from '../support/poll.ts';
import { startRecording } from '../support/record-kit.ts';
import { tempFolder } from '../support/temp-folder.ts';

const login = { user: 'admin', password: 'mat-khau' };
const place = findFfmpeg();

describe.skipIf(place === null)('a camera that sends ffmpeg away', () => {
  let camera: CameraSimulator;
  let canary: Server;
  let heard = 0;
  beforeAll(async () => {
    camera = await startCameraSimulator({ ...login, label: 'Quầy 5', onvifPort: 0 });
    canary = createServer((socket) => {
      heard += 1;
      socket.destroy();
    });
    canary.listen(0, '127.0.0.2');
    await once(canary, 'listening');
    Object.assign(camera.misbehave.rtsp, {
      redirectTo: `rtsp://127.0.0.2:${(canary.address() as AddressInfo).port}/`,
      redirectPlayersOnly: true,
    });
  });
  afterAll(async () => {
    canary.close();
    await camera.stop();
  });
  beforeEach(() => {
    heard = 0;
  });
  const input = () => ({ streamUri: camera.rtspUrl, ...login });

  it.each(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'] as const)(
    'at %s is probed and photographed in vain',
    async (at) => {
      camera.misbehave.rtsp.redirectAt = at;
      if (place === null) throw new Error('ffmpeg.missing');
      expect(await measureStream(place, input())).toMatchObject({ ok: false, code: 'camera.redirected' });
      expect(await grabFrame(place, input())).toMatchObject({ ok: false, code: 'camera.redirected' });
      expect(heard).toBe(0);
    },
  );

  it('is refused by the recorder, in so many words', async () => {
    camera.misbehave.rtsp.redirectAt = 'PLAY';
    await using folder = await tempFolder('redirect');
    await using recording = startRecording({ id: 'cam', ...input() }, folder.path);
    await poll(() => recording.ended().length > 0, { what: 'the run to end' });
    expect(recording.ended()[0]).toBe('refused');
    expect(heard).toBe(0);
  });

  it('does lead a bare ffmpeg away', async () => {
    camera.misbehave.rtsp.redirectAt = 'DESCRIBE';
    const args = ['-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', camera.rtspUrl, '-f', 'null', '-'];
    const bare = spawn(place?.ffmpeg ?? '', args, { stdio: 'ignore' });
    await poll(() => heard > 0, { what: 'the canary' }).finally(() => bare.kill('SIGKILL'));
  });
});
