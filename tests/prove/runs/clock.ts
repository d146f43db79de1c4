/*
 * Purpose: the clocks of kiosks are stepped by minutes, days and years, in both directions, while ratings are given and
 * the hub's own clock walks across a month's end. Each rating's month at the hub is the one that the hub's true time had
 * when the service ended, which those who serve know by themselves.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { vietnamMonth, vietnamMonthBounds } from '@hailong/shared/time.ts';
import { poll } from '../../support/poll.ts';
import { Citizens } from '../citizens.ts';
import { FakeClock, fakeClockImpossible } from '../fake-clock.ts';
import { type FaultCounter, FaultOffice } from '../fault-office.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';
import { hubHolding, type Served } from '../thanked-vs-stored.ts';

const CHUNK = 6;
/** One prompt takes five seconds: each step sees the end of a service at each counter. */
const STEP_MS = 5_200;
/** The hub's month ends so long after a chunk began: within its second or third step. */
const BEFORE_END_MS = 16_000;
const QUICK_BEFORE_END_MS = 11_000;

/** As much of it must be left when the first service can begin: one step and its thanks. */
const LEFT_MS = STEP_MS + 1_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
/** Where a kiosk's clock is put, from the hub's time. */
const STEPS = [
  2 * DAY,
  -3 * DAY,
  12 * MINUTE,
  -9 * MINUTE,
  40 * DAY,
  -33 * DAY,
  366 * DAY,
  -800 * DAY,
  0,
  7_000,
];

class ClockOffice implements AsyncDisposable {
  readonly office: FaultOffice;
  readonly hubClock: FakeClock;
  readonly clocks: readonly FakeClock[];
  readonly people: readonly Citizens[];
  /** By the hub's true time: when the end of a service was asked for, and when its first thanks were seen. */
  readonly #seen = new Map<string, { readonly from: number; to: number }>();
  #watch: NodeJS.Timeout;

  private constructor(office: FaultOffice, folder: string) {
    this.office = office;
    this.hubClock = new FakeClock(`${folder}/hub-clock`);
    this.clocks = office.counters.map((counter) => new FakeClock(`${counter.data}-clock`));
    this.people = office.counters.map((counter) => new Citizens(counter, { paceMs: 60 }));
    for (const people of this.people) people.paused = true;
    this.#watch = setInterval(() => this.#look(), 20);
  }

  static async make(folder: string): Promise<ClockOffice> {
    return new ClockOffice(await FaultOffice.make(folder, { counters: 2 }), folder);
  }

  #look(): void {
    const now = this.hubClock.now();
    for (const [transaction, at] of this.office.finishing()) {
      const from = at + this.hubClock.offsetMs;
      if (!this.#seen.has(transaction)) this.#seen.set(transaction, { from, to: from });
    }
    for (const { transaction } of this.office.thanked()) {
      const seen = this.#seen.get(transaction);
      if (seen && seen.to === seen.from) seen.to = now;
    }
  }

