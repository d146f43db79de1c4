/**
 * Purpose: each night at 02:30 in Vietnam, what the provincial system closed is held against the prompts shown here; some rows at a
 *   time, so that batches come in between. Refuses: while the data is being completed after it was put back.
 * See hub-server/DESIGN.md, "Reconciliation".
 */
import type { Clock } from '@hailong/shared/time.ts';
import { nightly } from '../../domain/jobs/vietnam-schedule.ts';
import type { Job } from '../keep-jobs.ts';
import type { ReconcilePort } from '../ports/reconcile.ts';

export const RECONCILE_AT = { hour: 2, minute: 30 } as const;
const SLICE = 200;

export function reconcileNight(reconcile: ReconcilePort, clock: Pick<Clock, 'now'>): Job {
  return {
    name: 'reconcile',
    dueAt: (at) => nightly(at, RECONCILE_AT),
    async run(due) {
      const { recovering } = await reconcile.begin({ at: clock.now() });
      if (recovering) return false;
      while ((await reconcile.judge({ due, limit: SLICE })) === SLICE);
      return true;
    },
  };
}
