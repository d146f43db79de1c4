/*
 * Purpose: the people of a counter, for fault runs: an endless row of citizens who are served, asked, and answer every
 * question on the screen or on the panel, and then choose again. They look at the agent's own loopback gateway only, so
 * they go on by themselves with every new life of the agent, and wait while it, or the hub, is away.
 */
import type { AgentToWindow, Screen } from '@hailong/shared/protocol/ui.ts';
import { WebSocket } from 'ws';
import type { JsonLine } from '../support/program.ts';
import type { FaultCounter } from './fault-office.ts';

export interface CitizenOptions {
  /** Between two looks at the screen: how fast they are. */
  readonly paceMs?: number;
  /** Of 10 answers so many by the panel, when one is there and armed. */
  readonly panelOfTen?: number;
}

/** The hub is asked again after this; it may be dead at the moment. */
const RETRY_MS = 250;

type Question = Extract<Screen, { name: 'question' }>;

export class Citizens implements AsyncDisposable {
  readonly #counter: FaultCounter;
  readonly #panelOfTen: number;
  readonly #timer: NodeJS.Timeout;
  #socket: WebSocket | null = null;
  #ui = '';
  #screen: Screen | null = null;
  #asking = false;
  /** What was asked for on which screen, and when it may be asked for there once more. */
  #asked: { readonly on: Screen; readonly againAt: number } | null = null;
  #tapped = '';
  #tapAgainAt = 0;
  #last: Question['question'] | null = null;
  #answers = 0;
  /** Touches the agent said are on disk. */
  recorded = 0;
  refused = 0;
  /** Nobody comes and nobody answers: for comparing while nothing moves. */
  paused = false;

  constructor(counter: FaultCounter, { paceMs = 15, panelOfTen = 0 }: CitizenOptions = {}) {
    this.#counter = counter;
    this.#panelOfTen = panelOfTen;
    this.#timer = setInterval(() => this.#look(), paceMs);
  }

  get screen(): Screen['name'] | null {
    return this.#screen?.name ?? null;
  }

  /** Touches the last question once more, whatever the screen shows. */
  knock(): void {
    if (this.#last) this.#tap(this.#last, 3);
  }

  #look(): void {
    const ready = this.#counter.agent?.lines.find((line: JsonLine) => line.event === 'ready');
    const ui = typeof ready?.['ui'] === 'string' ? ready['ui'] : '';
    if (ui !== '' && ui !== this.#ui) this.#join(ui);
    const now = performance.now();
    const screen = this.#screen;
    if (this.paused || !screen || this.#socket?.readyState !== WebSocket.OPEN) return;
    if (screen.name === 'question') this.#answer(screen, now);
    else if (screen.name === 'thanks' && screen.canCorrect) this.#send({ type: 'correct', rating: null });
    else if (screen.name === 'serving') this.#send({ type: 'citizen.open' });
    else if (screen.name === 'rest') this.#ask(() => this.#counter.office.serve(this.#counter), now);
    else if (screen.name === 'closed') this.#ask(() => this.#counter.logIn(), now);
  }

  #join(ui: string): void {
    this.#ui = ui;
    this.#screen = null;
    this.#socket?.terminate();
    const { host, origin, hash } = new URL(ui);
    const socket = new WebSocket(`ws://${host}/ui/v1`, { origin });
    this.#socket = socket;
    socket.on('error', () => socket.terminate());
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'hello', token: hash.slice('#token='.length) })),
    );
    socket.on('message', (text) => {
      if (socket !== this.#socket) return;
      const message = JSON.parse(String(text)) as AgentToWindow;
      if (message.type === 'screen') this.#screen = message.screen;
      else if (message.type === 'recorded') this.recorded += 1;
      else if (message.type === 'refused') this.refused += 1;
    });
  }

  #answer({ question }: Question, now: number): void {
    const key = `${question.rating} ${question.askTicket}`;
    if (key === this.#tapped && now < this.#tapAgainAt) return;
    this.#tapped = key;
    this.#tapAgainAt = now + RETRY_MS;
    this.#answers += 1;
    const level = (this.#answers % 5) + 1;
    const { panel } = this.#counter;
    const armed = panel?.status().armedTicket === question.askTicket;
    if (panel && armed && this.#answers % 10 < this.#panelOfTen) void panel.press(level - 1, 30);
    else this.#tap(question, level);
  }

  #tap(question: Question['question'], level: number): void {
    this.#last = question;
    const { rating, askTicket } = question;
    this.#send({ type: 'tap', press: crypto.randomUUID(), rating, askTicket, level });
  }

  /** One request at a time; an agent or hub that is away is asked again a little later. */
  #ask(request: () => Promise<unknown>, now: number): void {
    const on = this.#screen;
    if (!on || this.#asking || (this.#asked?.on === on && now < this.#asked.againAt)) return;
    this.#asking = true;
    void request()
      .catch(() => undefined)
      .finally(() => {
        this.#asking = false;
        // The screen changes by itself when the intent has arrived; a lost one is sent anew.
        this.#asked = { on, againAt: performance.now() + RETRY_MS * 12 };
      });
  }

  #send(message: unknown): void {
    this.#socket?.send(JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#socket?.terminate();
  }
}
