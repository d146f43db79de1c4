/** Reading the command line and answering on it: people's text on stderr, one JSON object a line on stdout. */
import { readFileSync } from 'node:fs';
import { CodedError, ERRORS, type ErrorCode } from '@hailong/shared/errors.ts';

/** 0 ok · 1 check failed · 2 usage · 3 locked or port taken · 4 unreachable. */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

export interface Flags {
  readonly words: readonly string[];
  text(name: string): string | undefined;
  all(name: string): readonly string[];
  need(name: string): string;
  has(name: string): boolean;
  number(name: string, low: number, high: number): number | undefined;
}

/** `takes`: options with a value; `bare`: without. Anything else is `program.usage`. */
export function readFlags(argv: readonly string[], takes: readonly string[], bare: readonly string[]): Flags {
  const values = new Map<string, string[]>();
  const words: string[] = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('--')) {
      words.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const inline = equals < 0 ? undefined : word.slice(equals + 1);
    if (takes.includes(name)) {
      const value = inline ?? rest.shift();
      if (value === undefined || value === '') throw new CodedError('program.usage', `--${name}`);
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (bare.includes(name) && inline === undefined) values.set(name, []);
    else throw new CodedError('program.usage', `--${name}`);
  }
  const text = (name: string): string | undefined => values.get(name)?.at(-1);
  return {
    words,
    text,
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
    need(name) {
      const value = text(name);
      if (value === undefined) throw new CodedError('program.usage', `--${name}`);
      return value;
    },
    number(name, low, high) {
      const value = text(name);
      if (value === undefined) return undefined;
      const parsed = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (!(parsed >= low && parsed <= high)) throw new CodedError('program.usage', `--${name} ${value}`);
      return parsed;
    },
  };
}

export function say(vi: string, en: string): void {
  process.stderr.write(`${vi} / ${en}\n`);
}

export function json(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export function sayProblem(code: ErrorCode, detail: string | undefined): void {
  const { vi, en, remedy } = ERRORS[code];
  process.stderr.write(
    `${code}: ${vi} ${remedy.vi}\n${' '.repeat(code.length)}  ${en} ${remedy.en}\n${detail ? `  ${detail}\n` : ''}`,
  );
}

export function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'program.usage' || code === 'program.no_hub' || code === 'program.insecure_bind') return 2;
  if (code === 'program.data_locked' || code === 'program.port_taken') return 3;
  if (code === 'program.unreachable') return 4;
  return 1;
}

/** Password lines end at the first newline; bounded, since anything may be piped in. */
export async function readStdinLine(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.includes('\n') || text.length > 1_000) break;
  }
  return text.split('\n')[0]?.replace(/\r$/, '') ?? '';
}

/** Reads a file named on the command line. */
export function readNamed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CodedError('program.usage', file);
  }
}

export function sayRecoveryKey(recoveryKey: string, asJson: boolean): void {
  if (asJson) json({ event: 'recovery', recoveryKey });
  say(
    `Khóa khôi phục (in ra, niêm phong; chỉ hiện một lần): ${recoveryKey}`,
    `Recovery key (print and seal it; shown once): ${recoveryKey}`,
  );
}
