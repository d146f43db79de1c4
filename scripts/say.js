/*
 * Purpose: what the commands tell a person: Vietnamese first, English after it, always on stderr, so that stdout can
 * carry JSON lines alone. A progress line redraws itself on a terminal and is repeated sparingly in a log.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** In a log a progress line is repeated this often: often enough to see life, not a page of it. */
const logEveryMs = 15000;

export function say(vi, en) {
  process.stderr.write(`${vi}${en === undefined ? '' : `\n  ${en}`}\n`);
}

/** A failure with its exit code and, in both languages, what happened and the remedy. */
export class Refusal extends Error {
  constructor(exitCode, vi, en) {
    super(`${vi}\n  ${en}`);
    this.exitCode = exitCode;
  }
}

/** Ends the command with a refusal's sentence and code; anything else is our own fault and shows its stack. */
export function fail(error) {
  if (error instanceof Refusal) {
    process.stderr.write(`\n✗ ${error.message}\n`);
    process.exit(error.exitCode);
  }
  console.error(error);
  process.exit(1);
}

/** A line of progress: `detail()` gives the changing part; the returned function ends it. */
export function progress(title, detail) {
  const startedMs = Date.now();
  const terminal = process.stderr.isTTY === true;
  const line = () => `${title} ${detail()}  ${Math.round((Date.now() - startedMs) / 1000)} s`;
  const draw = () => process.stderr.write(terminal ? `\r\x1b[K${line()}` : `${line()}\n`);
  draw();
  const timer = setInterval(draw, terminal ? 250 : logEveryMs);
  return (ok) => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${ok ? '✓' : '✗'} ${line()}\n`);
  };
}

/** Twenty characters of bar for a share from 0 to 1. */
export function bar(share) {
  const full = Math.max(0, Math.min(20, Math.round(share * 20)));
  return `[${'█'.repeat(full)}${'·'.repeat(20 - full)}] ${Math.round((full / 20) * 100)} %`;
}

/** The last bytes of a log file, for the reader of an error. */
export function tailOf(file, bytes) {
  const size = statSync(file).size;
  const buffer = Buffer.alloc(Math.min(size, bytes));
  const fd = openSync(file, 'r');
  readSync(fd, buffer, 0, buffer.length, size - buffer.length);
  closeSync(fd);
  return buffer.toString('utf8').trim();
}
