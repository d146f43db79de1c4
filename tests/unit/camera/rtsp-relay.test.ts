/* The relay between ffmpeg and a camera: a real connection on either side, a camera that does as told. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join as joinPath } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { readPinned } from '@hailong/device-drivers/camera/address-policy.ts';
import { openRtspRelay, type RtspRelay } from '@hailong/device-drivers/camera/rtsp-relay.ts';
import { createAuth } from '@hailong/device-drivers/simulators/rtsp-auth.ts';
import {
  createRtspReader,
  type RtspRequest,
  rtspResponse,
} from '@hailong/device-drivers/simulators/rtsp-messages.ts';
import { afterEach, expect, it } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';

const login = { user: 'admin', password: 's3cret' };
const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

interface Played {
  readonly url: string;
  readonly asked: RtspRequest[];
}

/** A camera that answers each request by `answer`; null: not at all. */
async function playCamera(
  answer: (request: RtspRequest, socket: Socket) => string | null,
  tls: { readonly key: Buffer; readonly cert: Buffer } | null = null,
): Promise<Played> {
  const asked: RtspRequest[] = [];
  const serve = (socket: Socket) => {
    socket.on('error', () => undefined);
    const read = createRtspReader(
      (request) => {
        asked.push(request);
        const text = answer(request, socket);
        if (text !== null) socket.write(text);
      },
      () => socket.destroy(),
    );
    socket.on('data', read);
  };
  const server: Server = tls === null ? createServer(serve) : createTlsServer(tls, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(server);
  return {
    url: `${tls === null ? 'rtsp' : 'rtsps'}://127.0.0.1:${(server.address() as AddressInfo).port}/live`,
    asked,
  };
}

/** A key and a certificate of its own, as cameras have. */
async function certificate() {
  await using folder = await tempFolder('certificate');
  const at = (name: string) => joinPath(folder.path, name);
  const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', at('key.pem'), '-out', at('cert.pem'), '-days', '1', '-subj', '/CN=camera'];
  execFileSync('openssl', [...make, ...files], { stdio: 'ignore' });
  return { key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) };
}

async function relayTo(url: string): Promise<RtspRelay> {
  const address = readPinned(url);
  if (address === null) throw new Error(url);
  const relay = await openRtspRelay(address, login);
  opened.push(relay);
  return relay;
}

/** A player on the relay. */
async function join(relay: RtspRelay, path = new URL(relay.url).pathname) {
  const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  // Joined when somebody looks: megabytes come in thousands of pieces.
  let pieces: Buffer[] = [];
  let length = 0;
  socket.on('data', (bytes) => {
    pieces.push(bytes);
    length += bytes.length;
  });
  const heard = () => {
    const whole = Buffer.concat(pieces);
    pieces = [whole];
    return whole;
  };
  const ended = new Promise<void>((done) => socket.once('close', () => done()));
  await once(socket, 'connect');
  let cseq = 0;
  return {
    socket,
    ended,
    heard,
    length: () => length,
    async ask(method: string, uri = relay.url): Promise<string> {
      const from = length;
      cseq += 1;
      socket.write(
        `${method} ${uri.replace(new URL(relay.url).pathname, path)} RTSP/1.0\r\nCSeq: ${cseq}\r\n\r\n`,
      );
      while (!heard().subarray(from).includes('\r\n\r\n')) {
        const gone = await Promise.race([once(socket, 'data').then(() => false), ended.then(() => true)]);
        if (gone) return 'ended';
      }
      return heard().subarray(from).toString('latin1');
    },
  };
}
const cseqOf = (request: RtspRequest) => request.headers['cseq'] ?? '';

it('logs in for ffmpeg, again when the nonce has aged, and keeps its numbers', async () => {
  let auth = createAuth('digest', login.user, login.password);
  const camera = await playCamera((request) =>
    auth.accepts(request.method, request.headers['authorization'])
      ? rtspResponse(200, cseqOf(request))
      : rtspResponse(401, cseqOf(request), { 'WWW-Authenticate': auth.challenge() }),
  );
  const relay = await relayTo(camera.url);
  const player = await join(relay);
  expect(await player.ask('DESCRIBE')).toMatch(/^RTSP\/1\.0 200 OK\r\nCSeq: 1\r\n/);
  auth = createAuth('digest', login.user, login.password);
  const kept = await player.ask('GET_PARAMETER', `${relay.url}/track1`);
  expect(kept).toMatch(/^RTSP\/1\.0 200 OK\r\nCSeq: 2\r\n/);
  expect(kept).not.toContain('Authenticate');
  expect(camera.asked.map(({ method, uri }) => `${method} ${uri}`)).toEqual([
    ...Array(2).fill(`DESCRIBE ${camera.url}`),
    ...Array(2).fill(`GET_PARAMETER ${camera.url}/track1`),
  ]);
  expect(new Set(camera.asked.map(cseqOf)).size).toBe(4);
});

it('says 401 once the login was refused, and why', async () => {
  const camera = await playCamera((request) =>
    rtspResponse(401, cseqOf(request), { 'WWW-Authenticate': 'Digest realm="a", nonce="b"' }),
  );
  const relay = await relayTo(camera.url);
  expect(await (await join(relay)).ask('DESCRIBE')).toMatch(/^RTSP\/1\.0 401 /);
  expect(camera.asked).toHaveLength(2);
  expect(relay.refused()).toBe('camera.auth_refused');
});

