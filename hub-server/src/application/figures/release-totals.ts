/**
 * Purpose: the weekly release of officers' own totals, an officer at a time, so that batches come in between.
 * Refuses: while the data is being completed after it was put back: what is missing would come as a difference later.
 * See hub-server/DESIGN.md, "Own totals".
 */
import type { Clock } from '@hailong/shared/time.ts';
import { OWN_TOTALS_CUT, OWN_TOTALS_MINIMUM } from '../../domain/figures/own-totals.ts';
import { weekly } from '../../domain/jobs/vietnam-schedule.ts';
import type { Job } from '../keep-jobs.ts';
import type { OwnTotalsPort } from '../ports/own-totals.ts';

export function releaseTotals(totals: OwnTotalsPort, clock: Pick<Clock, 'now'>): Job {
  return {
    name: 'own-totals',
    dueAt: (at) => weekly(at, OWN_TOTALS_CUT),
    async run(cut) {
      const { recovering } = await totals.begin({ at: clock.now() });
      if (recovering) return false;
      for (const officerId of await totals.officers({ cut }))
        await totals.weigh({ officerId, cut, minimum: OWN_TOTALS_MINIMUM });
      return true;
    },
  };
}
