/*
 * Purpose: one counter for measurements: the agent as it ships in a process of its own, told what to do by a hub that speaks the
 * wire, touched as a window does over its own socket, its boot clock moved on order. Waits for messages, never polls.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentToWindow, Question, Screen, WindowToAgent } from '@hailong/shared/protocol/ui.ts';
import { WebSocket } from 'ws';
import { finish, open, start } from '../../support/counter-kit.ts';
import { EdgeHub } from '../../support/edge-hub.ts';
import { MovedClock } from '../../support/moved-clock.ts';
import { kioskBin } from '../../support/paths.ts';
import { poll } from '../../support/poll.ts';

const WORDS_KEPT = 4_096;
/** The shortest prompt a form may have. */
export const SHORTEST_MS = 5_000;
/** On a machine whose cores others use too. */
const ANSWER_MS = 60_000;

export function rssMb(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(line?.[1]) / 1_024;
}

/** Ends with the process that measures, however that went. */
function spawnNode(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, args, {
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((done) => child.once('close', done));
}

export interface Started {
  readonly child: ChildProcess;
  readonly address: string;
  readonly readyMs: number;
}

export function startAgent(
  data: string,
  hub: EdgeHub,
  { enrol = false, clock = null }: { enrol?: boolean; clock?: MovedClock | null } = {},
): Promise<Started> {
  const from = performance.now();
  const child = spawnNode(
    [
      ...(clock === null ? [] : clock.args),
      ...[kioskBin, 'run', '--data', data, '--hub', hub.url, '--ui-port', '0', '--json'],
      ...(enrol ? ['--enrol', hub.code] : []),
    ],
    clock === null ? {} : clock.env(),
  );
  return new Promise((done, fail) => {
    let [text, words] = ['', ''];
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      words = (words + part).slice(-WORDS_KEPT);
    });
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      // After `ready` everything is read and forgotten, so that no pipe fills.
      if (text === 'ready') return;
      text += part;
      const line = text.split('\n').find((each) => each.includes('"event":"ready"'));
      if (line === undefined || !line.endsWith('}')) return;
      const readyMs = performance.now() - from;
      text = 'ready';
      done({ child, readyMs, address: String((JSON.parse(line) as { ui: string }).ui) });
    });
    child.once('exit', (code) => fail(new Error(`the agent ended (${code}) before it was ready\n${words}`)));
  });
}

/** How long a Node that does nothing takes from spawn to end. */
export async function bareNodeMs(): Promise<number> {
  const from = performance.now();
  await ended(spawnNode(['-e', '0']));
  return performance.now() - from;
}

/** Resident memory of a Node that waits. */
export async function bareNodeRssMb(): Promise<number> {
  const child = spawnNode(['-e', 'console.log(1); setInterval(() => {}, 1e6)']);
  await new Promise((done) => child.stdout?.once('data', done));
  const found = rssMb(child.pid ?? 0);
  child.kill();
  await ended(child);
  return found;
}

/** A window without a browser: each waits for the screen it needs and touches at once. */
class FastWindow {
  readonly #socket: WebSocket;
  #screen: Screen | null = null;
  #waiting: ((screen: Screen) => void) | null = null;

  constructor(address: string) {
    const ui = new URL(address);
    this.#socket = new WebSocket(`ws://${ui.host}/ui/v1`, { origin: ui.origin });
    this.#socket.on('open', () => this.#send({ type: 'hello', token: ui.hash.slice('#token='.length) }));
    this.#socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as AgentToWindow;
      if (message.type !== 'screen') return;
      this.#screen = message.screen;
      this.#waiting?.(message.screen);
    });
    this.#socket.on('error', () => undefined);
  }

  #send(message: WindowToAgent): void {
    this.#socket.send(JSON.stringify(message));
  }

  until<T>(found: (screen: Screen) => T | null, what: string): Promise<T> {
    return new Promise((done, fail) => {
      const timer = setTimeout(
        () => fail(new Error(`no ${what}: ${JSON.stringify(this.#screen)}`)),
        ANSWER_MS,
      );
      const look = (screen: Screen): void => {
        const value = found(screen);
        if (value === null) return;
        this.#waiting = null;
        clearTimeout(timer);
        done(value);
      };
      this.#waiting = look;
      if (this.#screen) look(this.#screen);
    });
  }

  /** Null: the prompt is over. */
  question(after: Question | null): Promise<Question | null> {
    const look = (screen: Screen): [Question | null] | null => {
      if (screen.name === 'question' && screen.question.askTicket !== after?.askTicket)
        return [screen.question];
      return after !== null && screen.name === 'rest' ? [null] : null;
    };
    return this.until(look, 'next question').then(([question]) => question);
  }

  async tap(question: Question, level: 1 | 2 | 3 | 4 | 5): Promise<void> {
    const { rating, askTicket } = question;
    this.#send({ type: 'tap', press: randomUUID(), rating, askTicket, level });
    await this.until(
      (screen) => (screen.name === 'question' && screen.question.askTicket === askTicket ? null : screen),
      'answer to a tap',
    );
  }

  correct(rating: Question['rating']): void {
    this.#send({ type: 'correct', rating });
  }

  close(): void {
    this.#socket.terminate();
  }
}

