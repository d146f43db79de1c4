/* Purpose: the hub's own jobs by a clock that a test moves: cuts in Vietnam, once each, made up for after an outage. */
import type { UtcMs } from '@hailong/shared/time.ts';
import { expect, test } from 'vitest';
import { JOBS_AFTER_MS, type Job, keepJobs } from '../../../hub-server/src/application/keep-jobs.ts';
import { nightly, WEEK_MS, weekly } from '../../../hub-server/src/domain/jobs/vietnam-schedule.ts';

const MONDAY_6 = Date.UTC(2026, 10, 22, 23, 0, 0);
const MINUTE = 60_000;

test('a week is cut on Monday at six in Vietnam, a night at half past two', () => {
  const cut = { day: 0, hour: 6 };
  expect(weekly(MONDAY_6, cut)).toBe(MONDAY_6);
  expect(weekly(MONDAY_6 - 1, cut)).toBe(MONDAY_6 - WEEK_MS);
  expect(weekly(MONDAY_6 + WEEK_MS - 1, cut)).toBe(MONDAY_6);
  const night = { hour: 2, minute: 30 };
  const half = Date.UTC(2026, 10, 22, 19, 30, 0);
  expect([half, half - 1, half + 86_400_000 - 1].map((at) => nightly(at, night))).toEqual([
    half,
    half - 86_400_000,
    half,
  ]);
});

function machine(at: number) {
  const done = new Map<string, number>();
  // Timers run on, whatever somebody does to the clock.
  const state = { at, mono: 0, waiting: [] as { at: number; run: () => void }[] };
  const reported: unknown[] = [];
  const start = (...jobs: Job[]): (() => void) =>
    keepJobs(
      {
        store: {
          done: async (name) => done.get(name) ?? null,
          finish: async ({ name, due }) => done.set(name, due) && null,
        },
        clock: { now: () => state.at as UtcMs },
        timers: {
          after(delayMs, run) {
            const one = { at: state.mono + delayMs, run };
            state.waiting.push(one);
            return () => {
              state.waiting = state.waiting.filter((each) => each !== one);
            };
          },
        },
        report: (error) => reported.push(error),
      },
      jobs,
    );
  const pass = async (ms: number): Promise<void> => {
    state.at += ms;
    state.mono += ms;
    const due = state.waiting.filter((each) => each.at <= state.mono);
    state.waiting = state.waiting.filter((each) => !due.includes(each));
    for (const { run } of due) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { state, start, pass, reported };
}

function weeklyJob(answer: () => boolean = () => true) {
  const ran: number[] = [];
  const job: Job = {
    name: 'week',
    dueAt: (at) => weekly(at, { day: 0, hour: 6 }),
    async run(due) {
      ran.push(due);
      return answer();
    },
  };
  return { ran, job };
}

test('runs once for each cut, also over restarts, and makes up for the last one missed', async () => {
  const { state, start, pass } = machine(MONDAY_6 - 2 * 86_400_000);
  const { ran, job } = weeklyJob();
  let stop = start(job);
  await pass(JOBS_AFTER_MS - 1);
  expect(ran).toEqual([]);
  await pass(1);
  expect(ran).toEqual([MONDAY_6 - WEEK_MS]);
  state.at = MONDAY_6 - 2 * MINUTE;
  await pass(MINUTE);
  expect(ran).toHaveLength(1);
  await pass(MINUTE);
  await pass(MINUTE);
  expect(ran).toEqual([MONDAY_6 - WEEK_MS, MONDAY_6]);
  stop();
  // Down over three cuts: the last one is made up for, not right after the start.
  state.at = MONDAY_6 + 3 * WEEK_MS + 5 * 3_600_000;
  stop = start(job);
  await pass(MINUTE);
  expect(ran).toHaveLength(2);
  await pass(JOBS_AFTER_MS);
  await pass(MINUTE);
  expect(ran.slice(2)).toEqual([MONDAY_6 + 3 * WEEK_MS]);
  stop();
  expect(state.waiting).toEqual([]);
});

test('is asked again while it cannot, and after a failure, without keeping the others waiting', async () => {
  const { state, start, pass, reported } = machine(MONDAY_6);
  let ready = false;
  const { ran, job } = weeklyJob(() => ready);
  const failing: Job = { ...job, name: 'failing', run: async () => Promise.reject(new Error('disk')) };
  const stop = start(failing, job);
  await pass(JOBS_AFTER_MS);
  await pass(MINUTE);
  expect([ran.length, reported.length]).toEqual([2, 2]);
  ready = true;
  await pass(MINUTE);
  await pass(MINUTE);
  expect(ran).toHaveLength(3);
  // A clock that stood in another year and was set right holds nothing up.
  state.at += 70 * WEEK_MS;
  await pass(MINUTE);
  state.at -= 70 * WEEK_MS;
  await pass(MINUTE);
  expect(ran.slice(3)).toEqual([MONDAY_6 + 70 * WEEK_MS, MONDAY_6]);
  stop();
});
