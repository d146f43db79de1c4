/*
 * Purpose: one process that does steps of one run and tells its starter the sums, a chunk at a time. A step that throws
 * is a problem of that step; the worker goes on with fresh things. Ends with its starter.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { noTotals, type ProveRun, type StepContext, type StepResult, withStep } from './run.ts';

export type ToWorker = { readonly chunk: number; readonly from: number; readonly to: number } | 'end';
export type FromWorker =
  | { readonly kind: 'done'; readonly chunk: number; readonly totals: typeof noTotals }
  | { readonly kind: 'ready' };

const [name = '', worker = '0', mode = '', base = ''] = process.argv.slice(2);
const { run } = (await import(`./runs/${name}.ts`)) as { run: ProveRun };
const kept = new Map<string, Promise<AsyncDisposable>>();

let folder = mkdtempSync(join(base, 'work-'));
const context: Omit<StepContext, 'endsChunk' | 'folder'> = {
  quick: mode === 'quick',
  worker: Number(worker),
  once<T extends AsyncDisposable>(key: string, make: () => Promise<T>): Promise<T> {
    const held = (kept.get(key) as Promise<T> | undefined) ?? make();
    kept.set(key, held);
    return held;
  },
  say: (line) => process.stderr.write(`[${name} ${worker}] ${line}\n`),
};

/** A problem names its place; a page of a program's output is not kept. */
const PROBLEM_MAX = 1_500;

async function letGo(): Promise<void> {
  const things = [...kept.values()].reverse();
  kept.clear();
  for (const thing of things) await thing.then((made) => made[Symbol.asyncDispose]()).catch(() => undefined);
}

async function stepOf(index: number, endsChunk: boolean): Promise<StepResult> {
  try {
    return await run.step({ ...context, folder, endsChunk }, index);
  } catch (error) {
    const problem = String(error instanceof Error ? (error.stack ?? error.message) : error).slice(
      0,
      PROBLEM_MAX,
    );
    await letGo();
    folder = mkdtempSync(join(base, 'work-'));
    return { problem };
  }
}

async function end(code: number): Promise<never> {
  await letGo();
  process.exit(code);
}

let work: Promise<void> = Promise.resolve();
process.on('message', (message: ToWorker) => {
  work = work.then(async () => {
    if (message === 'end') return end(0);
    let totals = noTotals;
    for (let index = message.from; index < message.to; index += 1)
      totals = withStep(totals, index, await stepOf(index, index + 1 === message.to));
    process.send?.({ kind: 'done', chunk: message.chunk, totals } satisfies FromWorker);
  });
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void end(1));
process.on('disconnect', () => void end(1));
process.send?.({ kind: 'ready' } satisfies FromWorker);
