/*
 * Purpose: how long a citizen waits for a thank-you that is on disk: from the driver's event (panel and touch) to the
 * agent's `thanked` line, beside a bare better-sqlite3 commit of the same events with synchronous=FULL, one after the
 * other on one file system. Five runs of 2,000 taps in a new process each; the median of the runs' percentiles.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EdgeHub } from '../../support/edge-hub.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { figure, median, percentile, type Work } from '../figures.ts';
import { startChild } from '../processes.ts';
import type { TapAnswer, TapOrder } from '../tap/agent-process.ts';

const BAR = { of: 'ratio', is: '<=', limit: 1.5 } as const;
const BARE = 'bare FULL commit of the same events';

export const work: Work = {
  async measure({ quick, say }) {
    const runs: TapAnswer[] = [];
    for (let run = 0; run < (quick ? 2 : 5); run++) {
      await using folder = await tempFolder('tap');
      await mkdir(join(folder.path, 'agent'), { mode: 0o700 });
      const hub = new EdgeHub();
      await hub.start();
      const agent = startChild(new URL('../tap/agent-process.ts', import.meta.url));
      try {
        const order: TapOrder = {
          ...{ folder: folder.path, hub: hub.url, code: hub.code },
          ...(quick ? { taps: 60, warmUp: 12 } : { taps: 2_000, warmUp: 200 }),
        };
        const answer = await agent.ask<TapAnswer>(order);
        if (hub.faults.length > 0) throw new Error(`the hub found: ${hub.faults.join(', ')}`);
        runs.push(answer);
        const all = [...answer.panel, ...answer.touch];
        const shown = (values: readonly number[]) =>
          [0.5, 0.99].map((share) => percentile(values, share).toFixed(3)).join(' / ');
        say(`run ${run + 1}: p50 / p99 ${shown(all)} ms, bare ${shown(answer.bare)} ms`);
      } finally {
        await agent.stop();
        await hub.stop();
      }
    }
    const of = (pick: (run: TapAnswer) => readonly number[], share: number) => ({
      value: median(runs.map((run) => percentile(pick(run), share))),
      besideValue: median(runs.map((run) => percentile(run.bare, share))),
    });
    const all = (run: TapAnswer) => [...run.panel, ...run.touch];
    const about = (work: string) => ({ work, unit: 'ms', beside: BARE });
    return [
      figure(about('tap p99'), of(all, 0.99), BAR),
      figure(about('tap p50'), of(all, 0.5)),
      figure(
        about('tap p99, panel'),
        of((run) => run.panel, 0.99),
      ),
      figure(
        about('tap p99, touch'),
        of((run) => run.touch, 0.99),
      ),
    ];
  },
};
