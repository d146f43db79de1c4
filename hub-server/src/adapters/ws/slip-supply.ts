/**
 * Keeps connected kiosks supplied with codes of the private route: a few kiosks at each tick, so that a thousand that come
 * back at once cost nothing at that moment. Refuses: nothing.
 */
import type { HubToDevice } from '@hailong/shared/protocol/edge.ts';
import { type SlipParts, supplySlips } from '../../application/private-route/supply-slips.ts';
import type { EdgeLine } from './edge-parts.ts';

export const SLIP_TICK_MS = 5_000;
const LINES_A_TICK = 8;
/** How often a line is looked at again. */
const AGAIN_MS = 10 * 60_000;
/** As many as one message takes. */
const CODES_MAX = 200;

export class SlipSupply {
  readonly #parts: SlipParts & { report(error: unknown): void };
  readonly #lookedAt = new WeakMap<EdgeLine, number>();

  constructor(parts: SlipParts & { report(error: unknown): void }) {
    this.#parts = parts;
  }

  tick(lines: Iterable<EdgeLine>): void {
    const now = this.#parts.clock.now();
    let taken = 0;
    for (const line of lines) {
      if (taken === LINES_A_TICK) return;
      const before = this.#lookedAt.get(line);
      if (line.device === null || (before !== undefined && now - before < AGAIN_MS)) continue;
      taken++;
      this.#lookedAt.set(line, now);
      supplySlips(this.#parts, line.device, before === undefined).then((codes) => {
        if (codes.length > 0)
          line.send({ type: 'slip.codes', codes: codes.slice(0, CODES_MAX) } satisfies HubToDevice);
      }, this.#parts.report);
    }
  }
}
