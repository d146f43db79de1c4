/** Every hour: acts that nobody decided in time are over. See hub-server/DESIGN.md, "Acts of two people". */
import type { Clock } from '@hailong/shared/time.ts';
import type { Job } from '../keep-jobs.ts';
import type { ActsPort } from '../ports/acts.ts';

const HOUR_MS = 3_600_000;

export function lapseActs(acts: Pick<ActsPort, 'lapse'>, clock: Pick<Clock, 'now'>): Job {
  return {
    name: 'acts',
    dueAt: (at) => Math.floor(at / HOUR_MS) * HOUR_MS,
    async run() {
      await acts.lapse({ at: clock.now() });
      return true;
    },
  };
}
