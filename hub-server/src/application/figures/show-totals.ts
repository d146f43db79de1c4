/**
 * An officer's own totals as the station shows them: the blocks released, and when the next may come. Refuses: to say whether
 * anything waits; "not enough yet" and "all at one level" are the same answer. See hub-server/DESIGN.md, "Own totals".
 */
import type { OwnTotalsAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { OWN_TOTALS_CUT, OWN_TOTALS_MINIMUM } from '../../domain/figures/own-totals.ts';
import { WEEK_MS, weekly } from '../../domain/jobs/vietnam-schedule.ts';
import type { WebParts } from '../web-parts.ts';

export async function showTotals(parts: WebParts, officerId: string): Promise<OwnTotalsAnswer> {
  const blocks = await parts.storage.ownTotals.blocks(officerId);
  return {
    minimum: OWN_TOTALS_MINIMUM,
    nextAt: (weekly(parts.clock.now(), OWN_TOTALS_CUT) + WEEK_MS) as UtcMs,
    blocks: blocks.map(({ from, to, n, levels }) => ({
      ...{ from: from as UtcMs | null, to: to as UtcMs, n, levels: { ...levels } },
    })),
  };
}
