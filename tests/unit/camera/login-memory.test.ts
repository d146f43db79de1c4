/*
 * Whoever takes a camera's address over asks for Basic, and must not get the password of a camera that never needed it: over real
 * connections of each kind by which a camera is logged in to.
 */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import {
  createAddressPolicy,
  type PinnedAddress,
  readPinned,
} from '@hailong/device-drivers/camera/address-policy.ts';
import { createLoginMemory } from '@hailong/device-drivers/camera/login-memory.ts';
import { openOnvifGuard } from '@hailong/device-drivers/camera/onvif-guard.ts';
import { openCameras } from '@hailong/device-drivers/camera/open-camera.ts';
import { describeStream } from '@hailong/device-drivers/camera/rtsp-describe.ts';
import { openRtspRelay } from '@hailong/device-drivers/camera/rtsp-relay.ts';
import { startOnvifServer } from '@hailong/device-drivers/simulators/onvif-server.ts';
import { type AuthScheme, createAuth } from '@hailong/device-drivers/simulators/rtsp-auth.ts';
import { createRtspReader, rtspResponse } from '@hailong/device-drivers/simulators/rtsp-messages.ts';
import type { LoginSeen } from '@hailong/shared/protocol/cameras.ts';
import { afterEach, expect, it } from 'vitest';
import { openCameraLogins } from '../../../hub-server/src/recorder/adapters/camera-logins.ts';
import { poll } from '../../support/poll.ts';

