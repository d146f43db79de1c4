/**
 * A page on loopback that plays the simulated panel's keys, and the address that enrols this browser as the demo
 * counter's station. It belongs to the demo office alone: no shipped program serves it. Refuses other hosts and
 * origins, so that no other page in the browser can press a key.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PlayedPanel {
  state(): { readonly plugged: boolean; readonly armed: boolean };
  /** 0-based button. */
  press(button: number, holdMs: number): void;
  act(act: 'unplug' | 'replug' | 'reboot' | 'noise'): Promise<void>;
}

export interface PanelPage {
  readonly url: string;
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, readonly [file: URL, type: string]>> = {
  '/': [new URL('./panel/index.html', import.meta.url), 'text/html; charset=utf-8'],
  '/panel.css': [new URL('./panel/panel.css', import.meta.url), 'text/css; charset=utf-8'],
  '/panel.js': [new URL('./panel/panel.js', import.meta.url), 'text/javascript; charset=utf-8'],
};
/** The product's own face; browsers ask for the part they need. */
const FONT = /^\/fonts\/be-vietnam-pro-(?:latin|latin-ext|vietnamese)-(?:500|700)-normal\.woff2$/;
const BODY_BYTES_MAX = 1_000;
const ACTS = new Set(['unplug', 'replug', 'reboot', 'noise']);

async function readBody(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) return null;
  }
  try {
    const value: unknown = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/**
 * @param port 0 = any
 * @param faces the five level faces as SVG, best first: what is printed on the keys
 * @param stationAddress mints a station enrolment and answers the hub's address that uses it
 */
export async function openPanelPage(
  port: number,
  panel: PlayedPanel,
  faces: readonly string[],
  stationAddress: () => Promise<string>,
): Promise<PanelPage> {
  let origin = '';

  const answer = (
    response: ServerResponse,
    status: number,
    body: string | Buffer = '',
    type = 'text/plain; charset=utf-8',
  ) => {
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (`http://${request.headers.host}` !== origin) return answer(response, 403);
    const path = new URL(request.url ?? '/', origin).pathname;
    if (request.method === 'GET') {
      const file = FILES[path];
      if (file) return answer(response, 200, await readFile(file[0], 'utf8'), file[1]);
      if (FONT.test(path)) {
        const at = import.meta.resolve(`@fontsource/be-vietnam-pro/files/${path.slice('/fonts/'.length)}`);
        return answer(response, 200, await readFile(new URL(at)), 'font/woff2');
      }
      if (path === '/state') return answer(response, 200, JSON.stringify(panel.state()), 'application/json');
      if (path === '/faces.json') return answer(response, 200, JSON.stringify(faces), 'application/json');
      if (path === '/station') {
        response.writeHead(302, { location: await stationAddress(), 'cache-control': 'no-store' });
        response.end();
        return;
      }
      return answer(response, 404);
    }
    if (request.method !== 'POST' || request.headers.origin !== origin) return answer(response, 403);
    const body = await readBody(request);
    if (!body) return answer(response, 400);
    if (path === '/press') {
      const { button, holdMs } = body;
      if (typeof button !== 'number' || !Number.isInteger(button) || button < 0 || button > 4)
        return answer(response, 400);
      panel.press(button, typeof holdMs === 'number' ? Math.min(Math.max(holdMs, 30), 5_000) : 120);
      return answer(response, 204);
    }
    if (path === '/act' && typeof body['act'] === 'string' && ACTS.has(body['act'])) {
      await panel.act(body['act'] as Parameters<PlayedPanel['act']>[0]);
      return answer(response, 204);
    }
    return answer(response, 404);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) answer(response, 503, String(error));
      else response.end();
    });
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}/`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
