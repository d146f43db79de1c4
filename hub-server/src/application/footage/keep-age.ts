/** By what time holds lapse and footage gets old: domain/footage/aged-clock.ts. Who asks hears of a clock that is not believed. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { Clock } from '@hailong/shared/time.ts';
import type { ClockLook } from '../../domain/footage/aged-clock.ts';
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
      const { at, aheadSinceMs } = await parts.hubClock.look({ now: lookAt(parts), ntp: parts.ntp() });
      if (aheadSinceMs !== null && !told)
        parts.report(new CodedError('hub.clock_ahead', new Date(at).toISOString()));
      told = aheadSinceMs !== null;
      return at;
    },
  };
}
