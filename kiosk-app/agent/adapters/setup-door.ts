/**
 * Purpose: the loopback door of the set-up page: its files and the WebSocket of protocol/panel-setup.ts, while
 *   `hailong-kiosk panel setup` runs and never otherwise (a serving agent shows the page in its window).
 * Refuses: any Host that is not this loopback address (name rebinding), any foreign Origin, a socket that does not say the
 *   token of this run within 5 s, a second page, messages past 16 KB. It never listens off 127.0.0.1.
 * Document: firmware-notes/families.md, "Set-up".
 */
import { timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { CodedError } from '@hailong/shared/errors.ts';
import {
  type PageToSetup,
  pageToSetup,
  SETUP_PATH,
  type SetupChoice,
  type SetupToPage,
} from '@hailong/shared/protocol/panel-setup.ts';
import sirv from 'sirv';
import { type WebSocket, WebSocketServer } from 'ws';

const MESSAGE_BYTES_MAX = 16_384;
const TOKEN_WITHIN_MS = 5_000;

export interface SetupDoorOptions {
  readonly port: number;
  readonly token: string;
  /** The built page. */
  readonly pages: string;
  readonly joined: (send: (message: SetupToPage) => void) => void;
  readonly message: (message: SetupChoice) => void;
}

export interface SetupDoor {
  readonly address: string;
  tell(message: SetupToPage): void;
  close(): Promise<void>;
}

export async function openSetupDoor(options: SetupDoorOptions): Promise<SetupDoor> {
  let port = 0;
  let page: WebSocket | null = null;
  const hosts = () => [`127.0.0.1:${port}`, `localhost:${port}`];
  const isOurs = ({ headers }: IncomingMessage): boolean =>
    hosts().includes(headers.host ?? '') &&
    (headers.origin === undefined || hosts().some((host) => headers.origin === `http://${host}`));
  const files = existsSync(`${options.pages}/index.html`) ? sirv(options.pages, { etag: true }) : null;
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headersOf(hosts()))) response.setHeader(name, value);
    const refuse = (status: number, text: string) => response.writeHead(status).end(`${text}\n`);
    if (!isOurs(request)) refuse(403, 'Host');
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuse(405, 'Method');
    else if (files === null) refuse(503, 'Chạy "npm start" một lần. / Run "npm start" once.');
    else files(request, response, () => void refuse(404, 'Not found'));
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (request.url !== SETUP_PATH || !isOurs(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (one) => greet(one));
  });
  const greet = (one: WebSocket): void => {
    const late = setTimeout(() => one.close(4403, 'token'), TOKEN_WITHIN_MS);
    one.on('error', () => one.terminate());
    one.on('close', () => {
      clearTimeout(late);
      if (page === one) page = null;
    });
    one.on('message', (data, isBinary) => {
      const message = isBinary ? null : parse(String(data));
      if (message === null) one.close(4400, 'form');
      else if (message.type !== 'hello') {
        if (page === one) options.message(message);
      } else if (!isToken(message.token, options.token)) one.close(4403, 'token');
      else {
        clearTimeout(late);
        // The newest page is the technician's; one that was left open elsewhere no longer hears.
        if (page !== one) page?.close(4409, 'other');
        page = one;
        options.joined((answer) => one.send(JSON.stringify(answer)));
      }
    });
  };
  port = await listen(server, options.port);
  return {
    address: `http://127.0.0.1:${port}/#token=${options.token}`,
    tell: (message) => page?.send(JSON.stringify(message)),
    async close() {
      for (const one of sockets.clients) one.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new CodedError('program.port_taken', String(port)) : error),
    );
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function parse(text: string): PageToSetup | null {
  try {
    return pageToSetup.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function isToken(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function headersOf(hosts: readonly string[]): Readonly<Record<string, string>> {
  const sockets = hosts.map((host) => `ws://${host}`).join(' ');
  return {
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self' ${sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-cache',
  };
}
