/*
 * Purpose: agents and hub with a bad line between them (chaos-proxy.ts) while citizens answer: cut after N bytes either
 * way, stalled, answers swallowed, half open, bytes sent twice, in crumbs. Nothing is lost or doubled. And a line that
 * always cuts after N bytes still moves on: a backlog arrives through it to the last event.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { poll } from '../../support/poll.ts';
import { ChaosProxy, type Way } from '../chaos-proxy.ts';
import { Citizens } from '../citizens.ts';
import { FaultOffice } from '../fault-office.ts';
import type { ProveRun, StepContext, StepResult } from '../run.ts';

const CHUNK = 10;
const BAD_MS = 3_500;
const QUICK_BAD_MS = 1_500;
/** A backlog of some 100 events through a line that cuts every time; each try waits 0.5 s and more. */
const BACKLOG_MS = 180_000;

/** Numbers of bytes that fall into the upgrade, the hello, its answer, a small batch, a large one. */
const BYTES = [1, 90, 240, 300, 700, 1_100, 1_600, 2_500, 4_000, 7_000, 12_000, 30_000];

function wayOf(index: number): Way {
  const bytes = BYTES[(index * 5) % BYTES.length] ?? 1_000;
  const ms = 300 + ((index * 397) % 2_500);
  const ways: readonly Way[] = [
    { kind: 'cut', from: 'device', bytes },
    { kind: 'swallow', bytes: 600 + bytes, ms },
    { kind: 'cut', from: 'hub', bytes },
    { kind: 'repeat', bytes },
    { kind: 'stall', bytes, ms },
    { kind: 'crumbs', size: 1 + (index % 7) },
    { kind: 'half-open', bytes, ms },
  ];
  return ways[index % ways.length] ?? { kind: 'calm' };
}

class ProxyOffice implements AsyncDisposable {
  readonly office: FaultOffice;
  readonly proxy: ChaosProxy;
  readonly people: readonly Citizens[];

  private constructor(office: FaultOffice, proxy: ChaosProxy) {
    this.office = office;
    this.proxy = proxy;
    this.people = office.counters.map((counter) => new Citizens(counter, { paceMs: 60 }));
  }

  static async make(folder: string): Promise<ProxyOffice> {
    let port = 0;
    const proxy = await ChaosProxy.make(() => port);
    const office = await FaultOffice.make(folder, {
      counters: 2,
      hubOf: () => proxy.url,
      heard: (url) => {
        port = Number(new URL(url).port);
      },
    });
    return new ProxyOffice(office, proxy);
  }

  /** Every line begins anew, in this way. */
  begin(way: Way): void {
    this.proxy.way = way;
    this.proxy.cutAll();
  }

  /** Cut off, the counters go on; then a line that always cuts must carry all of it. Answers how long that took. */
  async backlog(bytes: number): Promise<number> {
    this.begin({ kind: 'calm' });
    await pause(2_500);
    this.begin({ kind: 'refuse' });
    await pause(3_000);
    for (const people of this.people) people.paused = true;
    const startedMs = performance.now();
    this.begin({ kind: 'cut', from: 'device', bytes });
    await poll(() => this.office.arrived(), {
      ...{ what: `the backlog through a line that cuts after ${bytes} bytes`, timeoutMs: BACKLOG_MS },
      everyMs: 100,
    });
    for (const people of this.people) people.paused = false;
    return Math.round(performance.now() - startedMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const people of this.people) await people[Symbol.asyncDispose]();
    await this.office[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }
}

async function step(context: StepContext, index: number): Promise<StepResult> {
  const place = await context.once('office', () => ProxyOffice.make(context.folder));
  if (!context.endsChunk) {
    const way = wayOf(index);
    place.begin(way);
    await pause(context.quick ? QUICK_BAD_MS : BAD_MS);
    return { tallies: { [way.kind]: 1 } };
  }
  const backlogMs = await place.backlog(CUTS[Math.floor(index / CHUNK) % CUTS.length] ?? 5_000);
  place.begin({ kind: 'calm' });
  for (const people of place.people) people.paused = true;
  const { cases, ...counts } = await place.office.settled();
  for (const people of place.people) people.paused = false;
  const problem = cases.length > 0 ? { problem: cases.join('; ') } : {};
  return {
    ...counts,
    tallies: { backlog: 1 },
    samples: { 'backlog ms': Math.round(backlogMs / 100) * 100 },
    ...problem,
  };
}

/** Greeting takes some 2,000 bytes and a batch of one event 1,000: room for a few events a line, and for more. */
const CUTS = [5_000, 6_000, 8_000, 12_000];

export const run: ProveRun = {
  title: {
    vi: 'Đường truyền xấu giữa thiết bị và máy chủ: cắt, treo, nuốt trả lời, lặp byte, vụn',
    en: 'A bad line between agents and hub: cut, stalled, answers swallowed, bytes repeated, crumbs',
  },
  unit: { vi: 'lần', en: 'bad lines' },
  full: 100,
  quick: 8,
  workers: 2,
  chunk: CHUNK,
  watches: ['tests/prove/chaos-proxy.ts', 'tests/prove/fault-office.ts', 'tests/prove/citizens.ts'],
  step,
  judge: ({ thanked }) => (thanked === 0 ? 'nobody was thanked' : null),
  says: {
    vi: 'backlog: số lần cả phần tồn đi hết qua một đường luôn bị cắt sau N byte, và thời gian trung vị.',
    en: 'backlog: how often a whole backlog got through a line that always cuts after N bytes, and the median time.',
  },
};
