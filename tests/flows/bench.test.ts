/*
 * Purpose: every measurement runs from end to end on small amounts and answers in the released form. Nothing here is
 * timed: whether the bars hold is `npm run bench`, on a quiet machine.
 */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { runProgram } from '../support/program.ts';

const works = readdirSync(inRepo('tests/bench/works')).map((file) => file.slice(0, -'.ts'.length));
const KEYS = ['work', 'value', 'unit', 'beside', 'besideValue', 'ratio', 'bar', 'holds'];

for (const work of works)
  test(`${work} runs and answers`, async () => {
    const run = await runProgram(inRepo('scripts/bench.js'), ['--quick', '--json', '--only', work]);
    expect(run.lines.length, run.stderr).toBeGreaterThan(0);
    expect(run.strays).toEqual([]);
    for (const line of run.lines) {
      expect(Object.keys(line)).toEqual(KEYS);
      expect(String(line['work'])).toMatch(new RegExp(`^${work}\\b`));
      for (const key of ['value', 'besideValue', 'ratio'] as const)
        expect(Number(line[key]), `${String(line['work'])} ${key}`).toBeGreaterThan(0);
      expect(typeof line['holds']).toBe(line['bar'] === null ? 'object' : 'boolean');
    }
    // 1: a bar does not hold, which means nothing at this size.
    expect([0, 1]).toContain(run.code);
    const failed = run.lines.some((line) => line['holds'] === false);
    expect(run.code, run.stderr).toBe(failed ? 1 : 0);
  });

test('an unknown measurement is a usage error', async () => {
  expect((await runProgram(inRepo('scripts/bench.js'), ['--only', 'nothing'])).code).toBe(2);
});
