/**
 * The recorder as a child of the hub: started with the hub's own Node, told its token by the environment, restarted
 * with a growing pause, ended with the hub (its stdin is a pipe from here, so it ends even at our kill -9). One that hangs
 * records nothing and never ends by itself: it is asked all the time, and killed when it answers no more.
 * Refuses: to restart after `stop`. See README.md in this folder.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Timers } from '@hailong/shared/time.ts';

const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
/** A run this long was healthy: the next pause is short again. */
const HEALTHY_MS = 60_000;
const STOP_MS = 5_000;
const ASK_EVERY_MS = 5_000;
/** Questions without an answer: half a minute, in which a slow disk syncs. Its start may bring a large index to a new form. */
const UNANSWERED_MAX = { starting: 24, running: 6 } as const;

export interface RecorderProcessParts {
  readonly footageDir: string;
  readonly url: string;
  readonly token: string;
  /** It only answers questions. */
  readonly idle?: boolean;
  readonly timers: Timers;
  readonly monotonic: () => number;
  /** A line of the recorder's stderr, or what happened to it. */
  say(line: string): void;
}

export interface RecorderProcess {
  stop(): Promise<void>;
}

/**
 * What the recorder runs under. Its code is kept compiled beside the footage: from its second start on it holds no
 * TypeScript compiler. What it makes lives shortly: a small young heap takes less memory and no more time.
 */
export function recorderRuntime(footageDir: string): {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  return {
    flags: ['--max-semi-space-size=1', '--v8-pool-size=1'],
    env: { NODE_COMPILE_CACHE: join(footageDir, 'code-cache'), MALLOC_ARENA_MAX: '2' },
  };
}

export function startRecorderProcess(parts: RecorderProcessParts): RecorderProcess {
  const main = fileURLToPath(new URL('../../recorder/main.ts', import.meta.url));
  const watch = new URL('../../../../scripts/watch-parent.js', import.meta.url).href;
  const runtime = recorderRuntime(parts.footageDir);
  let child: ChildProcess | null = null;
  let stopped = false;
  let pauseMs = FIRST_PAUSE_MS;
  let cancel = (): void => undefined;

  /** Counts questions, not time: after a pause of the hub itself an answer lies ready before the next look. */
  function watchAnswers(asked: ChildProcess): () => void {
    let unanswered = 0;
    let most: number = UNANSWERED_MAX.starting;
    asked.on('message', () => {
      unanswered = 0;
      most = UNANSWERED_MAX.running;
    });
    let stop = (): void => undefined;
    const ask = (): void => {
      if (unanswered === most) {
        parts.say(`${most * ASK_EVERY_MS} ms without an answer: killed`);
        asked.kill('SIGKILL');
        return;
      }
      unanswered += 1;
      if (asked.connected) asked.send('alive?', () => undefined);
      stop = parts.timers.after(ASK_EVERY_MS, ask);
    };
    ask();
    return () => stop();
  }

  function start(): void {
    const startedAt = parts.monotonic();
    const started = spawn(
      process.execPath,
      [
        ...[...runtime.flags, '--import', watch, main, '--data', parts.footageDir, '--hub', parts.url],
        ...(parts.idle === true ? ['--idle'] : []),
      ],
      {
        stdio: ['pipe', 'ignore', 'pipe', 'ipc'],
        env: {
          ...process.env,
          ...runtime.env,
          HAILONG_RECORDER_TOKEN: parts.token,
          HAILONG_PARENT_PIPE: 'stdin',
        },
      },
    );
    child = started;
    if (started.stderr) createInterface({ input: started.stderr }).on('line', (line) => parts.say(line));
    started.stdin?.on('error', () => undefined);
    const unwatch = watchAnswers(started);
    let ended = false;
    const end = (what: string): void => {
      if (ended) return;
      ended = true;
      unwatch();
      if (child === started) child = null;
      if (stopped) return;
      if (parts.monotonic() - startedAt >= HEALTHY_MS) pauseMs = FIRST_PAUSE_MS;
      parts.say(`${what}; ${pauseMs} ms`);
      cancel = parts.timers.after(pauseMs, start);
      pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
    };
    started.once('error', (error) => end(error.message));
    started.once('exit', (code, signal) => end(`exit ${code ?? signal}`));
  }
  start();

  return {
    async stop() {
      stopped = true;
      cancel();
      const running = child;
      if (!running || running.exitCode !== null) return;
      await new Promise<void>((resolve) => {
        const kill = parts.timers.after(STOP_MS, () => running.kill('SIGKILL'));
        running.once('exit', () => {
          kill();
          resolve();
        });
        running.stdin?.end();
        running.kill('SIGTERM');
      });
    },
  };
}
