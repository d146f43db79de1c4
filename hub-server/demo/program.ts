/**
 * Starts one of the product's programs as its own process, reads the JSON lines of its stdout, and ends it in order.
 * The child holds the read end of a pipe as stdin: when this process dies, even by SIGKILL, the child ends itself.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface ProgramLine {
  readonly event?: string;
  readonly [key: string]: unknown;
}

export class ProgramFailed extends Error {
  readonly exitCode: number;
  readonly said: string;
  constructor(name: string, exitCode: number, said: string) {
    super(`${name}: ${said.trim() || `exit ${exitCode}`}`);
    this.name = 'ProgramFailed';
    this.exitCode = exitCode;
    this.said = said;
  }
}

export interface Program {
  readonly name: string;
  readonly pid: number;
  /** The first line with this event; rejects with ProgramFailed when the program ends before. */
  line(event: string): Promise<ProgramLine>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  /** SIGTERM, then SIGKILL after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

/** Keeps the last part of what a program said, for the error message. */
const SAID_CHARS_MAX = 4_000;

export function startProgram(
  name: string,
  file: string,
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly onText?: (text: string) => void } = {},
): Program {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(process.execPath, [file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env, HAILONG_PARENT_PIPE: 'stdin' },
  });
  child.stdin.on('error', () => {});
  let said = '';
  const seen: ProgramLine[] = [];
  const waiting: { event: string; give: (line: ProgramLine) => void; fail: (error: Error) => void }[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_CHARS_MAX);
    options.onText?.(text);
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    let line: ProgramLine;
    try {
      line = JSON.parse(text) as ProgramLine;
    } catch {
      return;
    }
    seen.push(line);
    if (seen.length > 200) seen.shift();
    for (const each of waiting.splice(0)) {
      if (each.event === line.event) each.give(line);
      else waiting.push(each);
    }
  });
  let running = true;
  const ended = new Promise<number>((done) => {
    child.on('error', (error) => {
      said += String(error);
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
  void ended.then((code) => {
    running = false;
    for (const each of waiting.splice(0)) each.fail(new ProgramFailed(name, code, said));
  });
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    line(event) {
      const found = seen.find((each) => each.event === event);
      if (found) return Promise.resolve(found);
      return new Promise((give, fail) => {
        if (running) waiting.push({ event, give, fail });
        else void ended.then((code) => fail(new ProgramFailed(name, code, said)));
      });
    },
    async stop(graceMs = 8_000) {
      if (!running) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Runs a program to its end and answers the JSON lines it printed. */
export async function runProgram(
  name: string,
  file: string,
  args: readonly string[],
): Promise<ProgramLine[]> {
  const lines: ProgramLine[] = [];
  // Our own parent's pipe is not open in the child.
  const { HAILONG_PARENT_PIPE: _, ...env } = process.env;
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-SAID_CHARS_MAX);
  });
  const read = createInterface({ input: child.stdout });
  read.on('line', (text) => {
    try {
      lines.push(JSON.parse(text) as ProgramLine);
    } catch {
      said = (said + text).slice(-SAID_CHARS_MAX);
    }
  });
  const code = await new Promise<number>((done, fail) => {
    child.on('error', fail);
    child.on('close', (value) => done(value ?? 1));
  });
  if (code !== 0) throw new ProgramFailed(name, code, said);
  return lines;
}
