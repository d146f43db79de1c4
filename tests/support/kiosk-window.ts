/*
 * Purpose: a window on a real agent without a browser: it joins over the agent's own socket, keeps the screen on show and
 * touches as a citizen does.
 */
import { randomUUID } from 'node:crypto';
import type { AgentToWindow, Question, Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import { WebSocket } from 'ws';
import { type PollOptions, poll } from './poll.ts';

export class KioskWindow {
  readonly #socket: WebSocket;
  #screen: Screen | null = null;
  /** Until when a screen or a question is waited for, where nobody waits longer; UTC ms. */
  deadline: number | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as AgentToWindow;
      if (message.type === 'screen') this.#screen = message.screen;
    });
  }

  /** `address`: as the agent's `ready` line names it. */
  static async open(address: string): Promise<KioskWindow> {
    const ui = new URL(address);
    const socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
    const window = new KioskWindow(socket);
    socket.on('open', () => window.#send({ type: 'hello', token: ui.hash.slice('#token='.length) }));
    await poll(() => window.#screen, { what: 'a screen' });
    return window;
  }

  #send(message: WindowToAgent): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** What is on show now. */
  get name(): Screen['name'] | null {
    return this.#screen?.name ?? null;
  }

  /** What is on show now, told apart by what it asks: two questions are two. */
  get shown(): string {
    const screen = this.#screen;
    const ticket = screen?.name === 'question' ? screen.question.askTicket : '';
    return `${screen?.name} ${ticket}`;
  }

  #patience(what: string): PollOptions {
    const left = this.deadline === null ? {} : { timeoutMs: Math.max(0, this.deadline - Date.now()) };
    return { what, everyMs: 10, ...left };
  }

  /** What is on show, once it is `name`. */
  screen<N extends Screen['name']>(name: N): Promise<Extract<Screen, { name: N }>> {
    const found = (): Screen | null => (this.#screen?.name === name ? this.#screen : null);
    return poll(found, this.#patience(`the screen ${name}`)) as Promise<Extract<Screen, { name: N }>>;
  }

  /** "Tôi đã xong, tôi muốn đánh giá". */
  openPrompt(): void {
    this.#send({ type: 'citizen.open' });
  }

  /** The question on show, once it is `name`. */
  question(name: string): Promise<Question> {
    return poll(
      () =>
        this.#screen?.name === 'question' && this.#screen.question.question === name
          ? this.#screen.question
          : null,
      this.#patience(`the question ${name}`),
    );
  }

  /** `wedge`: by this button of a panel that types keys. */
  async tap(name: string, level: number, wedge?: number): Promise<Question> {
    const asked = await this.question(name);
    const { rating, askTicket } = asked;
    const marked = wedge === undefined ? {} : { wedge };
    this.#send({ type: 'tap', press: randomUUID(), rating, askTicket, level, ...marked } as WindowToAgent);
    return asked;
  }

  async skip(name: string): Promise<void> {
    const { rating, askTicket } = await this.question(name);
    this.#send({ type: 'skip', rating, askTicket });
  }

  /** "Chọn lại" of the rating that is being answered. */
  correct(rating: Question['rating']): void {
    this.#send({ type: 'correct', rating });
  }

  /** The key that takes the rating to the citizen's own phone. */
  private(rating: Question['rating']): void {
    this.#send({ type: 'private', rating });
  }

  close(): void {
    this.#socket.terminate();
  }
}