export class Counter {
  readonly agent: Started;
  readonly #hub: EdgeHub;
  readonly #window: FastWindow;
  readonly #clock: MovedClock;
  #service = 0;
  #press = 0;

  private constructor(agent: Started, hub: EdgeHub, clock: MovedClock) {
    this.agent = agent;
    this.#hub = hub;
    this.#clock = clock;
    this.#window = new FastWindow(agent.address);
  }

  /** `promptMs`: a prompt is over this long after it opened. */
  static async open(folder: string, name: string, promptMs = SHORTEST_MS): Promise<Counter> {
    const hub = new EdgeHub();
    hub.form = { ...hub.form, closeAfterMs: promptMs };
    await hub.start();
    const clock = new MovedClock(join(folder, `${name}.clock`));
    try {
      const agent = await startAgent(join(folder, name), hub, { enrol: true, clock });
      const counter = new Counter(agent, hub, clock);
      try {
        await poll(() => hub.of('agent.started').length > 0, { what: 'the agent at its hub' });
        hub.intent(start(1));
        await counter.#window.until((screen) => (screen.name === 'rest' ? screen : null), 'rest');
        return counter;
      } catch (error) {
        await counter.stop();
        throw error;
      }
    } catch (error) {
      await hub.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.agent.child.pid ?? 0;
  }
  get hub(): EdgeHub {
    return this.#hub;
  }

  move(ms: number): Promise<void> {
    return this.#clock.move(ms);
  }

  /** A citizen is served and asked. */
  async ask(): Promise<Question> {
    this.#service += 1;
    // A line that broke meanwhile is told again of this one alone.
    this.#hub.waiting.length = 0;
    this.#hub.intent(open(this.#service));
    this.#hub.intent(finish(this.#service));
    return (await this.#window.question(null))!;
  }

  /** The fixed time of what is open passes, and the counter is free. */
  async close(leftMs = this.#hub.form.closeAfterMs): Promise<void> {
    await this.move(leftMs + 50);
    await this.#window.until((screen) => (screen.name === 'rest' ? screen : null), 'rest after a prompt');
  }

  #level(): 1 | 2 | 3 | 4 | 5 {
    this.#press += 1;
    return ((this.#press % 5) + 1) as 1 | 2 | 3 | 4 | 5;
  }

  /** One rating of one tap. */
  async rate(): Promise<void> {
    await this.#window.tap(await this.ask(), this.#level());
    await this.close();
  }

  /**
   * Five taps a second apart on the agent's clock: the overall answer, corrected twice, and both criteria; then the next
   * citizen. Answers how many there was time for.
   */
  async rateForFiveSeconds(): Promise<number> {
    let question: Question | null = await this.ask();
    const from = performance.now();
    let moved = 0;
    const passed = () => performance.now() - from + moved;
    let taps = 0;
    while (question !== null) {
      await this.#window.tap(question, this.#level());
      taps += 1;
      const wait = Math.max(taps * 950 - passed(), 0);
      await this.move(wait);
      moved += wait;
      if (taps === 5) break;
      question = await this.#window.question(question);
      if (taps >= 3 || question === null) continue;
      this.#window.correct(question.rating);
      question = await this.#window.question(question);
    }
    await this.close(Math.max(SHORTEST_MS - passed(), 0));
    return taps;
  }

  /** Without its window, so that a browser can be the only one. */
  leaveWindow(): void {
    this.#window.close();
  }

  async stop(): Promise<void> {
    this.#window.close();
    this.#clock.ended();
    this.agent.child.removeAllListeners('exit');
    this.agent.child.kill('SIGTERM');
    await ended(this.agent.child);
    await this.#hub.stop();
    if (this.#hub.faults.length > 0) throw new Error(`the hub found: ${this.#hub.faults.join(', ')}`);
  }
}
