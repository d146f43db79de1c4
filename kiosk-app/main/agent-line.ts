/**
 * Main's end of the agent's gateway: says hello with the token, parses every message of both sides once, reconnects,
 * and remembers the last screen for a page that loads later. It knows nothing of Electron.
 */
import {
  type AgentToWindow,
  agentToWindow,
  UI_PATH,
  type WindowToAgent,
  windowToAgent,
} from '@hailong/shared/protocol/ui.ts';
import type { AgentAddress } from './agent-address.ts';
import type { BlobFolder } from './page-files.ts';

/** Loopback: the agent is back within a second or two, and trying costs nothing. */
const RETRY_AFTER_MS = 1_000;

export interface AgentLineParts {
  readonly open: (url: string) => WebSocket;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly onMessage: (message: AgentToWindow) => void;
  readonly onConnection: (connected: boolean) => void;
}

export class AgentLine {
  readonly #parts: AgentLineParts;
  #address: AgentAddress | null = null;
  #socket: WebSocket | null = null;
  #connected = false;
  #lastScreen: AgentToWindow | null = null;

  constructor(parts: AgentLineParts) {
    this.#parts = parts;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get lastScreen(): AgentToWindow | null {
    return this.#lastScreen;
  }

  /** The photo or recording of that hash at the agent's gateway, or null before there is one. */
  blobAddress(folder: BlobFolder, sha256: string): string | null {
    return this.#address === null ? null : `${this.#address.origin}/${folder}/${sha256}`;
  }

  /** A new address (the agent restarted on another port) replaces the old line. */
  joinAt(address: AgentAddress): void {
    const first = this.#address === null;
    this.#address = address;
    if (first) this.#connect();
    else this.#socket?.close();
  }

  /** Sends what a page said; what is not of protocol/ui.ts, and a page's own hello, is refused. */
  forward(raw: unknown): void {
    const message = windowToAgent.safeParse(raw);
    if (!message.success || message.data.type === 'hello' || !this.#connected) return;
    this.#say(message.data);
  }

  #say(message: WindowToAgent): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #connect(): void {
    const address = this.#address;
    if (address === null) return;
    const socket = this.#parts.open(`${address.origin.replace('http', 'ws')}${UI_PATH}`);
    this.#socket = socket;
    socket.addEventListener('open', () => this.#say({ type: 'hello', token: address.token }));
    socket.addEventListener('message', ({ data }: MessageEvent) => this.#receive(data));
    socket.addEventListener('close', () => {
      this.#setConnected(false);
      this.#parts.after(RETRY_AFTER_MS, () => this.#connect());
    });
  }

  #receive(raw: unknown): void {
    if (typeof raw !== 'string') return;
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      return;
    }
    const message = agentToWindow.safeParse(value);
    if (!message.success) return;
    if (message.data.type === 'screen') this.#lastScreen = message.data;
    this.#setConnected(true);
    this.#parts.onMessage(message.data);
  }

  #setConnected(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.#parts.onConnection(connected);
  }
}
