/**
 * Purpose: ask an RTSP address what it streams before ffmpeg is let near it: one DESCRIBE with login, on the pinned
 * address, and the codec from its SDP. Gives precise codes where ffmpeg gives prose.
 * Refuses: replies past 64 KB or 5 s, redirects, anything that is not RTSP/1.0.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { addressText, type PinnedAddress } from './address-policy.ts';
import { CAMERA_LIMITS, type CameraAnswer, type CameraFailure, failure } from './camera.ts';
import { challengesOf, createChallengeAnswers, type Login } from './digest-auth.ts';
import { RTSP_MESSAGE_BYTES_MAX, type RtspMessage, readRtspMessage, statusOf } from './rtsp-framing.ts';

export type OfferedCodec = 'h264' | 'hevc' | 'other';

/** What the stream offers for video; `camera.wrong_codec` is the caller's to conclude from `other`. */
export async function describeStream(
  address: PinnedAddress,
  login: Login,
): Promise<CameraAnswer<OfferedCodec>> {
  const reply = await exchange(address, login);
  if ('ok' in reply) return reply;
  const status = statusOf(reply);
  if (status === 401 || status === 403) return failure('camera.auth_refused', `RTSP ${status}`);
  if (status !== null && status >= 300 && status < 400) return failure('camera.redirected', `RTSP ${status}`);
  if (status === 404) return failure('camera.stream_missing', 'RTSP 404');
  if (status !== 200) return failure('camera.bad_reply', `RTSP ${status}`);
  return readSdp(reply.body.toString('utf8'));
}

const describe = (uri: string, cseq: number, authorization: string | null) =>
  `DESCRIBE ${uri} RTSP/1.0\r\nCSeq: ${cseq}\r\nAccept: application/sdp\r\nUser-Agent: hailong\r\n` +
  `${authorization === null ? '' : `Authorization: ${authorization}\r\n`}\r\n`;

/** One connection; a challenge is answered on it, as cameras bind a nonce to a connection. */
function exchange(address: PinnedAddress, login: Login): Promise<RtspMessage | CameraFailure> {
  return new Promise((done) => {
    const socket: Socket =
      address.scheme === 'rtsps'
        ? connectTls({ host: address.ip, port: address.port, rejectUnauthorized: false })
        : connectTcp({ host: address.ip, port: address.port });
    const uri = addressText(address);
    const answers = createChallengeAnswers(login, { protocol: 'rtsp', tls: address.scheme === 'rtsps' });
    let rest: Buffer = Buffer.alloc(0);
    let asked = 0;
    const ask = () => {
      asked += 1;
      socket.write(describe(uri, asked, answers.answer({ method: 'DESCRIBE', uri })));
    };
    const finish = (result: RtspMessage | CameraFailure) => {
      clearTimeout(timer);
      socket.destroy();
      done(result);
    };
    const timer = setTimeout(
      () => finish(failure('camera.timeout', `no RTSP reply within ${CAMERA_LIMITS.requestMs} ms`)),
      CAMERA_LIMITS.requestMs,
    );
    socket.once(address.scheme === 'rtsps' ? 'secureConnect' : 'connect', ask);
    socket.on('error', (error: NodeJS.ErrnoException) => finish(failure('camera.unreachable', error.code)));
    socket.on('close', () => finish(failure('camera.bad_reply', 'connection closed without a reply')));
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > RTSP_MESSAGE_BYTES_MAX)
        return finish(failure('camera.bad_reply', 'RTSP reply too large'));
      const read = readRtspMessage(rest);
      const alien = rest.length >= PREFIX.length && !rest.toString('latin1').startsWith(PREFIX);
      if (alien || read === 'bad') return finish(failure('camera.bad_reply', 'not an RTSP reply'));
      if (read === null) return;
      const { message, length } = read;
      rest = rest.subarray(length);
      const challenged =
        asked === 1 && statusOf(message) === 401 ? answers.challenged(challengesOf(message.headers)) : null;
      if (challenged === 'answered') return ask();
      if (challenged === 'basic-refused') return finish(failure('camera.basic_refused'));
      // Who describes its stream to anybody may still ask before it plays.
      if (statusOf(message) === 200) answers.entered(false);
      finish(message);
    });
  });
}

const PREFIX = 'RTSP/1.0 ';

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
