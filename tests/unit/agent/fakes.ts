/* Time that is set by the test, a panel that does what it is told and remembers the order, lines that are kept. */
import type { AgentToWindow } from '@hailong/shared/protocol/ui.ts';
import type {
  Clock,
  Ids,
  Panel,
  PanelState,
  Reporter,
  Timers,
  Windows,
} from '../../../kiosk-app/agent/application/ports.ts';
import { epochOf } from './store-kit.ts';

/** More turns at one moment than any honest work takes. */
const TURNS_MAX = 1_000;

export class FakeTime implements Clock, Timers {
  readonly bootId = 'boot-1';
  mono = 1_000;
  #due: { at: number; run: () => void }[] = [];

  stamp() {
    return { at: 1_795_392_000_000 + this.mono, mono: this.mono };
  }

  after(delayMs: number, run: () => void): () => void {
    const entry = { at: this.mono + Math.max(0, delayMs), run };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((one) => one !== entry);
    };
  }

  /**
   * Moves on, running what is due in its order, and lets promises settle in between. Throws when something wants to be
   * woken again and again at one moment: on a real clock that would take a core and get nowhere.
   */
  async pass(ms: number): Promise<void> {
    const until = this.mono + ms;
    let turns = 0;
    for (;;) {
      await settled();
      const next = this.#due.sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      turns = next.at > this.mono ? 0 : turns + 1;
      if (turns > TURNS_MAX) throw new Error(`a timer is due without end at ${this.mono}`);
      this.#due.shift();
      this.mono = Math.max(this.mono, next.at);
      next.run();
    }
    this.mono = until;
  }
}

export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export class FakePanel implements Panel {
  state: PanelState = 'ready';
  readonly calls: string[] = [];
  acks: number[] = [];
  drained = true;
  refuseArms = 0;

  start(): void {}

  acknowledge({ seq }: { seq: number }): boolean {
    this.acks.push(seq);
    return true;
  }

  async arm(askTicket: number): Promise<boolean> {
    this.calls.push(`arm ${askTicket}`);
    if (this.refuseArms > 0) {
      this.refuseArms -= 1;
      return false;
    }
    return true;
  }

  async disarm(askTicket: number): Promise<boolean> {
    this.calls.push(`disarm ${askTicket}`);
    return true;
  }

  async drain(): Promise<boolean> {
    this.calls.push('drain');
    return this.drained;
  }

  async stop(): Promise<void> {}
}

export class FakeWindows implements Windows {
  readonly count = 1;
  readonly seen: AgentToWindow[] = [];

  broadcast(message: AgentToWindow): void {
    this.seen.push(message);
  }

  screens(): string[] {
    return this.seen.flatMap((message) => (message.type === 'screen' ? [message.screen.name] : []));
  }
}

export class FakeReport implements Reporter {
  readonly lines: Record<string, unknown>[] = [];
  readonly said: string[] = [];

  line(value: Record<string, unknown>): void {
    this.lines.push(value);
  }

  say(_vi: string, en: string): void {
    this.said.push(en);
  }

  events(): unknown[] {
    return this.lines.map((line) => line['event']);
  }
}

export function countingIds(): Ids {
  let n = 0;
  return {
    uuid: () => `00000000-0000-7000-8000-${String(++n).padStart(12, '0')}`,
    // Every ticket is drawn twice, as chance may.
    askTicket: () => 1_000 + Math.floor(++n / 2),
    epoch: () => epochOf(++n),
    nonce: () => `nonce-${String(++n).padStart(16, '0')}`,
    random: () => 0.5,
  };
}
