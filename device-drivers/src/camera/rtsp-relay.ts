/**
 * Purpose: the one door through which ffmpeg reaches a camera. ffmpeg would follow a redirect to anywhere, and shows a
 * login to whoever can read its files; so it speaks to this relay, which speaks to the one admitted address, logs in
 * (again when a nonce has aged) and hands the frames on as they are. See hub-server/DESIGN.md, "Recording".
 * Refuses: redirects (`camera.redirected`); a camera that sends over UDP alone (`camera.no_tcp`); the password itself where this camera once did without (`camera.basic_refused`);
 * whoever does not know the relay's secret path; a second connection.
 */
import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { addressText, type PinnedAddress } from './address-policy.ts';
import { challengesOf, createChallengeAnswers, type Login } from './digest-auth.ts';
import { createReadPace, READ_BYTES } from './read-pace.ts';
import { createRtspFraming, headerOf, type RtspMessage, rtspMessageBytes, statusOf } from './rtsp-framing.ts';

/** Why a camera is of no use, seen on the way to it. */
export type RelayCode =
  | 'camera.auth_refused'
  | 'camera.basic_refused'
  | 'camera.redirected'
  | 'camera.no_tcp'
  | 'camera.bad_reply';

export interface RtspRelay {
  /** `rtsp://127.0.0.1:port/secret`: for one connection, without a login. */
  readonly url: string;
  /** What was refused on the way; null: nothing. */
  refused(): RelayCode | null;
  /** Bytes of media that the camera has sent so far. */
  mediaBytes(): number;
  close(): void;
}

/** A request under way, as ffmpeg made it. */
interface Asked {
  readonly message: RtspMessage;
  readonly retried: boolean;
}

/** To a SETUP: ffmpeg asks for TCP and for nothing else. */
const UNSUPPORTED_TRANSPORT = 461;
/** Requests that wait for a reply; who answers none of them loses the oldest. */
const ASKED_MAX = 16;

