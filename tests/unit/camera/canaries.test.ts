/*
 * Nothing outside the camera networks is contacted: canaries listen on an address next door for whatever comes, and each
 * door through which an address reaches the product is tried. One network is allowed, 127.0.0.1 alone.
 */
import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:net';
import { createAddressPolicy } from '@hailong/device-drivers/camera/address-policy.ts';
import { openCameras } from '@hailong/device-drivers/camera/open-camera.ts';
import { describeStream } from '@hailong/device-drivers/camera/rtsp-describe.ts';
import { type OnvifServer, startOnvifServer } from '@hailong/device-drivers/simulators/onvif-server.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ALLOWED = ['127.0.0.1/32'];
const login = { user: 'admin', password: 'mat-khau' };
let device: OnvifServer;
let canary: Server;
let redirecting: Server;
let moved: Server;
let port = 0;
let heard = 0;

const portOf = (server: Server) => (server.address() as { port: number }).port;
const listen = (server: Server, at: number, host: string) =>
  new Promise<void>((done) => server.listen(at, host, done));

beforeAll(async () => {
  device = await startOnvifServer({
    ...{ ...login, label: 'x', width: 640, height: 360, fps: 12 },
    streamUrl: () => `rtsp://127.0.0.1:${port}/s`,
  });
  port = Number(new URL(device.url).port);
  // At the very port of the device, so that a host changed in any address it names leads here.
  canary = createServer((socket) => {
    heard += 1;
    socket.destroy();
  });
  await listen(canary, port, '127.0.0.2');
  redirecting = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () =>
      socket.end(`RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://127.0.0.2:${port}/\r\n\r\n`),
    );
  });
  await listen(redirecting, 0, '127.0.0.1');
  moved = createHttp((_request, response) =>
    response.writeHead(302, { Location: `http://127.0.0.2:${port}/onvif` }).end(),
  );
  await listen(moved, 0, '127.0.0.1');
});
afterAll(async () => {
  await device.stop();
  canary.close();
  redirecting.close();
  moved.close();
});

/** A name that lies in the camera networks when it is asked first, and next door ever after. */
const rebinding = () => {
  let asked = 0;
  return async () => [asked++ === 0 ? '127.0.0.1' : '127.0.0.2'];
};
const cameras = (resolve?: () => Promise<string[]>) => openCameras(createAddressPolicy(ALLOWED, resolve));
const probe = (
  address: string,
  via: 'node-onvif' | 'onvif' | null = null,
  resolve?: () => Promise<string[]>,
) => cameras(resolve).probe({ ...login, address, via });

it.each<[string, () => Promise<unknown>]>([
  ...[
    'file:///etc/passwd',
    'concat:rtsp://127.0.0.2/',
    'gopher://127.0.0.2/',
    'http://169.254.169.254/',
    'rtsp://[fe80::1]/',
  ].map((address): [string, () => Promise<unknown>] => [address, () => probe(address)]),
  ['an address next door', () => probe(`http://127.0.0.2:${port}/onvif`)],
  ['a stream next door', () => probe(`rtsp://127.0.0.2:${port}/s`)],
  ['IPv4 inside IPv6', () => probe(`http://[::ffff:127.0.0.2]:${port}/`)],
  ['IPv4 inside IPv6, in hexadecimal', () => probe(`rtsp://[::ffff:7f00:2]:${port}/`)],
  ...['2130706434', '0x7f000002', '127.2'].flatMap((host): [string, () => Promise<unknown>][] => [
    [`IPv4 written ${host}, ONVIF`, () => probe(`http://${host}:${port}/`)],
    [`IPv4 written ${host}, RTSP`, () => probe(`rtsp://${host}:${port}/s`)],
  ]),
  ['a name that leads next door', () => probe(`http://cam:${port}/`, null, async () => ['127.0.0.2'])],
  ['a name that is rebound', () => probe(device.url.replace('127.0.0.1', 'cam'), null, rebinding())],
  ...(['node-onvif', 'onvif'] as const).flatMap((via): [string, () => Promise<unknown>][] => [
    [
      `XAddr, StreamUri and snapshot of another host, ${via}`,
      async () => {
        Object.assign(device.faults, { lie: 'other-host', otherHost: '127.0.0.2' });
        const answer = await probe(device.url, via);
        expect(answer).toMatchObject({
          ...{ ok: true, value: { streamUri: `rtsp://127.0.0.1:${port}/s`, hostReplaced: true } },
        });
      },
    ],
  ]),
  ...(['node-onvif', 'onvif'] as const).flatMap((via): [string, () => Promise<unknown>][] => [
    [
      `an HTTP redirect of the ONVIF service, ${via}`,
      async () => {
        const address = `http://127.0.0.1:${portOf(moved)}/onvif`;
        expect(await probe(address, via)).toMatchObject({ ok: false, code: 'camera.redirected' });
        const time = await cameras().deviceTime({ ...login, address, via });
        expect(time).toMatchObject({ ok: false, code: 'camera.redirected' });
      },
    ],
    [
      `a name that is rebound while the clock is asked, ${via}`,
      () =>
        cameras(rebinding()).deviceTime({
          ...{ ...login, via, address: device.url.replace('127.0.0.1', 'cam') },
        }),
    ],
  ]),
  ['an RTSP redirect', () => probe(`rtsp://127.0.0.1:${portOf(redirecting)}/s`)],
  [
    'an RTSP redirect of a described stream',
    async () => {
      const admitted = await createAddressPolicy(ALLOWED).admit(`rtsp://127.0.0.1:${portOf(redirecting)}/s`);
      if (admitted.ok)
        expect(await describeStream(admitted.value, login)).toMatchObject({ code: 'camera.redirected' });
    },
  ],
])('%s reaches no canary', async (_what, act) => {
  device.faults.lie = 'none';
  await act();
  expect(heard).toBe(0);
});

it('and a canary does sing when it is touched', async () => {
  await openCameras(createAddressPolicy(['127.0.0.0/8'])).probe({
    ...login,
    address: `rtsp://127.0.0.2:${port}/s`,
  });
  expect(heard).toBeGreaterThan(0);
});
