/*
 * Purpose: the small sample of every run of `npm run prove` as tests, as `npm run prove -- --quick` does it, in two files
 * so that two lanes share them. A new file in tests/prove/runs comes along by itself; what this machine cannot do is
 * skipped with its reason.
 */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { runProgram } from '../support/program.ts';

/**
 * `--quick` alone takes 2,000 histories and 30 kills, minutes of both cores: too long beside everything else here. Fifteen
 * kills are one whole chunk, judged at its end; one more would be another office for itself. Two chunks of histories show
 * that the simulator runs and holds; that it sees what is broken, `planted` and tests/unit/histories show.
 */
const FEWER: Readonly<Record<string, string>> = { histories: '100', kills: '15' };
/** Two minutes on a machine that does nothing else; the rest is for one that does, and for one three times slower. */
const TIMEOUT_MS = 900_000;

export function testQuickRuns(lane: 0 | 1): void {
  const names = readdirSync(inRepo('tests/prove/runs'))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3))
    .filter((_name, index) => index % 2 === lane);
  test.for(names)('%s', { timeout: TIMEOUT_MS }, async (name, context) => {
    const fewer = FEWER[name];
    const args = ['--quick', '--only', name, '--json', ...(fewer ? ['--count', fewer] : [])];
    const { lines, stderr } = await runProgram(inRepo('tests/prove/main.ts'), args);
    const result = lines.find((line) => line['run'] === name);
    if (typeof result?.['skipped'] === 'string') context.skip(result['skipped']);
    expect(result?.['holds'], stderr).toBe(true);
  });
}
