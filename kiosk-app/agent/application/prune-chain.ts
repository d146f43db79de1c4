/**
 * Purpose: gives back the bytes of events that are safe at the hub and older than 90 days by the hub's own clock; asked
 *   after each time anchor, in small slices, so that no press waits for it.
 * Refuses: this machine's wall clock as a reason to delete; without an anchor of the hub nothing is deleted.
 * Document: kiosk-app/DESIGN.md, K10.
 */
import type { Outbox, Timers } from './ports.ts';

export const KEPT_MS = 90 * 86_400_000;
const SLICE_EVENTS = 100;
const BETWEEN_MS = 50;

export class ChainPruner {
  readonly #outbox: Pick<Outbox, 'prune'>;
  readonly #timers: Timers;
  #cancel: () => void = () => {};

  constructor(outbox: Pick<Outbox, 'prune'>, timers: Timers) {
    this.#outbox = outbox;
    this.#timers = timers;
  }

  /** `hubAt`: the hub's clock now, as it has just been signed. */
  anchored(hubAt: number): void {
    this.#cancel();
    const slice = (): void => {
      if (this.#outbox.prune(hubAt - KEPT_MS, SLICE_EVENTS) > 0)
        this.#cancel = this.#timers.after(BETWEEN_MS, slice);
    };
    this.#cancel = this.#timers.after(BETWEEN_MS, slice);
  }

  stop(): void {
    this.#cancel();
  }
}
