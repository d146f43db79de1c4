/** By what time holds lapse and footage gets old: domain/footage/aged-clock.ts. Who asks hears of a clock that is not believed. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Clock } from '@hailong/shared/time.ts';
import { type AgedClock, ageTo, type ClockLook } from '../../domain/footage/aged-clock.ts';
import type { HubClockPort } from '../ports/hub-clock.ts';

/** That time, UTC ms. Asked for anew each time and never at once, so that nobody's plain clock can stand in for it. */
export interface AgedTime {
  now(): Promise<number>;
}
export interface AgeParts {
  readonly hubClock: HubClockPort;
  readonly clock: Clock;
  /** Names this boot of the machine. */
  readonly boot: string;
  /** When NTP was asked and said that it has set the clock; null: it has not. */
  readonly ntp: () => { readonly askedMs: number } | null;
  readonly report: (error: unknown) => void;
}

/** The machine's clock at this moment. */
export const lookAt = ({ clock, boot }: Pick<AgeParts, 'clock' | 'boot'>): ClockLook => ({
  ...{ at: clock.now(), boot, bootMs: clock.monotonic() },
});

export function keepAge(parts: AgeParts): AgedTime {
  let told = false;
  return {
    async now() {
      const { at, aheadSinceMs } = await look(parts);
      if (aheadSinceMs !== null && !told)
        parts.report(new CodedError('hub.clock_ahead', new Date(at).toISOString()));
      told = aheadSinceMs !== null;
      return at;
    },
  };
}

/** Where it cannot be stored (a full disk) it follows from the last one that was: no farther than a stored one would go. */
async function look(parts: AgeParts): Promise<AgedClock> {
  const [now, ntp] = [lookAt(parts), parts.ntp()];
  try {
    return await parts.hubClock.look({ now, ntp });
  } catch (error) {
    const last = await parts.hubClock.last();
    if (last === null) throw error;
    return ageTo(last, now, ntp);
  }
}
