/* DESCRIBE against our RTSP server without a picture, and against machines that are no cameras. */
import { createServer } from 'node:net';
import { createAddressPolicy } from '@hailong/device-drivers/camera/address-policy.ts';
import { describeStream } from '@hailong/device-drivers/camera/rtsp-describe.ts';
import type { Feed } from '@hailong/device-drivers/simulators/camera-feed.ts';
import { type RtspServer, startRtspServer } from '@hailong/device-drivers/simulators/rtsp-server.ts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

const blind: Feed = {
  onUnit: () => () => undefined,
  parameterSets: () => [],
  clockDrawn: false,
  ready: Promise.resolve(),
  stop: async () => undefined,
};
const login = { user: 'admin', password: 's3cret' };
let server: RtspServer;

beforeAll(async () => {
  server = await startRtspServer({ feed: blind, codec: 'h264', path: '/s1', auth: 'digest', ...login });
});
afterAll(() => server.stop());
afterEach(() => {
  Object.assign(server.faults, { refuseLogin: false, redirectTo: null, wrongCodec: false, down: false });
});

async function ask(address: string, as = login) {
  const admitted = await createAddressPolicy([]).admit(address);
  if (!admitted.ok) throw new Error(admitted.code);
  const answer = await describeStream(admitted.value, as);
  return answer.ok ? answer.value : answer.code;
}

it('logs in by digest and reads the codec', async () => {
  expect(await ask(server.url)).toBe('h264');
  expect(await ask(server.url, { user: 'admin', password: 'no' })).toBe('camera.auth_refused');
  expect(await ask(server.url, { user: '', password: '' })).toBe('camera.auth_refused');
  expect(await ask(server.url.replace('/s1', '/other'))).toBe('camera.stream_missing');
});

it('does not follow a redirect, and names a codec it cannot record', async () => {
  server.faults.redirectTo = 'rtsp://203.0.113.9/';
  expect(await ask(server.url)).toBe('camera.redirected');
  server.faults.redirectTo = null;
  server.faults.wrongCodec = true;
  expect(await ask(server.url)).toBe('other');
  server.faults.wrongCodec = false;
  server.faults.down = true;
  expect(await ask(server.url)).toMatch(/^camera\.(bad_reply|unreachable)$/);
});

it.each([
  'HTTP/1.1 400 Bad Request\r\n\r\n',
  `RTSP/1.0 200 OK\r\nX: ${'y'.repeat(80_000)}`,
  '\0\0\0\0\0\0\0\0\0\0',
])('refuses %.20j as a reply', async (bytes) => {
  const liar = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(bytes));
  });
  await new Promise<void>((done) => liar.listen(0, '127.0.0.1', done));
  const { port } = liar.address() as { port: number };
  expect(await ask(`rtsp://127.0.0.1:${port}/`)).toBe('camera.bad_reply');
  liar.close();
});