  /**
   * The hub stands shortly before the end of a month that no rating has been given in yet; everyone starts anew. A machine on
   * which that takes so long that no service could end before the month begins once more, earlier by what it took.
   */
  async newMonth(beforeEndMs: number): Promise<void> {
    const { office, hubClock } = this;
    for (const people of this.people) people.paused = true;
    for (let startsMs = 0; ; ) {
      await Promise.all(office.counters.map((counter) => counter.stop()));
      await office.hub?.stop();
      const ends = vietnamMonthBounds(vietnamMonth(hubClock.now())).to;
      hubClock.set(ends - beforeEndMs - startsMs - Date.now());
      await office.startHub(hubClock.wrapper);
      const before = this.#anchors();
      for (const clock of this.clocks) clock.set(hubClock.offsetMs);
      await Promise.all(office.counters.map((counter, index) => this.start(counter, index)));
      await poll(() => this.#anchors() >= before + office.counters.length, {
        what: 'an anchor of each kiosk',
      });
      const leftMs = ends - hubClock.now();
      if (leftMs >= LEFT_MS) break;
      startsMs = beforeEndMs + startsMs - leftMs;
    }
    for (const people of this.people) people.paused = false;
  }

  #anchors(): number {
    return hubHolding(this.office.hubData).facts.filter(({ body }) => body.type === 'time.anchor').length;
  }

  async start(counter: FaultCounter, index: number): Promise<void> {
    await counter.start(this.clocks[index]?.wrapper).line('ready');
  }

  /** What is right by the hub's true time. Looked at once more: the watcher's last look may be older than the last service. */
  served(): Map<string, Served> {
    this.#look();
    return new Map(
      [...this.#seen].map(([transaction, { from, to }]) => [
        transaction,
        {
          officer: this.office.served.get(transaction)?.officer ?? '',
          months: [...new Set([vietnamMonth(from), vietnamMonth(Math.max(from, to))])],
        },
      ]),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    for (const people of this.people) await people[Symbol.asyncDispose]();
    await this.office[Symbol.asyncDispose]();
  }
}

async function step(context: StepContext, index: number): Promise<StepResult> {
  const place = await context.once('office', () => ClockOffice.make(context.folder));
  const { office, clocks, hubClock } = place;
  const tallies: Record<string, number> = {};
  if (index % CHUNK === 0) await place.newMonth(context.quick ? QUICK_BEFORE_END_MS : BEFORE_END_MS);
  for (const [number, counter] of office.counters.entries()) {
    const offset = STEPS[(index * 3 + number * 7) % STEPS.length] ?? 0;
    clocks[number]?.set(hubClock.offsetMs + offset);
    const name = offset > 0 ? 'forward' : offset < 0 ? 'back' : 'right';
    tallies[name] = (tallies[name] ?? 0) + 1;
    // Every third time the agent starts under the wrong clock: its first facts come before its anchor.
    if ((index + number) % 3 !== 0) continue;
    await counter.agent?.killHard();
    await place.start(counter, number);
    tallies['restarts'] = (tallies['restarts'] ?? 0) + 1;
  }
  await pause(STEP_MS);
  if (!context.endsChunk) return { tallies };
  for (const people of place.people) people.paused = true;
  const served = place.served();
  for (const [transaction, right] of served) office.served.set(transaction, right);
  const edge = [...served.values()].filter(({ months }) => months.length > 1).length;
  const { cases, ...counts } = await office.settled();
  const months = new Set([...hubHolding(office.hubData).transactions.values()].map(({ month }) => month));
  return {
    ...counts,
    tallies: { ...tallies, transactions: served.size, 'within a blink of the edge': edge },
    samples: { months: months.size },
    ...(cases.length > 0 ? { problem: cases.join('; ') } : {}),
  };
}

export const run: ProveRun = {
  title: {
    vi: 'Đồng hồ thiết bị nhảy tới lui qua cuối tháng trong lúc đánh giá',
    en: 'Kiosk clocks stepped to and fro across a month’s end while ratings are given',
  },
  unit: { vi: 'bước', en: 'clock steps' },
  full: 60,
  quick: 3,
  workers: 2,
  chunk: CHUNK,
  watches: ['tests/prove/fake-clock.ts', 'tests/prove/fault-office.ts', 'tests/prove/citizens.ts'],
  impossible: fakeClockImpossible,
  step,
  judge: ({ thanked, samples }) => {
    if (thanked === 0) return 'nobody was thanked';
    const most = Math.max(...Object.keys(samples['months'] ?? { 0: 1 }).map(Number));
    return most < 2 ? 'no month ended meanwhile' : null;
  },
  says: {
    vi: 'forward, back: số lần chỉnh đồng hồ thiết bị; tháng đúng là tháng theo giờ thật của máy chủ khi phục vụ xong.',
    en: 'forward, back: kiosk clocks set; the right month is that of the hub’s true time when the service ended.',
  },
};
