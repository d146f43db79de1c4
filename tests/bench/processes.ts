/*
 * Purpose: processes of a measurement and what the kernel says they used: CPU seconds of all their threads, peak of
 * resident memory. A child speaks by messages and ends when this process is gone, however it went.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** USER_HZ of every Linux that Node runs on. */
const TICKS_PER_S = 100;
const STDERR_KEPT = 4_096;

export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

export function peakRssMb(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Number(line?.[1]) / 1_024;
}

export interface Child {
  readonly pid: number;
  /** Sends an order and waits for the answer to it; orders are answered one at a time. */
  ask<A>(order: unknown): Promise<A>;
  stop(): Promise<void>;
}

type Said = { readonly ok: true; readonly answer: unknown } | { readonly ok: false; readonly error: string };

export function startChild(file: URL, args: readonly string[] = []): Child {
  const child: ChildProcess = fork(file, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  // Read, so that a full pipe never stops it; its last words explain an early end.
  child.stdout?.resume();
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-STDERR_KEPT);
  });
  const ended = new Promise<never>((_, fail) => {
    child.on('error', fail);
    child.on('exit', (code, signal) =>
      fail(new Error(`${file.pathname} ended (${code ?? signal})\n${words}`)),
    );
  });
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    async ask<A>(order: unknown) {
      const said = new Promise<Said>((done) => child.once('message', (message) => done(message as Said)));
      child.send(order as object);
      const answer = await Promise.race([said, ended]);
      if (!answer.ok) throw new Error(answer.error);
      return answer.answer as A;
    },
    async stop() {
      child.removeAllListeners('exit');
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The child's side: every order gets exactly one answer. */
export function answerOrders<O>(act: (order: O) => Promise<unknown>): void {
  process.on('disconnect', () => process.exit(1));
  process.on('message', (order) => {
    act(order as O).then(
      (answer) => process.send?.({ ok: true, answer } satisfies Said),
      (error: unknown) =>
        process.send?.({
          ok: false,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        } satisfies Said),
    );
  });
}
