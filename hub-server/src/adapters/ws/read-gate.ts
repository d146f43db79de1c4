/**
 * Purpose: bounds what all kiosks together may have waiting for the disk. A thousand that come back at once offer more
 * than memory should hold; past the bound no line is read, and lines are read again a few at a time, in turn, so that
 * the kernel keeps the rest and TCP slows the senders. Refuses: nothing; a line that has not said hello is not held.
 * See hub-server/DESIGN.md, "Edge link".
 */

/** A line whose reading can be stopped; how it combines that with its own limit is its matter. */
export interface GatedLine {
  hold(isHeld: boolean): void;
}

/** A group of the writer’s and what is being read meanwhile. */
const WAITING_BYTES_MAX = 4_194_304;
/** Lines read again in one turn of the event loop: each brings at most one socket buffer (64 KB). */
const RELEASED_AT_ONCE = 32;

export class ReadGate {
  readonly #lines = new Set<GatedLine>();
  /** Held ones in the order in which they are read again. */
  readonly #queue = new Set<GatedLine>();
  readonly #soon: (act: () => void) => void;
  #waitingBytes = 0;
  #scheduled = false;

  constructor(soon: (act: () => void) => void = setImmediate) {
    this.#soon = soon;
  }

  /** From its hello on. */
  add(line: GatedLine): void {
    this.#lines.add(line);
    if (this.#queue.size > 0 || this.#waitingBytes > WAITING_BYTES_MAX) this.#hold(line);
  }

  remove(line: GatedLine): void {
    this.#lines.delete(line);
    this.#queue.delete(line);
  }

  /** Bytes that wait from now on; the answer is called when they no longer do. */
  take(bytes: number): () => void {
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > WAITING_BYTES_MAX)
      for (const line of this.#lines) if (!this.#queue.has(line)) this.#hold(line);
    return () => {
      this.#waitingBytes -= bytes;
      this.#release();
    };
  }

  #hold(line: GatedLine): void {
    this.#queue.add(line);
    line.hold(true);
  }

  #release(): void {
    if (this.#scheduled || this.#queue.size === 0 || this.#waitingBytes > WAITING_BYTES_MAX / 2) return;
    this.#scheduled = true;
    this.#soon(() => {
      this.#scheduled = false;
      let released = 0;
      for (const line of this.#queue) {
        if (released++ === RELEASED_AT_ONCE || this.#waitingBytes > WAITING_BYTES_MAX / 2) break;
        this.#queue.delete(line);
        line.hold(false);
      }
      this.#release();
    });
  }
}
