/*
 * Purpose: a script's way into a browser's page: the DevTools protocol, raw, so that nothing answers dialogs or catches
 * downloads on the way. Finds the page anew after the browser was started again.
 */
import { WebSocket } from 'ws';

interface Target {
  readonly id: string;
  readonly type: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}

/** Longer than any answer of a page that is not held by a dialog. */
const ANSWER_MS = 1_000;

export class PageLine {
  readonly #port: number;
  #socket: WebSocket | null = null;
  #target = '';
  #lastId = 0;
  readonly #waiting = new Map<number, (result: unknown) => void>();

  constructor(port: number) {
    this.#port = port;
  }

  async pages(): Promise<readonly Target[]> {
    const answer = await fetch(`http://127.0.0.1:${this.#port}/json/list`);
    const all = (await answer.json()) as Target[];
    return all.filter(({ type }) => type === 'page');
  }

  async #join(): Promise<WebSocket> {
    const [page] = await this.pages();
    if (!page) throw new Error('no page');
    if (this.#socket?.readyState === WebSocket.OPEN && this.#target === page.id) return this.#socket;
    this.leave();
    const socket = new WebSocket(page.webSocketDebuggerUrl);
    socket.on('message', (data) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id !== undefined) this.#waiting.get(id)?.(result);
    });
    socket.on('error', () => undefined);
    await new Promise<void>((done, fail) => {
      socket.once('open', () => done());
      socket.once('close', () => fail(new Error('the page went')));
    });
    this.#socket = socket;
    this.#target = page.id;
    return socket;
  }

  /** Null: no answer came: a dialog holds the page, or it is gone. */
  async ask(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown> {
    const socket = await this.#join();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((done) => {
      const end = (result: unknown): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        done(result ?? {});
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        done(null);
      }, ANSWER_MS);
      this.#waiting.set(id, end);
      socket.send(JSON.stringify({ id, method, params }));
    });
  }

  /** The value of an expression, with a citizen's gesture; null as above, or when it threw. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = (await this.ask('Runtime.evaluate', {
      expression,
      userGesture: true,
      returnByValue: true,
    })) as { result?: { value?: unknown } } | null;
    return answer?.result?.value ?? null;
  }

  leave(): void {
    this.#socket?.terminate();
    this.#socket = null;
  }
}
