/**
 * Purpose: the shell's pipe to its Chromium (DevTools protocol, records ended by a zero byte): which windows and pages
 *   there are, which address the page shows, whether it crashed; and how to close one that is not ours.
 * Refuses: to attach to a page. The managed policy forbids that too, so that nobody who holds this pipe reads a screen.
 * Document: kiosk-app/LOCK.md, "Who watches".
 */
import type { Readable, Writable } from 'node:stream';

/** A record is some hundred bytes; a browser that sends more without an end is not understood. */
const RECORD_BYTES_MAX = 1_048_576;

export interface BrowserListener {
  /** A page has that address now. */
  shows(target: string, address: string): void;
  gone(target: string): void;
  crashed(target: string): void;
  /** What it is, as it says it: `Chrome/150.0.7871.46`. */
  version(product: string): void;
}

interface Target {
  readonly targetId?: unknown;
  readonly type?: unknown;
  readonly url?: unknown;
}

export class BrowserPipe {
  readonly #to: Writable;
  readonly #listener: BrowserListener;
  #rest = '';
  #lastId = 0;

  constructor(to: Writable, from: Readable, listener: BrowserListener) {
    this.#to = to;
    this.#listener = listener;
    // The browser may be gone before it has read; its end is reported by its process.
    to.on('error', () => undefined);
    from.on('error', () => undefined);
    from.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#say('Target.setDiscoverTargets', { discover: true });
    this.#say('Browser.getVersion', {});
    this.#say('Browser.setDownloadBehavior', { behavior: 'deny' });
  }

  /** Closes one page, and with its last page its window. */
  close(target: string): void {
    this.#say('Target.closeTarget', { targetId: target });
  }

  #say(method: string, params: Readonly<Record<string, unknown>>): void {
    this.#lastId += 1;
    this.#to.write(`${JSON.stringify({ id: this.#lastId, method, params })}\0`);
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > RECORD_BYTES_MAX) this.#rest = '';
    for (const part of parts) this.#hear(part);
  }

  #hear(record: string): void {
    let message: {
      method?: unknown;
      params?: { targetInfo?: Target; targetId?: unknown };
      result?: { product?: unknown };
    };
    try {
      message = JSON.parse(record);
    } catch {
      return;
    }
    const { method, params, result } = message;
    if (typeof result?.product === 'string') this.#listener.version(result.product);
    const { targetInfo } = params ?? {};
    if (method === 'Target.targetCreated' || method === 'Target.targetInfoChanged') {
      const { targetId, type, url } = targetInfo ?? {};
      // Frames and workers belong to their page; the browser's own surfaces (`browser_ui`) come with a window.
      if (type === 'page' && typeof targetId === 'string' && typeof url === 'string')
        this.#listener.shows(targetId, url);
    } else if (typeof params?.targetId === 'string') {
      if (method === 'Target.targetDestroyed') this.#listener.gone(params.targetId);
      else if (method === 'Target.targetCrashed') this.#listener.crashed(params.targetId);
    }
  }
}
