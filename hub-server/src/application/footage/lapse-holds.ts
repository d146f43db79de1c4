/** Every hour: requests whose time is over end, and the recorder hears of it. `clock` is one that nobody sets ahead (aged-clock.ts). See hub-server/DESIGN.md, "Holds". */
import type { RecorderControl } from '../core-port.ts';
import type { Job } from '../keep-jobs.ts';
import type { HoldsPort } from '../ports/holds.ts';

const HOUR_MS = 3_600_000;

export function lapseHolds(
  holds: Pick<HoldsPort, 'lapse'>,
  recorder: Pick<RecorderControl, 'holdsChanged'>,
  clock: { now(): number | Promise<number> },
): Job {
  return {
    name: 'holds',
    dueAt: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
    async run() {
      if ((await holds.lapse({ at: await clock.now() })) > 0) await recorder.holdsChanged();
      return true;
    },
  };
}
