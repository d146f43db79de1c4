/*
 * Purpose: a hub that answers what a test says, for screens in states that are hard to reach with a real one. It serves
 * the built pages with the hub's own security headers, so a page that breaks the content policy fails here too.
 * Every answer is parsed by the wire's schema before it leaves: a fixture cannot show a screen what the hub never sends.
 */
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import { type ErrorCode, problem } from '@hailong/shared/errors.ts';
import Fastify from 'fastify';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import { installSecurityHeaders } from '../../hub-server/src/adapters/http/security-headers.ts';
import { inRepo } from './paths.ts';

export interface Sent {
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly csrf: string | undefined;
}
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface FixtureHub extends AsyncDisposable {
  readonly url: string;
  /** Requests that change something, in order. */
  readonly sent: Sent[];
  answer<S extends z.ZodType>(route: string, schema: S, value: z.input<S>): void;
  accept(route: string): void;
  refuse(route: string, code: ErrorCode, where?: { path: string; message: string }[]): void;
  /** Neither answers nor keeps its sockets, as a hub that was switched off. */
  away(isAway: boolean): void;
  push(path: string, value: unknown): void;
  /** How often it was asked; of a socket, opened. */
  count(route: string): number;
  close(): Promise<void>;
}

export async function startFixtureHub(files: Readonly<Record<string, string>> = {}): Promise<FixtureHub> {
  const app = Fastify({ forceCloseConnections: true });
  const answers = new Map<string, Answer>();
  const counts = new Map<string, number>();
  const sockets = new Map<string, Set<WebSocket>>();
  const sent: Sent[] = [];
  let gone = false;

  installSecurityHeaders(app, false);
  await app.register(fastifyWebsocket);
  const root = inRepo('hub-server/dist/web');
  await app.register(fastifyStatic, { root: join(root, 'assets'), prefix: '/assets/' });
  for (const page of ['station', 'inspector', 'dashboard', 'admin', 'clock', 'vote'])
    app.get(page === 'vote' ? '/v' : `/${page}`, (_request, reply) =>
      reply.sendFile('index.html', join(root, page)),
    );
  for (const [prefix, folder] of Object.entries(files))
    await app.register(fastifyStatic, { root: folder, prefix, decorateReply: false });
  for (const path of ['/api/v1/live', '/api/v1/station/live'])
    app.get(path, { websocket: true }, (socket: WebSocket) => {
      if (gone) {
        socket.terminate();
        return;
      }
      const opened = `GET ${path}`;
      counts.set(opened, (counts.get(opened) ?? 0) + 1);
      const held = sockets.get(path) ?? new Set();
      sockets.set(path, held.add(socket));
      socket.on('close', () => held.delete(socket));
    });
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.addContentTypeParser('multipart/form-data', (_request, payload, done) => {
    payload.resume();
    payload.on('end', () => done(null, 'form'));
  });
  app.all('/api/*', async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const route = `${request.method} ${path}`;
    counts.set(route, (counts.get(route) ?? 0) + 1);
    if (gone) {
      reply.hijack();
      request.raw.socket.destroy();
      return;
    }
    if (request.method !== 'GET') {
      const csrf = request.headers['x-csrf-token'];
      const query = request.query as Record<string, string>;
      sent.push({ route, query, body: request.body, csrf: typeof csrf === 'string' ? csrf : undefined });
    }
    const found = answers.get(route);
    if (found === undefined)
      return reply.code(404).send(problem('request.not_found', [{ path: route, message: 'no fixture' }]));
    return reply.code(found.status).send(found.body);
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const close = async (): Promise<void> => {
    for (const held of sockets.values()) for (const socket of held) socket.terminate();
    await app.close();
  };
  return {
    url,
    sent,
    answer: (route, schema, value) => {
      answers.set(route, { status: 200, body: schema.parse(value) });
    },
    accept: (route) => {
      answers.set(route, { status: 200, body: {} });
    },
    refuse: (route, code, where) => {
      const status = code === 'access.login_required' ? 401 : 409;
      answers.set(route, { status, body: problem(code, where) });
    },
    away: (isAway) => {
      gone = isAway;
      if (isAway) for (const held of sockets.values()) for (const socket of held) socket.terminate();
    },
    push: (path, value) => {
      for (const socket of sockets.get(path) ?? []) socket.send(JSON.stringify(value));
    },
    count: (route) => counts.get(route) ?? 0,
    close,
    [Symbol.asyncDispose]: close,
  };
}
