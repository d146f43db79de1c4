/*
 * Purpose: hands the chunks of a run to its workers and the sums back, in whatever order they come. A worker that dies
 * is a problem of its chunk and is replaced. Refuses to leave a process behind.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import { inRepo } from '../support/paths.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { unmountBelow } from './machine.ts';
import { noTotals, type Totals } from './run.ts';
import type { FromWorker, ToWorker } from './worker.ts';

export interface PoolOptions {
  readonly name: string;
  readonly quick: boolean;
  readonly workers: number;
  readonly chunks: readonly { readonly chunk: number; readonly from: number; readonly to: number }[];
  readonly done: (chunk: number, totals: Totals) => void;
  readonly signal: AbortSignal;
}

/** A worker stops its hub and agents; then it is killed. */
const GRACE_MS = 20_000;

export async function runPool(options: PoolOptions): Promise<void> {
  const waiting = [...options.chunks];
  await Promise.all(
    Array.from({ length: Math.min(options.workers, waiting.length) }, async (_none, index) => {
      while (waiting.length > 0 && !options.signal.aborted) await oneWorker(options, index, waiting);
    }),
  );
}

/** Simulated histories live and die young: room for a whole one, and always the same room. */
const YOUNG = ['--max-semi-space-size=16', '--min-semi-space-size=16'];

/** Lives until nothing waits, or it died. */
async function oneWorker(options: PoolOptions, index: number, waiting: ToWorkerChunk[]): Promise<void> {
  await using folder = await tempFolder(`prove-${options.name}`);
  const child = fork(
    inRepo('tests/prove/worker.ts'),
    [options.name, String(index), options.quick ? 'quick' : 'full', folder.path],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [...process.execArgv, ...YOUNG] },
  );
  let busy: ToWorkerChunk | null = null;
  const next = () => {
    busy = options.signal.aborted ? null : (waiting.shift() ?? null);
    send(child, busy ?? 'end');
  };
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'done') options.done(message.chunk, message.totals);
    next();
  });
  const stop = () => child.kill('SIGTERM');
  options.signal.addEventListener('abort', stop);
  let timer: NodeJS.Timeout | undefined;
  options.signal.addEventListener('abort', () => {
    timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  });
  const how = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) =>
      resolve(signal ? `signal ${constants.signals[signal]}` : `exit ${code}`),
    );
  });
  clearTimeout(timer);
  unmountBelow(folder.path);
  options.signal.removeEventListener('abort', stop);
  const left = busy as ToWorkerChunk | null;
  if (left && !options.signal.aborted)
    options.done(left.chunk, {
      ...noTotals,
      count: left.to - left.from,
      problems: [`#${left.from}: the worker died (${how})`],
    });
}

type ToWorkerChunk = Exclude<ToWorker, 'end'>;

function send(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message);
}
