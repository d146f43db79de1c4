/**
 * Purpose: what a recorder is told of holds and reports, one telling after the other: what was read later is sent later. Holds go before
 * the reports that brought them about: the recorder never takes for reported what a rating among them wants kept.
 * Refuses: to call reported what cannot be placed now, on a full disk say: what was told last holds on, so that a recorder which comes
 * again may make room as it could before. See hub-server/DESIGN.md, "Retention", "Holds".
 */
import type { HubToRecorder } from '@hailong/shared/protocol/footage.ts';
import type { Clock, UtcMs } from '@hailong/shared/time.ts';
import type { HoldsPort } from '../../application/ports/holds.ts';

export interface TellHoldsParts {
  readonly holds: Pick<HoldsPort, 'keep' | 'orders'>;
  readonly clock: Pick<Clock, 'now'>;
  /** By what time holds lapse and footage gets old. */
  readonly aged: { now(): number | Promise<number> };
}

export class HoldTeller {
  readonly #parts: TellHoldsParts;
  readonly #send: (message: HubToRecorder) => void;
  #told: Promise<unknown> = Promise.resolve();
  /** As told last, to whichever recorder: all that it counts on is held. Null: nothing of this start of the hub stands. */
  #reported: Extract<HubToRecorder, { type: 'reported.set' }> | null = null;

  constructor(parts: TellHoldsParts, send: (message: HubToRecorder) => void) {
    this.#parts = parts;
    this.#send = send;
  }

  /** As they stand. */
  tell(): Promise<void> {
    return this.#next(false);
  }

  /** What came in is held first. */
  keepAndTell(): Promise<void> {
    return this.#next(true);
  }

  /** The clock stepped, and that is committed: what is being told was read before, and reports were told of where footage lay before. */
  async stepped(): Promise<void> {
    await this.#told;
    this.#reported = null;
  }

  #next(keep: boolean): Promise<void> {
    const told = this.#told.then(async () => {
      const at = this.#parts.clock.now();
      const aged = Math.min(at, await this.#parts.aged.now()) as UtcMs;
      const failed = keep ? await this.#keepAll(at, aged) : null;
      if (failed !== null && this.#reported === null) throw failed.error;
      const { holds, cameras } = await this.#parts.holds.orders({ at: aged });
      this.#send({ type: 'holds.set', holds: [...holds] });
      if (cameras !== null && failed === null)
        this.#reported = { type: 'reported.set', at: aged, cameras: [...cameras] };
      if (this.#reported !== null && (cameras ?? failed) !== null) this.#send(this.#reported);
      if (failed !== null) throw failed.error;
    });
    this.#told = told.catch(() => undefined);
    return told;
  }

  async #keepAll(at: UtcMs, aged: UtcMs): Promise<{ readonly error: unknown } | null> {
    try {
      while (await this.#parts.holds.keep({ at, aged }));
      return null;
    } catch (error) {
      return { error };
    }
  }
}
