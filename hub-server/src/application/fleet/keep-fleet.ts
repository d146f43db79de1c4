/** Kiosks are weighed with every report, and here by the time: who is not heard sends none. See hub-server/DESIGN.md, "Fleet". */
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { LiveBus } from '../live-bus.ts';
import type { FleetPort } from '../ports/fleet.ts';
import type { RolloutPort } from '../ports/rollout.ts';

export const WEIGH_EVERY_MS = 30_000;

export interface FleetParts {
  readonly fleet: Pick<FleetPort, 'weigh'>;
  readonly rollouts: Pick<RolloutPort, 'step'>;
  /** Tells every counter what it is to have. */
  tell(): Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly bus: Pick<LiveBus, 'hint'>;
  report(error: unknown): void;
}

/** First after one interval, when kiosks have come back to a hub that was restarted; the answer ends it. */
export function keepFleet({ fleet, rollouts, tell, clock, timers, bus, report }: FleetParts): () => void {
  let stopped = false;
  async function look(): Promise<void> {
    const changed = await fleet.weigh({ at: clock.now() });
    const moved = await rollouts.step({ at: clock.now() });
    if (moved) await tell();
    if (moved || changed > 0) bus.hint({ type: 'hub.changed' });
  }
  const tick = (): void => {
    look()
      .catch(report)
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
