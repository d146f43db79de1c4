/*
 * Purpose: the boot clock of a program in another process, moved on order (move-clock.js). A program that starts again in the
 * same boot starts with the time that has passed.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const LOADED_FIRST = new URL('./move-clock.js', import.meta.url).href;
/** By steps in which lines can answer: a minute at once would look like a peer that went silent. */
const STEP_MS = 2_500;
const BETWEEN_MS = 5;

export class MovedClock {
  readonly #address: string;
  readonly #stepMs: number;
  #socket: Socket | null = null;
  #movedMs = 0;
  #starts = 0;
  /** Every step, by the wall clock. */
  readonly #steps: { readonly at: number; readonly ms: number }[] = [];

  /** `address`: a path for sockets, one a start: a killed program leaves its own. */
  constructor(address: string, stepMs = STEP_MS) {
    this.#address = address;
    this.#stepMs = stepMs;
  }

  readonly args = ['--import', LOADED_FIRST];

  /** Of the next start; with `NODE_OPTIONS` where arguments of Node cannot be given. */
  env(): Record<string, string> {
    this.#starts += 1;
    return { HAILONG_MOVED_CLOCK: this.#path, HAILONG_MOVED_MS: String(this.#movedMs) };
  }

  /** By how much it is ahead of the machine's. */
  get movedMs(): number {
    return this.#movedMs;
  }

  get #path(): string {
    return `${this.#address}-${this.#starts}`;
  }

  async move(ms: number): Promise<void> {
    // What breaks the line in between is the program's end; a move that waits then fails by itself.
    this.#socket ??= connect(this.#path).on('error', () => undefined);
    const socket = this.#socket;
    for (let left = ms; left > 0; left -= this.#stepMs) {
      const step = Math.min(left, this.#stepMs);
      const moved = once(socket, 'data');
      socket.write(`${step}\n`);
      await moved;
      this.#movedMs += step;
      this.#steps.push({ at: Date.now(), ms: step });
      if (left > this.#stepMs) await new Promise((done) => setTimeout(done, BETWEEN_MS));
    }
  }

  /**
   * Moves on what is still missing of `ms` after `at` (the wall clock, which is not moved), and no more, however long it
   * takes: what the program then does by its clock has the time it has in life.
   */
  async moveTo(at: number, ms: number): Promise<void> {
    for (;;) {
      const moved = this.#steps.reduce((sum, step) => sum + (step.at >= at ? step.ms : 0), 0);
      const left = ms - moved - (Date.now() - at);
      if (left <= 0) return;
      await this.move(Math.min(left, this.#stepMs));
      await new Promise((done) => setTimeout(done, BETWEEN_MS));
    }
  }

  /** The program has ended. */
  ended(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }
}
