/**
 * Purpose: ask an RTSP address what it streams before ffmpeg is let near it: one DESCRIBE with login, on the pinned
 * address, and the codec from its SDP. Gives precise codes where ffmpeg gives prose, and sees a redirect, which ffmpeg
 * would follow. Refuses: replies past 64 KB or 5 s, redirects, anything that is not RTSP/1.0.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { addressText, type PinnedAddress } from './address-policy.ts';
import { CAMERA_LIMITS, type CameraAnswer, type CameraFailure, failure } from './camera.ts';
import { answerChallenge, type Login } from './digest-auth.ts';
import { splitChallenges } from './onvif-guard.ts';

export type OfferedCodec = 'h264' | 'hevc' | 'other';

const REPLY_BYTES_MAX = 65_536;

interface RtspReply {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** What the stream offers for video; `camera.wrong_codec` is the caller's to conclude from `other`. */
export async function describeStream(
  address: PinnedAddress,
  login: Login,
): Promise<CameraAnswer<OfferedCodec>> {
  const uri = addressText(address);
  const first = await exchange(address, describe(uri, 1, null));
  if ('ok' in first) return first;
  let reply = first;
  if (reply.status === 401) {
    const challenges = headerValues(reply, 'www-authenticate').flatMap(splitChallenges);
    const authorization =
      login.user === '' ? null : answerChallenge(challenges, login, { method: 'DESCRIBE', uri });
    if (authorization === null) return failure('camera.auth_refused', 'RTSP 401');
    const second = await exchange(address, describe(uri, 2, authorization), describe(uri, 1, null), login);
    if ('ok' in second) return second;
    reply = second;
  }
  if (reply.status === 401 || reply.status === 403)
    return failure('camera.auth_refused', `RTSP ${reply.status}`);
  if (reply.status >= 300 && reply.status < 400) return failure('camera.redirected', `RTSP ${reply.status}`);
  if (reply.status === 404) return failure('camera.stream_missing', 'RTSP 404');
  if (reply.status !== 200) return failure('camera.bad_reply', `RTSP ${reply.status}`);
  return readSdp(reply.body);
}

const describe = (uri: string, cseq: number, authorization: string | null) =>
  `DESCRIBE ${uri} RTSP/1.0\r\nCSeq: ${cseq}\r\nAccept: application/sdp\r\nUser-Agent: hailong\r\n` +
  `${authorization === null ? '' : `Authorization: ${authorization}\r\n`}\r\n`;

const headerValues = (reply: RtspReply, name: string) =>
  reply.headers.filter(([key]) => key === name).map(([, value]) => value);

/**
 * One connection: `opening`, when given, is sent first and its challenge answered on the same connection, as cameras
 * bind a nonce to it; then `message` is rebuilt for that challenge.
 */
function exchange(
  address: PinnedAddress,
  message: string,
  opening?: string,
  login?: Login,
): Promise<RtspReply | CameraFailure> {
  return new Promise((done) => {
    const socket: Socket =
      address.scheme === 'rtsps'
        ? connectTls({ host: address.ip, port: address.port, rejectUnauthorized: false })
        : connectTcp({ host: address.ip, port: address.port });
    let rest: Buffer = Buffer.alloc(0);
    let awaitingChallenge = opening !== undefined;
    const finish = (result: RtspReply | CameraFailure) => {
      clearTimeout(timer);
      socket.destroy();
      done(result);
    };
    const timer = setTimeout(
      () => finish(failure('camera.timeout', `no RTSP reply within ${CAMERA_LIMITS.requestMs} ms`)),
      CAMERA_LIMITS.requestMs,
    );
    socket.once(address.scheme === 'rtsps' ? 'secureConnect' : 'connect', () =>
      socket.write(opening ?? message),
    );
    socket.on('error', (error: NodeJS.ErrnoException) => finish(failure('camera.unreachable', error.code)));
    socket.on('close', () => finish(failure('camera.bad_reply', 'connection closed without a reply')));
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > REPLY_BYTES_MAX) return finish(failure('camera.bad_reply', 'RTSP reply too large'));
      const reply = readReply(rest);
      if (reply === null) return;
      if (reply === 'bad') return finish(failure('camera.bad_reply', 'not an RTSP reply'));
      if (!awaitingChallenge || reply.status !== 401 || login === undefined) return finish(reply);
      awaitingChallenge = false;
      rest = Buffer.alloc(0);
      const uri = addressText(address);
      const challenges = headerValues(reply, 'www-authenticate').flatMap(splitChallenges);
      const authorization = answerChallenge(challenges, login, { method: 'DESCRIBE', uri });
      socket.write(authorization === null ? message : describe(uri, 2, authorization));
    });
  });
}

/** Null: more bytes are needed. */
function readReply(bytes: Buffer): RtspReply | 'bad' | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (bytes.length >= 9 && bytes.toString('latin1', 0, 9) !== 'RTSP/1.0 ') return 'bad';
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^RTSP\/1\.0 (\d{3})/.exec(first)?.[1]);
  if (!Number.isInteger(status)) return 'bad';
  const headers = lines.flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
  const length = Number(headers.find(([key]) => key === 'content-length')?.[1] ?? 0);
  if (!(length >= 0 && length <= REPLY_BYTES_MAX)) return 'bad';
  if (bytes.length < end + 4 + length) return null;
  return { status, headers, body: bytes.toString('utf8', end + 4, end + 4 + length) };
}

function readSdp(sdp: string): CameraAnswer<OfferedCodec> {
  const video = /^m=video [^\r\n]*/m.exec(sdp);
  if (video === null) return failure('camera.wrong_codec', 'the stream has no video');
  const section = sdp.slice(video.index).split(/\r?\nm=/)[0] ?? '';
  const encoding = /^a=rtpmap:\d+ ([A-Za-z0-9.-]+)\//m.exec(section)?.[1]?.toUpperCase();
  return {
    ok: true,
    value: encoding === 'H264' ? 'h264' : encoding === 'H265' || encoding === 'HEVC' ? 'hevc' : 'other',
  };
}
