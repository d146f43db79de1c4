/*
 * Purpose: the load runs from end to end on a few kiosks with cut lines and answers in the released form: nothing lost,
 * nothing doubled. How fast and how large is `npm run load`, on a quiet machine.
 */
import { expect, test } from 'vitest';
import { inRepo } from '../support/paths.ts';
import { runProgram } from '../support/program.ts';

test('twenty kiosks for three seconds: everything sent is stored once', async () => {
  const run = await runProgram(inRepo('scripts/load.js'), ['--kiosks', '20', '--minutes', '0.05', '--json']);
  const [line] = run.lines;
  expect(Object.keys(line ?? {}), run.stderr).toEqual([
    ...['kiosks', 'minutes', 'sent', 'stored', 'lost', 'doubled'],
    ...['ackP50Ms', 'ackP99Ms', 'hubRssMb', 'holds'],
  ]);
  expect(line).toMatchObject({ kiosks: 20, minutes: 0.05, lost: 0, doubled: 0 });
  expect(line?.['stored']).toBe(line?.['sent']);
  // Every kiosk more than once, on whatever machine.
  expect(Number(line?.['sent'])).toBeGreaterThan(20);
  expect(run.strays).toEqual([]);
});

test('an unknown option is a usage error', async () => {
  expect((await runProgram(inRepo('scripts/load.js'), ['--kiosks', 'many'])).code).toBe(2);
});
