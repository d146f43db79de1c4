/* Purpose: where a long command is: one refreshed line on a terminal, few lines in a log, objects with --json. */
import { expect, test } from 'vitest';
import {
  type ProgressOutput,
  progressText,
  showProgress,
} from '../../../hub-server/src/commands/progress.ts';

const WHAT = { vi: 'Đọc', en: 'Reading' };

function watched(kind: 'terminal' | 'log' | 'json') {
  const clock = { now: 0 };
  const texts: string[] = [];
  const lines: unknown[] = [];
  const output: ProgressOutput = {
    ...{ json: kind === 'json', terminal: kind === 'terminal', now: () => clock.now },
    text: (chunk) => texts.push(chunk),
    line: (value) => lines.push(value),
  };
  return { progress: showProgress(output), clock, texts, lines };
}

function work({ progress, clock }: ReturnType<typeof watched>): void {
  progress.begin(WHAT, 100, 'count');
  for (let done = 1; done <= 100; done++) {
    clock.now += 150;
    progress.at(done);
  }
  progress.end();
}

test('on a terminal one line is written again and ended once', () => {
  const seen = watched('terminal');
  work(seen);
  expect(seen.texts.length).toBeGreaterThan(100);
  expect(seen.texts.every((text) => text.startsWith('\r'))).toBe(true);
  expect(seen.texts.filter((text) => text.endsWith('\n'))).toHaveLength(1);
  expect(seen.texts.at(-1)).toContain('Đọc / Reading: 100/100 · 100 %');
  expect(seen.lines).toEqual([]);
});

test('in a log a line every few seconds', () => {
  const seen = watched('log');
  work(seen);
  expect(seen.texts).toHaveLength(3);
  expect(seen.texts[0]).toBe('Đọc / Reading: 34/100 · 34 % · 7/s · còn / left 10 s\n');
});

test('a step that took no time leaves no line in a log', () => {
  const { progress, texts } = watched('log');
  progress.begin(WHAT, 3, 'count');
  progress.at(3);
  progress.end();
  expect(texts).toEqual([]);
});

test('with --json objects, the last one with everything done', () => {
  const seen = watched('json');
  work(seen);
  expect(seen.texts).toEqual([]);
  expect(seen.lines.at(-1)).toEqual({ event: 'progress', what: 'Reading', done: 100, total: 100 });
  expect(seen.lines).toHaveLength(3);
});

test('an unknown total shows no share and no end', () => {
  const state = { what: WHAT, unit: 'bytes', done: 5 * 1_048_576, total: null, elapsedMs: 1_000 } as const;
  expect(progressText(state)).toBe('Đọc / Reading: 5.0 MiB · 5.0 MiB/s');
});
