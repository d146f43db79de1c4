/** Kiosks are weighed with every report, and here by the time: who is not heard sends none. See hub-server/DESIGN.md, "Fleet". */
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { LiveBus } from './live-bus.ts';
import type { FleetPort } from './ports/fleet.ts';

export const WEIGH_EVERY_MS = 30_000;

export interface FleetParts {
  readonly fleet: Pick<FleetPort, 'weigh'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly bus: Pick<LiveBus, 'hint'>;
  report(error: unknown): void;
}

/** First after one interval, when kiosks have come back to a hub that was restarted; the answer ends it. */
export function keepFleet({ fleet, clock, timers, bus, report }: FleetParts): () => void {
  let stopped = false;
  const tick = (): void => {
    fleet
      .weigh({ at: clock.now() })
      .then((changed) => {
        if (changed > 0) bus.hint({ type: 'hub.changed' });
      }, report)
      .finally(() => {
        if (!stopped) cancel = timers.after(WEIGH_EVERY_MS, tick);
      });
  };
  let cancel = timers.after(WEIGH_EVERY_MS, tick);
  return () => {
    stopped = true;
    cancel();
  };
}
