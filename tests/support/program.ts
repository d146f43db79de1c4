/*
 * Purpose: start a program of ours as a separate process, collect its JSON lines, and leave nothing behind.
 * Each program leads a process group, so that stopping it reaches what it started; it also holds our end of
 * HAILONG_PARENT_PIPE, so that it dies with the test runner. Stderr is kept for the failure's message.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inSources } from './built-traces.ts';
import { poll } from './poll.ts';

export interface JsonLine {
  readonly event?: string;
  readonly [key: string]: unknown;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What is typed into it; nothing: its input is closed. */
  readonly stdin?: string;
  readonly cwd?: string;
  /** The Node to run under; this one unless told. */
  readonly node?: string;
}

export interface Program extends AsyncDisposable {
  readonly pid: number;
  /** Every JSON line of stdout so far. */
  readonly lines: readonly JsonLine[];
  /** Lines of stdout that were not JSON. */
  readonly strays: readonly string[];
  /** The last 64 KiB of stderr. */
  readonly stderr: () => string;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** The first line, from `from` on, that satisfies the test; fails early when the program ends before it. */
  line(
    test: string | ((line: JsonLine) => boolean),
    options?: { from?: number; timeoutMs?: number },
  ): Promise<JsonLine>;
  /** Asks by SIGTERM and waits; after `graceMs` the whole group is killed. */
  stop(graceMs?: number): Promise<number | NodeJS.Signals>;
  /** SIGKILL to this process alone: what it started must notice by itself. */
  killHard(): Promise<void>;
}

const stderrBytesMax = 65_536;

const LOADED_FIRST = `--import=${new URL('./load-built.js', import.meta.url).href}`;

/** With the bundles of built-programs.ts, where there are any, in the place of their sources. */
function nodeOptions({ env }: ProgramOptions): string | undefined {
  const asked = env && 'NODE_OPTIONS' in env ? env['NODE_OPTIONS'] : process.env['NODE_OPTIONS'];
  if (process.env['HAILONG_TEST_BUILT'] === undefined || asked?.includes(LOADED_FIRST)) return asked;
  return asked === undefined ? LOADED_FIRST : `${LOADED_FIRST} ${asked}`;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is already gone.
  }
}

function collectLines(child: ChildProcess, lines: JsonLine[], strays: string[]): void {
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts.filter((one) => one.trim() !== '')) {
      try {
        lines.push(JSON.parse(part) as JsonLine);
      } catch {
        strays.push(part);
      }
    }
  });
}

/** Starts `node file args…`. `await using hub = startProgram(hubBin, ['serve', …])` stops it at the end of the test. */
export function startProgram(file: string, args: readonly string[], options: ProgramOptions = {}): Program {
  const child = spawn(options.node ?? process.execPath, [file, ...args], {
    cwd: options.cwd,
    detached: true,
    env: {
      ...process.env,
      NO_COLOR: '1',
      ...options.env,
      NODE_OPTIONS: nodeOptions(options),
      HAILONG_PARENT_PIPE: '3',
    },
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  // One that has ended already reads nothing (EPIPE); its exit code says what there is to say.
  child.stdin?.on('error', () => undefined);
  if (options.stdin !== undefined) child.stdin?.end(options.stdin);
  const pid = child.pid ?? 0;
  const lines: JsonLine[] = [];
  const strays: string[] = [];
  let stderr = '';
  let ended: number | NodeJS.Signals | undefined;
  collectLines(child, lines, strays);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrBytesMax);
  });
  const exited = new Promise<number | NodeJS.Signals>((done, fail) => {
    child.on('error', fail);
    child.on('close', (code, signal) => {
      ended = code ?? signal ?? 0;
      done(ended);
    });
  });

  const stop = async (graceMs = 30_000) => {
    if (ended === undefined) child.kill('SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    const result = await exited;
    clearTimeout(timer);
    signalGroup(pid, 'SIGKILL');
    return result;
  };
  return {
    pid,
    lines,
    strays,
    exited,
    stop,
    stderr: () => inSources(stderr),
    async line(test, { from = 0, timeoutMs = 60_000 } = {}) {
      const matches = typeof test === 'string' ? (one: JsonLine) => one.event === test : test;
      const look = () => lines.slice(from).find(matches) ?? (ended === undefined ? undefined : 'ended');
      const what = `${typeof test === 'string' ? `"${test}"` : 'a line'} from ${file} ${args.join(' ')}`;
      const seen = await poll(look, { what, timeoutMs }).catch((error: Error) => {
        throw new Error(`${error.message}\nlines: ${JSON.stringify(lines)}\nstderr: ${inSources(stderr)}`);
      });
      if (seen === 'ended') throw new Error(`Ended (${ended}) before ${what}\nstderr: ${inSources(stderr)}`);
      return seen;
    },
    async killHard() {
      child.kill('SIGKILL');
      await exited;
    },
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Runs a program to its end; returns its exit code, lines and stderr. */
export async function runProgram(file: string, args: readonly string[], options: ProgramOptions = {}) {
  await using program = startProgram(file, args, options);
  const code = await program.exited;
  return { code, lines: program.lines, strays: program.strays, stderr: program.stderr() };
}

/** Whether a process exists; a zombie, ended but not yet reaped by its parent, does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch (error) {
    return process.platform !== 'linux' && (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
