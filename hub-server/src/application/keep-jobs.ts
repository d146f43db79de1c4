/**
 * Purpose: what the hub does by itself at fixed times of the week or night. Each job is run for the moment at which it was due
 *   last, once; a moment that passed while the hub was down is made up for, earlier ones are not.
 * Refuses: to begin right after a start: data that was put back to an older state is told so by its kiosks first.
 * Document: hub-server/DESIGN.md, "Jobs".
 */
import type { Clock, Timers } from '@hailong/shared/time.ts';
import type { JobsPort } from './ports/jobs.ts';

const LOOK_EVERY_MS = 60_000;
/** Kiosks come back within seconds to minutes. */
export const JOBS_AFTER_MS = 600_000;

export interface Job {
  readonly name: string;
  /** The newest moment at or before `at` at which it is due. */
  dueAt(at: number): number;
  /** Ends without harm when run twice for one moment. False: not now, it is asked again. */
  run(due: number): Promise<boolean>;
}

export interface JobParts {
  readonly store: JobsPort;
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  report(error: unknown): void;
}

/** Looks every minute from then on; the answer ends it. */
export function keepJobs({ store, clock, timers, report }: JobParts, jobs: readonly Job[]): () => void {
  let stopped = false;

  async function look(job: Job): Promise<void> {
    const due = job.dueAt(clock.now());
    // Unequal, not later: a clock that once stood in another year holds nothing up for long.
    if ((await store.done(job.name)) === due || !(await job.run(due))) return;
    await store.finish({ name: job.name, due });
  }
  async function lookAtAll(): Promise<void> {
    for (const job of jobs) if (!stopped) await look(job).catch(report);
  }
  const tick = (): void => {
    void lookAtAll().finally(() => {
      if (!stopped) cancel = timers.after(LOOK_EVERY_MS, tick);
    });
  };
  let cancel = timers.after(JOBS_AFTER_MS, tick);
  return () => {
    stopped = true;
    cancel();
  };
}