/** `onRefused` is called at most once; ffmpeg hears the camera's 401, or the end of its connection. */
export async function openRtspRelay(
  address: PinnedAddress,
  login: Login,
  onRefused: (code: RelayCode) => void = () => undefined,
): Promise<RtspRelay> {
  const secret = randomBytes(16).toString('hex');
  const sockets = new Set<Socket>();
  let code: RelayCode | null = null;
  let joined: CameraSide | null = null;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const refuse = (why: RelayCode): void => {
    if (code !== null) return;
    code = why;
    onRefused(why);
  };
  const server = createServer((client) => {
    const framing = createRtspFraming();
    let camera: CameraSide | null = null;
    keep(client);
    client.setNoDelay(true);
    client.on('data', (bytes: Buffer) => {
      for (const item of framing.take(bytes) ?? [null]) {
        if (camera === null && item?.kind === 'message' && item.first.includes(` ${url}`)) {
          server.close();
          camera = joinCamera(client, address, login, url, refuse);
          keep(camera.socket);
          joined = camera;
        }
        if (item === null || camera === null) return client.destroy();
        if (item.kind === 'message') camera.ask(item);
        else camera.socket.write(item.bytes);
      }
    });
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', done);
  });
  const url = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/${secret}`;
  return {
    url,
    refused: () => code,
    mediaBytes: () => joined?.mediaBytes() ?? 0,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface CameraSide {
  readonly socket: Socket;
  mediaBytes(): number;
  ask(message: RtspMessage): void;
}

function joinCamera(
  client: Socket,
  address: PinnedAddress,
  login: Login,
  relayUrl: string,
  refuse: (code: RelayCode) => void,
): CameraSide {
  const cameraUrl = addressText(address);
  const framing = createRtspFraming();
  const answers = createChallengeAnswers(login, { protocol: 'rtsp', tls: address.scheme === 'rtsps' });
  const asked = new Map<string, Asked>();
  let cseq = 0;
  let playing = false;

  const send = (request: Asked): void => {
    const { message } = request;
    const [method = '', named = '', version = 'RTSP/1.0'] = message.first.split(' ');
    const uri = named.startsWith(relayUrl) ? cameraUrl + named.slice(relayUrl.length) : named;
    const number = String(++cseq);
    const authorization = answers.answer({ method, uri });
    asked.set(number, request);
    if (asked.size > ASKED_MAX) asked.delete(asked.keys().next().value as string);
    socket.write(
      rtspMessageBytes(
        `${method} ${uri} ${version}`,
        [
          ['CSeq', number],
          ...without(message.headers, 'cseq', 'authorization'),
          ...(authorization === null ? [] : [['Authorization', authorization] as const]),
        ],
        message.body,
      ),
    );
  };

  const replied = (message: RtspMessage): void => {
    const status = statusOf(message);
    if (status === null ? message.first.startsWith('REDIRECT ') : status >= 300 && status < 400) {
      refuse('camera.redirected');
      client.destroy();
      return;
    }
    const headers = without(message.headers, 'cseq', 'www-authenticate', 'location');
    // A request of the camera's own: ffmpeg answers it.
    if (status === null) {
      const own = message.headers.filter(([name]) => name.toLowerCase() === 'cseq');
      client.write(rtspMessageBytes(message.first, [...own, ...headers], message.body));
      return;
    }
    const named = headerOf(message.headers, 'cseq') ?? '';
    // Some cameras write no number; they answer in order.
    const number = asked.has(named) ? named : asked.keys().next().value;
    const request = number === undefined ? undefined : asked.get(number);
    if (number === undefined || request === undefined) return;
    asked.delete(number);
    if (status === 401) {
      const challenged = request.retried ? 'unusable' : answers.challenged(challengesOf(message.headers));
      if (challenged === 'answered') {
        send({ ...request, retried: true });
        return;
      }
      refuse(challenged === 'unusable' ? 'camera.auth_refused' : 'camera.basic_refused');
    }
    if (status === 200 && request.message.first.startsWith('PLAY ')) {
      playing = true;
      answers.entered(true);
    }
    if (status === UNSUPPORTED_TRANSPORT) refuse('camera.no_tcp');
    const own = headerOf(request.message.headers, 'cseq') ?? '';
    // In our words: ffmpeg repeats a reply's phrase in its diagnostics, where it would pass for ffmpeg's own.
    const first = `RTSP/1.0 ${status} ${STATUS_CODES[status] ?? 'Refused'}`;
    client.write(rtspMessageBytes(first, [['CSeq', own], ...headers], message.body));
  };

  const hear = (bytes: Buffer): void => {
    const items = framing.take(bytes);
    if (items === null) {
      refuse('camera.bad_reply');
      client.destroy();
      return;
    }
    for (const item of items)
      if (item.kind === 'message') replied(item);
      else client.write(item.bytes);
  };

  /** The camera's socket is paused after `count` bytes: once ffmpeg has taken them, and at its pace. */
  const readAgain = (count: number): void => {
    const resume = () => (playing ? pace(count) : void socket.resume());
    if (client.writableNeedDrain) client.once('drain', resume);
    else resume();
  };

  let buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const reading = {
    // What ffmpeg has not taken yet still lies in the last one.
    buffer: () => {
      if (client.writableLength > 0) buffer = Buffer.allocUnsafeSlow(READ_BYTES);
      return buffer;
    },
    callback(count: number, bytes: Uint8Array): boolean {
      hear(Buffer.from(bytes.buffer, bytes.byteOffset, count));
      if (!playing && !client.writableNeedDrain) return true;
      readAgain(count);
      return false;
    },
  };
  /** A record at a time, 16 KB at most: as much as a whole read of the others may come before it waits. */
  let records = 0;
  const hearTls = (bytes: Buffer): void => {
    hear(bytes);
    records += bytes.length;
    const isFull = playing && records >= READ_BYTES;
    if (!client.writableNeedDrain && !isFull) return;
    socket.pause();
    // ffmpeg behind by a moment is no sign that the camera sends little: then there is nothing to wait for but ffmpeg.
    if (!isFull) return void client.once('drain', () => socket.resume());
    readAgain(records);
    records = 0;
  };
  const to = { host: address.ip, port: address.port };
  const socket: Socket =
    address.scheme === 'rtsps'
      ? connectTls({ ...to, rejectUnauthorized: false }).on('data', hearTls)
      : connectTcp({ ...to, onread: reading }).resume();
  const pace = createReadPace(socket);
  socket.setNoDelay(true);
  // What the camera sent before it left is still handed over.
  socket.once('close', () => client.end());
  client.once('close', () => socket.destroySoon());
  return {
    socket,
    mediaBytes: framing.mediaBytes,
    ask(message) {
      // ffmpeg's reply to a request of the camera's own.
      if (statusOf(message) === null) send({ message, retried: false });
      else socket.write(rtspMessageBytes(message.first, message.headers, message.body));
    },
  };
}

const without = (headers: RtspMessage['headers'], ...names: readonly string[]) =>
  headers.filter(([name]) => !names.includes(name.toLowerCase()));
