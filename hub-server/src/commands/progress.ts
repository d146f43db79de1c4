/**
 * Purpose: where a long command is. On a terminal one line that is written again; elsewhere a line every few seconds on
 *   stderr; with --json objects {"event":"progress","what","done","total"} on stdout.
 * Refuses: to write more often than a person or a log can use. `total` null: not known beforehand.
 * Document: hub-server/DESIGN.md, "Command line".
 */
import type { Progress, Words } from '../application/ports/progress.ts';

/** A terminal is refreshed ten times a second, a log once in five. */
const TERMINAL_MS = 100;
const LOG_MS = 5_000;
const MIB = 1_048_576;

export interface ProgressOutput {
  readonly json: boolean;
  readonly terminal: boolean;
  /** Monotonic milliseconds. */
  now(): number;
  /** People's text (stderr). */
  text(chunk: string): void;
  /** One JSON object (stdout). */
  line(value: unknown): void;
}

export interface ProgressState {
  readonly what: Words;
  readonly unit: 'count' | 'bytes';
  readonly done: number;
  readonly total: number | null;
  readonly elapsedMs: number;
}

const figure = (value: number, unit: ProgressState['unit']): string =>
  unit === 'bytes' ? `${(value / MIB).toFixed(1)} MiB` : String(Math.round(value));

function remaining(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

/** What is done, of how much, how fast, how long still. */
export function progressText({ what, unit, done, total, elapsedMs }: ProgressState): string {
  const rate = elapsedMs > 0 ? (done * 1_000) / elapsedMs : 0;
  const parts = [
    `${what.vi} / ${what.en}: ${figure(done, unit)}${total === null ? '' : `/${figure(total, unit)}`}`,
  ];
  if (total !== null && total > 0) parts.push(`${Math.floor((100 * Math.min(done, total)) / total)} %`);
  if (rate > 0) parts.push(`${figure(rate, unit)}/s`);
  if (total !== null && rate > 0 && done < total)
    parts.push(`còn / left ${remaining((total - done) / rate)}`);
  return parts.join(' · ');
}

export function showProgress(output: ProgressOutput): Progress {
  const everyMs = output.terminal && !output.json ? TERMINAL_MS : LOG_MS;
  let current: { what: Words; unit: ProgressState['unit']; total: number | null; since: number } | null =
    null;
  let done = 0;
  let told = 0;
  let written = false;

  function tell(last: boolean): void {
    if (!current) return;
    told = output.now();
    const { what, unit, total } = current;
    if (output.json) {
      output.line({ event: 'progress', what: what.en, done, total });
      return;
    }
    const text = progressText({ what, unit, done, total, elapsedMs: told - current.since });
    // Erase to the end: the line before may have been longer.
    output.text(output.terminal ? `\r${text}\u001b[K${last ? '\n' : ''}` : `${text}\n`);
    written = true;
  }
  return {
    begin(what, total, unit) {
      current = { what, unit, total, since: output.now() };
      done = 0;
      written = false;
      told = current.since;
      if (output.terminal && !output.json) tell(false);
    },
    at(value) {
      done = value;
      if (current && output.now() - told >= everyMs) tell(false);
    },
    end() {
      // A step that took no time leaves no line in a log; a line begun on a terminal is ended.
      if (current && (output.json || written)) tell(true);
      current = null;
    },
  };
}

/** The process's own streams. */
export function processProgress(json: boolean): Progress {
  return showProgress({
    json,
    terminal: process.stderr.isTTY === true,
    now: () => performance.now(),
    text: (chunk) => process.stderr.write(chunk),
    line: (value) => process.stdout.write(`${JSON.stringify(value)}\n`),
  });
}
