/** Every hour: requests whose time is over end, and the recorder hears of it. See hub-server/DESIGN.md, "Holds". */
import type { RecorderControl } from '../core-port.ts';
import type { Job } from '../keep-jobs.ts';
import type { HoldsPort } from '../ports/holds.ts';
import type { AgedTime } from './keep-age.ts';

const HOUR_MS = 3_600_000;

export function lapseHolds(
  holds: Pick<HoldsPort, 'lapse'>,
  recorder: Pick<RecorderControl, 'holdsChanged'>,
  aged: AgedTime,
): Job {
  return {
    name: 'holds',
    dueAt: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
    async run() {
      if ((await holds.lapse({ at: await aged.now() })) > 0) await recorder.holdsChanged();
      return true;
    },
  };
}
