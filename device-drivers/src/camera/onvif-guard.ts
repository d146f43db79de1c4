/**
 * Purpose: the only way from node-onvif to a camera. The library follows addresses a camera names, reads replies of any
 * size, takes no password with `<` in it and speaks neither HTTPS nor HTTP digest; so it talks, with a placeholder for
 * a login, to this guard on loopback, which talks to the one pinned address, writes the real WS-UsernameToken, answers
 * digest challenges, bounds bytes and time, and refuses redirects, document types and deep nesting.
 * Refuses: any path without its random prefix. The first refusal is kept as a closed code for the probe's answer.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { PinnedAddress } from './address-policy.ts';
import { CAMERA_LIMITS, type CameraFailure, failure } from './camera.ts';
import { answerChallenge, isBasic, judgeChallenge, type Login, splitChallenges } from './digest-auth.ts';
import type { Door } from './login-memory.ts';
import { refuseSoap, rewriteServiceAddresses } from './soap-bounds.ts';

export interface OnvifGuard {
  /** Device service address to give to the library. */
  readonly xaddr: string;
  /** What went wrong first; null when nothing did. */
  failure(): CameraFailure | null;
  close(): void;
}

interface Reply {
  readonly status: number;
  readonly challenges: readonly string[];
  readonly body: string;
}

/** What the library sends: a few KB at most. */
const REQUEST_BYTES_MAX = 65_536;
const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';

export async function openOnvifGuard(camera: PinnedAddress, login: Login): Promise<OnvifGuard> {
  const prefix = `/${randomBytes(16).toString('hex')}`;
  const door: Door = { protocol: 'onvif', tls: camera.scheme === 'https' };
  let first: CameraFailure | null = null;
  let through = '';

  const forward = async (path: string, soap: string): Promise<Reply | CameraFailure> => {
    let reply = await ask(camera, path, soap, null);
    let authorization: string | null = null;
    if (!('ok' in reply) && reply.status === 401) {
      const judged = judgeChallenge(reply.challenges, login, door);
      if (judged === 'basic-refused') return failure('camera.basic_refused');
      if (judged === 'unusable') return failure('camera.auth_refused', 'HTTP 401 without a usable challenge');
      authorization = answerChallenge(reply.challenges, login, { method: 'POST', uri: path });
      reply = await ask(camera, path, soap, authorization);
    }
    if ('ok' in reply) return reply;
    if (reply.status === 401 || /NotAuthorized|not authorized/i.test(reply.body))
      return failure('camera.auth_refused', `HTTP ${reply.status}`);
    if (reply.status >= 300 && reply.status < 400)
      return failure('camera.redirected', `HTTP ${reply.status}`);
    const why = reply.body === '' ? `HTTP ${reply.status} without body` : refuseSoap(reply.body);
    // Many questions are answered to anybody; where a stream is, to whoever may see it: by the digest inside the question.
    const asksLogin = login.user !== '' && (authorization !== null || soap.includes('GetStreamUri'));
    if (reply.status === 200 && asksLogin && why === null)
      login.memory?.entered(door, isBasic(authorization));
    return why === null ? reply : failure('camera.bad_reply', why);
  };

  const server = createServer((incoming, response) => {
    const answer = async (soap: string | null) => {
      if (soap === null || !incoming.url?.startsWith(`${prefix}/`)) return response.writeHead(404).end();
      const reply = await forward(incoming.url.slice(prefix.length), withLogin(soap, login));
      if ('ok' in reply) {
        first ??= reply;
        return response.writeHead(502).end();
      }
      response.writeHead(reply.status, { 'Content-Type': 'application/soap+xml; charset=utf-8' });
      return response.end(rewriteServiceAddresses(reply.body, through));
    };
    // One camera's odd answer must not end the program that records all others.
    readBody(incoming, REQUEST_BYTES_MAX)
      .then(answer)
      .catch((error: unknown) => {
        first ??= failure('camera.bad_reply', String(error));
        response.destroy();
      });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const bound = server.address();
  through = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}${prefix}`;
  return {
    xaddr: through + (camera.path === '/' ? '/onvif/device_service' : camera.path),
    failure: () => first,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const TOKEN = { begin: '<UsernameToken>', end: '</UsernameToken>' } as const;

/**
 * The library's token carries a placeholder; its `Created` is kept, being corrected by the camera's own clock. It stands in
 * front of everything that the library repeats of a camera's words.
 */
export function withLogin(soap: string, login: Login): string {
  const begin = soap.indexOf(TOKEN.begin);
  const end = begin < 0 ? -1 : soap.indexOf(TOKEN.end, begin);
  if (end < 0 || login.user === '') return soap;
  const written = loginToken(soap.slice(begin, end), login);
  return soap.slice(0, begin) + written + soap.slice(end + TOKEN.end.length);
}

function loginToken(placeholder: string, login: Login): string {
  const created = /<Created[^<>]*>([^<]*)</.exec(placeholder)?.[1] ?? new Date().toISOString();
  const nonce = randomBytes(16);
  const digest = createHash('sha1')
    .update(Buffer.concat([nonce, Buffer.from(created + login.password)]))
    .digest('base64');
  const user = login.user.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`);
  return (
    `<UsernameToken><Username>${user}</Username><Password Type="${OASIS}username-token-profile-1.0#PasswordDigest">` +
    `${digest}</Password><Nonce EncodingType="${OASIS}soap-message-security-1.0#Base64Binary">` +
    `${nonce.toString('base64')}</Nonce><Created xmlns="${OASIS}wssecurity-utility-1.0.xsd">${created}</Created>` +
    '</UsernameToken>'
  );
}

