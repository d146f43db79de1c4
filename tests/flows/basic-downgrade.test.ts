/*
 * Somebody takes the address of a recorded camera over and asks for its password: the recorder's own process, with real ffmpeg, sends it
 * none, says why, tells the hub how the camera once let it in, and sends it where an administrator allowed it.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { findFfmpeg } from '@hailong/device-drivers/media/find-ffmpeg.ts';
import { startCameraSimulator } from '@hailong/device-drivers/simulators/camera-simulator.ts';
import { createAuth } from '@hailong/device-drivers/simulators/rtsp-auth.ts';
import { createRtspReader, rtspResponse } from '@hailong/device-drivers/simulators/rtsp-messages.ts';
import type { CameraId } from '@hailong/shared/ids.ts';
import type { RecorderCamera } from '@hailong/shared/protocol/footage.ts';
import { expect, it } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { poll } from '../support/poll.ts';
import { startProgram } from '../support/program.ts';
import { openRecorderHub } from '../support/recorder-hub.ts';
import { tempFolder } from '../support/temp-folder.ts';

const TOKEN = 'token-of-this-test';
const login = { user: 'hailong', password: 'Mat-khau-9f3e17' };
const BASIC = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
const cameraId = '0197b000-0000-7000-8000-0000000000cb' as CameraId;

/** Asks everybody for Basic, and writes down what it is given. */
async function takeOver(port: number): Promise<{ readonly server: Server; readonly given: string[] }> {
  const given: string[] = [];
  const auth = createAuth('basic', login.user, login.password);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const read = createRtspReader(
      (request) => {
        given.push(request.headers['authorization'] ?? '');
        const cseq = request.headers['cseq'] ?? '';
        socket.write(rtspResponse(401, cseq, { 'WWW-Authenticate': auth.challenge() }));
      },
      () => socket.destroy(),
    );
    socket.on('data', read);
  });
  // Freed a moment ago, it may be somebody's for another one.
  const held = async () => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  };
  await poll(held, { what: 'the port of the camera' });
  return { server, given };
}

it.skipIf(findFfmpeg() === null)(
  'sends the password to nobody who took a camera’s address over',
  async () => {
    await using folder = await tempFolder('downgrade');
    await using hub = await openRecorderHub(TOKEN);
    const camera = await startCameraSimulator({ ...login, label: 'Quầy 1' });
    const recorder = startProgram(
      inRepo('hub-server/src/recorder/main.ts'),
      ['--data', folder.path, '--hub', hub.url],
      { env: { HAILONG_RECORDER_TOKEN: TOKEN, HAILONG_FOOTAGE_FLOOR_MB: '1' } },
    );
    let taken: Awaited<ReturnType<typeof takeOver>> | null = null;
    try {
      await poll(() => hub.root() !== '', { what: 'hello' });
      const entry: RecorderCamera = {
        ...{ id: cameraId, name: 'Quầy 1', address: camera.rtspUrl, ...login },
        ...{ retentionDays: 30, latencyMs: 0, active: true, seen: [] },
      };
      hub.set([entry]);
      await poll(() => hub.segments().length > 0, { what: 'a segment', timeoutMs: 60_000 });
      // Again and again, until the hub says it back.
      await poll(() => hub.logins.length > 0, { what: 'how the camera let us in' });
      expect(new Set(hub.logins.map(({ address, seen }) => `${address} ${seen}`))).toEqual(
        new Set([`${camera.rtspUrl} rtsp-strong`]),
      );
      hub.set([{ ...entry, seen: ['rtsp-strong'] }]);

      await camera.stop();
      taken = await takeOver(Number(new URL(camera.rtspUrl).port));
      const refused = () => hub.states.at(-1)?.code === 'camera.basic_refused';
      await poll(refused, { what: 'the refusal', timeoutMs: 60_000 });
      await poll(() => hub.gaps().some(({ reason }) => reason === 'refused'), { what: 'its gap' });
      expect(taken.given.length).toBeGreaterThan(0);
      expect(taken.given.filter((each) => each !== '')).toEqual([]);

      // Allowed on the camera's page; a changed entry begins anew at once.
      hub.set([{ ...entry, retentionDays: 30, via: 'node-onvif', seen: [] }]);
      const { given } = taken;
      await poll(() => given.includes(BASIC), { what: 'the password', timeoutMs: 60_000 });
    } finally {
      await recorder.stop();
      await camera.stop();
      taken?.server.close();
    }
  },
  180_000,
);
