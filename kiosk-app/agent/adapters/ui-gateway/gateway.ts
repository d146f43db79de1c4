/**
 * Purpose: the loopback gateway of the window: its files, the officers' photos, the office's recordings, and the
 *   WebSocket of protocol/ui.ts.
 * Refuses: any Host that is not this loopback address (name rebinding), any foreign Origin, a socket that does not
 *   say the token within 5 s, more than 8 windows, a second shell, messages past 4 KB. It never listens off 127.0.0.1.
 * Document: kiosk-app/DESIGN.md, "The window's door".
 */
import { timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CodedError } from '@hailong/shared/errors.ts';
import { sha256Hex } from '@hailong/shared/ids.ts';
import {
  type AgentToWindow,
  NO_FEATURES,
  PAGE_SANDBOX,
  SHELL_TAKEN,
  type ShellWord,
  UI_PATH,
  type WindowToAgent,
  windowToAgent,
} from '@hailong/shared/protocol/ui.ts';
import sirv from 'sirv';
import { type WebSocket, WebSocketServer } from 'ws';
import type { FromWindow, Windows } from '../../application/ports.ts';
import type { FolderBlobs } from '../blob-files.ts';

const WINDOWS_MAX = 8;
const MESSAGE_BYTES_MAX = 4_096;
const TOKEN_WITHIN_MS = 5_000;
const PING_EVERY_MS = 10_000;

export interface GatewayOptions {
  readonly port: number;
  readonly token: string;
  /** The built screens. */
  readonly screens: string;
  readonly blobs: FolderBlobs;
}

export interface GatewayListener {
  /** A window said the right token: what it should show now. */
  joined(send: (message: AgentToWindow) => void): void;
  message(message: FromWindow, answer: (message: AgentToWindow) => void): void;
  /** A page is about to draw a frame of that screen. */
  beat(screen: string): void;
  /** What the shell says of itself; null: it has gone. */
  shell(word: ShellWord | null): void;
  /** `count` changed: a window said the right token, or one that had has gone. */
  counted(): void;
}

export class Gateway implements Windows {
  readonly #options: GatewayOptions;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
  /** Each with its number, by which the shell tells them apart. */
  readonly #windows = new Map<WebSocket, number>();
  #lastWindow = 0;
  #shell: WebSocket | null = null;
  /** Whose word about the shell counts: the shell's, else that of an Electron whose page speaks for both. */
  #speaker: WebSocket | null = null;
  readonly #listener: GatewayListener;
  #files: ReturnType<typeof sirv> | null = null;
  #port = 0;
  #ping: NodeJS.Timeout | null = null;