const login = { user: 'admin', password: 's3cret' };
const BASIC = `Basic ${Buffer.from('admin:s3cret').toString('base64')}`;
const SDP = 'v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';
const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** A machine at one address that asks for what it is told to ask for. */
async function machine() {
  const state = { scheme: 'digest' as AuthScheme, heard: [] as string[], url: '' };
  const server = createServer((socket) => {
    const auths = new Map<AuthScheme, ReturnType<typeof createAuth>>();
    socket.on('error', () => undefined);
    const read = createRtspReader(
      (request) => {
        const auth = auths.get(state.scheme) ?? createAuth(state.scheme, login.user, login.password);
        auths.set(state.scheme, auth);
        const given = request.headers['authorization'];
        if (given !== undefined) state.heard.push(given);
        const cseq = request.headers['cseq'] ?? '';
        if (!auth.accepts(request.method, given))
          return socket.write(rtspResponse(401, cseq, { 'WWW-Authenticate': auth.challenge() }));
        return socket.write(
          `RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`,
        );
      },
      () => socket.destroy(),
    );
    socket.on('data', read);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(server);
  state.url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/live`;
  return state;
}

async function describe(url: string, memory: ReturnType<typeof createLoginMemory>) {
  const address = readPinned(url);
  if (address === null) throw new Error(url);
  const answer = await describeStream(address, { ...login, memory });
  return answer.ok ? answer.value : answer.code;
}

/** What a player asks through the relay; the relay's refusal. */
async function play(url: string, memory: ReturnType<typeof createLoginMemory>) {
  const address = readPinned(url);
  if (address === null) throw new Error(url);
  const relay = await openRtspRelay(address, { ...login, memory });
  opened.push(relay);
  const { connect } = await import('node:net');
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
  });
  await once(socket, 'connect');
  let asked = 0;
  for (const method of ['DESCRIBE', 'SETUP', 'PLAY']) {
    asked += 1;
    socket.write(`${method} ${relay.url} RTSP/1.0\r\nCSeq: ${asked}\r\n\r\n`);
    await poll(() => heard.includes(`CSeq: ${asked}\r\n`), { what: method });
  }
  socket.destroy();
  return relay.refused();
}

it('sends no password to who took over the address of a camera that spoke Digest, by description or stream', async () => {
  const camera = await machine();
  const seen: LoginSeen[] = [];
  const memory = createLoginMemory((one) => seen.push(one));
  expect(await describe(camera.url, memory)).toBe('h264');
  expect(seen).toEqual(['rtsp-strong']);
  camera.scheme = 'basic';
  expect(await describe(camera.url, memory)).toBe('camera.basic_refused');
  expect(await play(camera.url, memory)).toBe('camera.basic_refused');
  expect(camera.heard).not.toContain(BASIC);

  // An administrator allowed it.
  memory.replace([]);
  expect(await describe(camera.url, memory)).toBe('h264');
  expect(await play(camera.url, memory)).toBeNull();
  expect(camera.heard).toContain(BASIC);
  expect(seen).toEqual(['rtsp-strong']);
});

it('takes a camera that plays without a login for one that never needs the password, but not one that only describes itself', async () => {
  const camera = await machine();
  camera.scheme = 'none';
  const seen: LoginSeen[] = [];
  const memory = createLoginMemory((one) => seen.push(one));
  expect(await describe(camera.url, memory)).toBe('h264');
  expect(seen).toEqual([]);
  expect(await play(camera.url, memory)).toBeNull();
  expect(seen).toEqual(['rtsp-strong']);
  camera.scheme = 'basic';
  expect(await play(camera.url, memory)).toBe('camera.basic_refused');
  expect(camera.heard).toEqual([]);
});

it('sends Basic over TLS where it never had better, and no more in clear where it had TLS', () => {
  const seen: LoginSeen[] = [];
  const memory = createLoginMemory((one) => seen.push(one));
  const [clear, tls] = [false, true].map((each) => ({ protocol: 'rtsp' as const, tls: each }));
  if (!clear || !tls) throw new Error();
  expect([memory.mayBasic(clear), memory.mayBasic(tls)]).toEqual([true, true]);
  memory.entered(tls, true);
  expect([memory.mayBasic(clear), memory.mayBasic(tls)]).toEqual([false, true]);
  expect(memory.mayBasic({ protocol: 'onvif', tls: false })).toBe(true);
  memory.entered(tls, false);
  expect([memory.mayBasic(clear), memory.mayBasic(tls)]).toEqual([false, false]);
  expect(seen).toEqual(['rtsp-tls', 'rtsp-strong']);
});

it.each([false, true])(
  'the same over ONVIF, once a camera let us in by digest (HTTP: %s)',
  async (httpDigest) => {
    const device = await startOnvifServer({
      ...login,
      ...{
        label: 'C',
        streamUrl: () => 'rtsp://127.0.0.1:9/s',
        width: 640,
        height: 360,
        fps: 12,
        httpDigest,
      },
    });
    opened.push({ close: () => device.stop() });
    const seen: LoginSeen[] = [];
    const memory = createLoginMemory((one) => seen.push(one));
    const cameras = openCameras(createAddressPolicy(['127.0.0.0/8']));
    expect(await cameras.probe({ ...login, memory, address: device.url })).toMatchObject({ ok: true });
    expect(seen).toEqual(['onvif-strong']);

    const heard: string[] = [];
    const taker = createHttpServer((request, response) => {
      if (request.headers.authorization !== undefined) heard.push(request.headers.authorization);
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="a"' }).end();
    }).listen(0, '127.0.0.1');
    await once(taker, 'listening');
    opened.push(taker);
    const address = `http://127.0.0.1:${(taker.address() as AddressInfo).port}/onvif/device_service`;
    expect(await cameras.probe({ ...login, memory, address })).toMatchObject({
      code: 'camera.basic_refused',
    });
    expect(await cameras.deviceTime({ ...login, memory, address })).toMatchObject({ ok: false });
    expect(heard).toEqual([]);
    // One that is met for the first time is believed.
    await cameras.probe({ ...login, memory: createLoginMemory(() => undefined), address });
    expect(heard).toContain(BASIC);
  },
);

it('learns nothing from a question that a camera answers to anybody', async () => {
  const camera = createHttpServer((_request, response) => response.end('<Envelope/>')).listen(0, '127.0.0.1');
  await once(camera, 'listening');
  opened.push(camera);
  const { port } = camera.address() as AddressInfo;
  const address: PinnedAddress = {
    ...{ scheme: 'http', host: '127.0.0.1', ip: '127.0.0.1', port, path: '/' },
  };
  const seen: LoginSeen[] = [];
  const memory = createLoginMemory((one) => seen.push(one));
  const guard = await openOnvifGuard(address, { ...login, memory });
  opened.push(guard);
  const ask = (body: string) => fetch(guard.xaddr, { method: 'POST', body });
  expect((await ask('<GetSystemDateAndTime/>')).status).toBe(200);
  expect(seen).toEqual([]);
  expect((await ask('<GetStreamUri/>')).status).toBe(200);
  expect(seen).toEqual(['onvif-strong']);
});

it('keeps what the hub was not told yet, and forgets with the hub', () => {
  const told: unknown[] = [];
  const logins = openCameraLogins((one) => told.push(one));
  const camera = {
    ...{ id: '0198b2f0-0000-7000-8000-0000000000a1', name: 'C', address: 'rtsp://10.0.0.9/', ...login },
    ...{ retentionDays: 30, latencyMs: 0, active: true },
  } as never as Parameters<typeof logins.set>[0][number];
  const door = { protocol: 'rtsp', tls: false } as const;
  const may = () => logins.of(camera.id, camera.address)?.mayBasic(door);
  expect(may()).toBeUndefined();
  logins.set([camera]);
  logins.of(camera.id, camera.address)?.entered(door, false);
  const message = {
    ...{ type: 'camera.login', camera: camera.id, address: camera.address, seen: 'rtsp-strong' },
  };
  expect(told).toEqual([message]);
  // The hub was away and says what it knew before.
  logins.set([{ ...camera, seen: [] }]);
  expect([may(), logins.untold()]).toEqual([false, [message]]);
  logins.set([{ ...camera, seen: ['rtsp-strong'] }]);
  expect([may(), logins.untold()]).toEqual([false, []]);
  logins.set([{ ...camera, seen: [] }]);
  expect(may()).toBe(true);
  logins.set([{ ...camera, address: 'rtsp://10.0.0.10/' }]);
  expect(logins.of(camera.id, camera.address)).toBeNull();
});
