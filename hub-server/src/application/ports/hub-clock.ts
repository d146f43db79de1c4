/** The time by which holds lapse and footage gets old, as it was known last. */
import type { AgedClock, ClockLook } from '../../domain/footage/aged-clock.ts';

export interface HubClockPort {
  /** As the last look that could be stored left it; null: there was none. */
  last(): Promise<AgedClock | null>;
  /** Goes on to what this look allows, with a row of the log where the clock is first seen too far ahead. */
  look(input: {
    readonly now: ClockLook;
    readonly ntp: { readonly askedMs: number } | null;
  }): Promise<AgedClock>;
  /** Two people say that the machine's clock is right. */
  confirm(input: {
    readonly now: ClockLook;
    readonly by: readonly string[];
    readonly reason: string;
  }): Promise<null>;
}
