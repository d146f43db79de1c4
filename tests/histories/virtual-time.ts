/*
 * Purpose: time that only moves when the next thing is due. `now` is the true time of the world; every machine sees it
 * through a clock of its own that starts at its boot, drifts a little and whose wall time can be stepped. Timers belong
 * to a life (a process, a line): when it ends, they are gone. Refuses: to go back.
 */
import type { Clock, Stamp, Timers } from '../../kiosk-app/agent/application/ports.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

export class VirtualTime {
  now: number;
  readonly #heap: Due[] = [];
  #order = 0;

  constructor(now: number) {
    this.now = now;
  }

  after(delayMs: number, run: () => void): () => void {
    const due: Due = { at: this.now + Math.max(0, delayMs), order: this.#order++, run };
    this.#push(due);
    return () => {
      due.run = null;
    };
  }

  /** Runs what is due next; false when nothing is. */
  step(until = Number.POSITIVE_INFINITY): boolean {
    for (;;) {
      const first = this.#heap[0];
      if (!first || first.at > until) return false;
      this.#pop();
      if (!first.run) continue;
      this.now = Math.max(this.now, first.at);
      first.run();
      return true;
    }
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(due, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Timers that stop when what they belong to is gone. `guard` surrounds every call. */
export class Life implements Timers {
  alive = true;
  readonly #time: VirtualTime;
  readonly #guard: (run: () => void) => void;

  constructor(time: VirtualTime, guard: (run: () => void) => void = (run) => run()) {
    this.#time = time;
    this.#guard = guard;
  }

  run(act: () => void): void {
    if (this.alive) this.#guard(act);
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#time.after(delayMs, () => this.run(run));
  }
}

/** The clock of one machine: boot time runs from its boot, wall time is what somebody set it to. */
export class MachineClock implements Clock {
  readonly #time: VirtualTime;
  readonly #rate: number;
  bootId: string;
  bootAt: number;
  /** Wall time minus true time, ms. */
  offsetMs: number;

  constructor(time: VirtualTime, driftPpm: number, bootId: string, offsetMs: number) {
    this.#time = time;
    this.#rate = 1 + driftPpm / 1_000_000;
    this.bootId = bootId;
    this.bootAt = time.now - 20_000;
    this.offsetMs = offsetMs;
  }

  boot(bootId: string): void {
    this.bootId = bootId;
    this.bootAt = this.#time.now - 20_000;
  }

  /** The machine goes on from an image: the same boot, its time as it was then. */
  wake(bootId: string, mono: number): void {
    this.bootId = bootId;
    this.bootAt = this.#time.now - mono / this.#rate;
  }

  stamp(): Stamp {
    return {
      at: Math.max(0, Math.round(this.#time.now + this.offsetMs)),
      mono: Math.round((this.#time.now - this.bootAt) * this.#rate),
    };
  }
}