it.each(['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'])(
  'ends at a redirect of %s and hands none on',
  async (at) => {
    const camera = await playCamera((request) =>
      request.method === at
        ? rtspResponse(302, cseqOf(request), { Location: 'rtsp://127.0.0.2:9/' })
        : rtspResponse(200, cseqOf(request)),
    );
    const relay = await relayTo(camera.url);
    const player = await join(relay);
    const answers: string[] = [];
    for (const method of ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY'])
      if (answers.at(-1) !== 'ended') answers.push(await player.ask(method));
    expect(answers.at(-1)).toBe('ended');
    expect(player.heard().toString('latin1')).not.toContain('127.0.0.2');
    expect(relay.refused()).toBe('camera.redirected');
  },
);

it('says of a camera that sends over UDP alone that it is that', async () => {
  const camera = await playCamera((request) =>
    rtspResponse(request.method === 'SETUP' ? 461 : 200, cseqOf(request)),
  );
  const relay = await relayTo(camera.url);
  const player = await join(relay);
  expect(await player.ask('DESCRIBE')).toMatch(/ 200 /);
  expect(relay.refused()).toBeNull();
  expect(await player.ask('SETUP')).toMatch(/ 461 /);
  expect(relay.refused()).toBe('camera.no_tcp');
});

it('lets in who knows its secret, once', async () => {
  const camera = await playCamera((request) => rtspResponse(200, cseqOf(request)));
  const relay = await relayTo(camera.url);
  const stranger = await join(relay, '/live');
  expect(await stranger.ask('DESCRIBE')).toBe('ended');
  expect(camera.asked).toEqual([]);
  const player = await join(relay);
  expect(await player.ask('DESCRIBE')).toContain('200 OK');
  const second = connect(Number(new URL(relay.url).port), '127.0.0.1');
  const [error] = (await once(second, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

it.each(['rtsp', 'rtsps'])(
  'loses and changes no byte of %s while ffmpeg does not read, and holds the camera back',
  async (scheme) => {
    const payload = 1_400;
    const count = 12_000;
    const sent = createHash('sha256');
    let written = 0;
    const camera = await playCamera(
      (request, socket) => {
        socket.write(rtspResponse(200, cseqOf(request)));
        if (request.method !== 'PLAY') return null;
        const more = () => {
          while (written < count) {
            const bytes = Buffer.alloc(4 + payload, written & 0xff);
            bytes.writeUInt32BE(0x24000000 + payload, 0);
            bytes.writeUInt32BE(written, 4);
            sent.update(bytes);
            written += 1;
            if (!socket.write(bytes)) return void socket.once('drain', more);
          }
          socket.end();
        };
        more();
        return null;
      },
      scheme === 'rtsps' ? await certificate() : null,
    );
    const relay = await relayTo(camera.url);
    const player = await join(relay);
    const reply = await player.ask('PLAY');
    player.socket.pause();
    // Until what lies between camera and player takes no more.
    for (let before = -1; before !== written; await new Promise((done) => setTimeout(done, 200)))
      before = written;
    expect(written).toBeLessThan(count);
    player.socket.resume();
    await player.ended;
    expect(written).toBe(count);
    const head = reply.indexOf('\r\n\r\n') + 4;
    expect(createHash('sha256').update(player.heard().subarray(head)).digest('hex')).toBe(sent.digest('hex'));
  },
  60_000,
);

it.each(['rtsp', 'rtsps'])(
  'takes no more of a flood over %s than 32 Mbit/s',
  async (scheme) => {
    const frame = Buffer.alloc(1_404);
    frame.writeUInt32BE(0x24000000 + 1_400, 0);
    const frames = Buffer.concat(Array(200).fill(frame));
    const camera = await playCamera(
      (request, socket) => {
        socket.write(rtspResponse(200, cseqOf(request)));
        const more = () => {
          while (!socket.destroyed && socket.write(frames));
          socket.once('drain', more);
        };
        if (request.method === 'PLAY') more();
        return null;
      },
      scheme === 'rtsps' ? await certificate() : null,
    );
    const player = await join(await relayTo(camera.url));
    await player.ask('PLAY');
    const [since, before] = [performance.now(), player.length()];
    while (player.length() - before < 6_000_000) await once(player.socket, 'data');
    const rate = (player.length() - before) / ((performance.now() - since) / 1_000);
    // A loaded machine brings less, never more.
    expect(rate).toBeLessThan(4_000_000 * 1.1);
  },
  60_000,
);

it('hands a refusal on in words of its own: ffmpeg would repeat the camera’s as diagnostics', async () => {
  const camera = await playCamera(
    (request) => `RTSP/1.0 500 No space left on device\r\nCSeq: ${cseqOf(request)}\r\n\r\n`,
  );
  const player = await join(await relayTo(camera.url));
  expect((await player.ask('OPTIONS')).split('\r\n')[0]).toBe('RTSP/1.0 500 Internal Server Error');
});
