/**
 * A shell's end of the agent's gateway: says hello with the token, parses every message of both sides once, reconnects,
 * and remembers the last screen for a page that loads later. In Electron it carries the page itself; beside a Chromium,
 * whose page has a line of its own, it is the shell's (`role`).
 */
import {
  type AgentToWindow,
  agentToWindow,
  SHELL_TAKEN,
  type ShellWord,
  UI_PATH,
  type WindowToAgent,
  windowToAgent,
} from '@hailong/shared/protocol/ui.ts';
import type { AgentAddress } from './agent-address.ts';

/** Loopback: the agent is back within a second or two, and trying costs nothing. */
const RETRY_AFTER_MS = 1_000;

/** What the gateway serves by content hash, with the type it finds in the bytes. */
export type BlobFolder = 'photos' | 'voices';

export interface AgentLineParts {
  /** Absent: the line of a page. */
  readonly role?: 'shell';
  readonly open: (url: string) => WebSocket;
  readonly after: (delayMs: number, run: () => void) => void;
  readonly onMessage: (message: AgentToWindow) => void;
  readonly onConnection: (connected: boolean) => void;
  /** Another shell has this counter; the line tries on. */
  readonly onTaken?: () => void;
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

  /** Where the agent's gateway is; null before that is known. */
  get origin(): string | null {
    return this.#address?.origin ?? null;
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

  /** The shell's own word, if the agent hears; the agent is told again at each connection by whoever has one. */
  tell(word: ShellWord): void {
    if (this.#connected) this.#say(word);
  }

  /** Sends what a page said; what is not of protocol/ui.ts, and what only its shell may say, is refused. */
  forward(raw: unknown): void {
    const message = windowToAgent.safeParse(raw);
    if (!message.success || !this.#connected) return;
    const { data } = message;
    if (data.type !== 'hello' && data.type !== 'shell') this.#say(data);
  }

  #say(message: WindowToAgent): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #connect(): void {
    const address = this.#address;
    if (address === null) return;
    const socket = this.#parts.open(`${address.origin.replace('http', 'ws')}${UI_PATH}`);
    this.#socket = socket;
    const { role } = this.#parts;
    const hello = { type: 'hello', token: address.token, ...(role ? { role } : {}) } as const;
    socket.addEventListener('open', () => this.#say(hello));
    socket.addEventListener('message', ({ data }: MessageEvent) => this.#receive(data));
    socket.addEventListener('close', ({ code }) => {
      this.#setConnected(false);
      if (code === SHELL_TAKEN) this.#parts.onTaken?.();
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
