/**
 * Purpose: one WebSocket to the hub's edge path; messages are parsed here, once.
 * Refuses: messages of an unknown form (named on stderr, then ignored: a newer hub may say more), a line silent
 *   longer than LINK_SILENCE_MS, redirects, messages past 4 MB.
 */
import { EDGE_PATH, type HubToDevice, hubToDevice, LINK_SILENCE_MS } from '@hailong/shared/protocol/edge.ts';
import { WebSocket } from 'ws';
import type { HubLink, Reporter, Timers } from '../../application/ports.ts';

const MESSAGE_BYTES_MAX = 4_194_304;
const HANDSHAKE_MS = 10_000;

export class HubSocket implements HubLink {
  readonly #url: URL;
  readonly #timers: Timers;
  readonly #report: Reporter;
  #socket: WebSocket | null = null;

  constructor(hub: string, timers: Timers, report: Reporter) {
    this.#url = new URL(EDGE_PATH, hub);
    this.#url.protocol = this.#url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#timers = timers;
    this.#report = report;
  }

  open(listener: { message(message: HubToDevice): void; ended(): void }): void {
    this.close();
    const socket = new WebSocket(this.#url, {
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
      followRedirects: false,
    });
    this.#socket = socket;
    let silence = () => {};
    let over = false;
    const heard = () => {
      silence();
      silence = this.#timers.after(LINK_SILENCE_MS, () => socket.terminate());
    };
    const end = () => {
      if (over) return;
      over = true;
      silence();
      if (this.#socket === socket) this.#socket = null;
      listener.ended();
    };
    socket.on('open', heard);
    socket.on('ping', heard);
    socket.on('pong', heard);
    socket.on('message', (data, isBinary) => {
      if (over) return;
      heard();
      const message = isBinary ? null : parse(String(data));
      if (message) listener.message(message);
      else
        this.#report.say('Bỏ qua một thông điệp lạ của máy chủ.', 'Ignored an unknown message of the hub.');
    });
    socket.on('error', end);
    socket.on('close', end);
  }

  send(frame: string | Uint8Array): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(frame);
    return true;
  }

  close(): void {
    // At once: a close handshake would keep a dead line open.
    this.#socket?.terminate();
  }
}

function parse(text: string): HubToDevice | null {
  try {
    const parsed = hubToDevice.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
