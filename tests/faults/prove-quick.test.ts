/*
 * The small sample of every run of `npm run prove`, as `npm run prove -- --quick` does it. A run that this machine cannot
 * do is skipped with its reason; a new file in tests/prove/runs comes along by itself.
 */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { runProgram } from '../support/program.ts';

const names = readdirSync(inRepo('tests/prove/runs'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));

test.for(names)('%s', { timeout: 240_000 }, async (name, context) => {
  const { lines, stderr } = await runProgram(inRepo('tests/prove/main.ts'), [
    '--quick',
    '--only',
    name,
    '--json',
  ]);
  const result = lines.find((line) => line['run'] === name);
  if (typeof result?.['skipped'] === 'string') context.skip(result['skipped']);
  expect(result?.['holds'], stderr).toBe(true);
});