  constructor(options: GatewayOptions, listener: GatewayListener) {
    this.#options = options;
    this.#listener = listener;
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      // Node leaves this socket to us without a listener: a reset by the other side must not end the agent.
      socket.on('error', () => socket.destroy());
      const pathname = pathOf(request);
      const full = this.#sockets.clients.size >= WINDOWS_MAX;
      if (pathname !== UI_PATH || full || !this.#isOurs(request) || !this.#isOurOrigin(request)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (window) => this.#greet(window));
    });
  }

  get count(): number {
    return this.#windows.size;
  }

  /** The address to open, with the token behind `#`, where it reaches no log and no other server. */
  get address(): string {
    return `http://127.0.0.1:${this.#port}/#token=${this.#options.token}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'EADDRINUSE' || error.code === 'EACCES'
            ? new CodedError('program.port_taken', String(this.#options.port))
            : error,
        ),
      );
      this.#server.listen(this.#options.port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address ? address.port : 0;
    // A window that has gone without a word is noticed by its missing pong.
    this.#ping = setInterval(() => this.#dropSilent(), PING_EVERY_MS);
  }

  broadcast(message: AgentToWindow): void {
    const text = JSON.stringify(message);
    for (const window of this.#windows.keys()) window.send(text);
    this.#shell?.send(text);
  }

  /** Has the page shown anew, by whoever keeps its program, else by the page itself. */
  reload(): void {
    const text = JSON.stringify({ type: 'reload' } satisfies AgentToWindow);
    if (this.#shell) this.#shell.send(text);
    else for (const window of this.#windows.keys()) window.send(text);
  }

  async close(): Promise<void> {
    if (this.#ping) clearInterval(this.#ping);
    for (const window of this.#sockets.clients) window.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hosts(): readonly string[] {
    return [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
  }

  #isOurs(request: IncomingMessage): boolean {
    return this.#hosts().includes(request.headers.host ?? '');
  }

  /** Browsers always send an Origin; our own Electron main has none and still needs the token. */
  #isOurOrigin(request: IncomingMessage): boolean {
    const { origin } = request.headers;
    return origin === undefined || this.#hosts().some((host) => origin === `http://${host}`);
  }

  #greet(window: WebSocket): void {
    const late = setTimeout(() => window.close(4403, 'token'), TOKEN_WITHIN_MS);
    const answer = (message: AgentToWindow) => window.send(JSON.stringify(message));
    alive.add(window);
    window.on('pong', () => alive.add(window));
    window.on('error', () => window.terminate());
    window.on('close', () => {
      clearTimeout(late);
      if (this.#shell === window) this.#shell = null;
      if (this.#speaker === window) {
        this.#speaker = null;
        this.#listener.shell(null);
      }
      if (this.#windows.delete(window)) this.#listener.counted();
    });
    window.on('message', (data, isBinary) => {
      const message = isBinary ? null : parse(String(data));
      if (!message) {
        window.close(4400, 'form');
      } else if (message.type === 'hello') {
        if (!this.#isToken(message.token)) {
          window.close(4403, 'token');
          return;
        }
        clearTimeout(late);
        if (message.role === 'shell') this.#takeShell(window, answer);
        else this.#takeWindow(window, answer);
      } else if (message.type === 'beat') {
        const number = this.#windows.get(window);
        if (number !== undefined) {
          this.#listener.beat(message.screen);
          this.#shell?.send(JSON.stringify({ ...message, window: number } satisfies AgentToWindow));
        }
      } else if (message.type === 'shell') {
        if (this.#shell === window || (this.#shell === null && this.#windows.has(window))) {
          this.#speaker = window;
          this.#listener.shell(message);
        }
      } else if (this.#windows.has(window)) {
        this.#listener.message(message, answer);
      }
    });
  }

  #takeWindow(window: WebSocket, answer: (message: AgentToWindow) => void): void {
    const isNew = !this.#windows.has(window);
    if (isNew) {
      this.#lastWindow += 1;
      this.#windows.set(window, this.#lastWindow);
    }
    this.#listener.joined(answer);
    if (isNew) this.#listener.counted();
  }

  /** One shell a counter: two would each restart the other's window. */
  #takeShell(window: WebSocket, answer: (message: AgentToWindow) => void): void {
    if (this.#shell !== null && this.#shell !== window) {
      window.close(SHELL_TAKEN, 'shell');
      return;
    }
    this.#shell = window;
    this.#listener.joined(answer);
  }

  #dropSilent(): void {
    for (const window of this.#sockets.clients) {
      if (!alive.has(window)) {
        window.terminate();
      } else {
        alive.delete(window);
        window.ping();
      }
    }
  }

  #isToken(text: string): boolean {
    const given = Buffer.from(text);
    const wanted = Buffer.from(this.#options.token);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(this.#headers())) response.setHeader(name, value);
    const pathname = pathOf(request);
    if (!this.#isOurs(request)) {
      refuse(response, 403, 'Host');
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Method');
    } else if (pathname === null) {
      refuse(response, 400, 'Address');
    } else if (pathname.startsWith('/photos/')) {
      this.#blob(pathname.slice('/photos/'.length), imageType, response);
    } else if (pathname.startsWith('/voices/')) {
      this.#blob(pathname.slice('/voices/'.length), soundType, response);
    } else {
      if (!this.#files && existsSync(`${this.#options.screens}/index.html`))
        this.#files = sirv(this.#options.screens, { etag: true, dotfiles: false });
      if (this.#files) this.#files(request, response, () => refuse(response, 404, 'Not found'));
      else refuse(response, 503, NOT_BUILT);
    }
  }

  #blob(name: string, typeOf: (bytes: Uint8Array) => string | null, response: ServerResponse): void {
    const hash = sha256Hex.safeParse(name);
    const bytes = hash.success ? this.#options.blobs.read(hash.data) : null;
    const type = bytes ? typeOf(bytes) : null;
    if (!bytes || !type) {
      refuse(response, 404, 'Not found');
      return;
    }
    // The browser keeps no copy on its disk: what the agent deletes is gone.
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-type', type);
    response.end(bytes);
  }

  #headers(): Readonly<Record<string, string>> {
    const sockets = this.#hosts()
      .map((host) => `ws://${host}`)
      .join(' ');
    return {
      'content-security-policy': [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        `connect-src 'self' ${sockets}`,
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        PAGE_SANDBOX,
      ].join('; '),
      'permissions-policy': NO_FEATURES,
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-cache',
    };
  }
}

/** Windows that answered the last ping. */
const alive = new WeakSet<WebSocket>();

const NOT_BUILT =
  'Màn hình chưa được dựng: chạy "npm start" một lần. / The screens are not built: run "npm start" once.';

/** The path asked for; null when the address cannot be read. */
function pathOf(request: IncomingMessage): string | null {
  return URL.parse(request.url ?? '/', 'http://localhost')?.pathname ?? null;
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}

function parse(text: string): WindowToAgent | null {
  try {
    const parsed = windowToAgent.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** By the first bytes: Ogg, WAV or MP3; nothing else is played. */
function soundType(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('OggS')) return 'audio/ogg';
  if (head.startsWith('ID3') || /^\xff[\xe2\xe3\xf2\xf3\xfa\xfb]/.test(head)) return 'audio/mpeg';
  return head.startsWith('RIFF') && head.slice(8) === 'WAVE' ? 'audio/wav' : null;
}

/** By the first bytes: JPEG, PNG or WebP; nothing else is shown. */
function imageType(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'image/webp' : null;
}
