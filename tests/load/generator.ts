/*
 * Purpose: the kiosks' side of `npm run load`, in a process of its own: connects them all, lets each do what a counter
 * does at its own pace, then stops making and waits until the hub has acknowledged everything.
 */
import { readFileSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { answerOrders } from '../bench/processes.ts';
import type { Kiosk } from '../bench/storm/fleet.ts';
import { type Head, LiveKiosk } from './live-kiosk.ts';

export type LoadOrder =
  | { readonly kind: 'connect'; readonly file: string; readonly url: string; readonly cutShare: number }
  | { readonly kind: 'work'; readonly forMs: number; readonly everyMs: number }
  | { readonly kind: 'leave' };
export interface LoadDone {
  readonly sent: number;
  /** From writing an event to a socket until the hub said that it holds it; of the events of the working time. */
  readonly acksMs: Float64Array;
  readonly heads: readonly Head[];
}

/** Fewer than a listening socket queues. */
const CONNECTING_MAX = 200;
/** A hub that does not take the rest within this is not going to. */
const REST_MS = 60_000;

let kiosks: LiveKiosk[] = [];
let acksMs: number[] = [];
let failure: Error | null = null;
const failed = (error: Error): void => {
  failure ??= error;
};

async function connect(file: string, url: string, cutShare: number): Promise<number> {
  const fleet = deserialize(readFileSync(file)) as Kiosk[];
  const options = { url, cutShare, now: () => performance.now(), failed };
  kiosks = fleet.map(
    (each) => new LiveKiosk(each, { ...options, acknowledged: (afterMs) => acksMs.push(afterMs) }),
  );
  const waiting = [...kiosks];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await orFail(next.start());
  };
  await Promise.all(Array.from({ length: CONNECTING_MAX }, lane));
  return kiosks.length;
}

async function work(forMs: number, everyMs: number): Promise<LoadDone> {
  await rest();
  acksMs = [];
  const ends = performance.now() + forMs;
  await Promise.all(
    kiosks.map(async (kiosk) => {
      // Each at its own moment, as people are.
      await pause(Math.random() * everyMs);
      while (performance.now() < ends && !failure) {
        kiosk.step();
        await pause(everyMs * (0.5 + Math.random()));
      }
    }),
  );
  await rest();
  return {
    sent: kiosks.reduce((sum, each) => sum + each.sent, 0),
    acksMs: Float64Array.from(acksMs),
    heads: kiosks.map(({ head }) => head),
  };
}

async function rest(): Promise<void> {
  const until = performance.now() + REST_MS;
  while (!kiosks.every(({ isDone }) => isDone) && performance.now() < until) await pause(50);
  if (failure) throw failure;
}

async function orFail(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const watch = new Promise<never>((_, fail) => {
    timer = setInterval(() => failure && fail(failure), 100);
  });
  await Promise.race([work, watch]).finally(() => clearInterval(timer));
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

answerOrders<LoadOrder>(async (order) => {
  if (order.kind === 'connect') return connect(order.file, order.url, order.cutShare);
  if (order.kind === 'work') return work(order.forMs, order.everyMs);
  for (const each of kiosks) each.stop();
  return null;
});
