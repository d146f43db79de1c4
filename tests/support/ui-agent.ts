/*
 * Purpose: the agent's side of protocol/ui.ts for browser tests of the built screens: serves the renderer's build,
 * photos and recordings, accepts the hello, shows the screen the test gives, and keeps every message of the window. It answers
 * nothing by itself, so that a test decides when a vote is durable.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AgentToWindow,
  type Screen,
  UI_PATH,
  type WindowToAgent,
  windowToAgent,
} from '@hailong/shared/protocol/ui.ts';
import sirv from 'sirv';
import { type WebSocket, WebSocketServer } from 'ws';
import { poll } from './poll.ts';

export interface UiAgent extends AsyncDisposable {
  readonly origin: string;
  /** The address a window opens, with the token in its fragment. */
  readonly address: string;
  /** Messages of the window after its hello, oldest first. */
  readonly received: readonly WindowToAgent[];
  /** Windows whose hello was right. */
  readonly windows: () => number;
  show(screen: Screen): void;
  tell(message: AgentToWindow): void;
  /** The first message of that type from `from` on. */
  next<T extends WindowToAgent['type']>(type: T, from?: number): Promise<Extract<WindowToAgent, { type: T }>>;
  /** Cuts every line and refuses new ones, as a restarting agent does. */
  leave(): void;
  comeBack(): void;
}

interface UiAgentOptions {
  /** Folder of the built screens. */
  readonly screens: string;
  /** PNG bytes by hash. */
  readonly photos?: ReadonlyMap<string, Uint8Array>;
  /** WAV bytes by hash. */
  readonly voices?: ReadonlyMap<string, Uint8Array>;
}

const token = 'test-token';

function close(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

export async function startUiAgent({
  screens,
  photos = new Map(),
  voices = new Map(),
}: UiAgentOptions): Promise<UiAgent> {
  const received: WindowToAgent[] = [];
  const lines = new Set<WebSocket>();
  let shown: Screen | undefined;
  let revision = 0;
  let present = true;
  const files = sirv(screens, { dev: true });
  const server = createServer((request, response) => {
    const photo = photos.get(request.url?.replace('/photos/', '') ?? '');
    const voice = voices.get(request.url?.replace('/voices/', '') ?? '');
    if (voice) response.writeHead(200, { 'content-type': 'audio/wav' }).end(voice);
    else if (photo) response.writeHead(200, { 'content-type': 'image/png' }).end(photo);
    else files(request, response, () => void response.writeHead(404).end());
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (!present || request.url !== UI_PATH) socket.destroy();
    else sockets.handleUpgrade(request, socket, head, (line) => sockets.emit('connection', line));
  });
  const send = (line: WebSocket, message: AgentToWindow): void => line.send(JSON.stringify(message));
  sockets.on('connection', (line: WebSocket) => {
    line.on('message', (raw) => {
      const message = windowToAgent.parse(JSON.parse(String(raw)));
      // A page's sign of life says nothing of what was pressed.
      if (message.type === 'beat') return;
      if (message.type !== 'hello') received.push(message);
      else if (message.token !== token) line.close();
      else {
        lines.add(line);
        if (shown) send(line, { type: 'screen', revision, screen: shown });
      }
    });
    line.on('close', () => lines.delete(line));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tell = (message: AgentToWindow): void => {
    for (const line of lines) send(line, message);
  };
  return {
    origin,
    address: `${origin}/#token=${token}`,
    received,
    windows: () => lines.size,
    tell,
    show(screen) {
      shown = screen;
      revision += 1;
      tell({ type: 'screen', revision, screen });
    },
    async next(type, from = 0) {
      const is = (one: WindowToAgent) => one.type === type;
      const found = await poll(() => received.slice(from).find(is), { what: `"${type}" from the window` });
      return found as Extract<WindowToAgent, { type: typeof type }>;
    },
    leave() {
      present = false;
      for (const line of lines) line.terminate();
    },
    comeBack() {
      present = true;
    },
    async [Symbol.asyncDispose]() {
      for (const line of lines) line.terminate();
      await close(server);
    },
  };
}