function ask(
  camera: PinnedAddress,
  path: string,
  soap: string,
  authorization: string | null,
): Promise<Reply | CameraFailure> {
  const send = camera.scheme === 'https' ? httpsRequest : httpRequest;
  return new Promise((done) => {
    const request = send(
      {
        host: camera.ip,
        port: camera.port,
        path,
        method: 'POST',
        // Cameras carry self-signed certificates; the password is digested, and the address is pinned.
        ...(camera.scheme === 'https' ? { rejectUnauthorized: false } : {}),
        headers: {
          Host: `${camera.host}:${camera.port}`,
          'Content-Type': 'application/soap+xml; charset=utf-8',
          'Content-Length': Buffer.byteLength(soap),
          ...(authorization === null ? {} : { Authorization: authorization }),
        },
        agent: false,
      },
      (response) => {
        void readBody(response, CAMERA_LIMITS.replyBytes).then((body) => {
          if (body === null) return done(failure('camera.bad_reply', 'reply too large or cut'));
          const challenge = response.headers['www-authenticate'];
          done({ status: response.statusCode ?? 0, challenges: splitChallenges(challenge), body });
        });
      },
    );
    // Over the whole exchange, not only over silence: a camera may drip a byte a second.
    const timer = setTimeout(() => {
      done(failure('camera.timeout', `no reply within ${CAMERA_LIMITS.requestMs} ms`));
      request.destroy();
    }, CAMERA_LIMITS.requestMs);
    request.on('close', () => clearTimeout(timer));
    request.on('error', (error: NodeJS.ErrnoException) =>
      done(
        failure(
          /HPE_|ECONNRESET/.test(error.code ?? '') ? 'camera.bad_reply' : 'camera.unreachable',
          error.code,
        ),
      ),
    );
    // As bytes: with a text Node writes the headers in its encoding, too.
    request.end(Buffer.from(soap));
  });
}

function readBody(from: IncomingMessage, bytesMax: number): Promise<string | null> {
  return new Promise((done) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    from.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= bytesMax) return void pieces.push(piece);
      done(null);
      from.destroy();
    });
    from.on('end', () => done(Buffer.concat(pieces).toString('utf8')));
    from.on('error', () => done(null));
    from.on('aborted', () => done(null));
  });
}
